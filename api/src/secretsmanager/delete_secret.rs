//! DeleteSecret: at once, or after a window in which it can be restored.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, limit, shape::secretsmanager as shape};
use model::{managed_secret::SecretId, port::Action, refusal::Refusal};

/// Answers DeleteSecret.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteSecretResponse, Wrong> {
    let shape::DeleteSecretRequest { secret_id, recovery_window_in_days, force_delete_without_recovery } = call.input()?;
    let force = force_delete_without_recovery == Some(true);
    let days = recovery_window_in_days.unwrap_or(limit::RECOVERY_DAYS_MAX);
    if force && recovery_window_in_days.is_some() {
        let words = "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.";
        return Err(Refusal::invalid(words).into());
    }
    if !(limit::RECOVERY_DAYS_MIN..=limit::RECOVERY_DAYS_MAX).contains(&days) {
        let words = "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).";
        return Err(Refusal::invalid(words).into());
    }
    let now = call.ports.clock.now();
    let id = SecretId::parse(&secret_id.expect("validation refuses a call without a required member"), &call.caller.scope)?;
    let found = secret::lookup(call, &id).await?;
    let resource = found.as_ref().map_or_else(|| id.to_string(), |found| found.arn());
    let facts = found.as_ref().map(|found| secret::of(found, &resource)).unwrap_or_default();
    let facts = facts.with("secretsmanager:ForceDeleteWithoutRecovery", force.to_string());
    let facts = if force { facts } else { facts.with("secretsmanager:RecoveryWindowInDays", days.to_string()) };
    call.authorize_with(Action { facts, ..call.action(resource.clone()) }).await?;
    let Some(mut found) = found else {
        // Source: Secrets Manager API reference: forced, what is not there is no mistake.
        let name = id.names().last().map(|name| (*name).to_owned());
        let gone = shape::DeleteSecretResponse { arn: Some(resource), name, deletion_date: Some(now.seconds()) };
        return if force { Ok(gone) } else { Err(secret::not_found().into()) };
    };
    if force {
        while !call.ports.secrets.remove(&found, &call.audit(found.arn())).await? {
            // Changed meanwhile: what it has become goes too, and what is gone is gone.
            match call.ports.secrets.get(&found.scope, &found.name).await?.filter(|again| again.suffix == found.suffix) {
                Some(again) => found = again,
                None => break,
            }
        }
        return Ok(shape::DeleteSecretResponse {
            arn: Some(found.arn()),
            name: Some(found.name),
            deletion_date: Some(now.seconds()),
        });
    }
    let days = u32::try_from(days).expect("it is between 7 and 30");
    let after = secret::change(call, found, None, |before| {
        before.refuse_deleted()?;
        Ok(before.going(days, now))
    })
    .await?;
    let due = after.deletion.map(|deletion| deletion.due_at.seconds());
    Ok(shape::DeleteSecretResponse { arn: Some(after.arn()), name: Some(after.name), deletion_date: due })
}
