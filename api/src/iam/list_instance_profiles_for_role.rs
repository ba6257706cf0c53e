//! ListInstanceProfilesForRole: none, as there are no machines that could have one. Terraform asks before it deletes a role.
//! Source of truth: the IAM API reference.

use super::role;
use crate::{call::Call, fault::Wrong, shape::iam as shape};

/// Answers ListInstanceProfilesForRole.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListInstanceProfilesForRoleResponse, Wrong> {
    // Marker and MaxItems cannot matter to a list that is always empty.
    let shape::ListInstanceProfilesForRoleRequest { marker: _, max_items: _, role_name } = call.input()?;
    role::find(call, role_name).await?;
    Ok(shape::ListInstanceProfilesForRoleResponse { instance_profiles: Vec::new(), is_truncated: Some(false), marker: None })
}
