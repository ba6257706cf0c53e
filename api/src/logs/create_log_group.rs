//! CreateLogGroup.
//! Source of truth: the CloudWatch Logs API reference.

use super::{Done, audit, log_group};
use crate::{call::Call, fault::Wrong, shape::logs as shape};
use model::{refusal::Refusal, tag::Tags};

/// Answers CreateLogGroup.
pub async fn answer(call: &Call<'_>) -> Result<Done, Wrong> {
    let shape::CreateLogGroupRequest { deletion_protection_enabled, kms_key_id, log_group_class, log_group_name, tags } =
        call.input()?;
    let mut members = Vec::new();
    if kms_key_id.is_some() {
        members.push("kmsKeyId");
    }
    if log_group_class.is_some_and(|class| class != "STANDARD") {
        members.push("logGroupClass other than STANDARD");
    }
    if deletion_protection_enabled == Some(true) {
        members.push("deletionProtectionEnabled true");
    }
    if !members.is_empty() {
        return Err(Refusal::invalid(format!("Not available in this version of Outrunner: {}.", members.join(", "))).into());
    }
    let key = log_group::named(call.caller, log_group_name);
    call.authorize(key.action_arn()).await?;
    if tags.is_some() {
        call.authorize_action("logs:TagResource", key.arn()).await?;
    }
    let tags = Tags(tags.unwrap_or_default());
    if tags.0.len() > model::limit::TAGS || tags.0.keys().any(|key| key.starts_with("aws:")) {
        let message = format!("A log group can have {} tags at most, and none whose key begins with 'aws:'.", model::limit::TAGS);
        return Err(Refusal::invalid(message).into());
    }
    call.ports.log_groups.create(&key, &tags, &audit(call, key.arn())).await??;
    Ok(Done {})
}
