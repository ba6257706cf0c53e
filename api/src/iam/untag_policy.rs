//! UntagPolicy: parse, change. A key that is not there is no matter.
//! Source of truth: the IAM API reference.

use super::{managed_policy, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{managed_policy::ManagedPolicy, port::Facts};

/// Answers UntagPolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::UntagPolicyRequest { policy_arn, tag_keys } = call.input()?;
    let keys = tag_keys.expect("validation refuses a call without a required member");
    managed_policy::change(call, policy_arn, Facts::default().tag_keys(keys.iter().cloned()), |policy| {
        Ok(ManagedPolicy { tags: tags::removed(&policy.tags, &keys), ..policy.clone() })
    })
    .await?;
    Ok(())
}
