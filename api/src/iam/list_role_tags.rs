//! ListRoleTags: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::{marker::Marked, role, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::wish::Page;

/// Answers ListRoleTags.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListRoleTagsResponse, Wrong> {
    let shape::ListRoleTagsRequest { marker, max_items, role_name } = call.input()?;
    let role = role::find(call, role_name).await?;
    let marked = Marked::read(call, role.name.to_string(), marker.as_deref(), max_items)?;
    let Page { items, next } =
        marked.cut(tags::render(&role.tags).into_iter().map(|tag| (tag.key.clone().unwrap_or_default(), tag)));
    Ok(shape::ListRoleTagsResponse { is_truncated: Some(next.is_some()), marker: marked.marker(call, next), tags: items })
}
