//! UntagResource, of a log group. A key that it does not have is fine.
//! Source of truth: the CloudWatch Logs API reference.

use super::{Done, audit, log_group};
use crate::{call::Call, fault::Wrong, shape::logs as shape};
use model::tag::Tags;

/// Answers UntagResource.
pub async fn answer(call: &Call<'_>) -> Result<Done, Wrong> {
    let shape::UntagResourceRequest { resource_arn, tag_keys } = call.input()?;
    let arn = resource_arn.expect("validation refuses a call without a required member");
    let key = log_group::identified(call.caller, &arn)?;
    call.authorize(key.arn()).await?;
    let keys = tag_keys.expect("validation refuses a call without a required member");
    call.ports.log_groups.tag(&key, &Tags::default(), &keys, &audit(call, key.arn())).await??;
    Ok(Done {})
}
