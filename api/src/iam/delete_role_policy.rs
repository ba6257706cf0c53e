//! DeleteRolePolicy: parse, change.
//! Source of truth: the IAM API reference.

use super::role;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::refusal::Refusal;

/// Answers DeleteRolePolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteRolePolicyRequest { policy_name, role_name } = call.input()?;
    let name = policy_name.expect("validation refuses a call without a required member");
    role::change(call, role_name, |role| {
        let mut role = role.clone();
        match role.inline.remove(&name) {
            Some(_) => Ok(role),
            None => Err(Refusal::not_found(format!("The role policy with name {name} cannot be found.")).into()),
        }
    })
    .await
}
