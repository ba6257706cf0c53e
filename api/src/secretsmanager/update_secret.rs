//! UpdateSecret: another description, a new version, or both.
//! Source of truth: the Secrets Manager API reference.

use super::unavailable;
use super::{secret, value};
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use std::collections::BTreeSet;

/// Answers UpdateSecret.
pub async fn answer(call: &Call<'_>) -> Result<shape::UpdateSecretResponse, Wrong> {
    let shape::UpdateSecretRequest {
        secret_id,
        client_request_token,
        description,
        kms_key_id,
        secret_binary,
        secret_string,
        r#type,
    } = call.input()?;
    let found = secret::find(call, secret_id).await?;
    unavailable::kms_key(kms_key_id.as_deref())?;
    unavailable::refuse(&[("Type", r#type.is_some())])?;
    found.refuse_deleted()?;
    let described = |secret: model::managed_secret::ManagedSecret| {
        let description = description.clone().or_else(|| secret.description.clone());
        model::managed_secret::ManagedSecret { description, ..secret }
    };
    let (after, version_id) = match value::parse(secret_string, secret_binary)? {
        Some(sent) => {
            let id = secret::version_id(call, client_request_token);
            (value::put(call, found, (id.clone(), sent), BTreeSet::new(), described).await?, Some(id))
        }
        None => {
            let now = call.ports.clock.now();
            let changed = |before: &model::managed_secret::ManagedSecret| {
                before.refuse_deleted()?;
                let mut after = described(before.clone());
                after.changed_at = now;
                Ok(after)
            };
            (secret::change(call, found, None, changed).await?, None)
        }
    };
    Ok(shape::UpdateSecretResponse { arn: Some(after.arn()), name: Some(after.name), version_id })
}
