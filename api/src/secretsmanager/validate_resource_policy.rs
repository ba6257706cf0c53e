//! ValidateResourcePolicy: whether a text is a policy. Whether it locks out its owner is not looked at.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{
    call::Call,
    fault::Wrong,
    policy::{Document, Form},
    shape::secretsmanager as shape,
};

/// Answers ValidateResourcePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::ValidateResourcePolicyResponse, Wrong> {
    let shape::ValidateResourcePolicyRequest { secret_id, resource_policy } = call.input()?;
    match secret_id {
        Some(id) => drop(secret::find(call, Some(id)).await?),
        None => call.authorize("*").await?,
    }
    let text = resource_policy.expect("validation refuses a call without a required member");
    let errors = Document::parse(&text, Form::Repository).err().map(|words| {
        vec![shape::ValidationErrorsEntry { check_name: Some("SYNTAX".to_owned()), error_message: Some(words.to_string()) }]
    });
    Ok(shape::ValidateResourcePolicyResponse {
        policy_validation_passed: Some(errors.is_none()),
        validation_errors: Some(errors.unwrap_or_default()),
    })
}
