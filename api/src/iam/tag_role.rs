//! TagRole: parse, change. A key that is there gets the new value.
//! Source of truth: the IAM API reference.

use super::{role, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, role::Role, tag::Tags};

/// Answers TagRole.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::TagRoleRequest { role_name, tags } = call.input()?;
    let tags = tags.expect("validation refuses a call without a required member");
    let facts = Facts::default().request_tags(&tags::added(&Tags::default(), tags.clone(), "role")?);
    let added = |role: &Role| Ok(Role { tags: tags::added(&role.tags, tags.clone(), "role")?, ..role.clone() });
    role::change_with(call, role_name, facts, added).await
}
