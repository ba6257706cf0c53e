//! PutUserPolicy: parse, change. A policy of the same name is replaced.
//! Source of truth: the IAM API reference.

use super::{policy, user};
use crate::{call::Call, fault::Wrong, policy::Form, shape::iam as shape};
use model::port::Facts;

/// Answers PutUserPolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::PutUserPolicyRequest { policy_document, policy_name, user_name } = call.input()?;
    let text = policy_document.expect("validation refuses a call without a required member");
    let name = policy_name.expect("validation refuses a call without a required member");
    user::change(call, user_name, Facts::default(), |user| {
        policy::check(&text, Form::Identity, shape::MALFORMED_POLICY_DOCUMENT_EXCEPTION)?;
        let mut user = user.clone();
        user.inline.insert(name.clone(), text.clone());
        user::check_inline(&user)?;
        Ok(user)
    })
    .await
}
