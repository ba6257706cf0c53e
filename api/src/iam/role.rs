//! A role as IAM's operations read, change and write it.
//! Never evaluates it. Source of truth: the IAM API reference, `Role`; the words are IAM's own.

use super::{policy::encode_document, tags};
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{
    audit::AuditRow,
    refusal::{Refusal, RefusalKind},
    role::{Role, RoleArn, RoleName},
    time::Timestamp,
};

/// The role that a call names, if the caller may do this to it.
///
/// # Errors
/// Denied, before anything is said of the role; `NoSuchEntity`.
pub async fn find(call: &Call<'_>, role_name: Option<String>) -> Result<Role, Wrong> {
    let name = RoleName::parse(&role_name.expect("validation refuses a call without a required member"))?;
    let account = call.caller.account();
    let found = call.ports.roles.get(account, &name).await?;
    let arn = found.as_ref().map_or_else(|| RoleArn::new(account, "/", &name), Role::arn);
    call.authorize(arn.as_str()).await?;
    found.ok_or_else(|| Refusal::not_found(format!("The role with name {name} cannot be found.")).into())
}

/// Changes the role that a call names; `change` answers what it shall be. A change that changes nothing is not written.
///
/// # Errors
/// As `find` and `change`; throttled where others change the role all the time.
pub async fn change(
    call: &Call<'_>,
    role_name: Option<String>,
    change: impl Fn(&Role) -> Result<Role, Wrong>,
) -> Result<(), Wrong> {
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let before = find(call, role_name.clone()).await?;
        let after = change(&before)?;
        if after == before || call.ports.roles.change(&before, &after, &audit(call, &before)).await? {
            return Ok(());
        }
    }
    Err(Refusal::new(RefusalKind::Throttled, "The role is changed by many calls at once. Try again.").into())
}

/// The row of a change of `role`.
pub fn audit(call: &Call<'_>, role: &Role) -> AuditRow {
    AuditRow {
        at: call.ports.clock.now(),
        caller: call.caller.clone(),
        action: format!("iam:{}", call.offered.operation().name),
        resource: role.arn().to_string(),
    }
}

/// Writes a role.
pub fn render(role: &Role) -> shape::Role {
    let arn = role.arn().to_string();
    let Role {
        account: _,
        name,
        path,
        id,
        created_at,
        trust,
        description,
        session_max_seconds,
        tags,
        inline: _,
        attached: _,
        boundary: _,
    } = role;
    shape::Role {
        arn,
        assume_role_policy_document: Some(encode_document(trust)),
        create_date: iso(*created_at),
        description: description.clone(),
        max_session_duration: Some(i32::try_from(*session_max_seconds).expect("twelve hours fit")),
        path: path.clone(),
        permissions_boundary: None,
        role_id: id.clone(),
        role_last_used: None,
        role_name: name.to_string(),
        source_role_template: None,
        tags: if tags.0.is_empty() { None } else { Some(tags::render(tags)) },
    }
}

/// `2026-01-01T00:00:00Z`.
pub fn iso(time: Timestamp) -> String {
    let time = jiff::Timestamp::from_millisecond(time.millis()).expect("the clock is between the years -9999 and 9999");
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
