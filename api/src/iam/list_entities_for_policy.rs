//! ListEntitiesForPolicy: parse, ask, render. There are no groups here.
//! Source of truth: the IAM API reference.

use super::{managed_policy, marker::Marked};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{
    policy_holder::{HolderFilter, HolderKind, HolderRelation, PolicyHolder},
    port::Facts,
    wish::Page,
};

/// Answers ListEntitiesForPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListEntitiesForPolicyResponse, Wrong> {
    let shape::ListEntitiesForPolicyRequest { entity_filter, marker, max_items, path_prefix, policy_arn, policy_usage_filter } =
        call.input()?;
    let arn = policy_arn.clone().unwrap_or_default();
    managed_policy::named(call, policy_arn, Facts::default()).await?;
    let (filter, path_prefix) = (entity_filter.unwrap_or_default(), path_prefix.unwrap_or_else(|| "/".to_owned()));
    let usage = policy_usage_filter.unwrap_or_default();
    let marked = Marked::read(call, format!("{arn} {filter} {usage} {path_prefix}"), marker.as_deref(), max_items)?;
    let is_aws = arn.starts_with("arn:aws:iam::aws:");
    let kind = match filter.as_str() {
        "User" => Some(HolderKind::User),
        "Role" => Some(HolderKind::Role),
        _ => None,
    };
    // Only AWS's policies are meant, or only others, and the policy is one or is not. There are no groups.
    let is_nobody = match filter.as_str() {
        "AWSManagedPolicy" => !is_aws,
        "LocalManagedPolicy" => is_aws,
        other => kind.is_none() && !other.is_empty(),
    };
    let relation = match usage.as_str() {
        "PermissionsPolicy" => Some(HolderRelation::Attached),
        "PermissionsBoundary" => Some(HolderRelation::Bounded),
        _ => None,
    };
    let holders = HolderFilter { policy: arn, kind, relation, path_prefix };
    let Page { items, next } = if is_nobody {
        Page { items: Vec::new(), next: None }
    } else {
        call.ports.policy_holders.holders(call.caller.account(), &holders, marked.page()).await?
    };
    let (mut policy_users, mut policy_roles) = (Vec::new(), Vec::new());
    for PolicyHolder { kind, id, name } in items {
        match kind {
            HolderKind::User => policy_users.push(shape::PolicyUser { user_id: Some(id), user_name: Some(name) }),
            HolderKind::Role => policy_roles.push(shape::PolicyRole { role_id: Some(id), role_name: Some(name) }),
        }
    }
    Ok(shape::ListEntitiesForPolicyResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        policy_groups: Some(Vec::new()),
        policy_roles: Some(policy_roles),
        policy_users: Some(policy_users),
    })
}
