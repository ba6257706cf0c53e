//! ListPolicyVersions: parse, ask, render. A managed policy has one version.
//! Source of truth: the IAM API reference.

use super::policy;
use crate::{call::Call, fault::Wrong, shape::iam as shape};

/// Answers ListPolicyVersions.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListPolicyVersionsResponse, Wrong> {
    // One item is one page, whatever Marker and MaxItems say.
    let shape::ListPolicyVersionsRequest { marker: _, max_items: _, policy_arn } = call.input()?;
    let arn = policy::named(policy_arn)?;
    call.authorize(arn.as_str()).await?;
    policy::find(&arn)?;
    let versions = Some(vec![policy::render_version(None)]);
    Ok(shape::ListPolicyVersionsResponse { is_truncated: Some(false), marker: None, versions })
}
