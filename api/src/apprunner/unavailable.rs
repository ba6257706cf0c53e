//! What this version cannot honour: members that are refused by name, all of them at once.
//!
//! Better than a service that is not what was asked for. Source of truth: the App Runner API reference for the members.

use crate::shape::apprunner as shape;
use model::refusal::Refusal;

/// Names what this version cannot honour of an `ObservabilityConfiguration`.
pub fn observability(observability: Option<&shape::ServiceObservabilityConfiguration>, members: &mut Vec<&'static str>) {
    let Some(shape::ServiceObservabilityConfiguration { observability_configuration_arn, observability_enabled }) = observability
    else {
        return;
    };
    if *observability_enabled == Some(true) {
        members.push("ObservabilityConfiguration.ObservabilityEnabled true");
    }
    if observability_configuration_arn.is_some() {
        members.push("ObservabilityConfiguration.ObservabilityConfigurationArn");
    }
}

/// Refuses a call that says any of these.
///
/// # Errors
/// A refusal that names every one of them.
pub fn refuse(members: &[&str]) -> Result<(), Refusal> {
    if members.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(format!("Not available in this version of Outrunner: {}.", members.join(", "))))
}
