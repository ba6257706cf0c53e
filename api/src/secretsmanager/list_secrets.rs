//! ListSecrets: a page of those that the filters find.
//! Source of truth: the Secrets Manager API reference.

use super::{filter, secret};
use crate::{call::Call, fault::Wrong, limit, shape::secretsmanager as shape};
use model::managed_secret::ManagedSecret;

/// Answers ListSecrets.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListSecretsResponse, Wrong> {
    let shape::ListSecretsRequest { include_planned_deletion, max_results, next_token, filters, sort_order, sort_by } =
        call.input()?;
    call.authorize("*").await?;
    let filters = filters.unwrap_or_default();
    let with_deleted = include_planned_deletion == Some(true);
    let mut found: Vec<ManagedSecret> = secret::all(call).await?;
    found.retain(|found| (with_deleted || found.deletion.is_none()) && filter::holds(found, &filters));
    // By name unless told. When a value was last looked at is not written down: then the name decides.
    let by = sort_by.as_deref().unwrap_or("name");
    match by {
        "created-date" => found.sort_by(|a, b| (a.created_at, &a.name).cmp(&(b.created_at, &b.name))),
        "last-changed-date" => found.sort_by(|a, b| (a.changed_at, &a.name).cmp(&(b.changed_at, &b.name))),
        _ => {}
    }
    if sort_order.as_deref() == Some("desc") {
        found.reverse();
    }
    let items_max = max_results.unwrap_or(limit::SECRETS_DEFAULT);
    let (page, next) = super::cut(call, found, (next_token.as_deref(), items_max), |found| found.name.clone())?;
    Ok(shape::ListSecretsResponse { secret_list: Some(page.iter().map(entry).collect()), next_token: next })
}

fn entry(found: &ManagedSecret) -> shape::SecretListEntry {
    shape::SecretListEntry {
        arn: Some(found.arn()),
        name: Some(found.name.clone()),
        r#type: None,
        description: found.description.clone(),
        kms_key_id: None,
        rotation_enabled: None,
        rotation_lambda_arn: None,
        rotation_rules: None,
        external_secret_rotation_metadata: None,
        external_secret_rotation_role_arn: None,
        last_rotated_date: None,
        last_changed_date: Some(found.changed_at.seconds()),
        last_accessed_date: None,
        deleted_date: found.deletion.map(|deletion| deletion.asked_at.seconds()),
        next_rotation_date: None,
        tags: Some(secret::render_tags(&found.tags)),
        secret_versions_to_stages: Some(secret::stages(found)).filter(|stages| !stages.is_empty()),
        owning_service: None,
        created_date: Some(found.created_at.seconds()),
        primary_region: None,
    }
}
