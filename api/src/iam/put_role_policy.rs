//! PutRolePolicy: parse, change. A policy of the same name is replaced.
//! Source of truth: the IAM API reference.

use super::{policy, role};
use crate::{call::Call, fault::Wrong, policy::Form, shape::iam as shape};

/// Answers PutRolePolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::PutRolePolicyRequest { policy_document, policy_name, role_name } = call.input()?;
    let text = policy_document.expect("validation refuses a call without a required member");
    let name = policy_name.expect("validation refuses a call without a required member");
    role::change(call, role_name, |role| {
        policy::check(&text, Form::Identity, shape::MALFORMED_POLICY_DOCUMENT_EXCEPTION)?;
        let mut role = role.clone();
        role.inline.insert(name.clone(), text.clone());
        policy::check_inline(&role)?;
        Ok(role)
    })
    .await
}
