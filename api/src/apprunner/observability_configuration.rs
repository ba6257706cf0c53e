//! The structures `ObservabilityConfiguration` and its summary.
//! Source of truth: the App Runner API reference.

use super::record::{number, status};
use crate::shape::apprunner as shape;
use model::{
    observability_configuration::{ObservabilityConfiguration, TracingVendor},
    record::{Record, RecordView},
    refusal::Refusal,
};

/// The one vendor there is.
const AWSXRAY: &str = "AWSXRAY";

/// Reads what is traced.
///
/// # Errors
/// A refusal where it names no vendor.
pub fn parse(trace: Option<shape::TraceConfiguration>) -> Result<ObservabilityConfiguration, Refusal> {
    let tracing = match trace {
        None => None,
        Some(shape::TraceConfiguration { vendor: Some(vendor) }) if vendor == AWSXRAY => Some(TracingVendor::AwsXray),
        Some(shape::TraceConfiguration { vendor: _ }) => {
            return Err(Refusal::invalid(format!("TraceConfiguration.Vendor must be {AWSXRAY}.")));
        }
    };
    Ok(ObservabilityConfiguration { tracing })
}

/// Writes it whole.
pub fn render(view: &RecordView<ObservabilityConfiguration>) -> shape::ObservabilityConfiguration {
    let Record { scope: _, name, revision, id: _, noun, created_at, deleted_at, tags: _ } = &view.record;
    let vendor = |vendor| match vendor {
        TracingVendor::AwsXray => AWSXRAY.to_owned(),
    };
    shape::ObservabilityConfiguration {
        observability_configuration_arn: Some(view.record.arn().to_string()),
        observability_configuration_name: Some(name.clone()),
        observability_configuration_revision: Some(number(*revision)),
        trace_configuration: noun.tracing.map(|found| shape::TraceConfiguration { vendor: Some(vendor(found)) }),
        latest: Some(view.latest),
        status: Some(status(view)),
        created_at: created_at.map(model::time::Timestamp::seconds),
        deleted_at: deleted_at.map(model::time::Timestamp::seconds),
    }
}

/// Writes what a list says of it.
pub fn summary(view: &RecordView<ObservabilityConfiguration>) -> shape::ObservabilityConfigurationSummary {
    shape::ObservabilityConfigurationSummary {
        observability_configuration_arn: Some(view.record.arn().to_string()),
        observability_configuration_name: Some(view.record.name.clone()),
        observability_configuration_revision: Some(number(view.record.revision)),
    }
}
