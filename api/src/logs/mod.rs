//! CloudWatch Logs: one file for each operation. Times are milliseconds since the epoch.
//! Never holds a line: the store finds them. Source of truth: the CloudWatch Logs API reference.

pub mod create_log_group;
pub mod create_log_stream;
pub mod delete_log_group;
pub mod delete_log_stream;
pub mod delete_retention_policy;
pub mod describe_log_groups;
pub mod describe_log_streams;
pub mod filter_log_events;
pub mod get_log_events;
pub mod list_tags_for_resource;
pub mod put_log_events;
pub mod put_retention_policy;

mod log_group;

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
