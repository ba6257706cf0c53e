//! TagResource: parse, authorize, change. Adds tags and replaces those that are there, in any state of a service but deleted.
//! Never decides which tags may be: that is the noun's rule. Source of truth: the App Runner API reference.

use super::{tagged_resource::TaggedResource, tags};
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, apprunner as shape},
};
use model::tag::TagChange;

/// Answers TagResource.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::TagResourceRequest { resource_arn, tags } = call.input()?;
    let text = resource_arn.expect("validation refuses a call without a required member");
    TaggedResource::parse(&text)?.change_tags(call, &text, tags::parse(tags).map(TagChange::Set)).await?;
    Ok(Empty {})
}
