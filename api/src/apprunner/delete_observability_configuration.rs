//! DeleteObservabilityConfiguration: parse, authorize, delete, render. A name alone means its latest active revision.
//! Never decides what may go: that is the noun's rule. Source of truth: the App Runner API reference.

use super::{observability_configuration, record};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers DeleteObservabilityConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteObservabilityConfigurationResponse, Wrong> {
    let shape::DeleteObservabilityConfigurationRequest { observability_configuration_arn } = call.input()?;
    let text = observability_configuration_arn.expect("validation refuses a call without a required member");
    let view = record::delete(call, &text).await?;
    let observability_configuration = observability_configuration::render(&view);
    Ok(shape::DeleteObservabilityConfigurationResponse { observability_configuration })
}
