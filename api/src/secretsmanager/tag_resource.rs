//! TagResource: adds tags, and replaces those of the same keys.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, secretsmanager as shape},
};
use model::tag::TagChange;

/// Answers TagResource.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::TagResourceRequest { secret_id, tags } = call.input()?;
    let tags = secret::tags(tags.expect("validation refuses a call without a required member"))?;
    let found = secret::find_with(call, secret_id, |facts| facts.request_tags(&tags)).await?;
    let change = TagChange::Set(tags);
    secret::change(call, found, None, |before| {
        before.refuse_deleted()?;
        let mut after = before.clone();
        after.tags = before.tags.changed(&change)?;
        Ok(after)
    })
    .await?;
    Ok(Empty {})
}
