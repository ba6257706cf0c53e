//! GetCallerIdentity: works for every valid key and asks nobody, on AWS as well.
//! Source of truth: the STS API reference.

use crate::{call::Call, shape::sts as shape};

/// Answers GetCallerIdentity.
pub fn answer(call: &Call<'_>) -> shape::GetCallerIdentityResponse {
    shape::GetCallerIdentityResponse {
        user_id: Some(call.caller.user_id()),
        account: Some(call.caller.account().to_string()),
        arn: Some(call.caller.arn()),
    }
}
