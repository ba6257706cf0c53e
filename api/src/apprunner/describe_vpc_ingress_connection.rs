//! DescribeVpcIngressConnection: parse, ask, render. A deleted one stays describable for a while.
//! Source of truth: the App Runner API reference.

use super::vpc_ingress_connection;
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::port::Facts;

/// Answers DescribeVpcIngressConnection.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeVpcIngressConnectionResponse, Wrong> {
    let shape::DescribeVpcIngressConnectionRequest { vpc_ingress_connection_arn } = call.input()?;
    let text = vpc_ingress_connection_arn.expect("validation refuses a call without a required member");
    let found = vpc_ingress_connection::require(call, &text, Facts::default()).await?;
    Ok(shape::DescribeVpcIngressConnectionResponse { vpc_ingress_connection: vpc_ingress_connection::render(call, &found).await? })
}
