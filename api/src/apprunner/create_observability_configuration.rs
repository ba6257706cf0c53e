//! CreateObservabilityConfiguration: parse, authorize, create, render. The next revision of a name.
//! Source of truth: the App Runner API reference.

use super::{observability_configuration, record};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers CreateObservabilityConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateObservabilityConfigurationResponse, Wrong> {
    let shape::CreateObservabilityConfigurationRequest { observability_configuration_name, trace_configuration, tags } =
        call.input()?;
    let name = observability_configuration_name.expect("validation refuses a call without a required member");
    let noun = observability_configuration::parse(trace_configuration)?;
    let view = record::create(call, name, noun, tags).await?;
    let observability_configuration = observability_configuration::render(&view);
    Ok(shape::CreateObservabilityConfigurationResponse { observability_configuration })
}
