//! DescribeObservabilityConfiguration: parse, ask, render. A deleted revision stays describable by its number for a while.
//! Source of truth: the App Runner API reference.

use super::{observability_configuration, record};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::port::Facts;

/// Answers DescribeObservabilityConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeObservabilityConfigurationResponse, Wrong> {
    let shape::DescribeObservabilityConfigurationRequest { observability_configuration_arn } = call.input()?;
    let text = observability_configuration_arn.expect("validation refuses a call without a required member");
    let view = record::require(call, &text, Facts::default()).await?;
    let observability_configuration = observability_configuration::render(&view);
    Ok(shape::DescribeObservabilityConfigurationResponse { observability_configuration })
}
