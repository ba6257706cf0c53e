//! GetPolicyVersion: parse, ask, render. A managed policy has one version.
//! Source of truth: the IAM API reference.

use super::policy;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::refusal::Refusal;

/// Answers GetPolicyVersion.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetPolicyVersionResponse, Wrong> {
    let shape::GetPolicyVersionRequest { policy_arn, version_id } = call.input()?;
    let arn = policy::named(policy_arn)?;
    let version = version_id.expect("validation refuses a call without a required member");
    call.authorize(arn.as_str()).await?;
    let found = policy::find(&arn)?;
    if version != policy::VERSION {
        return Err(Refusal::not_found(format!("Policy {arn} version {version} does not exist or is not attachable.")).into());
    }
    Ok(shape::GetPolicyVersionResponse { policy_version: Some(policy::render_version(Some(&found.text))) })
}
