//! DeleteRole: parse, remove. A role with policies stays.
//! Source of truth: the IAM API reference.

use super::{role, service_linked_role};
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::refusal::Refusal;

/// Answers DeleteRole.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteRoleRequest { role_name } = call.input()?;
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let found = role::find(call, role_name.clone()).await?;
        if service_linked_role::is_linked(&found) {
            return Err(Wrong::Declared(shape::UNMODIFIABLE_ENTITY_EXCEPTION, service_linked_role::protected(&found.name)));
        }
        // Source of the words: IAM, DeleteConflict.
        if !found.attached.is_empty() {
            return Err(Refusal::wrong_state("Cannot delete entity, must detach all policies first.").into());
        }
        if !found.inline.is_empty() {
            return Err(Refusal::wrong_state("Cannot delete entity, must delete policies first.").into());
        }
        if call.ports.roles.remove(&found, &role::audit(call, &found)).await? {
            return Ok(());
        }
    }
    Err(role::busy())
}
