//! DeleteLifecyclePolicy: parse, authorize, take away, render what was there.
//! Source of truth: the ECR API reference.

use super::{lifecycle_policy::none, repository::key};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::repository::RepositoryChange;

/// Answers DeleteLifecyclePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteLifecyclePolicyResponse, Wrong> {
    let shape::DeleteLifecyclePolicyRequest { registry_id, repository_name } = call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let repository = call.ports.repositories.get(&key).await?.ok_or_else(|| key.not_found())?;
    let policy = repository.lifecycle.ok_or_else(|| none(&key))?;
    call.ports.repositories.change(&key, &RepositoryChange::Lifecycle(None), &call.audit(key.arn())).await??;
    Ok(shape::DeleteLifecyclePolicyResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        lifecycle_policy_text: Some(policy.text),
        last_evaluated_at: None,
    })
}
