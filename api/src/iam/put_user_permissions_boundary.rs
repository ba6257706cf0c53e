//! PutUserPermissionsBoundary: parse, change.
//! Source of truth: the IAM API reference.

use super::{managed_policy, policy, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal, user::User};

/// Answers PutUserPermissionsBoundary.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::PutUserPermissionsBoundaryRequest { permissions_boundary, user_name } = call.input()?;
    let arn = permissions_boundary.expect("validation refuses a call without a required member");
    let known = managed_policy::check_boundary(call, &arn).await?;
    // Conditions ask about the boundary that is wished, not about the one that is there.
    let facts = policy::boundary_fact(Facts::default(), Some(&arn));
    user::change(call, user_name, facts, |user| {
        known.clone().map_err(Refusal::not_found)?;
        Ok(User { boundary: Some(arn.clone()), ..user.clone() })
    })
    .await
}
