//! CreatePolicy: parse, authorize, create, render. Its first version is in force.
//! Source of truth: the IAM API reference.

use super::{managed_policy, tags};
use crate::{call::Call, fault::Wrong, session::letters, shape::iam as shape};
use model::{
    managed_policy::{ManagedPolicy, PolicyArn, PolicyName, PolicyVersion},
    port::{Action, Facts, draw},
    tag::Tags,
};

/// Answers CreatePolicy.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreatePolicyResponse, Wrong> {
    let shape::CreatePolicyRequest { description, path, policy_document, policy_name, tags } = call.input()?;
    let name = PolicyName::parse(&policy_name.expect("validation refuses a call without a required member"))?;
    let document = policy_document.expect("validation refuses a call without a required member");
    let path = path.unwrap_or_else(|| "/".to_owned());
    let account = call.caller.account();
    let arn = PolicyArn::new(account, &path, &name);
    let tagged = tags.is_some();
    let tags = tags::added(&Tags::default(), tags.unwrap_or_default(), "policy")?;
    let facts = Facts::default().request_tags(&tags);
    call.authorize_with(Action { facts: facts.clone(), ..call.action(arn.as_str()) }).await?;
    if tagged {
        call.authorize_with(Action { facts, ..Action::new("iam:TagPolicy", arn.as_str()) }).await?;
    }
    managed_policy::check_document(&document)?;
    let now = call.ports.clock.now();
    let made = ManagedPolicy {
        account: account.clone(),
        name,
        path,
        id: format!("ANPA{}", letters(&draw::<17>(&*call.ports.dice))),
        description,
        created_at: now,
        updated_at: now,
        tags,
        versions: vec![PolicyVersion { number: 1, document, created_at: now }],
        default_version: 1,
        version_last: 1,
    };
    call.ports.managed_policies.create(&made, &call.audit(arn.as_str())).await??;
    let found = managed_policy::Found::Own(Box::new(made));
    Ok(shape::CreatePolicyResponse { policy: Some(managed_policy::render(&found, &managed_policy::Usage::default())) })
}
