//! DeleteResourcePolicy: no secret has one in this version, and that none is there is success.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};

/// Answers DeleteResourcePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteResourcePolicyResponse, Wrong> {
    let shape::DeleteResourcePolicyRequest { secret_id, policy_name: _ } = call.input()?; // no policy has a name
    let found = secret::find(call, secret_id).await?;
    Ok(shape::DeleteResourcePolicyResponse { arn: Some(found.arn()), name: Some(found.name), policy_name: None })
}
