//! ListPolicyVersions: parse, ask, render: the newest first. Documents are left out, as IAM leaves them out.
//! Source of truth: the IAM API reference.

use super::{managed_policy, marker::Marked, policy};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, wish::Page};

/// Answers ListPolicyVersions.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListPolicyVersionsResponse, Wrong> {
    let shape::ListPolicyVersionsRequest { marker, max_items, policy_arn } = call.input()?;
    let parameters = policy_arn.clone().unwrap_or_default();
    let found = managed_policy::named(call, policy_arn, Facts::default()).await?;
    let marked = Marked::read(call, parameters, marker.as_deref(), max_items)?;
    let versions = match &found {
        // Keys are cut in their order, so the newest must have the smallest.
        managed_policy::Found::Own(own) => own
            .versions
            .iter()
            .map(|version| (format!("{:010}", u32::MAX - version.number), managed_policy::render_version(own, version, false)))
            .collect(),
        managed_policy::Found::Aws(_) => vec![(String::from("1"), policy::render_version(None))],
    };
    let Page { items, next } = marked.cut(versions.into_iter());
    Ok(shape::ListPolicyVersionsResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        versions: Some(items),
    })
}
