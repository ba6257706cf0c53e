//! CreateVpcConnector: parse, authorize, create, render. It is ACTIVE at once; nobody looks whether its subnets exist.
//! Source of truth: the App Runner API reference.

use super::{record, vpc_connector};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{refusal::Refusal, vpc_connector::VpcConnector};

/// Answers CreateVpcConnector.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateVpcConnectorResponse, Wrong> {
    let shape::CreateVpcConnectorRequest { vpc_connector_name, subnets, security_groups, tags } = call.input()?;
    let name = vpc_connector_name.expect("validation refuses a call without a required member");
    let subnets = subnets.expect("validation refuses a call without a required member");
    if subnets.is_empty() {
        // The text is unconfirmed, and so is the kind: the model has no least number.
        return Err(Refusal::invalid("Subnets: a VPC connector needs at least one subnet.").into());
    }
    let view = record::create(call, name, VpcConnector { subnets, security_groups }, tags).await?;
    Ok(shape::CreateVpcConnectorResponse { vpc_connector: vpc_connector::render(&view) })
}
