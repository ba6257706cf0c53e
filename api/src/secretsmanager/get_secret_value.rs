//! GetSecretValue: find, authorize, open.
//! Source of truth: the Secrets Manager API reference.

use super::{secret, value};
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use model::managed_secret::VersionPick;

/// Answers GetSecretValue.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetSecretValueResponse, Wrong> {
    let shape::GetSecretValueRequest { secret_id, version_id, version_stage } = call.input()?;
    let pick = VersionPick { id: version_id, stage: version_stage };
    let secret = secret::find_with(call, secret_id, |facts| secret::of_version(facts, &pick)).await?;
    value::read(call, &secret, &pick).await
}
