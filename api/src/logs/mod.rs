//! CloudWatch Logs: one file for each operation. Times are milliseconds since the epoch.
//! Never holds a line: the store finds them. Source of truth: the CloudWatch Logs API reference.

pub mod create_log_group;
pub mod create_log_stream;
pub mod delete_log_group;
pub mod delete_log_stream;
pub mod delete_retention_policy;
pub mod describe_log_groups;
pub mod describe_log_streams;
pub mod describe_queries;
pub mod filter_log_events;
pub mod get_log_events;
pub mod get_log_record;
pub mod get_query_results;
pub mod list_tags_for_resource;
pub mod put_log_events;
pub mod put_retention_policy;
pub mod start_live_tail;
pub mod start_query;
pub mod stop_query;
pub mod tag_resource;
pub mod untag_resource;

mod live_tail;
pub mod log_group;
mod queries;
mod query_scan;

use crate::call::Call;
use aws_lc_rs::digest::{SHA256, digest};
use model::{audit::AuditRow, log_line::LogLine};
use serde::Serialize;

/// The answer of operations that answer nothing.
#[derive(Serialize)]
pub struct Done {}

/// What decides a list, short enough for a page token however long its parts are.
fn parameters(parts: &[&str]) -> String {
    let whole = digest(&SHA256, parts.join("\0").as_bytes());
    whole.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The audit row of a change to `resource`, an ARN.
fn audit(call: &Call<'_>, resource: String) -> AuditRow {
    let action = format!("logs:{}", call.offered.operation().name);
    AuditRow { at: call.ports.clock.now(), caller: call.caller.clone(), action, resource }
}

/// A line as text; bytes that are not UTF-8 are replaced.
fn message(line: &LogLine) -> String {
    String::from_utf8_lossy(&line.bytes).into_owned()
}

use crate::{
    answer::{Output, encode},
    fault::Wrong,
    limit,
    shape::logs::LogsOperation,
};
use bytes::Bytes;
use live_tail::LiveTails;
use queries::LogQueries;

/// What goes on beside calls.
#[derive(Debug, Default)]
pub struct LogsRoom {
    queries: LogQueries,
    live_tails: LiveTails,
}

impl LogsRoom {
    /// What is under way: a queue's name, how many there are in it, and how many there may be.
    pub fn queues(&self) -> [(&'static str, usize, usize); 3] {
        let (running, open) = self.queries.under_way();
        [
            ("log queries", running, limit::LOG_QUERIES_AT_ONCE),
            ("log queries of the account with most", open, limit::LOG_QUERIES_OPEN),
            ("live tails of the account with most", self.live_tails.most(), limit::LIVE_TAILS),
        ]
    }
}

/// Answers an operation of CloudWatch Logs.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, room: &LogsRoom, operation: LogsOperation) -> Result<Output, Wrong> {
    let queries = &room.queries;
    let whole: Bytes = match operation {
        LogsOperation::CreateLogGroup => encode(call, &create_log_group::answer(call).await?),
        LogsOperation::CreateLogStream => encode(call, &create_log_stream::answer(call).await?),
        LogsOperation::DeleteLogGroup => encode(call, &delete_log_group::answer(call).await?),
        LogsOperation::DeleteLogStream => encode(call, &delete_log_stream::answer(call).await?),
        LogsOperation::DeleteRetentionPolicy => encode(call, &delete_retention_policy::answer(call).await?),
        LogsOperation::DescribeLogGroups => encode(call, &describe_log_groups::answer(call).await?),
        LogsOperation::DescribeLogStreams => encode(call, &describe_log_streams::answer(call).await?),
        LogsOperation::DescribeQueries => encode(call, &describe_queries::answer(call, queries).await?),
        LogsOperation::FilterLogEvents => encode(call, &filter_log_events::answer(call).await?),
        LogsOperation::GetLogEvents => encode(call, &get_log_events::answer(call).await?),
        LogsOperation::GetLogRecord => encode(call, &get_log_record::answer(call).await?),
        LogsOperation::GetQueryResults => encode(call, &get_query_results::answer(call, queries).await?),
        LogsOperation::ListTagsForResource => encode(call, &list_tags_for_resource::answer(call).await?),
        LogsOperation::PutLogEvents => encode(call, &put_log_events::answer(call).await?),
        LogsOperation::PutRetentionPolicy => encode(call, &put_retention_policy::answer(call).await?),
        LogsOperation::StartLiveTail => return start_live_tail::answer(call, &room.live_tails).await.map(Output::Events),
        LogsOperation::StartQuery => encode(call, &start_query::answer(call, queries).await?),
        LogsOperation::StopQuery => encode(call, &stop_query::answer(call, queries).await?),
        LogsOperation::TagResource => encode(call, &tag_resource::answer(call).await?),
        LogsOperation::UntagResource => encode(call, &untag_resource::answer(call).await?),
    };
    Ok(Output::Whole(whole))
}
