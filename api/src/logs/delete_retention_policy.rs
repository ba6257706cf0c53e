//! DeleteRetentionPolicy: from now on lines are kept for good.
//! Source of truth: the CloudWatch Logs API reference.

use super::{Done, audit, log_group};
use crate::{call::Call, fault::Wrong, shape::logs as shape};

/// Answers DeleteRetentionPolicy.
pub async fn answer(call: &Call<'_>) -> Result<Done, Wrong> {
    let shape::DeleteRetentionPolicyRequest { log_group_name } = call.input()?;
    let key = log_group::named(call.caller, log_group_name);
    call.authorize(key.action_arn()).await?;
    call.ports.log_groups.set_retention(&key, None, &audit(call, key.arn())).await??;
    Ok(Done {})
}
