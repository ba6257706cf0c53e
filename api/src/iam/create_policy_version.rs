//! CreatePolicyVersion: parse, change, render. A number is never given twice.
//! Source of truth: the IAM API reference.

use super::managed_policy;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{
    limit,
    managed_policy::{ManagedPolicy, PolicyVersion},
    port::Facts,
    refusal::{Refusal, RefusalKind},
};

/// Answers CreatePolicyVersion.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreatePolicyVersionResponse, Wrong> {
    let shape::CreatePolicyVersionRequest { policy_arn, policy_document, set_as_default } = call.input()?;
    let document = policy_document.expect("validation refuses a call without a required member");
    let now = call.ports.clock.now();
    let after = managed_policy::change(call, policy_arn, Facts::default(), |policy| {
        managed_policy::check_document(&document)?;
        if policy.versions.len() >= limit::POLICY_VERSIONS {
            // Source of the words: IAM.
            let words = format!(
                "A managed policy can have up to {} versions. Before you create a new version, you must delete an existing version.",
                limit::POLICY_VERSIONS
            );
            return Err(Refusal::new(RefusalKind::Quota, words).into());
        }
        let number = policy.version_last + 1;
        let mut after = ManagedPolicy { version_last: number, ..policy.clone() };
        after.versions.push(PolicyVersion { number, document: document.clone(), created_at: now });
        if set_as_default == Some(true) {
            after.default_version = number;
            after.updated_at = now;
        }
        Ok(after)
    })
    .await?;
    let made = after.versions.last().expect("a version was just added");
    // The document is left out, as IAM leaves it out.
    Ok(shape::CreatePolicyVersionResponse { policy_version: Some(managed_policy::render_version(&after, made, false)) })
}
