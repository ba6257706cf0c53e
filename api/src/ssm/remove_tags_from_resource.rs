//! RemoveTagsFromResource: takes tags from a parameter; a key that is not there is no mistake.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, ssm as shape},
};
use model::{port::Facts, tag::TagChange};

/// Answers RemoveTagsFromResource.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::RemoveTagsFromResourceRequest { resource_type, resource_id, tag_keys } = call.input()?;
    let keys = tag_keys.expect("validation refuses a call without a required member");
    let found = parameter::tagged(call, resource_type, resource_id, Facts::default().tag_keys(keys.clone())).await?;
    let change = TagChange::Remove(keys);
    parameter::change(call, found, |before| {
        let mut after = before.clone();
        after.tags = before.tags.changed(&change)?;
        Ok(after)
    })
    .await?;
    Ok(Empty {})
}
