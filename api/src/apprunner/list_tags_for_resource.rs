//! ListTagsForResource: parse, ask, render.
//! Source of truth: the App Runner API reference.

use super::{tagged_resource::TaggedResource, tags};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers ListTagsForResource.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListTagsForResourceResponse, Wrong> {
    let shape::ListTagsForResourceRequest { resource_arn } = call.input()?;
    let text = resource_arn.expect("validation refuses a call without a required member");
    let found = TaggedResource::parse(&text)?.tags(call, &text).await?;
    Ok(shape::ListTagsForResourceResponse { tags: Some(tags::render(found)) })
}
