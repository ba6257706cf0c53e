//! ListAttachedRolePolicies: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::{marker::Marked, role};
use crate::{call::Call, fault::Wrong, policy::managed, shape::iam as shape};
use model::wish::Page;

/// Answers ListAttachedRolePolicies.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListAttachedRolePoliciesResponse, Wrong> {
    let shape::ListAttachedRolePoliciesRequest { marker, max_items, path_prefix, role_name } = call.input()?;
    let role = role::find(call, role_name).await?;
    let path_prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    let marked = Marked::read(call, format!("{} {path_prefix}", role.name), marker.as_deref(), max_items)?;
    let attached = role.attached.iter().filter_map(|arn| managed(arn)).filter(|policy| policy.path.starts_with(&path_prefix));
    let Page { items, next } = marked.cut(attached.map(|policy| (policy.name.clone(), policy)));
    let render = |policy: &crate::policy::Managed| shape::AttachedPolicy {
        policy_arn: Some(policy.arn()),
        policy_name: Some(policy.name.clone()),
    };
    Ok(shape::ListAttachedRolePoliciesResponse {
        attached_policies: Some(items.into_iter().map(render).collect()),
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
    })
}
