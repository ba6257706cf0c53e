//! RestoreSecret: takes a deletion back.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use model::managed_secret::ManagedSecret;

/// Answers RestoreSecret. One that is not about to go stays as it is.
pub async fn answer(call: &Call<'_>) -> Result<shape::RestoreSecretResponse, Wrong> {
    let shape::RestoreSecretRequest { secret_id } = call.input()?;
    let found = secret::find(call, secret_id).await?;
    let after = secret::change(call, found, None, |before| Ok(ManagedSecret { deletion: None, ..before.clone() })).await?;
    Ok(shape::RestoreSecretResponse { arn: Some(after.arn()), name: Some(after.name) })
}
