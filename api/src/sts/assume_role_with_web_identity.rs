//! AssumeRoleWithWebIdentity: parse, hold whom a token speaks for against the role's trust policy, and give out credentials.
//! Never verifies the token: that is how its caller was authenticated (`web_identity`). Source of truth: the STS API reference.

use super::assume_role::{Begun, Given, check_duration, give, narrowed};
use crate::{
    call::Call,
    fault::Wrong,
    limit,
    shape::sts as shape,
    web_identity::{Vouched, unauthorized},
};
use model::{
    caller::Principal,
    port::{Action, Facts},
    refusal::Refusal,
    role::RoleArn,
    tag::Tags,
};

/// Answers AssumeRoleWithWebIdentity.
pub async fn answer(call: &Call<'_>) -> Result<shape::AssumeRoleWithWebIdentityResponse, Wrong> {
    let shape::AssumeRoleWithWebIdentityRequest {
        duration_seconds,
        minimum_session_token_size,
        policy,
        policy_arns,
        provider_id,
        role_arn,
        role_session_name,
        web_identity_token: _,
    } = call.input()?;
    for (member, sent) in [("MinimumSessionTokenSize", minimum_session_token_size.is_some()), ("ProviderId", provider_id.is_some())]
    {
        if sent {
            return Err(Refusal::invalid(format!("Not available in this version of Outrunner: {member}.")).into());
        }
    }
    let Vouched { identity, facts } = call.vouched.expect("whoever calls this was authenticated by a token");
    let text = role_arn.expect("validation refuses a call without a required member");
    let name = role_session_name.expect("validation refuses a call without a required member");
    let arn = RoleArn::parse(&text).map_err(|_| Refusal::invalid(format!("{text} is invalid")))?;
    call.resource.get_or_init(|| arn.to_string());
    let found = call.ports.roles.get(&arn.account(), &arn.name()).await?.filter(|role| role.arn() == arn);
    let role = found.ok_or_else(unauthorized)?;
    let told = Facts::default().resource_tags(&role.tags).with("sts:RoleSessionName", name.as_str());
    let told = facts.0.iter().fold(told, |mut told, (key, values)| {
        told.0.insert(key.clone(), values.clone());
        told
    });
    let action = Action { facts: told, ..call.action(arn.as_str()) };
    if !call.ports.access_roles.may_take(call.caller, &role, &action).await? {
        return Err(unauthorized());
    }
    let seconds =
        duration_seconds.map_or(limit::SESSION_SECONDS_DEFAULT, |seconds| u32::try_from(seconds).expect("it is positive"));
    check_duration(call, &role, seconds)?;
    let tags = Tags::default();
    let policies = narrowed(call, &role, policy, policy_arns, &tags).await?;
    let federated = match &call.caller.principal {
        Principal::WebIdentity(identity) => Some(identity.clone()),
        Principal::Root | Principal::User(_) | Principal::AssumedRole(_) | Principal::Service(_) => None,
    };
    let begun = Begun { name, seconds, policies, federated, tags };
    let Given { user, credentials, packed_policy_size } = give(call, &role, begun).await?;
    Ok(shape::AssumeRoleWithWebIdentityResponse {
        assumed_role_user: Some(user),
        audience: Some(identity.audience.clone()),
        credentials: Some(credentials),
        packed_policy_size,
        // The ARN of the provider, as STS answers; its reference says that it is the token's `iss`.
        provider: Some(identity.provider.clone()),
        session_token_size: None,
        session_token_utilization: None,
        source_identity: None,
        subject_from_web_identity_token: Some(identity.subject.clone()),
    })
}
