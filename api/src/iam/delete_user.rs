//! DeleteUser: parse, remove. A user with keys or policies stays.
//! Source of truth: the IAM API reference.

use super::user;
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{port::Facts, refusal::Refusal};

/// Answers DeleteUser.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteUserRequest { user_name } = call.input()?;
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let found = user::find(call, user_name.clone(), Facts::default()).await?;
        // Source of the words: IAM, DeleteConflict. That keys are left is said by whoever keeps them, in the same transaction.
        if !found.attached.is_empty() {
            return Err(Refusal::wrong_state("Cannot delete entity, must detach all policies first.").into());
        }
        if !found.inline.is_empty() {
            return Err(Refusal::wrong_state("Cannot delete entity, must delete policies first.").into());
        }
        if call.ports.users.remove(&found, &user::audit(call, &found)).await?? {
            return Ok(());
        }
    }
    Err(user::busy())
}
