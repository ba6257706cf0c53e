//! DeleteLogGroup: with its streams and lines. A service that still runs makes its group anew with its next line.
//! Source of truth: the CloudWatch Logs API reference.

use super::{Done, audit, log_group};
use crate::{call::Call, fault::Wrong, shape::logs as shape};

/// Answers DeleteLogGroup.
pub async fn answer(call: &Call<'_>) -> Result<Done, Wrong> {
    let shape::DeleteLogGroupRequest { log_group_name } = call.input()?;
    let key = log_group::named(call.caller, log_group_name);
    call.authorize(key.action_arn()).await?;
    call.ports.log_groups.delete(&key, &audit(call, key.arn())).await??;
    Ok(Done {})
}
