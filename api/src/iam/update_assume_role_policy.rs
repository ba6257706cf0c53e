//! UpdateAssumeRolePolicy: parse, change. It acts from the next call on.
//! Source of truth: the IAM API reference.

use super::{policy, role};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::role::Role;

/// Answers UpdateAssumeRolePolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::UpdateAssumeRolePolicyRequest { policy_document, role_name } = call.input()?;
    let trust = policy_document.expect("validation refuses a call without a required member");
    role::change(call, role_name, |role| {
        policy::check_trust(&trust)?;
        let role = Role { trust: trust.clone(), ..role.clone() };
        policy::check_bytes(&role)?;
        Ok(role)
    })
    .await
}
