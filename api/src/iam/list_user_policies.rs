//! ListUserPolicies: parse, ask, render. The user's own policies; attached ones have a list of their own.
//! Source of truth: the IAM API reference.

use super::{marker::Marked, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, wish::Page};

/// Answers ListUserPolicies.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListUserPoliciesResponse, Wrong> {
    let shape::ListUserPoliciesRequest { marker, max_items, user_name } = call.input()?;
    let user = user::find(call, user_name, Facts::default()).await?;
    let marked = Marked::read(call, user.name.to_string(), marker.as_deref(), max_items)?;
    let Page { items, next } = marked.cut(user.inline.into_keys().map(|name| (name.clone(), name)));
    Ok(shape::ListUserPoliciesResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        policy_names: items,
    })
}
