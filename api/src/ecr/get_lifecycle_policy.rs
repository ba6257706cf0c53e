//! GetLifecyclePolicy: parse, authorize, ask, render. When it was carried out last is not kept, and not said.
//! Source of truth: the ECR API reference.

use super::{lifecycle_policy::none, repository::key};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};

/// Answers GetLifecyclePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetLifecyclePolicyResponse, Wrong> {
    let shape::GetLifecyclePolicyRequest { registry_id, repository_name } = call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let repository = call.ports.repositories.get(&key).await?.ok_or_else(|| key.not_found())?;
    let policy = repository.lifecycle.ok_or_else(|| none(&key))?;
    Ok(shape::GetLifecyclePolicyResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        lifecycle_policy_text: Some(policy.text),
        last_evaluated_at: None,
    })
}
