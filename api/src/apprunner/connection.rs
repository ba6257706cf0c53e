//! Connections to source code providers: which one a service may use.
//! Source of truth: the App Runner API reference.

use crate::{call::Call, fault::Wrong};
use model::refusal::Refusal;

/// # Errors
/// A refusal where the connection is not there or not AVAILABLE.
pub async fn check(_call: &Call<'_>, arn: Option<&String>) -> Result<(), Wrong> {
    match arn {
        None => Ok(()),
        Some(arn) => Err(Refusal::invalid(format!("ConnectionArn: the connection {arn} does not exist.")).into()),
    }
}
