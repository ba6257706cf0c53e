//! ListObservabilityConfigurations: parse, ask, render. By name, then revision; deleted ones are left out.
//! Source of truth: the App Runner API reference.

use super::{observability_configuration, record};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::record::RecordFilter;

/// Answers ListObservabilityConfigurations.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListObservabilityConfigurationsResponse, Wrong> {
    let shape::ListObservabilityConfigurationsRequest { observability_configuration_name, latest_only, max_results, next_token } =
        call.input()?;
    // True unless refused. Source: the App Runner API reference.
    let filter = RecordFilter { name: observability_configuration_name, latest_only: latest_only.unwrap_or(true) };
    let (views, next_token) = record::list(call, &filter, next_token.as_deref(), max_results).await?;
    let observability_configuration_summary_list = views.iter().map(observability_configuration::summary).collect();
    Ok(shape::ListObservabilityConfigurationsResponse { observability_configuration_summary_list, next_token })
}
