//! A role as IAM's operations read, change and write it.
//! Never evaluates it. Source of truth: the IAM API reference, `Role`; the words are IAM's own.

use super::{
    policy::{self, encode_document},
    service_linked_role, tags,
};
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{
    audit::AuditRow,
    port::{Action, Facts},
    refusal::{Refusal, RefusalKind},
    role::{Role, RoleArn, RoleName},
    time::Timestamp,
};

/// The role that a call names, if the caller may do this to it.
///
/// # Errors
/// Denied, before anything is said of the role; `NoSuchEntity`.
pub async fn find(call: &Call<'_>, role_name: Option<String>) -> Result<Role, Wrong> {
    find_with(call, role_name, Facts::default()).await
}

/// The same with what conditions may ask of the call beside the role's tags and boundary.
///
/// # Errors
/// As `find`.
pub async fn find_with(call: &Call<'_>, role_name: Option<String>, facts: Facts) -> Result<Role, Wrong> {
    let name = RoleName::parse(&role_name.expect("validation refuses a call without a required member"))?;
    let account = call.caller.account();
    let found = call.ports.roles.get(account, &name).await?;
    let arn = found.as_ref().map_or_else(|| RoleArn::new(account, "/", &name), Role::arn);
    let facts =
        found.as_ref().map_or_else(|| facts.clone(), |role| policy::facts(facts.clone(), &role.tags, role.boundary.as_deref()));
    call.authorize_with(Action { facts, ..call.action(arn.as_str()) }).await?;
    found.ok_or_else(|| Refusal::not_found(format!("The role with name {name} cannot be found.")).into())
}

/// Changes the role that a call names; `change` answers what it shall be. A change that changes nothing is not written.
///
/// # Errors
/// As `find` and `change`; `UnmodifiableEntity` of a service-linked role; throttled where others change the role all the time.
pub async fn change(
    call: &Call<'_>,
    role_name: Option<String>,
    change: impl Fn(&Role) -> Result<Role, Wrong>,
) -> Result<(), Wrong> {
    change_with(call, role_name, Facts::default(), change).await
}

/// The same with what conditions may ask of the call.
///
/// # Errors
/// As `change`.
pub async fn change_with(
    call: &Call<'_>,
    role_name: Option<String>,
    facts: Facts,
    change: impl Fn(&Role) -> Result<Role, Wrong>,
) -> Result<(), Wrong> {
    let guarded = |role: &Role| {
        if service_linked_role::is_linked(role) {
            return Err(Wrong::Declared(shape::UNMODIFIABLE_ENTITY_EXCEPTION, service_linked_role::protected(&role.name)));
        }
        change(role)
    };
    written(call, role_name, facts, guarded).await.map(drop)
}

/// A change of what is only said about a role, which a service-linked one takes too; answers what it has become.
///
/// # Errors
/// As `change`.
pub async fn describe(
    call: &Call<'_>,
    role_name: Option<String>,
    change: impl Fn(&Role) -> Result<Role, Wrong>,
) -> Result<Role, Wrong> {
    written(call, role_name, Facts::default(), change).await
}

async fn written(
    call: &Call<'_>,
    role_name: Option<String>,
    facts: Facts,
    change: impl Fn(&Role) -> Result<Role, Wrong>,
) -> Result<Role, Wrong> {
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let before = find_with(call, role_name.clone(), facts.clone()).await?;
        let after = change(&before)?;
        if after == before || call.ports.roles.change(&before, &after, &audit(call, &before)).await? {
            return Ok(after);
        }
    }
    Err(busy())
}

/// What a caller reads who was never the fastest.
pub fn busy() -> Wrong {
    Refusal::new(RefusalKind::Throttled, "The role is changed by many calls at once. Try again.").into()
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
        boundary,
    } = role;
    shape::Role {
        arn,
        assume_role_policy_document: Some(encode_document(trust)),
        create_date: iso(*created_at),
        description: description.clone(),
        max_session_duration: Some(i32::try_from(*session_max_seconds).expect("twelve hours fit")),
        path: path.clone(),
        permissions_boundary: policy::render_boundary(boundary.as_deref()),
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
