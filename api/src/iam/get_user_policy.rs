//! GetUserPolicy: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::{policy::encode_document, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal};

/// Answers GetUserPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetUserPolicyResponse, Wrong> {
    let shape::GetUserPolicyRequest { policy_name, user_name } = call.input()?;
    let name = policy_name.expect("validation refuses a call without a required member");
    let user = user::find(call, user_name, Facts::default()).await?;
    let text = user.inline.get(&name);
    let text = text.ok_or_else(|| Refusal::not_found(format!("The user policy with name {name} cannot be found.")))?;
    let (policy_document, user_name) = (encode_document(text), user.name.to_string());
    Ok(shape::GetUserPolicyResponse { policy_document, policy_name: name, user_name })
}
