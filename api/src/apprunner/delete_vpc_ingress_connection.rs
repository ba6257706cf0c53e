//! DeleteVpcIngressConnection: parse, authorize, change, render.
//! Never decides in which states it may be: that is the noun's rule. Source of truth: the App Runner API reference.

use super::vpc_ingress_connection;
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{port::Facts, vpc_ingress::IngressChange};

/// Answers DeleteVpcIngressConnection.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteVpcIngressConnectionResponse, Wrong> {
    let shape::DeleteVpcIngressConnectionRequest { vpc_ingress_connection_arn } = call.input()?;
    let text = vpc_ingress_connection_arn.expect("validation refuses a call without a required member");
    let found = vpc_ingress_connection::require(call, &text, Facts::default()).await?;
    let change = IngressChange::Delete;
    let now = call.ports.clock.now();
    let ports = &call.ports.vpc_ingress_connections;
    let changed = ports.change(&found.arn(), &change, now, &call.audit(&text)).await??;
    Ok(shape::DeleteVpcIngressConnectionResponse { vpc_ingress_connection: vpc_ingress_connection::render(call, &changed).await? })
}
