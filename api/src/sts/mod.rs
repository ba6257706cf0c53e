//! STS: one file for each operation.
//! Source of truth: the STS API reference.

pub mod assume_role;
pub mod get_caller_identity;

use crate::{answer::encode, call::Call, fault::Wrong, shape::sts::StsOperation};
use bytes::Bytes;

/// Answers an operation of STS.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: StsOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        StsOperation::AssumeRole => encode(call, &assume_role::answer(call).await?),
        StsOperation::GetCallerIdentity => encode(call, &get_caller_identity::answer(call)),
    })
}
