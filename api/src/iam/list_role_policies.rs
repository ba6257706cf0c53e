//! ListRolePolicies: parse, ask, render. The role's own policies; attached ones have a list of their own.
//! Source of truth: the IAM API reference.

use super::{marker::Marked, role};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::wish::Page;

/// Answers ListRolePolicies.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListRolePoliciesResponse, Wrong> {
    let shape::ListRolePoliciesRequest { marker, max_items, role_name } = call.input()?;
    let role = role::find(call, role_name).await?;
    let marked = Marked::read(call, role.name.to_string(), marker.as_deref(), max_items)?;
    let Page { items, next } = marked.cut(role.inline.into_keys().map(|name| (name.clone(), name)));
    Ok(shape::ListRolePoliciesResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        policy_names: items,
    })
}
