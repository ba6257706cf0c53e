//! ListVpcIngressConnections: parse, ask, render. By name; deleted ones are left out.
//! Source of truth: the App Runner API reference.

use crate::{
    call::{Call, page},
    fault::Wrong,
    shape::apprunner as shape,
};
use model::{vpc_ingress::IngressFilter, wish::Page};

/// Answers ListVpcIngressConnections.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListVpcIngressConnectionsResponse, Wrong> {
    let shape::ListVpcIngressConnectionsRequest { filter, max_results, next_token } = call.input()?;
    call.authorize("*").await?;
    let shape::ListVpcIngressConnectionsFilter { service_arn, vpc_endpoint_id } = filter.unwrap_or_default();
    let filter = IngressFilter { service: service_arn, endpoint: vpc_endpoint_id };
    let parameters = format!("{:?}/{:?}", filter.service, filter.endpoint);
    let list = call.list(&parameters);
    let page = page(&list, next_token.as_deref(), max_results)?;
    let now = call.ports.clock.now();
    let Page { items, next } = call.ports.vpc_ingress_connections.list(&call.caller.scope, &filter, now, &page).await?;
    let summary = |ingress: &model::vpc_ingress::VpcIngress| shape::VpcIngressConnectionSummary {
        service_arn: Some(ingress.service.to_string()),
        vpc_ingress_connection_arn: Some(ingress.arn().to_string()),
    };
    Ok(shape::ListVpcIngressConnectionsResponse {
        vpc_ingress_connection_summary_list: items.iter().map(summary).collect(),
        next_token: next.map(|after| list.token(&after)),
    })
}
