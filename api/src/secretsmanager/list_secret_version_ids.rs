//! ListSecretVersionIds: a page of versions, the deprecated ones on demand.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{
    call::Call,
    fault::Wrong,
    limit,
    sealed_page::{self, Order},
    shape::secretsmanager as shape,
};

/// Answers ListSecretVersionIds.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListSecretVersionIdsResponse, Wrong> {
    let shape::ListSecretVersionIdsRequest { secret_id, max_results, next_token, include_deprecated } = call.input()?;
    let found = secret::find(call, secret_id).await?;
    let all = include_deprecated == Some(true);
    let versions = found.versions.iter().filter(|(_, version)| all || !version.stages.is_empty()).collect();
    let items_max = max_results.unwrap_or(limit::SECRETS_DEFAULT);
    let asked = (next_token.as_deref(), items_max);
    let (page, next) = sealed_page::cut(call, versions, asked, Order::Up, |(id, _)| (*id).clone())?;
    let versions = page.into_iter().map(|(id, version)| shape::SecretVersionsListEntry {
        version_id: Some(id.clone()),
        version_stages: Some(version.stages.iter().cloned().collect()).filter(|stages: &Vec<String>| !stages.is_empty()),
        last_accessed_date: None,
        created_date: Some(version.created_at.seconds()),
        kms_key_ids: Some(vec!["DefaultEncryptionKey".to_owned()]),
    });
    Ok(shape::ListSecretVersionIdsResponse {
        versions: Some(versions.collect()),
        next_token: next,
        arn: Some(found.arn()),
        name: Some(found.name.clone()),
    })
}
