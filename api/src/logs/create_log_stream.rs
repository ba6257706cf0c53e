//! CreateLogStream.
//! Source of truth: the CloudWatch Logs API reference.

use super::{Done, audit, log_group};
use crate::{call::Call, fault::Wrong, shape::logs as shape};

/// Answers CreateLogStream.
pub async fn answer(call: &Call<'_>) -> Result<Done, Wrong> {
    let shape::CreateLogStreamRequest { log_group_name, log_stream_name } = call.input()?;
    let key = log_group::named(call.caller, log_group_name);
    let stream = log_stream_name.expect("validation refuses a call without a required member");
    call.authorize(key.action_arn()).await?;
    call.ports.log_groups.create_stream(&key, &stream, &audit(call, key.stream_arn(&stream))).await??;
    Ok(Done {})
}
