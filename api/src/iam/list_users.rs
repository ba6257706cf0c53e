//! ListUsers: parse, ask, render. Their tags are left out, as IAM leaves them out.
//! Source of truth: the IAM API reference.

use super::{marker::Marked, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::wish::Page;

/// Answers ListUsers.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListUsersResponse, Wrong> {
    let shape::ListUsersRequest { marker, max_items, path_prefix } = call.input()?;
    let account = call.caller.account();
    let path_prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    call.authorize(format!("arn:aws:iam::{account}:user{path_prefix}")).await?;
    let marked = Marked::read(call, path_prefix.clone(), marker.as_deref(), max_items)?;
    let Page { items, next } = call.ports.users.list(account, &path_prefix, marked.page()).await?;
    Ok(shape::ListUsersResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        users: items.iter().map(|one| shape::User { tags: None, ..user::render(one) }).collect(),
    })
}
