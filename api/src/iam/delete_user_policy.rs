//! DeleteUserPolicy: parse, change.
//! Source of truth: the IAM API reference.

use super::user;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal};

/// Answers DeleteUserPolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteUserPolicyRequest { policy_name, user_name } = call.input()?;
    let name = policy_name.expect("validation refuses a call without a required member");
    user::change(call, user_name, Facts::default(), |user| {
        let mut user = user.clone();
        let gone = user.inline.remove(&name);
        gone.ok_or_else(|| Refusal::not_found(format!("The user policy with name {name} cannot be found.")))?;
        Ok(user)
    })
    .await
}
