//! AttachUserPolicy: parse, change. What is attached already stays so.
//! Source of truth: the IAM API reference.

use super::{managed_policy, user};
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{
    port::Facts,
    refusal::{Refusal, RefusalKind},
};

/// Answers AttachUserPolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::AttachUserPolicyRequest { policy_arn, user_name } = call.input()?;
    let arn = policy_arn.expect("validation refuses a call without a required member");
    let known = managed_policy::find(call, &arn).await?.is_some();
    user::change(call, user_name, Facts::default().with("iam:PolicyARN", &arn), |user| {
        if !known {
            return Err(managed_policy::unattachable(&arn));
        }
        let mut user = user.clone();
        user.attached.insert(arn.clone());
        if user.attached.len() > limit::ROLE_ATTACHED {
            let message = format!("Cannot exceed quota for PoliciesPerUser: {}", limit::ROLE_ATTACHED);
            return Err(Refusal::new(RefusalKind::Quota, message).into());
        }
        Ok(user)
    })
    .await
}
