//! ListEntitiesForPolicy: parse, ask, render. There are no groups here.
//! Source of truth: the IAM API reference.

use super::{managed_policy, marker::Marked};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, wish::Page};

/// One of both kinds, in one order.
enum Entity {
    User(shape::PolicyUser),
    Role(shape::PolicyRole),
}

/// Answers ListEntitiesForPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListEntitiesForPolicyResponse, Wrong> {
    let shape::ListEntitiesForPolicyRequest { entity_filter, marker, max_items, path_prefix, policy_arn, policy_usage_filter } =
        call.input()?;
    let arn = policy_arn.clone().unwrap_or_default();
    managed_policy::named(call, policy_arn, Facts::default()).await?;
    let (filter, path_prefix) = (entity_filter.unwrap_or_default(), path_prefix.unwrap_or_else(|| "/".to_owned()));
    let usage = policy_usage_filter.unwrap_or_default();
    let marked = Marked::read(call, format!("{arn} {filter} {usage} {path_prefix}"), marker.as_deref(), max_items)?;
    let kind = |kind: &str| match filter.as_str() {
        "User" | "Role" => filter == kind,
        // Only AWS's policies are meant, and the policy is one or is not.
        "AWSManagedPolicy" => arn.starts_with("arn:aws:iam::aws:"),
        "LocalManagedPolicy" => !arn.starts_with("arn:aws:iam::aws:"),
        other => other.is_empty(),
    };
    let has = |attached: bool, boundary: Option<&String>| match usage.as_str() {
        "PermissionsPolicy" => attached,
        "PermissionsBoundary" => boundary == Some(&arn),
        _ => attached || boundary == Some(&arn),
    };
    let (users, roles) = managed_policy::entities(call).await?;
    let users = users.into_iter().filter(|user| {
        kind("User") && user.path.starts_with(&path_prefix) && has(user.attached.contains(&arn), user.boundary.as_ref())
    });
    let roles = roles.into_iter().filter(|role| {
        kind("Role") && role.path.starts_with(&path_prefix) && has(role.attached.contains(&arn), role.boundary.as_ref())
    });
    let users = users.map(|user| {
        let row = shape::PolicyUser { user_id: Some(user.id), user_name: Some(user.name.to_string()) };
        (format!("user {}", user.name.folded()), Entity::User(row))
    });
    let roles = roles.map(|role| {
        let row = shape::PolicyRole { role_id: Some(role.id), role_name: Some(role.name.to_string()) };
        (format!("role {}", role.name.folded()), Entity::Role(row))
    });
    let Page { items, next } = marked.cut(users.chain(roles));
    let (mut policy_users, mut policy_roles) = (Vec::new(), Vec::new());
    for entity in items {
        match entity {
            Entity::User(user) => policy_users.push(user),
            Entity::Role(role) => policy_roles.push(role),
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
