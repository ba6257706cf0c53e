//! DeleteUserPermissionsBoundary: parse, change.
//! Source of truth: the IAM API reference.

use super::user;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal, user::User};

/// Answers DeleteUserPermissionsBoundary.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteUserPermissionsBoundaryRequest { user_name } = call.input()?;
    user::change(call, user_name, Facts::default(), |user| {
        // Source of the words: IAM.
        let none = || Refusal::not_found(format!("User {} does not have a permission boundary.", user.name));
        user.boundary.as_ref().ok_or_else(none)?;
        Ok(User { boundary: None, ..user.clone() })
    })
    .await
}
