//! PutResourcePolicy: refused by name: policies of secrets are not evaluated in this version, and one that is kept and means nothing would be a trap.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use model::refusal::Refusal;

/// Answers PutResourcePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutResourcePolicyResponse, Wrong> {
    let shape::PutResourcePolicyRequest { secret_id, resource_policy: _, policy_name: _, block_public_policy: _ } = call.input()?;
    secret::find(call, secret_id).await?;
    Err(Refusal::invalid(
        "ResourcePolicy: policies of secrets are not available in this version of Outrunner. Give the role a policy that allows \
         secretsmanager:GetSecretValue on the secret instead.",
    )
    .into())
}
