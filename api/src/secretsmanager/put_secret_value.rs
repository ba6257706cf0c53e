//! PutSecretValue: a new version.
//! Source of truth: the Secrets Manager API reference.

use super::{secret, value};
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use model::refusal::Refusal;

/// Answers PutSecretValue.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutSecretValueResponse, Wrong> {
    let shape::PutSecretValueRequest {
        secret_id,
        client_request_token,
        secret_binary,
        secret_string,
        version_stages,
        rotation_token: _, // names a rotation of another account: there is none here
    } = call.input()?;
    let found = secret::find(call, secret_id).await?;
    let sent = value::parse(secret_string, secret_binary)?;
    let sent = sent.ok_or_else(|| Refusal::invalid("You must provide either SecretString or SecretBinary."))?;
    let id = secret::version_id(call, client_request_token);
    let stages = version_stages.unwrap_or_default().into_iter().collect();
    let after = value::put(call, found, (id.clone(), sent), stages, |after| after).await?;
    let stages = after.versions.get(&id).map(|version| version.stages.iter().cloned().collect());
    Ok(shape::PutSecretValueResponse {
        arn: Some(after.arn()),
        name: Some(after.name),
        version_id: Some(id),
        version_stages: stages,
    })
}
