//! GetPolicy: parse, ask, render. Only AWS managed policies exist in this version.
//! Source of truth: the IAM API reference.

use super::{list_policies::attachments, policy};
use crate::{call::Call, fault::Wrong, shape::iam as shape};

/// Answers GetPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetPolicyResponse, Wrong> {
    let shape::GetPolicyRequest { policy_arn } = call.input()?;
    let arn = policy::named(policy_arn)?;
    call.authorize(arn.as_str()).await?;
    let found = policy::find(&arn)?;
    let count = attachments(call).await?.get(&arn).copied().unwrap_or(0);
    Ok(shape::GetPolicyResponse { policy: Some(policy::render(found, count, Some(found.description.clone()))) })
}
