//! ListServicesForAutoScalingConfiguration: parse, ask, render. The services that are configured with one revision.
//! Source of truth: the App Runner API reference.

use super::auto_scaling_configuration;
use crate::{
    call::{Call, page},
    fault::Wrong,
    shape::apprunner as shape,
};
use model::wish::Page;

/// Answers ListServicesForAutoScalingConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListServicesForAutoScalingConfigurationResponse, Wrong> {
    let shape::ListServicesForAutoScalingConfigurationRequest { auto_scaling_configuration_arn, max_results, next_token } =
        call.input()?;
    let text = auto_scaling_configuration_arn.expect("validation refuses a call without a required member");
    let view = auto_scaling_configuration::require(call, &text).await?;
    // The pages are those of one revision: a name may mean another one before the next page is asked for.
    let parameters = view.revision.arn().to_string();
    let list = call.list(&parameters);
    let page = page(&list, next_token.as_deref(), max_results)?;
    let Page { items, next } = call.ports.scaling_configurations.services(&view.revision, &page).await?;
    Ok(shape::ListServicesForAutoScalingConfigurationResponse {
        service_arn_list: items.iter().map(ToString::to_string).collect(),
        next_token: next.map(|after| list.token(&after)),
    })
}
