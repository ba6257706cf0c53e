//! GetServiceLinkedRoleDeletionStatus: parse, render. Deletions are done before their task is named, so none is remembered.
//! Source of truth: the IAM API reference.

use super::service_linked_role::{self, Linked};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{refusal::Refusal, role::RoleArn};

/// Answers GetServiceLinkedRoleDeletionStatus.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetServiceLinkedRoleDeletionStatusResponse, Wrong> {
    let shape::GetServiceLinkedRoleDeletionStatusRequest { deletion_task_id } = call.input()?;
    let task = deletion_task_id.expect("validation refuses a call without a required member");
    // On the role that the task is about, also when it has gone.
    let linked = service_linked_role::of_task(&task);
    let arn = |linked: &Linked| RoleArn::new(call.caller.account(), &linked.path(), &linked.name()).to_string();
    call.authorize(linked.map_or_else(|| "*".to_owned(), arn)).await?;
    if linked.is_none() {
        return Err(Refusal::not_found(format!("The deletion task {task} cannot be found.")).into());
    }
    Ok(shape::GetServiceLinkedRoleDeletionStatusResponse { reason: None, status: "SUCCEEDED".to_owned() })
}
