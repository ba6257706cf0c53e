//! AddTagsToResource: adds tags to a parameter, and replaces those of the same keys.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, ssm as shape},
};
use model::{port::Facts, tag::TagChange};

/// Answers AddTagsToResource.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::AddTagsToResourceRequest { resource_type, resource_id, tags } = call.input()?;
    let tags = parameter::tags(tags.expect("validation refuses a call without a required member"))?;
    let found = parameter::tagged(call, resource_type, resource_id, Facts::default().request_tags(&tags)).await?;
    let change = TagChange::Set(tags);
    parameter::change(call, found, |before| {
        let tags = before.tags.changed(&change).map_err(|refusal| Wrong::Declared(shape::TOO_MANY_TAGS_ERROR, refusal.message))?;
        let mut after = before.clone();
        after.tags = tags;
        Ok(after)
    })
    .await?;
    Ok(Empty {})
}
