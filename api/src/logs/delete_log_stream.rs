//! DeleteLogStream: with its lines.
//! Source of truth: the CloudWatch Logs API reference.

use super::{Done, audit, log_group};
use crate::{call::Call, fault::Wrong, shape::logs as shape};

/// Answers DeleteLogStream.
pub async fn answer(call: &Call<'_>) -> Result<Done, Wrong> {
    let shape::DeleteLogStreamRequest { log_group_name, log_stream_name } = call.input()?;
    let key = log_group::named(call.caller, log_group_name);
    let stream = log_stream_name.expect("validation refuses a call without a required member");
    call.authorize(key.stream_arn(&stream)).await?;
    call.ports.log_groups.delete_stream(&key, &stream, &audit(call, key.stream_arn(&stream))).await??;
    Ok(Done {})
}
