//! CreateRole: parse, authorize, create, render.
//! Source of truth: the IAM API reference.

use super::{managed_policy, policy, role, service_linked_role, tags};
use crate::{call::Call, fault::Wrong, session::letters, shape::iam as shape};
use model::{
    port::{Action, Facts, draw},
    refusal::Refusal,
    role::{Role, RoleArn, RoleName},
    tag::Tags,
};
use std::collections::{BTreeMap, BTreeSet};

/// Seconds of a session unless told. Source: IAM API reference, `MaxSessionDuration`.
const SESSION_MAX_DEFAULT: i32 = 3_600;

/// Answers CreateRole.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateRoleResponse, Wrong> {
    let shape::CreateRoleRequest {
        assume_role_policy_document,
        description,
        max_session_duration,
        path,
        permissions_boundary,
        role_name,
        tags,
    } = call.input()?;
    let name = RoleName::parse(&role_name.expect("validation refuses a call without a required member"))?;
    let path = path.unwrap_or_else(|| "/".to_owned());
    let account = call.caller.account();
    let arn = RoleArn::new(account, &path, &name);
    let tagged = tags.is_some();
    let tags = tags::added(&Tags::default(), tags.unwrap_or_default(), "role")?;
    let facts = policy::boundary_fact(Facts::default().request_tags(&tags), permissions_boundary.as_deref());
    call.authorize_with(Action { facts: facts.clone(), ..call.action(arn.as_str()) }).await?;
    if tagged {
        call.authorize_with(Action { facts, ..Action::new("iam:TagRole", arn.as_str()) }).await?;
    }
    if path.starts_with(service_linked_role::PATH) {
        let words = format!(
            "The path {} is AWS's own: make a service-linked role with CreateServiceLinkedRole.",
            service_linked_role::PATH
        );
        return Err(Refusal::invalid(words).into());
    }
    if let Some(boundary) = &permissions_boundary {
        // CreateRole declares no NoSuchEntity.
        managed_policy::check_boundary(call, boundary).await?.map_err(Refusal::invalid)?;
    }
    // The model lets characters into a path that no service takes in a role's ARN.
    RoleArn::parse(arn.as_str()).map_err(|_| {
        Refusal::invalid(format!(
            "The specified value for path is invalid: '{path}' may have letters, digits and _+=,.@- between slashes."
        ))
    })?;
    let trust = assume_role_policy_document.expect("validation refuses a call without a required member");
    policy::check_trust(&trust)?;
    let made = Role {
        account: account.clone(),
        name,
        path,
        id: format!("AROA{}", letters(&draw::<17>(&*call.ports.dice))),
        created_at: call.ports.clock.now(),
        trust,
        description,
        session_max_seconds: u32::try_from(max_session_duration.unwrap_or(SESSION_MAX_DEFAULT))
            .expect("the model's range is positive"),
        tags,
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
        boundary: permissions_boundary,
    };
    policy::check_bytes(&made)?;
    call.ports.roles.create(&made, &role::audit(call, &made)).await??;
    Ok(shape::CreateRoleResponse { role: role::render(&made) })
}
