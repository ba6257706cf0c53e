//! UntagUser: parse, change. A key that is not there is no matter.
//! Source of truth: the IAM API reference.

use super::{tags, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, user::User};

/// Answers UntagUser.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::UntagUserRequest { tag_keys, user_name } = call.input()?;
    let keys = tag_keys.expect("validation refuses a call without a required member");
    let facts = Facts::default().tag_keys(keys.iter().cloned());
    user::change(call, user_name, facts, |user| Ok(User { tags: tags::removed(&user.tags, &keys), ..user.clone() })).await
}
