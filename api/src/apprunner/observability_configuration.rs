//! Observability configurations: which one a service may use.
//! Source of truth: the App Runner API reference.

use crate::{call::Call, fault::Wrong};
use model::refusal::Refusal;

/// # Errors
/// A refusal where nothing is there.
pub async fn resolve(_call: &Call<'_>, text: Option<String>) -> Result<Option<String>, Wrong> {
    match text {
        None => Ok(None),
        Some(text) => Err(Refusal::invalid(format!("ObservabilityConfigurationArn: {text} does not exist.")).into()),
    }
}
