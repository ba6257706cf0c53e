//! ListPolicyTags: parse, ask, render. AWS's policies have none.
//! Source of truth: the IAM API reference.

use super::{managed_policy, marker::Marked, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, wish::Page};

/// Answers ListPolicyTags.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListPolicyTagsResponse, Wrong> {
    let shape::ListPolicyTagsRequest { marker, max_items, policy_arn } = call.input()?;
    let parameters = policy_arn.clone().unwrap_or_default();
    let rendered = match managed_policy::named(call, policy_arn, Facts::default()).await? {
        managed_policy::Found::Own(own) => tags::render(&own.tags),
        managed_policy::Found::Aws(_) => Vec::new(),
    };
    let marked = Marked::read(call, parameters, marker.as_deref(), max_items)?;
    let Page { items, next } = marked.cut(rendered.into_iter().map(|tag| (tag.key.clone().unwrap_or_default(), tag)));
    Ok(shape::ListPolicyTagsResponse { is_truncated: Some(next.is_some()), marker: marked.marker(call, next), tags: items })
}
