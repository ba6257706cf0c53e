//! ListAttachedUserPolicies: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::{managed_policy, marker::Marked, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, wish::Page};

/// Answers ListAttachedUserPolicies.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListAttachedUserPoliciesResponse, Wrong> {
    let shape::ListAttachedUserPoliciesRequest { marker, max_items, path_prefix, user_name } = call.input()?;
    let user = user::find(call, user_name, Facts::default()).await?;
    let path_prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    let marked = Marked::read(call, format!("{} {path_prefix}", user.name), marker.as_deref(), max_items)?;
    let Page { items, next } = marked.cut(managed_policy::attached(&user.attached, &path_prefix));
    Ok(shape::ListAttachedUserPoliciesResponse {
        attached_policies: Some(items),
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
    })
}
