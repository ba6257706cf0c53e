//! GetRepositoryPolicy: parse, authorize, ask, render.
//! Source of truth: the ECR API reference.

use super::repository_policy::{key, none};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};

/// Answers GetRepositoryPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetRepositoryPolicyResponse, Wrong> {
    let shape::GetRepositoryPolicyRequest { registry_id, repository_name } = call.input()?;
    let key = key(call, registry_id.as_deref(), repository_name).await?;
    let repository = call.ports.repositories.get(&key).await?.ok_or_else(|| key.not_found())?;
    let text = repository.policy.ok_or_else(|| none(&key))?;
    Ok(shape::GetRepositoryPolicyResponse {
        policy_text: Some(text),
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
    })
}
