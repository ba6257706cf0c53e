//! SetRepositoryPolicy: parse, authorize, keep, render.
//! Source of truth: the ECR API reference.

use super::repository_policy::{audit, key};
use crate::{call::Call, fault::Wrong, iam::check_policy, policy::Form, shape::ecr as shape};

/// Answers SetRepositoryPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::SetRepositoryPolicyResponse, Wrong> {
    // `force` lets a caller lock itself out. Root is never locked out here, so there is nothing to force.
    let shape::SetRepositoryPolicyRequest { force: _, policy_text, registry_id, repository_name } = call.input()?;
    let text = policy_text.expect("validation refuses a call without a required member");
    let key = key(call, registry_id.as_deref(), repository_name).await?;
    check_policy(&text, Form::Repository, shape::INVALID_PARAMETER_EXCEPTION)?;
    call.ports.repositories.set_policy(&key, Some(&text), &audit(call, &key)).await??;
    Ok(shape::SetRepositoryPolicyResponse {
        policy_text: Some(text),
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
    })
}
