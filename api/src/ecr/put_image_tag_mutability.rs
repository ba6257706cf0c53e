//! PutImageTagMutability: parse, authorize, change, render.
//! Source of truth: the ECR API reference.

use super::{repository::key, tag_mutability};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::repository::RepositoryChange;

/// Answers PutImageTagMutability.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutImageTagMutabilityResponse, Wrong> {
    let shape::PutImageTagMutabilityRequest {
        registry_id,
        repository_name,
        image_tag_mutability,
        image_tag_mutability_exclusion_filters,
    } = call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let wanted = tag_mutability::parse(image_tag_mutability.as_deref(), image_tag_mutability_exclusion_filters)?;
    let change = RepositoryChange::TagMutability(wanted);
    let repository = call.ports.repositories.change(&key, &change, &call.audit(key.arn())).await??;
    let (word, filters) = tag_mutability::render(&repository.tag_mutability);
    Ok(shape::PutImageTagMutabilityResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        image_tag_mutability: Some(word),
        image_tag_mutability_exclusion_filters: filters,
    })
}
