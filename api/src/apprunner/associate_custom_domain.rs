//! AssociateCustomDomain: parse, authorize, associate, render.
//! Never decides whether the name is free. Source of truth: the App Runner API reference.

use super::{custom_domain, service_arn};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    arn::ServiceArn,
    custom_domain::{CustomDomain, DomainName, RecordSeed, www_of},
    port::draw,
    quota::Quota,
    refusal::Refusal,
    wish::PageRequest,
};

/// Answers AssociateCustomDomain.
pub async fn answer(call: &Call<'_>) -> Result<shape::AssociateCustomDomainResponse, Wrong> {
    let shape::AssociateCustomDomainRequest { domain_name, enable_www_subdomain, service_arn } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    call.authorize(arn.to_string()).await?;
    let name = DomainName::parse(&domain_name.expect("validation refuses a call without a required member"))?;
    let www = www_of(&name, enable_www_subdomain)?;
    let dns_target = custom_domain::dns_target(call, &arn).await?;
    refuse_own(&name, &dns_target)?;
    call.quota(Quota::CustomDomains, of_service(call, &arn)).await?;
    let now = call.ports.clock.now();
    let seed = || RecordSeed { name: draw(&*call.ports.dice), value: draw(&*call.ports.dice), zone: draw(&*call.ports.dice) };
    let new = CustomDomain::new(&arn, &name, www, [seed(), seed(), seed()], now);
    let made = call.ports.custom_domains.associate(&arn, &new, &call.audit(arn.to_string())).await??;
    Ok(response(&arn, &made, dns_target, call))
}

/// How many the service has: the quota is of each one.
async fn of_service(call: &Call<'_>, arn: &ServiceArn) -> Result<usize, Wrong> {
    let all = PageRequest { after: None, items_max: None };
    Ok(call.ports.custom_domains.list(arn, &all).await?.items.len())
}

fn response(arn: &ServiceArn, made: &CustomDomain, dns_target: String, call: &Call<'_>) -> shape::AssociateCustomDomainResponse {
    shape::AssociateCustomDomainResponse {
        custom_domain: custom_domain::render(made, made.status(call.ports.clock.now())),
        dns_target,
        service_arn: arn.to_string(),
        vpc_dns_targets: custom_domain::vpc_dns_targets(),
    }
}

/// The platform's own names are nobody's: `<label>.<region>.<domain>` is a service's host, and `<domain>` what all of them are under.
fn refuse_own(name: &DomainName, service_host: &str) -> Result<(), Refusal> {
    let domain = service_host.splitn(3, '.').nth(2).unwrap_or(service_host);
    if name.is_under(domain) {
        return Err(Refusal::invalid(format!(
            "DomainName: '{}' is under {domain}, which is this platform's own. Associate a domain of your own.",
            name.as_str()
        )));
    }
    Ok(())
}
