//! DetachUserPolicy: parse, change.
//! Source of truth: the IAM API reference.

use super::user;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, refusal::Refusal};

/// Answers DetachUserPolicy.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DetachUserPolicyRequest { policy_arn, user_name } = call.input()?;
    let arn = policy_arn.expect("validation refuses a call without a required member");
    user::change(call, user_name, Facts::default().with("iam:PolicyARN", &arn), |user| {
        let mut user = user.clone();
        // Source of the words: IAM.
        if user.attached.remove(&arn) { Ok(user) } else { Err(Refusal::not_found(format!("Policy {arn} was not found.")).into()) }
    })
    .await
}
