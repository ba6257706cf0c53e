//! DescribeAutoScalingConfiguration: parse, ask, render. A deleted revision stays describable by its number for a while.
//! Source of truth: the App Runner API reference.

use super::auto_scaling_configuration;
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers DescribeAutoScalingConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeAutoScalingConfigurationResponse, Wrong> {
    let shape::DescribeAutoScalingConfigurationRequest { auto_scaling_configuration_arn } = call.input()?;
    let text = auto_scaling_configuration_arn.expect("validation refuses a call without a required member");
    let view = auto_scaling_configuration::require(call, &text).await?;
    Ok(shape::DescribeAutoScalingConfigurationResponse { auto_scaling_configuration: auto_scaling_configuration::render(&view) })
}
