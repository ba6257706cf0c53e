//! DescribeCustomDomains: parse, ask, render. In the order they were associated.
//! Source of truth: the App Runner API reference.

use super::{custom_domain, service_arn};
use crate::{
    call::{Call, page},
    fault::Wrong,
    shape::apprunner as shape,
};
use model::wish::Page;

/// Answers DescribeCustomDomains.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeCustomDomainsResponse, Wrong> {
    let shape::DescribeCustomDomainsRequest { max_results, next_token, service_arn } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    let target = arn.to_string();
    call.authorize(&target).await?;
    let dns_target = custom_domain::dns_target(call, &arn).await?;
    let list = call.list(&target);
    let page = page(&list, next_token.as_deref(), max_results)?;
    let Page { items, next } = call.ports.custom_domains.list(&arn, &page).await?;
    let now = call.ports.clock.now();
    Ok(shape::DescribeCustomDomainsResponse {
        custom_domains: items.iter().map(|domain| custom_domain::render(domain, domain.status(now))).collect(),
        dns_target,
        next_token: next.map(|after| list.token(&after)),
        service_arn: target.clone(),
        vpc_dns_targets: custom_domain::vpc_dns_targets(),
    })
}
