//! ListSecrets: a page of those that the filters find.
//! Source of truth: the Secrets Manager API reference.

use super::{filter, secret};
use crate::{
    call::Call,
    fault::Wrong,
    limit,
    sealed_page::{self, Order},
    shape::secretsmanager as shape,
};
use model::{managed_secret::ManagedSecret, time::Timestamp};

/// Answers ListSecrets.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListSecretsResponse, Wrong> {
    let shape::ListSecretsRequest { include_planned_deletion, max_results, next_token, filters, sort_order, sort_by } =
        call.input()?;
    call.authorize("*").await?;
    let filters = filters.unwrap_or_default();
    let with_deleted = include_planned_deletion == Some(true);
    let wanted = |found: &ManagedSecret| (with_deleted || found.deletion.is_none()) && filter::holds(found, &filters);
    let asked = (next_token.as_deref(), max_results.unwrap_or(limit::SECRETS_DEFAULT));
    let order = if sort_order.as_deref() == Some("desc") { Order::Down } else { Order::Up };
    // By name unless told. When a value was last looked at is not written down: then the name decides.
    let key: fn(&ManagedSecret) -> String = match sort_by.as_deref() {
        Some("created-date") => |found| dated(found.created_at, &found.name),
        Some("last-changed-date") => |found| dated(found.changed_at, &found.name),
        Some(_) | None => |found| found.name.clone(),
    };
    let is_by_name = !matches!(sort_by.as_deref(), Some("created-date" | "last-changed-date"));
    let (page, next) = if is_by_name && order == Order::Up {
        sealed_page::read(call, &*call.ports.secrets, "", asked, wanted).await?
    } else {
        // They are kept by name only.
        let mut found = secret::all(call).await?;
        found.retain(wanted);
        sealed_page::cut(call, found, asked, order, key)?
    };
    Ok(shape::ListSecretsResponse { secret_list: Some(page.iter().map(secret::entry).collect()), next_token: next })
}

/// A key that is in the order of times.
fn dated(at: Timestamp, name: &str) -> String {
    format!("{:020} {name}", at.millis())
}
