//! ListAttachedRolePolicies: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::{managed_policy, marker::Marked, role};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::wish::Page;

/// Answers ListAttachedRolePolicies.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListAttachedRolePoliciesResponse, Wrong> {
    let shape::ListAttachedRolePoliciesRequest { marker, max_items, path_prefix, role_name } = call.input()?;
    let role = role::find(call, role_name).await?;
    let path_prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    let marked = Marked::read(call, format!("{} {path_prefix}", role.name), marker.as_deref(), max_items)?;
    let Page { items, next } = marked.cut(managed_policy::attached(&role.attached, &path_prefix));
    Ok(shape::ListAttachedRolePoliciesResponse {
        attached_policies: Some(items),
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
    })
}
