//! CreateRole: parse, authorize, create, render.
//! Source of truth: the IAM API reference.

use super::{policy, role, tags};
use crate::{call::Call, fault::Wrong, session::letters, shape::iam as shape};
use model::{
    port::draw,
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
    call.authorize(arn.as_str()).await?;
    if tags.is_some() {
        call.authorize_action("iam:TagRole", arn.as_str()).await?;
    }
    if permissions_boundary.is_some() {
        return Err(Refusal::invalid("Not available in this version of Outrunner: PermissionsBoundary.").into());
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
        tags: tags::added(&Tags::default(), tags.unwrap_or_default())?,
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
        boundary: None,
    };
    policy::check_bytes(&made)?;
    call.ports.roles.create(&made, &role::audit(call, &made)).await??;
    Ok(shape::CreateRoleResponse { role: role::render(&made) })
}
