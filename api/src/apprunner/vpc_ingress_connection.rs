//! VPC ingress connections: how one is named, found, and shown.
//! Never decides what may be asked of one: that is the noun's rule. Source of truth: the App Runner API reference.

use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    port::Facts,
    time::Timestamp,
    vpc_ingress::{IngressStatus, IngressVpc, VpcIngress, VpcIngressArn},
};

/// The ARN that a caller sent and what it means in the caller's account and region, for a caller who may. `facts` is what the call says beside the
/// tags that are there.
///
/// # Errors
/// A refusal where it is no such ARN, or nothing is there; denied.
pub async fn require(call: &Call<'_>, text: &str, facts: Facts) -> Result<VpcIngress, Wrong> {
    let arn = VpcIngressArn::parse(text)?;
    let found = if arn.scope == call.caller.scope { call.ports.vpc_ingress_connections.find(&arn).await? } else { None };
    let facts = found.iter().fold(facts, |facts, found| facts.resource_tags(&found.tags));
    call.authorize_with(model::port::Action { facts, ..call.action(text) }).await?;
    Ok(found.ok_or_else(|| arn.not_found())?)
}

/// What conditions may ask about the endpoint that a call names.
pub fn facts(from: &IngressVpc) -> Facts {
    let facts = Facts::default();
    let facts = from.vpc.iter().fold(facts, |facts, vpc| facts.with("apprunner:VpcId", vpc));
    from.endpoint.iter().fold(facts, |facts, endpoint| facts.with("apprunner:VpcEndpointId", endpoint))
}

/// Reads the endpoint.
pub fn from(configuration: Option<shape::IngressVpcConfiguration>) -> IngressVpc {
    let shape::IngressVpcConfiguration { vpc_endpoint_id, vpc_id } =
        configuration.expect("validation refuses a call without a required member");
    IngressVpc { vpc: vpc_id, endpoint: vpc_endpoint_id }
}

/// Writes it, with the host at which the service would be reached through it.
///
/// # Errors
/// Trouble reading the service.
pub async fn render(call: &Call<'_>, ingress: &VpcIngress) -> Result<shape::VpcIngressConnection, Wrong> {
    let VpcIngress { scope, name, id: _, service, from, created_at, asked: _, asked_at: _, tags: _ } = ingress;
    let now = call.ports.clock.now();
    let view = call.ports.desk.describe(call.caller, service).await?;
    let domain_name = view.ok().and_then(|view| host(from, &view.host));
    Ok(shape::VpcIngressConnection {
        account_id: Some(scope.account.to_string()),
        created_at: Some(created_at.seconds()),
        deleted_at: ingress.deleted_at(now).map(Timestamp::seconds),
        domain_name,
        ingress_vpc_configuration: Some(shape::IngressVpcConfiguration {
            vpc_endpoint_id: from.endpoint.clone(),
            vpc_id: from.vpc.clone(),
        }),
        service_arn: Some(service.to_string()),
        status: Some(status(ingress, now).to_owned()),
        vpc_ingress_connection_arn: Some(ingress.arn().to_string()),
        vpc_ingress_connection_name: Some(name.clone()),
    })
}

/// `<id>.<vpc-id>.<region>.<domain>` (the form is unconfirmed); nothing where no VPC was named.
fn host(from: &IngressVpc, service_host: &str) -> Option<String> {
    let (label, rest) = service_host.split_once('.')?;
    from.vpc.as_ref().map(|vpc| format!("{label}.{vpc}.{rest}"))
}

fn status(ingress: &VpcIngress, now: Timestamp) -> &'static str {
    match ingress.status(now) {
        IngressStatus::PendingCreation => "PENDING_CREATION",
        IngressStatus::FailedCreation => "FAILED_CREATION",
        IngressStatus::PendingUpdate => "PENDING_UPDATE",
        IngressStatus::FailedUpdate => "FAILED_UPDATE",
        IngressStatus::PendingDeletion => "PENDING_DELETION",
        IngressStatus::Deleted => "DELETED",
    }
}
