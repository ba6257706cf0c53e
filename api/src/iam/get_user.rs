//! GetUser: parse, ask, render. Without a name it answers who calls: of the root, what IAM says of it.
//! Source of truth: the IAM API reference.

use super::{role::iso, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::time::Timestamp;

/// The root is as old as its account, which nobody wrote down: 2026-01-01T00:00:00Z.
const ROOT_SINCE: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Answers GetUser.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetUserResponse, Wrong> {
    let shape::GetUserRequest { user_name } = call.input()?;
    let owner = user::named_or_caller(call, user_name).await?;
    let user = match &owner {
        user::Owner::User(user) => user::render(user),
        // Source: GetUser with the root's key answers its ARN, the account as id, and a name of the account's.
        user::Owner::Root => shape::User {
            arn: owner.arn(call),
            create_date: iso(ROOT_SINCE),
            password_last_used: None,
            path: "/".to_owned(),
            permissions_boundary: None,
            tags: None,
            user_id: call.caller.account().to_string(),
            user_name: "root".to_owned(),
        },
    };
    Ok(shape::GetUserResponse { user })
}
