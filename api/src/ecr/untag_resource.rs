//! UntagResource of ECR: parse, authorize, change.
//! Source of truth: the ECR API reference.

use super::{repository::key_of_arn, tag::Nothing};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::repository::RepositoryChange;

/// Answers UntagResource.
pub async fn answer(call: &Call<'_>) -> Result<Nothing, Wrong> {
    let shape::UntagResourceRequest { resource_arn, tag_keys } = call.input()?;
    let key = key_of_arn(resource_arn, call.caller)?;
    let keys = tag_keys.expect("validation refuses a call without a required member");
    call.authorize(key.arn()).await?;
    call.ports.repositories.change(&key, &RepositoryChange::Untag(keys), &call.audit(key.arn())).await??;
    Ok(Nothing {})
}
