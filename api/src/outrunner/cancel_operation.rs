//! CancelOperation: the operation under way ends as if it had failed.
//! Source of truth: `outrunner/shape.rs`, and `model::lifecycle` for what can be cancelled.

use super::{operation, shape};
use crate::{apprunner::service_arn, call::Call, fault::Wrong};
use model::operation::OperationId;

/// Answers CancelOperation.
pub async fn answer(call: &Call<'_>) -> Result<shape::OperationResponse, Wrong> {
    let shape::CancelOperationRequest { service_arn, operation_id } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    let id = operation_id.map(|id| OperationId::parse(&id)).transpose()?;
    call.authorize(arn.to_string()).await?;
    Ok(operation(call.ports.revision_desk.cancel(call.caller, &arn, id.as_ref()).await??))
}
