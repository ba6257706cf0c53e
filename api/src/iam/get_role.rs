//! GetRole: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::role;
use crate::{call::Call, fault::Wrong, shape::iam as shape};

/// Answers GetRole.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetRoleResponse, Wrong> {
    let shape::GetRoleRequest { role_name } = call.input()?;
    Ok(shape::GetRoleResponse { role: role::render(&role::find(call, role_name).await?) })
}
