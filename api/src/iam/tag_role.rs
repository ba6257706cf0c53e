//! TagRole: parse, change. A key that is there gets the new value.
//! Source of truth: the IAM API reference.

use super::{role, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::role::Role;

/// Answers TagRole.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::TagRoleRequest { role_name, tags } = call.input()?;
    let tags = tags.expect("validation refuses a call without a required member");
    role::change(call, role_name, |role| Ok(Role { tags: tags::added(&role.tags, tags.clone())?, ..role.clone() })).await
}
