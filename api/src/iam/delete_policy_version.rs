//! DeletePolicyVersion: parse, change. The version in force stays.
//! Source of truth: the IAM API reference.

use super::managed_policy;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal};

/// Answers DeletePolicyVersion.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeletePolicyVersionRequest { policy_arn, version_id } = call.input()?;
    let wanted = version_id.expect("validation refuses a call without a required member");
    managed_policy::change(call, policy_arn, Facts::default(), |policy| {
        let number = managed_policy::version(policy, &wanted)?.number;
        if number == policy.default_version {
            // Source of the words: IAM, DeleteConflict.
            return Err(Refusal::wrong_state("Cannot delete the default version of a policy.").into());
        }
        let mut after = policy.clone();
        after.versions.retain(|version| version.number != number);
        Ok(after)
    })
    .await?;
    Ok(())
}
