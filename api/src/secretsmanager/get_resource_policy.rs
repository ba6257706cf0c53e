//! GetResourcePolicy: no secret has one in this version. Terraform asks for it on every refresh.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};

/// Answers GetResourcePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetResourcePolicyResponse, Wrong> {
    let shape::GetResourcePolicyRequest { secret_id, policy_name: _ } = call.input()?; // no policy has a name
    let found = secret::find(call, secret_id).await?;
    Ok(shape::GetResourcePolicyResponse {
        arn: Some(found.arn()),
        name: Some(found.name),
        resource_policy: None,
        policy_name: None,
    })
}
