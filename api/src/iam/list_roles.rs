//! ListRoles: parse, ask, render. Their tags are left out, as IAM leaves them out.
//! Source of truth: the IAM API reference.

use super::{marker::Marked, role};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::wish::Page;

/// Answers ListRoles.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListRolesResponse, Wrong> {
    let shape::ListRolesRequest { marker, max_items, path_prefix } = call.input()?;
    let account = call.caller.account();
    let path_prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    call.authorize(format!("arn:aws:iam::{account}:role{path_prefix}")).await?;
    let marked = Marked::read(call, path_prefix.clone(), marker.as_deref(), max_items)?;
    let Page { items, next } = call.ports.roles.list(account, &path_prefix, marked.page()).await?;
    Ok(shape::ListRolesResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        roles: items.iter().map(|role| shape::Role { tags: None, ..role::render(role) }).collect(),
    })
}
