//! ListTagsForResource: parse, ask, render.
//! Source of truth: the App Runner API reference.

use super::{auto_scaling_configuration, tagged_resource::TaggedResource, tags};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers ListTagsForResource.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListTagsForResourceResponse, Wrong> {
    let shape::ListTagsForResourceRequest { resource_arn } = call.input()?;
    let text = resource_arn.expect("validation refuses a call without a required member");
    let found = match TaggedResource::parse(&text)? {
        TaggedResource::Service(arn) => {
            call.authorize(&text).await?;
            call.ports.desk.tags(call.caller, &arn).await??
        }
        TaggedResource::Scaling => auto_scaling_configuration::require(call, &text).await?.revision.tags,
    };
    Ok(shape::ListTagsForResourceResponse { tags: Some(tags::render(found)) })
}
