//! AttachRolePolicy: parse, change. What is attached already stays so.
//! Source of truth: the IAM API reference.

use super::{managed_policy, role};
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{
    port::Facts,
    refusal::{Refusal, RefusalKind},
};

/// Answers AttachRolePolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::AttachRolePolicyRequest { policy_arn, role_name } = call.input()?;
    let arn = policy_arn.expect("validation refuses a call without a required member");
    let known = managed_policy::find(call, &arn).await?.is_some();
    role::change_with(call, role_name, Facts::default().with("iam:PolicyARN", &arn), |role| {
        if !known {
            return Err(managed_policy::unattachable(&arn));
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
