//! TagPolicy: parse, change. A key that is there gets the new value.
//! Source of truth: the IAM API reference.

use super::{managed_policy, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{managed_policy::ManagedPolicy, port::Facts, tag::Tags};

/// Answers TagPolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::TagPolicyRequest { policy_arn, tags } = call.input()?;
    let tags = tags.expect("validation refuses a call without a required member");
    let facts = Facts::default().request_tags(&tags::added(&Tags::default(), tags.clone(), "policy")?);
    managed_policy::change(call, policy_arn, facts, |policy| {
        Ok(ManagedPolicy { tags: tags::added(&policy.tags, tags.clone(), "policy")?, ..policy.clone() })
    })
    .await?;
    Ok(())
}
