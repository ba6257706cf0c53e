//! PutLifecyclePolicy: parse, authorize, keep, render. It is carried out within a quarter of an hour.
//! Source of truth: the ECR API reference.

use super::{lifecycle_policy::parse, repository::key};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::repository::RepositoryChange;

/// Answers PutLifecyclePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutLifecyclePolicyResponse, Wrong> {
    let shape::PutLifecyclePolicyRequest { registry_id, repository_name, lifecycle_policy_text } = call.input()?;
    let text = lifecycle_policy_text.expect("validation refuses a call without a required member");
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let change = RepositoryChange::Lifecycle(Some(parse(&text)?));
    call.ports.repositories.change(&key, &change, &call.audit(key.arn())).await??;
    Ok(shape::PutLifecyclePolicyResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        lifecycle_policy_text: Some(text),
    })
}
