//! TagResource of ECR: parse, authorize, change.
//! Source of truth: the ECR API reference.

use super::{
    repository::key_of_arn,
    tag::{self, Nothing},
};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::repository::RepositoryChange;

/// Answers TagResource.
pub async fn answer(call: &Call<'_>) -> Result<Nothing, Wrong> {
    let shape::TagResourceRequest { resource_arn, tags } = call.input()?;
    let key = key_of_arn(resource_arn, call.caller)?;
    let tags = tag::parse(tags.expect("validation refuses a call without a required member"))?;
    call.authorize(key.arn()).await?;
    call.ports.repositories.change(&key, &RepositoryChange::Tag(tags), &call.audit(key.arn())).await??;
    Ok(Nothing {})
}
