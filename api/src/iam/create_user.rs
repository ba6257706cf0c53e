//! CreateUser: parse, authorize, create, render. A user has no keys until it is given one.
//! Source of truth: the IAM API reference.

use super::{managed_policy, policy, tags, user};
use crate::{call::Call, fault::Wrong, session::letters, shape::iam as shape};
use model::{
    port::{Action, Facts, draw},
    refusal::Refusal,
    tag::Tags,
    user::{User, UserArn, UserName},
};
use std::collections::{BTreeMap, BTreeSet};

/// Answers CreateUser.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateUserResponse, Wrong> {
    let shape::CreateUserRequest { path, permissions_boundary, tags, user_name } = call.input()?;
    let name = UserName::parse(&user_name.expect("validation refuses a call without a required member"))?;
    let path = path.unwrap_or_else(|| "/".to_owned());
    let account = call.caller.account();
    let arn = UserArn::new(account, &path, &name);
    let tagged = tags.is_some();
    let tags = tags::added(&Tags::default(), tags.unwrap_or_default(), "user")?;
    let facts = policy::boundary_fact(Facts::default().request_tags(&tags), permissions_boundary.as_deref());
    call.authorize_with(Action { facts: facts.clone(), ..call.action(arn.as_str()) }).await?;
    if tagged {
        call.authorize_with(Action { facts, ..Action::new("iam:TagUser", arn.as_str()) }).await?;
    }
    if let Some(boundary) = &permissions_boundary {
        managed_policy::check_boundary(call, boundary).await?.map_err(Refusal::not_found)?;
    }
    let made = User {
        account: account.clone(),
        name,
        path,
        id: format!("AIDA{}", letters(&draw::<17>(&*call.ports.dice))),
        created_at: call.ports.clock.now(),
        tags,
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
        boundary: permissions_boundary,
    };
    call.ports.users.create(&made, &user::audit(call, &made)).await??;
    Ok(shape::CreateUserResponse { user: Some(user::render(&made)) })
}
