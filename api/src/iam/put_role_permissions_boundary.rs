//! PutRolePermissionsBoundary: parse, change.
//! Source of truth: the IAM API reference.

use super::{managed_policy, policy, role};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal, role::Role};

/// Answers PutRolePermissionsBoundary.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::PutRolePermissionsBoundaryRequest { permissions_boundary, role_name } = call.input()?;
    let arn = permissions_boundary.expect("validation refuses a call without a required member");
    let known = managed_policy::check_boundary(call, &arn).await?;
    // Conditions ask about the boundary that is wished, not about the one that is there.
    let facts = policy::boundary_fact(Facts::default(), Some(&arn));
    role::change_with(call, role_name, facts, |role| {
        known.clone().map_err(Refusal::not_found)?;
        Ok(Role { boundary: Some(arn.clone()), ..role.clone() })
    })
    .await
}
