//! GetPolicyVersion: parse, ask, render. AWS's policies have one version each.
//! Source of truth: the IAM API reference.

use super::{managed_policy, policy};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal};

/// Answers GetPolicyVersion.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetPolicyVersionResponse, Wrong> {
    let shape::GetPolicyVersionRequest { policy_arn, version_id } = call.input()?;
    let wanted = version_id.expect("validation refuses a call without a required member");
    let policy_version = match managed_policy::named(call, policy_arn, Facts::default()).await? {
        managed_policy::Found::Own(own) => managed_policy::render_version(&own, managed_policy::version(&own, &wanted)?, true),
        managed_policy::Found::Aws(aws) if wanted == policy::VERSION => policy::render_version(Some(&aws.text)),
        managed_policy::Found::Aws(aws) => {
            let words = format!("Policy {} version {wanted} does not exist or is not attachable.", aws.arn());
            return Err(Refusal::not_found(words).into());
        }
    };
    Ok(shape::GetPolicyVersionResponse { policy_version: Some(policy_version) })
}
