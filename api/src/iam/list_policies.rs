//! ListPolicies: parse, ask, render. Descriptions and tags are left out, as IAM leaves them out.
//! Source of truth: the IAM API reference.

use super::{managed_policy, marker::Marked};
use crate::{call::Call, fault::Wrong, limit, policy::managed_policies, shape::iam as shape};
use model::wish::{Page, PageRequest};

/// Answers ListPolicies.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListPoliciesResponse, Wrong> {
    let shape::ListPoliciesRequest { marker, max_items, only_attached, path_prefix, policy_usage_filter, scope } = call.input()?;
    call.authorize("*").await?;
    let path_prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    let scope = scope.unwrap_or_else(|| "All".to_owned());
    let (only_attached, bounding) = (only_attached.unwrap_or(false), policy_usage_filter.as_deref() == Some("PermissionsBoundary"));
    let marked = Marked::read(call, format!("{scope} {only_attached} {bounding} {path_prefix}"), marker.as_deref(), max_items)?;
    let usage = managed_policy::Usage::read(call, None).await?;
    let mut all: Vec<managed_policy::Found> = Vec::new();
    if scope != "Local" {
        all.extend(managed_policies().iter().map(managed_policy::Found::Aws));
    }
    if scope != "AWS" {
        all.extend(own(call).await?);
    }
    // A filter by usage asks who has it so, with or without OnlyAttached. Source: IAM API reference, `PolicyUsageFilter`.
    let listed = all.iter().map(|found| managed_policy::render(found, &usage)).filter(|policy| {
        let used = if bounding { policy.permissions_boundary_usage_count } else { policy.attachment_count };
        policy.path.as_deref().is_some_and(|path| path.starts_with(&path_prefix))
            && (!(only_attached || bounding) || used > Some(0))
    });
    let key = |policy: &shape::Policy| {
        format!("{} {}", policy.policy_name.as_deref().unwrap_or_default(), policy.arn.as_deref().unwrap_or_default())
    };
    let Page { items, next } = marked.cut(listed.map(|policy| (key(&policy), policy)));
    let bare = |policy| shape::Policy { description: None, tags: None, ..policy };
    Ok(shape::ListPoliciesResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        policies: Some(items.into_iter().map(bare).collect()),
    })
}

/// All policies of the caller's account.
async fn own(call: &Call<'_>) -> Result<Vec<managed_policy::Found>, Wrong> {
    let (mut all, mut page) = (Vec::new(), PageRequest { after: None, items_max: Some(limit::ROLES_COUNTED) });
    loop {
        let read = call.ports.managed_policies.list(call.caller.account(), "/", &page).await?;
        all.extend(read.items.into_iter().map(|policy| managed_policy::Found::Own(Box::new(policy))));
        match read.next {
            next @ Some(_) => page.after = next,
            None => return Ok(all),
        }
    }
}
