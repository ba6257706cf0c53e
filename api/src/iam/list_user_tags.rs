//! ListUserTags: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::{marker::Marked, tags, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, wish::Page};

/// Answers ListUserTags.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListUserTagsResponse, Wrong> {
    let shape::ListUserTagsRequest { marker, max_items, user_name } = call.input()?;
    let user = user::find(call, user_name, Facts::default()).await?;
    let marked = Marked::read(call, user.name.to_string(), marker.as_deref(), max_items)?;
    let Page { items, next } =
        marked.cut(tags::render(&user.tags).into_iter().map(|tag| (tag.key.clone().unwrap_or_default(), tag)));
    Ok(shape::ListUserTagsResponse { is_truncated: Some(next.is_some()), marker: marked.marker(call, next), tags: items })
}
