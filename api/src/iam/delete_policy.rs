//! DeletePolicy: parse, remove. A policy that somebody has, or that has another version beside the one in force, stays.
//! Source of truth: the IAM API reference.

use super::managed_policy;
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{port::Facts, refusal::Refusal};

/// Answers DeletePolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeletePolicyRequest { policy_arn } = call.input()?;
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let found = managed_policy::own(call, policy_arn.clone(), Facts::default()).await?;
        let arn = found.arn().to_string();
        let usage = managed_policy::Usage::read(call, Some(&arn)).await?;
        // Source of the words: IAM, DeleteConflict. Who attaches it in this moment has an ARN that names nothing, which allows nothing.
        if usage.is_used(&arn) {
            return Err(Refusal::wrong_state("Cannot delete a policy attached to entities.").into());
        }
        if found.versions.len() > 1 {
            let words = "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The \
                         default version is deleted with the policy.";
            return Err(Refusal::wrong_state(words).into());
        }
        if call.ports.managed_policies.remove(&found, &call.audit(arn)).await? {
            return Ok(());
        }
    }
    Err(managed_policy::busy())
}
