//! GetServiceLinkedRoleDeletionStatus: parse, render. Deletions are done before their task is named, so none is remembered.
//! Source of truth: the IAM API reference.

use super::service_linked_role;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::refusal::Refusal;

/// Answers GetServiceLinkedRoleDeletionStatus.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetServiceLinkedRoleDeletionStatusResponse, Wrong> {
    let shape::GetServiceLinkedRoleDeletionStatusRequest { deletion_task_id } = call.input()?;
    let task = deletion_task_id.expect("validation refuses a call without a required member");
    call.authorize("*").await?;
    if !service_linked_role::is_task(&task) {
        return Err(Refusal::not_found(format!("The deletion task {task} cannot be found.")).into());
    }
    Ok(shape::GetServiceLinkedRoleDeletionStatusResponse { reason: None, status: "SUCCEEDED".to_owned() })
}
