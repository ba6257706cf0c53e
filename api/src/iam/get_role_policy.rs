//! GetRolePolicy: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::{policy::encode_document, role};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::refusal::Refusal;

/// Answers GetRolePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetRolePolicyResponse, Wrong> {
    let shape::GetRolePolicyRequest { policy_name, role_name } = call.input()?;
    let name = policy_name.expect("validation refuses a call without a required member");
    let role = role::find(call, role_name).await?;
    let text = role.inline.get(&name);
    let text = text.ok_or_else(|| Refusal::not_found(format!("The role policy with name {name} cannot be found.")))?;
    let (policy_document, role_name) = (encode_document(text), role.name.to_string());
    Ok(shape::GetRolePolicyResponse { policy_document, policy_name: name, role_name })
}
