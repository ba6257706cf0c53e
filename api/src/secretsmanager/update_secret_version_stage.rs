//! UpdateSecretVersionStage: moves a label.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use model::port::Ring;

/// Answers UpdateSecretVersionStage.
pub async fn answer(call: &Call<'_>) -> Result<shape::UpdateSecretVersionStageResponse, Wrong> {
    let shape::UpdateSecretVersionStageRequest { secret_id, version_stage, remove_from_version_id, move_to_version_id } =
        call.input()?;
    let stage = version_stage.expect("validation refuses a call without a required member");
    let found = secret::find_with(call, secret_id, |facts| facts.with("secretsmanager:VersionStage", stage.clone())).await?;
    let now = call.ports.clock.now();
    let after = secret::change(call, found, None, |before| {
        before.refuse_deleted()?;
        Ok(before.with_stage(&stage, remove_from_version_id.as_deref(), move_to_version_id.as_deref(), now)?)
    })
    .await?;
    call.ports.bell.ring(&Ring::Pushes);
    Ok(shape::UpdateSecretVersionStageResponse { arn: Some(after.arn()), name: Some(after.name) })
}
