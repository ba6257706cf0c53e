//! CloudTrail: the audit log as AWS shows it. Only looking up; there are no trails to make.
//! Source of truth: the CloudTrail API reference.

pub mod lookup_events;

use crate::{answer::encode, call::Call, fault::Wrong, shape::cloudtrail::CloudTrailOperation};
use bytes::Bytes;

/// Answers an operation of CloudTrail.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: CloudTrailOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        CloudTrailOperation::LookupEvents => encode(call, &lookup_events::answer(call).await?),
    })
}
