//! The structure `CustomDomain`, and what the three operations say beside it. Statuses are in lower case, unlike the model: App Runner answers so,
//! and Terraform compares it.
//! Never looks for a record in DNS. Source of truth: the App Runner API reference, and what stock clients compare.

use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    arn::ServiceArn,
    custom_domain::{CustomDomain, DomainStatus, ValidationRecord, Www},
};

/// Where a domain's own record leads: the service's host, never with a port. Also of a service that is not publicly accessible: Terraform takes its
/// URL from here.
///
/// # Errors
/// Not found.
pub async fn dns_target(call: &Call<'_>, arn: &ServiceArn) -> Result<String, Wrong> {
    Ok(call.ports.desk.describe(call.caller, arn).await??.host)
}

/// Where domains lead inside a VPC: nowhere while no VPC ingress connection is ever available.
pub const fn vpc_dns_targets() -> Vec<shape::VpcDNSTarget> {
    Vec::new()
}

/// Writes it.
pub fn render(domain: &CustomDomain, status: DomainStatus) -> shape::CustomDomain {
    let CustomDomain { service: _, name, www, records, created_at: _ } = domain;
    let status = match status {
        DomainStatus::Creating => "creating",
        DomainStatus::PendingCertificateDnsValidation => "pending_certificate_dns_validation",
        DomainStatus::Deleting => "deleting",
    };
    shape::CustomDomain {
        certificate_validation_records: Some(records.iter().map(record).collect()),
        domain_name: name.clone(),
        enable_www_subdomain: *www == Www::Included,
        status: status.to_owned(),
    }
}

/// Nobody has looked for it: it stays as it begins.
fn record(record: &ValidationRecord) -> shape::CertificateValidationRecord {
    let ValidationRecord { name, value } = record;
    shape::CertificateValidationRecord {
        name: Some(name.clone()),
        status: Some("PENDING_VALIDATION".to_owned()),
        r#type: Some("CNAME".to_owned()),
        value: Some(value.clone()),
    }
}
