//! GetSecretValue: find, authorize, open.
//! Source of truth: the Secrets Manager API reference.

use super::{secret, value};
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use model::{managed_secret::VersionPick, port::Facts};

/// Answers GetSecretValue.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetSecretValueResponse, Wrong> {
    let shape::GetSecretValueRequest { secret_id, version_id, version_stage } = call.input()?;
    let pick = VersionPick { id: version_id, stage: version_stage };
    let secret = secret::find_with(call, secret_id, |facts| asked(facts, &pick)).await?;
    value::read(call, &secret, &pick).await
}

/// What conditions may ask about the version.
fn asked(mut facts: Facts, pick: &VersionPick) -> Facts {
    let stage = pick.stage.as_deref().or(if pick.id.is_none() { Some("AWSCURRENT") } else { None });
    for (key, value) in [("secretsmanager:VersionId", pick.id.as_deref()), ("secretsmanager:VersionStage", stage)] {
        if let Some(value) = value {
            facts = facts.with(key, value);
        }
    }
    facts
}
