//! CreateServiceLinkedRole: parse, authorize, create, render.
//! Source of truth: the IAM API reference.

use super::{role, service_linked_role::Linked};
use crate::{call::Call, fault::Wrong, session::letters, shape::iam as shape};
use model::{
    port::{Action, Facts, draw},
    refusal::{Refusal, RefusalKind},
    role::{Role, RoleArn},
    tag::Tags,
};
use std::collections::{BTreeMap, BTreeSet};

/// Answers CreateServiceLinkedRole.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateServiceLinkedRoleResponse, Wrong> {
    let shape::CreateServiceLinkedRoleRequest { aws_service_name, custom_suffix, description } = call.input()?;
    let service = aws_service_name.expect("validation refuses a call without a required member");
    let account = call.caller.account();
    let linked = Linked::of_service(&service);
    let arn = linked.map(|linked| RoleArn::new(account, &linked.path(), &linked.name()).to_string());
    let resource = arn.unwrap_or_else(|| format!("arn:aws:iam::{account}:role/aws-service-role/{service}/*"));
    let facts = Facts::default().with("iam:AWSServiceName", &service);
    call.authorize_with(Action { facts, ..call.action(resource) }).await?;
    // Source of the words: IAM.
    let linked = linked.ok_or_else(|| {
        Refusal::invalid(format!("Service {service} has no service-linked role here. App Runner's are: apprunner.amazonaws.com, networking.apprunner.amazonaws.com."))
    })?;
    if custom_suffix.is_some() {
        return Err(Refusal::invalid(format!("Custom suffix is not allowed for {service}")).into());
    }
    let made = Role {
        account: account.clone(),
        name: linked.name(),
        path: linked.path(),
        id: format!("AROA{}", letters(&draw::<17>(&*call.ports.dice))),
        created_at: call.ports.clock.now(),
        trust: linked.trust(),
        description,
        session_max_seconds: 3_600,
        tags: Tags::default(),
        inline: BTreeMap::new(),
        attached: BTreeSet::from([linked.policy.to_owned()]),
        boundary: None,
    };
    call.ports.roles.create(&made, &role::audit(call, &made)).await?.map_err(|refusal| match refusal.kind {
        RefusalKind::AlreadyExists => Refusal::invalid(format!(
            "Service role name {} has been taken in this account, please try a different suffix.",
            linked.role
        )),
        RefusalKind::Invalid
        | RefusalKind::NotFound
        | RefusalKind::WrongState
        | RefusalKind::Quota
        | RefusalKind::Denied
        | RefusalKind::Throttled => refusal,
    })?;
    Ok(shape::CreateServiceLinkedRoleResponse { role: Some(role::render(&made)) })
}
