//! The member `ServiceArn`, which most operations have.
//! Never looks whether the service exists. Source of truth: `model::arn`.

use model::{arn::ServiceArn, refusal::Refusal};

/// The ARN that a caller sent.
///
/// # Errors
/// A refusal where it is not a service's.
pub fn parse(service_arn: Option<String>) -> Result<ServiceArn, Refusal> {
    ServiceArn::parse(&service_arn.expect("validation refuses a call without a required member"))
}
