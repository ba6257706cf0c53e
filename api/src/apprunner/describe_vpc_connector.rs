//! DescribeVpcConnector: parse, ask, render. A deleted one stays describable for a while.
//! Source of truth: the App Runner API reference.

use super::{record, vpc_connector};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::port::Facts;

/// Answers DescribeVpcConnector.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeVpcConnectorResponse, Wrong> {
    let shape::DescribeVpcConnectorRequest { vpc_connector_arn } = call.input()?;
    let text = vpc_connector_arn.expect("validation refuses a call without a required member");
    let view = record::require(call, &text, Facts::default()).await?;
    Ok(shape::DescribeVpcConnectorResponse { vpc_connector: vpc_connector::render(&view) })
}
