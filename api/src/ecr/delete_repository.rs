//! DeleteRepository: parse, authorize, delete, render. With `force`, images and all.
//! Services that were deployed from it run on: the platform has its own copy. Source of truth: the ECR API reference.

use super::repository::{key, render};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::repository::Deletion;

/// Answers DeleteRepository.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteRepositoryResponse, Wrong> {
    let shape::DeleteRepositoryRequest { registry_id, repository_name, force } = call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let deletion = if force == Some(true) { Deletion::WithImages } else { Deletion::OnlyEmpty };
    let repository = call.ports.repositories.delete(&key, deletion, &call.audit(key.arn())).await??;
    Ok(shape::DeleteRepositoryResponse { repository: Some(render(&repository)) })
}
