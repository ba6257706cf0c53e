//! UntagResource: takes tags away; a key that is not there is no mistake.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, secretsmanager as shape},
};
use model::tag::TagChange;

/// Answers UntagResource.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::UntagResourceRequest { secret_id, tag_keys } = call.input()?;
    let keys = tag_keys.expect("validation refuses a call without a required member");
    let found = secret::find_with(call, secret_id, |facts| facts.tag_keys(keys.clone())).await?;
    let change = TagChange::Remove(keys);
    secret::change(call, found, None, |before| {
        before.refuse_deleted()?;
        let mut after = before.clone();
        after.tags = before.tags.changed(&change)?;
        Ok(after)
    })
    .await?;
    Ok(Empty {})
}
