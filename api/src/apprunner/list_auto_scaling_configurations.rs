//! ListAutoScalingConfigurations: parse, ask, render. By name, then revision; deleted ones are left out.
//! Source of truth: the App Runner API reference.

use super::auto_scaling_configuration;
use crate::{
    call::{Call, page},
    fault::Wrong,
    shape::apprunner as shape,
};
use model::{scaling_configuration::ScalingFilter, wish::Page};

/// Answers ListAutoScalingConfigurations.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListAutoScalingConfigurationsResponse, Wrong> {
    let shape::ListAutoScalingConfigurationsRequest { auto_scaling_configuration_name, latest_only, max_results, next_token } =
        call.input()?;
    // A list has no resource. Source: the service authorization reference.
    call.authorize("*").await?;
    // True unless refused. Source: the App Runner API reference.
    let filter = ScalingFilter { name: auto_scaling_configuration_name, latest_only: latest_only.unwrap_or(true) };
    let parameters = format!("{}/{}", filter.name.as_deref().unwrap_or_default(), filter.latest_only);
    let list = call.list(&parameters);
    let page = page(&list, next_token.as_deref(), max_results)?;
    let Page { items, next } = call.ports.scaling_configurations.list(&call.caller.scope, &filter, &page).await?;
    Ok(shape::ListAutoScalingConfigurationsResponse {
        auto_scaling_configuration_summary_list: items.iter().map(auto_scaling_configuration::summary).collect(),
        next_token: next.map(|after| list.token(&after)),
    })
}
