//! UntagResource: parse, authorize, change. A key that is not there is no mistake.
//! Source of truth: the App Runner API reference.

use super::tagged_resource::TaggedResource;
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, apprunner as shape},
};
use model::tag::TagChange;

/// Answers UntagResource.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::UntagResourceRequest { resource_arn, tag_keys } = call.input()?;
    let text = resource_arn.expect("validation refuses a call without a required member");
    let keys = tag_keys.expect("validation refuses a call without a required member");
    TaggedResource::parse(&text)?.change_tags(call, &text, Ok(TagChange::Remove(keys))).await?;
    Ok(Empty {})
}
