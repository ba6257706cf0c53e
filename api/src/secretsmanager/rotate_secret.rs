//! RotateSecret: refused: rotation is a function that AWS Lambda runs, and there is none here.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use model::refusal::Refusal;

/// Answers RotateSecret.
pub async fn answer(call: &Call<'_>) -> Result<shape::RotateSecretResponse, Wrong> {
    let shape::RotateSecretRequest {
        secret_id,
        client_request_token: _,
        rotation_lambda_arn: _, // there is nothing that could run it
        rotation_rules: _,
        external_secret_rotation_metadata: _,
        external_secret_rotation_role_arn: _,
        rotate_immediately: _,
    } = call.input()?;
    secret::find(call, secret_id).await?;
    Err(Refusal::wrong_state(
        "RotateSecret: rotation runs a Lambda function, and Outrunner has no Lambda. Put a new value with PutSecretValue; services with the tag \
         outrunner:redeploy-on-secret-change=on take it over by themselves.",
    )
    .into())
}
