//! AttachRolePolicy: parse, change. What is attached already stays so.
//! Source of truth: the IAM API reference.

use super::role;
use crate::{call::Call, fault::Wrong, limit, policy::managed, shape::iam as shape};
use model::refusal::{Refusal, RefusalKind};

/// Answers AttachRolePolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::AttachRolePolicyRequest { policy_arn, role_name } = call.input()?;
    let arn = policy_arn.expect("validation refuses a call without a required member");
    role::change(call, role_name, |role| {
        if managed(&arn).is_none() {
            // Source of the words: IAM.
            return Err(Refusal::not_found(format!("Policy {arn} does not exist or is not attachable.")).into());
        }
        let mut role = role.clone();
        role.attached.insert(arn.clone());
        if role.attached.len() > limit::ROLE_ATTACHED {
            let message = format!("Cannot exceed quota for PoliciesPerRole: {}", limit::ROLE_ATTACHED);
            return Err(Refusal::new(RefusalKind::Quota, message).into());
        }
        Ok(role)
    })
    .await
}
