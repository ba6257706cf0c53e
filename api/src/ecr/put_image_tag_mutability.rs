//! PutImageTagMutability: parse, authorize, change, render. Never with exclusions: they are refused by name.
//! Source of truth: the ECR API reference.

use super::repository::{key, mutability};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::{
    refusal::Refusal,
    repository::{RepositoryChange, TagMutability},
};

/// Answers PutImageTagMutability.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutImageTagMutabilityResponse, Wrong> {
    let shape::PutImageTagMutabilityRequest {
        registry_id,
        repository_name,
        image_tag_mutability,
        image_tag_mutability_exclusion_filters,
    } = call.input()?;
    let wanted = match image_tag_mutability.as_deref() {
        Some("MUTABLE") if image_tag_mutability_exclusion_filters.is_none() => TagMutability::Mutable,
        Some("IMMUTABLE") if image_tag_mutability_exclusion_filters.is_none() => TagMutability::Immutable,
        _ => {
            let message = "Not available in this version of Outrunner: imageTagMutability with exclusions.";
            return Err(Refusal::invalid(message).into());
        }
    };
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let change = RepositoryChange::TagMutability(wanted);
    let repository = call.ports.repositories.change(&key, &change, &call.audit(key.arn())).await??;
    Ok(shape::PutImageTagMutabilityResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        image_tag_mutability: Some(mutability(repository.tag_mutability)),
        image_tag_mutability_exclusion_filters: None,
    })
}
