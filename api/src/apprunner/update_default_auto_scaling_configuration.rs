//! UpdateDefaultAutoScalingConfiguration: parse, authorize, choose, render. Services that are there keep theirs.
//! Source of truth: the App Runner API reference.

use super::auto_scaling_configuration;
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers UpdateDefaultAutoScalingConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::UpdateDefaultAutoScalingConfigurationResponse, Wrong> {
    let shape::UpdateDefaultAutoScalingConfigurationRequest { auto_scaling_configuration_arn } = call.input()?;
    let text = auto_scaling_configuration_arn.expect("validation refuses a call without a required member");
    // The one that the permission was asked for, also if the name means another one by now.
    let arn = auto_scaling_configuration::require(call, &text).await?.revision.arn();
    let view = call.ports.scaling_configurations.set_default(&arn, &call.audit("*")).await??;
    let auto_scaling_configuration = auto_scaling_configuration::render(&view);
    Ok(shape::UpdateDefaultAutoScalingConfigurationResponse { auto_scaling_configuration })
}
