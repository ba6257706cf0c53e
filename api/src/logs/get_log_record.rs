//! GetLogRecord: everything that is known of the line that a query's `@ptr` stands for.
//! Never trusts a pointer: it names a group and a position, and the group is asked for like any other. Source of truth: the CloudWatch Logs API reference.

use super::{get_query_results::Pointer, message};
use crate::{call::Call, fault::Wrong, limit, shape::logs as shape};
use model::{
    log_group::LogGroupKey,
    log_pattern::LogPattern,
    log_search::{FoundLine, LogSearch, Streams, Way},
    refusal::Refusal,
    wish::LogPosition,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Answers GetLogRecord.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetLogRecordResponse, Wrong> {
    let shape::GetLogRecordRequest { log_record_pointer, unmask: _ /* nothing is masked */ } = call.input()?;
    let written = log_record_pointer.expect("validation refuses a call without a required member");
    let Some(Pointer { group, position }) = Pointer::read(&written) else {
        return Err(Refusal::invalid("The logRecordPointer is not one that a query has said: it is the value of @ptr.").into());
    };
    let key = LogGroupKey { scope: call.caller.scope.clone(), name: group };
    call.authorize(key.action_arn()).await?;
    let search = LogSearch {
        group: key.clone(),
        streams: Streams::All,
        from: None,
        until: None,
        pattern: LogPattern::default(),
        way: Way::Forward { after: LogPosition(position.saturating_sub(1)) },
        lines_max: 1,
    };
    let found = call.ports.log_lines.find(&search).await??.lines;
    let line = found.into_iter().find(|line| line.position.0 == position);
    let line = line.ok_or_else(|| Refusal::not_found("The log record is not kept any more."))?;
    Ok(shape::GetLogRecordResponse { log_record: Some(render(&key, line, written)) })
}

/// Times are milliseconds here, as in all of this API but in the rows of queries.
fn render(key: &LogGroupKey, found: FoundLine, pointer: String) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    if let Ok(Value::Object(members)) = serde_json::from_slice(&found.line.bytes) {
        flatten("", Value::Object(members), &mut fields);
    }
    let own = [
        ("@ingestionTime", found.ingested_at.millis().to_string()),
        ("@log", format!("{}:{}", key.scope.account, key.name)),
        ("@message", message(&found.line)),
        ("@ptr", pointer),
        ("@timestamp", found.line.at.millis().to_string()),
        ("@logStream", found.stream),
    ];
    fields.extend(own.map(|(name, value)| (name.to_owned(), value)));
    fields
}

/// Fields of JSON by the names that lead to them; depth is bounded by the reader.
fn flatten(path: &str, value: Value, fields: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(members) => members.into_iter().for_each(|(name, value)| flatten(&below(&name), value, fields)),
        Value::Array(items) => {
            items.into_iter().enumerate().for_each(|(number, value)| flatten(&below(&number.to_string()), value, fields));
        }
        Value::String(text) => keep(path, text, fields),
        Value::Bool(_) | Value::Number(_) => keep(path, value.to_string(), fields),
    }
}

fn keep(path: &str, value: String, fields: &mut BTreeMap<String, String>) {
    if fields.len() < limit::LOG_RECORD_FIELDS {
        fields.insert(path.to_owned(), value);
    }
}
