//! SetDefaultPolicyVersion: parse, change. It acts from the next call on.
//! Source of truth: the IAM API reference.

use super::managed_policy;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{managed_policy::ManagedPolicy, port::Facts};

/// Answers SetDefaultPolicyVersion.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::SetDefaultPolicyVersionRequest { policy_arn, version_id } = call.input()?;
    let wanted = version_id.expect("validation refuses a call without a required member");
    let now = call.ports.clock.now();
    managed_policy::change(call, policy_arn, Facts::default(), |policy| {
        let default_version = managed_policy::version(policy, &wanted)?.number;
        Ok(ManagedPolicy { default_version, updated_at: now, ..policy.clone() })
    })
    .await?;
    Ok(())
}
