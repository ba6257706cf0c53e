//! `ServiceObservabilityConfiguration`: what a service says of tracing, in and out. Absent stays absent.
//! Never collects a trace. Source of truth: the App Runner API reference, `ServiceObservabilityConfiguration`.

use crate::shape::apprunner as shape;
use model::{configuration::Configuration, refusal::Refusal};

/// What a call says: whether it is enabled, and the configuration as the caller named it.
///
/// # Errors
/// A refusal where a configuration is named for something that is switched off.
pub fn parse(observability: Option<shape::ServiceObservabilityConfiguration>) -> Result<(Option<bool>, Option<String>), Refusal> {
    let Some(shape::ServiceObservabilityConfiguration { observability_configuration_arn, observability_enabled }) = observability
    else {
        return Ok((None, None));
    };
    if observability_enabled != Some(true) && observability_configuration_arn.is_some() {
        return Err(Refusal::invalid(
            "ObservabilityConfiguration: ObservabilityConfigurationArn can be specified only when ObservabilityEnabled is true.",
        ));
    }
    Ok((observability_enabled, observability_configuration_arn))
}

/// Writes it, if it was supplied. Enabled without a name means the default configuration, which is not written where it was not named: Terraform
/// would see a difference in every plan.
pub fn render(configuration: &Configuration) -> Option<shape::ServiceObservabilityConfiguration> {
    configuration.observability_enabled.map(|enabled| shape::ServiceObservabilityConfiguration {
        observability_configuration_arn: configuration.observability_configuration.clone(),
        observability_enabled: Some(enabled),
    })
}
