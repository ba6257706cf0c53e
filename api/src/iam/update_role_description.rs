//! UpdateRoleDescription: parse, change, render.
//! Source of truth: the IAM API reference.

use super::role;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::role::Role;

/// Answers UpdateRoleDescription.
pub async fn answer(call: &Call<'_>) -> Result<shape::UpdateRoleDescriptionResponse, Wrong> {
    let shape::UpdateRoleDescriptionRequest { description, role_name } = call.input()?;
    let after = role::describe(call, role_name, |role| Ok(Role { description: description.clone(), ..role.clone() })).await?;
    Ok(shape::UpdateRoleDescriptionResponse { role: Some(role::render(&after)) })
}
