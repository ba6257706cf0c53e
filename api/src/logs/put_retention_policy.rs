//! PutRetentionPolicy: older lines are not found any more at once, and leave the disk with the next sweep.
//! Source of truth: the CloudWatch Logs API reference.

use super::{Done, audit, log_group};
use crate::{call::Call, fault::Wrong, shape::logs as shape};
use model::log_group::RetentionDays;

/// Answers PutRetentionPolicy.
pub async fn answer(call: &Call<'_>) -> Result<Done, Wrong> {
    let shape::PutRetentionPolicyRequest { log_group_name, retention_in_days } = call.input()?;
    let key = log_group::named(call.caller, log_group_name);
    let days = retention_in_days.expect("validation refuses a call without a required member");
    let retention = RetentionDays::parse(days.into())?;
    call.authorize(key.action_arn()).await?;
    call.ports.log_groups.set_retention(&key, Some(retention), &audit(call, key.arn())).await??;
    Ok(Done {})
}
