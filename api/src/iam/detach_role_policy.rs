//! DetachRolePolicy: parse, change.
//! Source of truth: the IAM API reference.

use super::role;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal};

/// Answers DetachRolePolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DetachRolePolicyRequest { policy_arn, role_name } = call.input()?;
    let arn = policy_arn.expect("validation refuses a call without a required member");
    role::change_with(call, role_name, Facts::default().with("iam:PolicyARN", &arn), |role| {
        let mut role = role.clone();
        // Source of the words: IAM.
        if role.attached.remove(&arn) { Ok(role) } else { Err(Refusal::not_found(format!("Policy {arn} was not found.")).into()) }
    })
    .await
}
