//! GetPolicy: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::managed_policy;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::port::Facts;

/// Answers GetPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetPolicyResponse, Wrong> {
    let shape::GetPolicyRequest { policy_arn } = call.input()?;
    let found = managed_policy::named(call, policy_arn, Facts::default()).await?;
    let usage = managed_policy::Usage::read(call, Some(&found.arn())).await?;
    Ok(shape::GetPolicyResponse { policy: Some(managed_policy::render(&found, &usage)) })
}
