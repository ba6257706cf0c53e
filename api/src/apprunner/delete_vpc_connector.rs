//! DeleteVpcConnector: parse, authorize, delete, render.
//! Never decides what may go: that is the noun's rule. Source of truth: the App Runner API reference.

use super::{record, vpc_connector};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers DeleteVpcConnector.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteVpcConnectorResponse, Wrong> {
    let shape::DeleteVpcConnectorRequest { vpc_connector_arn } = call.input()?;
    let text = vpc_connector_arn.expect("validation refuses a call without a required member");
    let view = record::delete(call, &text).await?;
    Ok(shape::DeleteVpcConnectorResponse { vpc_connector: vpc_connector::render(&view) })
}
