//! TagResource, of a log group.
//! Source of truth: the CloudWatch Logs API reference.

use super::{Done, audit, log_group};
use crate::{call::Call, fault::Wrong, shape::logs as shape};
use model::{refusal::Refusal, tag::Tags};

/// Answers TagResource.
pub async fn answer(call: &Call<'_>) -> Result<Done, Wrong> {
    let shape::TagResourceRequest { resource_arn, tags } = call.input()?;
    let arn = resource_arn.expect("validation refuses a call without a required member");
    let key = log_group::identified(call.caller, &arn)?;
    call.authorize(key.arn()).await?;
    let tags = Tags(tags.expect("validation refuses a call without a required member"));
    if tags.0.is_empty() || tags.0.keys().any(|key| key.starts_with("aws:")) {
        return Err(Refusal::invalid("A tag is needed, and none whose key begins with 'aws:'.").into());
    }
    call.ports.log_groups.tag(&key, &tags, &[], &audit(call, key.arn())).await??;
    Ok(Done {})
}
