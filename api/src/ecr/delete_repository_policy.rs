//! DeleteRepositoryPolicy: parse, authorize, take away, render what was there.
//! Source of truth: the ECR API reference.

use super::repository_policy::{audit, key, none};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};

/// Answers DeleteRepositoryPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteRepositoryPolicyResponse, Wrong> {
    let shape::DeleteRepositoryPolicyRequest { registry_id, repository_name } = call.input()?;
    let key = key(call, registry_id.as_deref(), repository_name).await?;
    let before = call.ports.repositories.set_policy(&key, None, &audit(call, &key)).await??;
    let text = before.ok_or_else(|| none(&key))?;
    Ok(shape::DeleteRepositoryPolicyResponse {
        policy_text: Some(text),
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
    })
}
