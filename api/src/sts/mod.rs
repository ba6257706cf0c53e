//! STS: one file for each operation.
//! Source of truth: the STS API reference.

pub mod assume_role;
pub mod assume_role_with_web_identity;
pub mod decode_authorization_message;
pub mod get_access_key_info;
pub mod get_caller_identity;
pub mod get_session_token;

use crate::{answer::encode, call::Call, fault::Wrong, shape::sts::StsOperation};
use bytes::Bytes;

/// Answers an operation of STS.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: StsOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        StsOperation::AssumeRole => encode(call, &assume_role::answer(call).await?),
        StsOperation::AssumeRoleWithWebIdentity => encode(call, &assume_role_with_web_identity::answer(call).await?),
        StsOperation::DecodeAuthorizationMessage => encode(call, &decode_authorization_message::answer(call).await?),
        StsOperation::GetAccessKeyInfo => encode(call, &get_access_key_info::answer(call).await?),
        StsOperation::GetCallerIdentity => encode(call, &get_caller_identity::answer(call)),
        StsOperation::GetSessionToken => encode(call, &get_session_token::answer(call).await?),
    })
}
