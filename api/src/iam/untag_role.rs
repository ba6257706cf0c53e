//! UntagRole: parse, change. A key that is not there is no matter.
//! Source of truth: the IAM API reference.

use super::{role, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, role::Role};

/// Answers UntagRole.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::UntagRoleRequest { role_name, tag_keys } = call.input()?;
    let keys = tag_keys.expect("validation refuses a call without a required member");
    let facts = Facts::default().tag_keys(keys.iter().cloned());
    role::change_with(call, role_name, facts, |role| Ok(Role { tags: tags::removed(&role.tags, &keys), ..role.clone() })).await
}
