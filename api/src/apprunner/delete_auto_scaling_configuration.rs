//! DeleteAutoScalingConfiguration: parse, authorize, delete, render. Every revision that goes needs the permission.
//! Never decides what may go: that is the noun's rule. Source of truth: the App Runner API reference.

use super::auto_scaling_configuration;
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    port::Facts,
    scaling_configuration::{ScalingArn, ScalingExtent, ScalingFilter},
    wish::PageRequest,
};

/// Answers DeleteAutoScalingConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteAutoScalingConfigurationResponse, Wrong> {
    let shape::DeleteAutoScalingConfigurationRequest { auto_scaling_configuration_arn, delete_all_revisions } = call.input()?;
    let text = auto_scaling_configuration_arn.expect("validation refuses a call without a required member");
    let (sent, found) = auto_scaling_configuration::find(call, &text, Facts::default()).await?;
    let (arn, extent) = if delete_all_revisions == Some(true) {
        authorize_all(call, &sent).await?;
        (sent, ScalingExtent::Name)
    } else {
        // The one that the permission was asked for, also if the name means another one by now.
        (found.map_or(sent, |view| view.revision.arn()), ScalingExtent::Revision)
    };
    if arn.scope != call.caller.scope {
        return Err(arn.not_found().into());
    }
    let (now, row) = (call.ports.clock.now(), call.audit("*"));
    let view = call.ports.scaling_configurations.delete(&arn, extent, now, &row).await??;
    Ok(shape::DeleteAutoScalingConfigurationResponse { auto_scaling_configuration: auto_scaling_configuration::render(&view) })
}

async fn authorize_all(call: &Call<'_>, arn: &ScalingArn) -> Result<(), Wrong> {
    let filter = ScalingFilter { name: Some(arn.name.clone()), latest_only: false };
    let all = PageRequest { after: None, items_max: None };
    for view in call.ports.scaling_configurations.list(&call.caller.scope, &filter, &all).await?.items {
        auto_scaling_configuration::authorize(call, &view.revision, Facts::default()).await?;
    }
    Ok(())
}
