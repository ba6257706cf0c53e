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
    tag::Tags,
    web_identity::WebIdentity,
};
use std::{collections::BTreeSet, time::Duration};

/// Answers AssumeRole.
pub async fn answer(call: &Call<'_>) -> Result<shape::AssumeRoleResponse, Wrong> {
    let request: shape::AssumeRoleRequest = call.input()?;
    refuse_unavailable(&request)?;
    let shape::AssumeRoleRequest { duration_seconds, external_id, policy, policy_arns, role_arn, role_session_name, tags, .. } =
        request;
    let text = role_arn.expect("validation refuses a call without a required member");
    let name = role_session_name.expect("validation refuses a call without a required member");
    let arn = RoleArn::parse(&text).map_err(|_| Refusal::invalid(format!("{text} is invalid")))?;
    let found = call.ports.roles.get(&arn.account(), &arn.name()).await?.filter(|role| role.arn() == arn);
    // Whether the role is missing or does not trust the caller is the same to the caller, as on AWS.
    let role = found.ok_or_else(|| denied(call, "sts:AssumeRole", &arn))?;
    let tags = session_tags(tags.unwrap_or_default())?;
    let mut facts = Facts::default().resource_tags(&role.tags).request_tags(&tags).with("sts:RoleSessionName", name.as_str());
    if let Some(external_id) = external_id {
        facts = facts.with("sts:ExternalId", external_id);
    }
    trusts(call, &role, "sts:AssumeRole", &facts).await?;
    // Beside it, and only where there are some. What conditions may ask is the same: one statement is often written for both actions.
    if !tags.0.is_empty() {
        trusts(call, &role, "sts:TagSession", &facts).await?;
    }
    let seconds =
        duration_seconds.map_or(limit::SESSION_SECONDS_DEFAULT, |seconds| u32::try_from(seconds).expect("it is positive"));
    check_duration(call, &role, seconds)?;
    let policies = narrowed(call, &role, policy, policy_arns, &tags).await?;
    let begun = Begun { name, seconds, policies, federated: None, tags };
    let Given { user, credentials, packed_policy_size } = give(call, &role, begun).await?;
    Ok(shape::AssumeRoleResponse {
        assumed_role_user: Some(user),
        credentials: Some(credentials),
        packed_policy_size,
        session_token_size: None,
        session_token_utilization: None,
        source_identity: None,
    })
}

/// What a session is to be.
pub struct Begun {
    pub name: String,
    pub seconds: u32,
    pub policies: Vec<String>,
    pub federated: Option<WebIdentity>,
    pub tags: Tags,
}

/// What whoever takes a role is given.
pub struct Given {
    pub user: shape::AssumedRoleUser,
    pub credentials: shape::Credentials,
    pub packed_policy_size: Option<i32>,
}

/// Writes down who takes which role, and makes the session.
pub async fn give(call: &Call<'_>, role: &Role, begun: Begun) -> Result<Given, Wrong> {
    let Begun { name, seconds, policies, federated, tags } = begun;
    let (arn, packed_policy_size) = (role.arn(), packed(&policies, &tags));
    let row = call.audit(format!("{arn} as {name}"));
    call.ports.audit.append(&row).await?;
    let expires_at = row.at.plus(Duration::from_secs(seconds.into()));
    let (role_id, issued_at) = (role.id.clone(), Some(row.at));
    let session = RoleSession { role: arn, role_id, name, expires_at, policies, federated, tags, issued_at };
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
        tags: _,
        token_code,
        transitive_tag_keys,
    } = request;
    let members: Vec<&str> = [
        ("MinimumSessionTokenSize", minimum_session_token_size.is_some()),
        ("ProvidedContexts", provided_contexts.is_some()),
        ("SerialNumber", serial_number.is_some()),
        ("SourceIdentity", source_identity.is_some()),
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
    tags: &Tags,
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
    match packed(&policies, tags) {
        // Source of the words: STS.
        Some(percent) if percent > 100 => {
            too_large(format!("Packed policy consumes {percent}% of allotted space, please use smaller policy."))
        }
        Some(_) | None => Ok(policies),
    }
}

/// How much of the room for what a session carries is taken, in percent: of that for policies or of that for tags, whichever is fuller. Nothing where
/// there are neither. AWS packs both into one room in a way that it does not tell.
fn packed(policies: &[String], tags: &Tags) -> Option<i32> {
    let chars: usize = policies.iter().map(|policy| policy.chars().count()).sum();
    let bytes: usize = tags.0.iter().map(|(key, value)| key.len() + value.len()).sum();
    let percent = |taken: usize, room| (taken * 100).div_ceil(room);
    let fuller = percent(chars, limit::SESSION_POLICY_CHARS).max(percent(bytes, limit::SESSION_TAG_BYTES));
    (!policies.is_empty() || !tags.0.is_empty()).then(|| i32::try_from(fuller).unwrap_or(i32::MAX))
}

/// The tags that a session is to have. How many there may be, and how long each, validation has held against the model.
///
/// # Errors
/// A refusal where two keys differ in nothing but the case of their letters, or one is AWS's own.
/// Source: IAM User Guide, "Pass session tags in AWS STS".
fn session_tags(listed: Vec<shape::Tag>) -> Result<Tags, Refusal> {
    let (mut tags, mut folded) = (Tags::default(), BTreeSet::new());
    for shape::Tag { key, value } in listed {
        let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
        let lowered = key.to_lowercase();
        if lowered.starts_with("aws:") {
            return Err(Refusal::invalid(format!("The tag key {key} is not allowed: keys that begin with aws: are AWS's own.")));
        }
        if !folded.insert(lowered) {
            return Err(Refusal::invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
        }
        tags.0.insert(key, value);
    }
    Ok(tags)
}

/// Whether the role trusts the caller with an action, and the caller's own policies and limits let it.
async fn trusts(call: &Call<'_>, role: &Role, name: &str, facts: &Facts) -> Result<(), Wrong> {
    let arn = role.arn();
    let action = Action { facts: facts.clone(), ..Action::new(name, arn.as_str()) };
    if call.ports.access_roles.may_take(call.caller, role, &action).await? { Ok(()) } else { Err(denied(call, name, &arn)) }
}

fn denied(call: &Call<'_>, action: &str, role: &RoleArn) -> Wrong {
    let caller = call.caller.arn();
    Common::Denied(format!("User: {caller} is not authorized to perform: {action} on resource: {role}")).into()
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
