//! SimulatePrincipalPolicy: parse, authorize, evaluate, render. The policies of a user or role count, with those that the call brings.
//! Source of truth: the IAM API reference. As on AWS the policy of what is asked for counts only if the call brings it.

use super::simulation::{Part, Question, caller, no_principal, refuse_unavailable, session};
use crate::{call::Call, fault::Wrong, gatekeeper::PolicyGate, holder::Holder, policy::Form, shape::iam as shape};
use model::{
    caller::{Principal, UserIdentity},
    refusal::Refusal,
    role::RoleArn,
    user::UserArn,
};

/// Answers SimulatePrincipalPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::SimulatePolicyResponse, Wrong> {
    let shape::SimulatePrincipalPolicyRequest {
        action_names,
        caller_arn,
        context_entries,
        marker,
        max_items,
        permissions_boundary_policy_input_list,
        policy_exclusion_list,
        policy_input_list,
        policy_source_arn,
        resource_arns,
        resource_handling_option,
        resource_owner,
        resource_policy,
    } = call.input()?;
    let source = policy_source_arn.expect("validation refuses a call without a required member");
    call.authorize(&source).await?;
    refuse_unavailable(&[
        ("PolicyExclusionList", policy_exclusion_list.is_some()),
        ("ResourceHandlingOption", resource_handling_option.is_some()),
    ])?;
    let (principal, holder) = held(call, &source).await?;
    let (principal, account) = match caller_arn {
        Some(arn) if arn != source => caller(call, &arn)?,
        Some(_) | None => (principal, holder.account.clone()),
    };
    let Holder { account: _, tags, policies, boundary, session: _, user: _, service_linked: _ } = holder;
    let mut identity: Vec<Part> = policies.unwrap_or_default().into_iter().map(Part::from).collect();
    identity.extend(Part::list(policy_input_list, "PolicyInputList")?);
    // Source: `PermissionsBoundaryPolicyInputList`: it stands for the boundary that the principal has.
    let boundary = match permissions_boundary_policy_input_list {
        Some(texts) => Some(Part::list(Some(texts), "PermissionsBoundaryPolicyInputList")?),
        None => boundary.map(|held| vec![Part::from(held)]),
    };
    let question = Question {
        principal,
        account,
        tags,
        identity,
        boundary,
        resource: resource_policy
            .map(|text| Part::read(text, "ResourcePolicy".to_owned(), Form::Resource, "resource"))
            .transpose()?,
        owner: resource_owner,
        actions: action_names.expect("validation refuses a call without a required member"),
        resources: resource_arns.unwrap_or_else(|| vec!["*".to_owned()]),
        context: context_entries.unwrap_or_default(),
    };
    question.answer(call, marker.as_deref(), max_items)
}

/// A user or a role of the caller's account, with its policies.
async fn held(call: &Call<'_>, arn: &str) -> Result<(Principal, Holder), Wrong> {
    let ports = call.ports;
    let gate = PolicyGate::new(
        ports.roles.clone(),
        ports.users.clone(),
        ports.managed_policies.clone(),
        ports.repositories.clone(),
        ports.clock.clone(),
    );
    let account = call.caller.account();
    if let Ok(arn) = UserArn::parse(arn) {
        let found = ports.users.get(account, &arn.name()).await?.filter(|user| user.arn() == arn);
        let user = found.ok_or_else(|| Refusal::not_found(format!("The user with name {} cannot be found.", arn.name())))?;
        let principal = Principal::User(UserIdentity { arn, id: user.id.clone() });
        return Ok((principal, gate.of_user(user).await?));
    }
    let arn = RoleArn::parse(arn).map_err(|_| no_principal(arn))?;
    let found = ports.roles.get(account, &arn.name()).await?.filter(|role| role.arn() == arn);
    let role = found.ok_or_else(|| Refusal::not_found(format!("The role with name {} cannot be found.", arn.name())))?;
    let session = session(call, arn, role.id.clone());
    Ok((Principal::AssumedRole(session), gate.of_role(role).await?))
}
