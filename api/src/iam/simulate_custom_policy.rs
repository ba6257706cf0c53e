//! SimulateCustomPolicy: parse, authorize, evaluate, render. Only documents that the call brings count.
//! Source of truth: the IAM API reference.

use super::simulation::{Part, Question, caller, refuse_unavailable};
use crate::{call::Call, fault::Wrong, policy::Form, shape::iam as shape};
use model::tag::Tags;

/// Answers SimulateCustomPolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::SimulatePolicyResponse, Wrong> {
    let shape::SimulateCustomPolicyRequest {
        action_names,
        caller_arn,
        context_entries,
        marker,
        max_items,
        ordered_organization_policy_input_list,
        permissions_boundary_policy_input_list,
        policy_input_list,
        resource_arns,
        resource_handling_option,
        resource_owner,
        resource_policy,
    } = call.input()?;
    call.authorize("*").await?;
    refuse_unavailable(&[
        ("OrderedOrganizationPolicyInputList", ordered_organization_policy_input_list.is_some()),
        ("ResourceHandlingOption", resource_handling_option.is_some()),
    ])?;
    let (principal, account) = match caller_arn {
        Some(arn) => caller(call, &arn)?,
        None => (call.caller.principal.clone(), call.caller.account().clone()),
    };
    let boundary = permissions_boundary_policy_input_list;
    let question = Question {
        principal,
        account,
        tags: Tags::default(),
        identity: Part::list(policy_input_list, "PolicyInputList")?,
        boundary: boundary.map(|texts| Part::list(Some(texts), "PermissionsBoundaryPolicyInputList")).transpose()?,
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
