//! TagUser: parse, change. A key that is there gets the new value.
//! Source of truth: the IAM API reference.

use super::{tags, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, tag::Tags, user::User};

/// Answers TagUser.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::TagUserRequest { tags, user_name } = call.input()?;
    let tags = tags.expect("validation refuses a call without a required member");
    let facts = Facts::default().request_tags(&tags::added(&Tags::default(), tags.clone(), "user")?);
    user::change(call, user_name, facts, |user| Ok(User { tags: tags::added(&user.tags, tags.clone(), "user")?, ..user.clone() }))
        .await
}
