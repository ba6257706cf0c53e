//! UpdateVpcIngressConnection: parse, authorize, change, render.
//! Never decides in which states it may be: that is the noun's rule. Source of truth: the App Runner API reference.

use super::vpc_ingress_connection;
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::vpc_ingress::IngressChange;

/// Answers UpdateVpcIngressConnection.
pub async fn answer(call: &Call<'_>) -> Result<shape::UpdateVpcIngressConnectionResponse, Wrong> {
    let shape::UpdateVpcIngressConnectionRequest { ingress_vpc_configuration, vpc_ingress_connection_arn } = call.input()?;
    let text = vpc_ingress_connection_arn.expect("validation refuses a call without a required member");
    let from = vpc_ingress_connection::from(ingress_vpc_configuration);
    let found = vpc_ingress_connection::require(call, &text, vpc_ingress_connection::facts(&from)).await?;
    let change = IngressChange::Update(from);
    let now = call.ports.clock.now();
    let ports = &call.ports.vpc_ingress_connections;
    let changed = ports.change(&found.arn(), &change, now, &call.audit(&text)).await??;
    Ok(shape::UpdateVpcIngressConnectionResponse { vpc_ingress_connection: vpc_ingress_connection::render(call, &changed).await? })
}
