//! ListPolicies: parse, ask, render. Only AWS managed policies exist in this version; descriptions are left out, as IAM does.
//! Source of truth: the IAM API reference.

use super::{marker::Marked, policy};
use crate::{
    call::Call,
    fault::Wrong,
    limit,
    policy::{Managed, managed_policies},
    shape::iam as shape,
};
use model::wish::{Page, PageRequest};
use std::collections::BTreeMap;

/// Answers ListPolicies.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListPoliciesResponse, Wrong> {
    let shape::ListPoliciesRequest { marker, max_items, only_attached, path_prefix, policy_usage_filter, scope } = call.input()?;
    call.authorize("*").await?;
    let path_prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    let only_attached = only_attached.unwrap_or(false);
    // Nothing of this account's own, and nothing that is used as a boundary, can exist.
    let none = scope.as_deref() == Some("Local") || policy_usage_filter.as_deref() == Some("PermissionsBoundary");
    let parameters = format!("{none} {only_attached} {path_prefix}");
    let marked = Marked::read(call, parameters, marker.as_deref(), max_items)?;
    let counts = attachments(call).await?;
    let count = |policy: &Managed| counts.get(&policy.arn()).copied().unwrap_or(0);
    let listed = managed_policies()
        .iter()
        .filter(|policy| !none && policy.path.starts_with(&path_prefix) && (!only_attached || count(policy) > 0));
    let Page { items, next } = marked.cut(listed.map(|policy| (policy.name.clone(), policy)));
    Ok(shape::ListPoliciesResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        policies: Some(items.into_iter().map(|one| policy::render(one, count(one), None)).collect()),
    })
}

/// How many roles of the account have each managed policy attached, by ARN.
pub async fn attachments(call: &Call<'_>) -> Result<BTreeMap<String, usize>, Wrong> {
    let mut page = PageRequest { after: None, items_max: Some(limit::ROLES_COUNTED) };
    let mut counts = BTreeMap::new();
    loop {
        let roles = call.ports.roles.list(call.caller.account(), "/", &page).await?;
        for arn in roles.items.into_iter().flat_map(|role| role.attached) {
            *counts.entry(arn).or_default() += 1;
        }
        match roles.next {
            next @ Some(_) => page.after = next,
            None => return Ok(counts),
        }
    }
}
