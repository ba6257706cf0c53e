//! UpdateUser: parse, change. A new name or path is a new ARN; keys and policies stay the user's.
//! Source of truth: the IAM API reference.

use super::user;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{
    port::Facts,
    user::{User, UserArn, UserName},
};

/// Answers UpdateUser.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::UpdateUserRequest { new_path, new_user_name, user_name } = call.input()?;
    let before = user::find(call, user_name.clone(), Facts::default()).await?;
    let name = new_user_name.map(|name| UserName::parse(&name)).transpose()?;
    let path = new_path.unwrap_or_else(|| before.path.clone());
    let renamed = UserArn::new(&before.account, &path, name.as_ref().unwrap_or(&before.name));
    // Source: UpdateUser needs the permission on both ARNs.
    call.authorize(renamed.as_str()).await?;
    user::change(call, user_name, Facts::default(), |user| {
        Ok(User { name: name.clone().unwrap_or_else(|| user.name.clone()), path: path.clone(), ..user.clone() })
    })
    .await
}
