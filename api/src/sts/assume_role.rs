//! AssumeRole: parse, hold against the role's trust policy, and give out credentials.
//! Never keeps them: `session` seals everything into the token. Source of truth: the STS API reference; IAM User Guide, "Methods to
//! assume a role". Unlike AWS, the root of an account may take roles of its account if they trust it: here many work as root.

use crate::{
    call::Call,
    fault::{Common, Wrong},
    iam::{check_policy, iso},
    limit,
    policy::{Form, managed},
    session::Credentials,
    shape::sts as shape,
};
use model::{
    caller::{Principal, RoleSession},
    managed_policy::PolicyArn,
    port::{Action, Facts},
    refusal::Refusal,
    role::{Role, RoleArn},
    web_identity::WebIdentity,
};
use std::time::Duration;

/// Answers AssumeRole.
pub async fn answer(call: &Call<'_>) -> Result<shape::AssumeRoleResponse, Wrong> {
    let request: shape::AssumeRoleRequest = call.input()?;
    refuse_unavailable(&request)?;
    let shape::AssumeRoleRequest { duration_seconds, external_id, policy, policy_arns, role_arn, role_session_name, .. } = request;
    let text = role_arn.expect("validation refuses a call without a required member");
    let name = role_session_name.expect("validation refuses a call without a required member");
    let arn = RoleArn::parse(&text).map_err(|_| Refusal::invalid(format!("{text} is invalid")))?;
    let found = call.ports.roles.get(&arn.account(), &arn.name()).await?.filter(|role| role.arn() == arn);
    // Whether the role is missing or does not trust the caller is the same to the caller, as on AWS.
    let role = found.ok_or_else(|| denied(call, &arn))?;
    trusts(call, &role, &name, external_id.as_deref()).await?;
    let seconds =
        duration_seconds.map_or(limit::SESSION_SECONDS_DEFAULT, |seconds| u32::try_from(seconds).expect("it is positive"));
    check_duration(call, &role, seconds)?;
    let policies = narrowed(call, &role, policy, policy_arns).await?;
    let Given { user, credentials, packed_policy_size } = give(call, &role, name, seconds, policies, None).await?;
    Ok(shape::AssumeRoleResponse {
        assumed_role_user: Some(user),
        credentials: Some(credentials),
        packed_policy_size,
        session_token_size: None,
        session_token_utilization: None,
        source_identity: None,
    })
}

/// What whoever takes a role is given.
pub struct Given {
    pub user: shape::AssumedRoleUser,
    pub credentials: shape::Credentials,
    pub packed_policy_size: Option<i32>,
}

/// Writes down who takes which role, and makes the session.
pub async fn give(
    call: &Call<'_>,
    role: &Role,
    name: String,
    seconds: u32,
    policies: Vec<String>,
    federated: Option<WebIdentity>,
) -> Result<Given, Wrong> {
    let (arn, packed_policy_size) = (role.arn(), packed(&policies));
    let row = call.audit(format!("{arn} as {name}"));
    call.ports.audit.append(&row).await?;
    let expires_at = row.at.plus(Duration::from_secs(seconds.into()));
    let session = RoleSession { role: arn, role_id: role.id.clone(), name, expires_at, policies, federated };
    let Credentials { key_id, secret, token } = call.sessions.issue(&session, &*call.ports.dice);
    let secret = secret.expose_text().expect("a secret key is base64").to_owned();
    Ok(Given {
        user: shape::AssumedRoleUser { arn: session.arn(), assumed_role_id: session.user_id() },
        credentials: shape::Credentials {
            access_key_id: key_id,
            expiration: iso(expires_at),
            secret_access_key: secret,
            session_token: token,
        },
        packed_policy_size,
    })
}

/// Refuses what this version cannot honour, by name.
fn refuse_unavailable(request: &shape::AssumeRoleRequest) -> Result<(), Refusal> {
    let shape::AssumeRoleRequest {
        duration_seconds: _,
        external_id: _,
        minimum_session_token_size,
        policy: _,
        policy_arns: _,
        provided_contexts,
        role_arn: _,
        role_session_name: _,
        serial_number,
        source_identity,
        tags,
        token_code,
        transitive_tag_keys,
    } = request;
    let members: Vec<&str> = [
        ("MinimumSessionTokenSize", minimum_session_token_size.is_some()),
        ("ProvidedContexts", provided_contexts.is_some()),
        ("SerialNumber", serial_number.is_some()),
        ("SourceIdentity", source_identity.is_some()),
        ("Tags", tags.is_some()),
        ("TokenCode", token_code.is_some()),
        ("TransitiveTagKeys", transitive_tag_keys.is_some()),
    ]
    .into_iter()
    .filter_map(|(member, sent)| sent.then_some(member))
    .collect();
    if members.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(format!("Not available in this version of Outrunner: {}.", members.join(", "))))
}

/// What bounds the session beside its role: the document first, then the ARNs of managed policies.
pub async fn narrowed(
    call: &Call<'_>,
    role: &Role,
    policy: Option<String>,
    policy_arns: Option<Vec<shape::PolicyDescriptorType>>,
) -> Result<Vec<String>, Wrong> {
    if let Some(text) = &policy {
        check_policy(text, Form::Identity, shape::MALFORMED_POLICY_DOCUMENT_EXCEPTION)?;
    }
    let arns: Vec<String> = policy_arns.unwrap_or_default().into_iter().filter_map(|descriptor| descriptor.arn).collect();
    for arn in &arns {
        let own = PolicyArn::parse(arn).ok().filter(|own| own.account() == role.account);
        let known = match own {
            Some(own) => {
                call.ports.managed_policies.get(&role.account, &own.name()).await?.is_some_and(|policy| policy.arn() == own)
            }
            None => managed(arn).is_some(),
        };
        if !known {
            return Err(Refusal::invalid(format!("Policy {arn} does not exist or is not attachable.")).into());
        }
    }
    let (count, most) = (arns.len(), limit::SESSION_POLICY_ARNS);
    let policies: Vec<String> = policy.into_iter().chain(arns).collect();
    let too_large = |words: String| Err(Wrong::Declared(shape::PACKED_POLICY_TOO_LARGE_EXCEPTION, words));
    if count > most {
        return too_large(format!("A session is narrowed by at most {most} managed policies, not {count}."));
    }
    match packed(&policies) {
        // Source of the words: STS.
        Some(percent) if percent > 100 => {
            too_large(format!("Packed policy consumes {percent}% of allotted space, please use smaller policy."))
        }
        Some(_) | None => Ok(policies),
    }
}

/// How much of the room for a session's policies is taken, in percent; nothing where there are none.
fn packed(policies: &[String]) -> Option<i32> {
    let chars: usize = policies.iter().map(|policy| policy.chars().count()).sum();
    let percent = (chars * 100).div_ceil(limit::SESSION_POLICY_CHARS);
    (!policies.is_empty()).then(|| i32::try_from(percent).unwrap_or(i32::MAX))
}

/// Whether the role trusts the caller, and the caller's own policies and limits let it.
async fn trusts(call: &Call<'_>, role: &Role, session_name: &str, external_id: Option<&str>) -> Result<(), Wrong> {
    let arn = role.arn();
    let mut action = Action::new("sts:AssumeRole", arn.as_str());
    action.facts = Facts::default().resource_tags(&role.tags).with("sts:RoleSessionName", session_name);
    if let Some(external_id) = external_id {
        action.facts = action.facts.with("sts:ExternalId", external_id);
    }
    if call.ports.access_roles.may_take(call.caller, role, &action).await? { Ok(()) } else { Err(denied(call, &arn)) }
}

fn denied(call: &Call<'_>, role: &RoleArn) -> Wrong {
    let caller = call.caller.arn();
    Common::Denied(format!("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}")).into()
}

/// Refuses a session that would be longer than the role's may be.
pub fn check_duration(call: &Call<'_>, role: &Role, seconds: u32) -> Result<(), Refusal> {
    // Source of the words: STS.
    if seconds > role.session_max_seconds {
        return Err(Refusal::invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."));
    }
    match call.caller.principal {
        Principal::AssumedRole(_) if seconds > limit::CHAINED_SESSION_SECONDS => Err(Refusal::invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )),
        Principal::AssumedRole(_) | Principal::Root | Principal::User(_) | Principal::Service(_) | Principal::WebIdentity(_) => {
            Ok(())
        }
    }
}
