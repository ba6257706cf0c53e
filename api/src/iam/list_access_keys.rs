//! ListAccessKeys: parse, ask, render. Secrets are never listed.
//! Source of truth: the IAM API reference.

use super::{access_key::status, marker::Marked, role::iso, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::wish::Page;

/// Answers ListAccessKeys.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListAccessKeysResponse, Wrong> {
    let shape::ListAccessKeysRequest { marker, max_items, user_name } = call.input()?;
    let owner = user::named_or_caller(call, user_name).await?;
    let marked = Marked::read(call, owner.arn(call), marker.as_deref(), max_items)?;
    let keys = call.ports.access_keys.of_principal(call.caller.account(), &owner.principal()).await?;
    let listed = keys.into_iter().map(|key| {
        let row = shape::AccessKeyMetadata {
            access_key_id: Some(key.id.clone()),
            create_date: key.created_at.map(iso),
            status: Some(status(key.status).to_owned()),
            user_name: owner.name(),
        };
        (key.id, row)
    });
    let Page { items, next } = marked.cut(listed);
    Ok(shape::ListAccessKeysResponse {
        access_key_metadata: items,
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
    })
}
