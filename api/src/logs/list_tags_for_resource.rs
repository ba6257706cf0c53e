//! ListTagsForResource, of a log group.
//! Source of truth: the CloudWatch Logs API reference.

use super::log_group;
use crate::{call::Call, fault::Wrong, shape::logs as shape};

/// Answers ListTagsForResource.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListTagsForResourceResponse, Wrong> {
    let shape::ListTagsForResourceRequest { resource_arn } = call.input()?;
    let arn = resource_arn.expect("validation refuses a call without a required member");
    let key = log_group::identified(call.caller, &arn)?;
    call.authorize(key.arn()).await?;
    let group = call.ports.log_groups.get(&key).await?.ok_or_else(|| key.not_found())?;
    Ok(shape::ListTagsForResourceResponse { tags: Some(group.tags.0) })
}
