//! DisassociateCustomDomain: parse, authorize, take away, render. The answer says `deleting`, and then it is gone.
//! Never decides in which states it may be. Source of truth: the App Runner API reference.

use super::{custom_domain, service_arn};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::custom_domain::DomainStatus;

/// Answers DisassociateCustomDomain.
pub async fn answer(call: &Call<'_>) -> Result<shape::DisassociateCustomDomainResponse, Wrong> {
    let shape::DisassociateCustomDomainRequest { domain_name, service_arn } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    call.authorize(arn.to_string()).await?;
    let name = domain_name.expect("validation refuses a call without a required member");
    let dns_target = custom_domain::dns_target(call, &arn).await?;
    let gone = call.ports.custom_domains.disassociate(&arn, &name, &call.audit(arn.to_string())).await??;
    Ok(shape::DisassociateCustomDomainResponse {
        custom_domain: custom_domain::render(&gone, DomainStatus::Deleting),
        dns_target,
        service_arn: arn.to_string(),
        vpc_dns_targets: custom_domain::vpc_dns_targets(),
    })
}
