//! CreateVpcIngressConnection: parse, authorize, create, render. It is on its way, and fails: no such way is opened in this version.
//! Never decides whether it may be made. Source of truth: the App Runner API reference.

use super::{service_arn, tags, vpc_ingress_connection};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    account::Scope,
    port::{Action, draw},
    quota::Quota,
    service::ServiceId,
    time::Timestamp,
    vpc_ingress::{IngressAsked, IngressFilter, VpcIngress},
    wish::PageRequest,
};

/// Answers CreateVpcIngressConnection.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateVpcIngressConnectionResponse, Wrong> {
    let shape::CreateVpcIngressConnectionRequest {
        ingress_vpc_configuration,
        service_arn,
        tags: sent,
        vpc_ingress_connection_name,
    } = call.input()?;
    let name = vpc_ingress_connection_name.expect("validation refuses a call without a required member");
    let service = service_arn::parse(service_arn)?;
    let from = vpc_ingress_connection::from(ingress_vpc_configuration);
    let Scope { account, region } = &call.caller.scope;
    // As far as it is known: the id comes later.
    let resource = format!("arn:aws:apprunner:{region}:{account}:vpcingressconnection/{name}/*");
    let tagged = sent.is_some();
    let tags = tags::parse(sent)?;
    let facts = vpc_ingress_connection::facts(&from).with("apprunner:ServiceArn", service.to_string()).request_tags(&tags);
    // Source: service authorization reference: on the service, and on the connection.
    for resource in [service.to_string(), resource.clone()] {
        call.authorize_with(Action { facts: facts.clone(), ..call.action(resource) }).await?;
    }
    if tagged {
        call.authorize_with(Action { facts: facts.clone(), ..Action::new("apprunner:TagResource", resource.as_str()) }).await?;
    }
    let now = call.ports.clock.now();
    call.quota(Quota::VpcIngressConnections, of_service(call, service.to_string(), now)).await?;
    let new = VpcIngress {
        scope: call.caller.scope.clone(),
        name,
        // The same form as a service's.
        id: ServiceId::from_random(draw(&*call.ports.dice)).to_string(),
        service,
        from,
        created_at: now,
        asked: IngressAsked::Creation,
        asked_at: now,
        tags,
    };
    let made = call.ports.vpc_ingress_connections.create(&new, &call.audit("*")).await??;
    Ok(shape::CreateVpcIngressConnectionResponse { vpc_ingress_connection: vpc_ingress_connection::render(call, &made).await? })
}

/// How many lead to a service: the quota is of each one.
async fn of_service(call: &Call<'_>, service: String, now: Timestamp) -> Result<usize, Wrong> {
    let filter = IngressFilter { service: Some(service), endpoint: None };
    let all = PageRequest { after: None, items_max: None };
    Ok(call.ports.vpc_ingress_connections.list(&call.caller.scope, &filter, now, &all).await?.items.len())
}
