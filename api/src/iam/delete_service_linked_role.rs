//! DeleteServiceLinkedRole: parse, remove, render. It is done at once: nothing here needs the role.
//! Source of truth: the IAM API reference.

use super::{role, service_linked_role};
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{port::draw, refusal::Refusal};

/// Answers DeleteServiceLinkedRole.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteServiceLinkedRoleResponse, Wrong> {
    let shape::DeleteServiceLinkedRoleRequest { role_name } = call.input()?;
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let found = role::find(call, role_name.clone()).await?;
        if !service_linked_role::is_linked(&found) {
            let words = format!("The role with name {} is not a service-linked role.", found.name);
            return Err(Refusal::not_found(words).into());
        }
        if call.ports.roles.remove(&found, &role::audit(call, &found)).await? {
            let id = uuid::Builder::from_random_bytes(draw(&*call.ports.dice)).into_uuid().to_string();
            let deletion_task_id = service_linked_role::task(&found.arn(), &id);
            return Ok(shape::DeleteServiceLinkedRoleResponse { deletion_task_id });
        }
    }
    Err(role::busy())
}
