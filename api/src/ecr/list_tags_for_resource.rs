//! ListTagsForResource of ECR: parse, authorize, ask, render.
//! Source of truth: the ECR API reference.

use super::{repository::key_of_arn, tag};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};

/// Answers ListTagsForResource.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListTagsForResourceResponse, Wrong> {
    let shape::ListTagsForResourceRequest { resource_arn } = call.input()?;
    let key = key_of_arn(resource_arn, call.caller)?;
    call.authorize(key.arn()).await?;
    let repository = call.ports.repositories.get(&key).await?.ok_or_else(|| key.not_found())?;
    Ok(shape::ListTagsForResourceResponse { tags: Some(tag::render(&repository.tags)) })
}
