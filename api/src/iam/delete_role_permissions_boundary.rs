//! DeleteRolePermissionsBoundary: parse, change.
//! Source of truth: the IAM API reference.

use super::role;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal, role::Role};

/// Answers DeleteRolePermissionsBoundary.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteRolePermissionsBoundaryRequest { role_name } = call.input()?;
    role::change_with(call, role_name, Facts::default(), |role| {
        // Source of the words: IAM.
        let none = || Refusal::not_found(format!("Role {} does not have a permission boundary.", role.name));
        role.boundary.as_ref().ok_or_else(none)?;
        Ok(Role { boundary: None, ..role.clone() })
    })
    .await
}
