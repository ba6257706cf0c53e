//! StartQuery: a query over the lines of up to 50 groups, which goes on beside the call.
//! Source of truth: the CloudWatch Logs API reference, and `log_query` for the language.

use super::{
    log_group,
    queries::{LogQueries, LogQuery, Sources},
    query_scan::Asked,
};
use crate::{
    call::Call,
    fault::Wrong,
    limit,
    log_query::{Query, QueryError},
    shape::logs as shape,
};
use model::{log_group::LogGroupKey, port::draw, refusal::Refusal, time::Timestamp, trouble::Trouble};
use serde_json::json;

/// Beyond this a time is in milliseconds: in seconds it is the year 5138. The reference says seconds; some clients send the others (unconfirmed).
const SECONDS_MAX: i64 = 100_000_000_000;

/// Answers StartQuery.
pub async fn answer(call: &Call<'_>, queries: &LogQueries) -> Result<shape::StartQueryResponse, Wrong> {
    let shape::StartQueryRequest {
        end_time,
        limit: rows_max,
        log_group_identifiers,
        log_group_name,
        log_group_names,
        query_language,
        query_string,
        start_time,
    } = call.input()?;
    let groups = groups(call, log_group_name, log_group_names, log_group_identifiers)?;
    for group in &groups {
        call.authorize(group.action_arn()).await?;
    }
    if let Some(language) = query_language.filter(|language| language != "CWLI") {
        return Err(Refusal::invalid(format!(
            "The query language {language} is not available in this version of Outrunner: use CWLI."
        ))
        .into());
    }
    for group in &groups {
        call.ports.log_groups.get(group).await?.ok_or_else(|| group.not_found())?;
    }
    let asked = asked(start_time, end_time)?;
    let text = query_string.expect("validation refuses a call without a required member");
    let rows_max =
        rows_max.map_or(limit::LOG_QUERY_ROWS_DEFAULT, |rows| usize::try_from(rows).expect("the model's range is positive"));
    let now = call.ports.clock.now();
    // Its regular expressions are compiled for that, which takes its time, and once more when its turn has come: most queries wait, and they are large.
    let (looked_at, now_millis) = (text.clone(), now.millis());
    let read = tokio::task::spawn_blocking(move || Query::parse(&looked_at, rows_max, now_millis).map(drop));
    read.await.map_err(|broken| Trouble::lasting("reading a query over log lines", broken))?.map_err(malformed)?;
    // A version 4 UUID, as AWS's own are.
    let id = uuid::Builder::from_random_bytes(draw(&*call.ports.dice)).into_uuid().to_string();
    let sources = Sources { lines: call.ports.log_lines.clone(), clock: call.ports.clock.clone() };
    let query = LogQuery::new(id.clone(), call.caller.scope.clone(), text, groups, now, call.caller.arn());
    queries.start(sources, query, rows_max, asked)?;
    Ok(shape::StartQueryResponse { query_id: Some(id) })
}

/// The groups that a call means by one of three members.
fn groups(
    call: &Call<'_>,
    name: Option<String>,
    names: Option<Vec<String>>,
    identifiers: Option<Vec<String>>,
) -> Result<Vec<LogGroupKey>, Wrong> {
    let named = |name| log_group::named(call.caller, Some(name));
    let mut groups: Vec<LogGroupKey> = match (name, names, identifiers) {
        (Some(name), None, None) => vec![named(name)],
        (None, Some(names), None) => names.into_iter().map(named).collect(),
        (None, None, Some(identifiers)) => {
            identifiers.iter().map(|identifier| log_group::identified(call.caller, identifier)).collect::<Result<_, _>>()?
        }
        _ => {
            let message = "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.";
            return Err(Refusal::invalid(message).into());
        }
    };
    groups.sort();
    groups.dedup();
    if groups.is_empty() || groups.len() > limit::LOG_QUERY_LOG_GROUPS {
        return Err(Refusal::invalid(format!("A query is about 1 to {} log groups.", limit::LOG_QUERY_LOG_GROUPS)).into());
    }
    Ok(groups)
}

/// The range is inclusive at both ends, and its ends are whole seconds: the last one is meant to its end.
fn asked(start: Option<i64>, end: Option<i64>) -> Result<Asked, Wrong> {
    let millis = |at: i64, rest: i64| if at < SECONDS_MAX { at * 1_000 + rest } else { at };
    let start = start.expect("validation refuses a call without a required member");
    let end = end.expect("validation refuses a call without a required member");
    let (from, last) = (millis(start, 0), millis(end, 999));
    if last < from {
        return Err(Refusal::invalid("The query's endTime is before its startTime.").into());
    }
    Ok(Asked { from: Timestamp::from_millis(from), until: Timestamp::from_millis(last.saturating_add(1)) })
}

/// A fault that says where the query is wrong.
fn malformed(error: QueryError) -> Wrong {
    let QueryError { start, end, message } = error;
    let words = format!("The query is wrong at characters {start} to {end}: {message}");
    let detail = json!({
        "queryCompileError": { "location": { "startCharOffset": start, "endCharOffset": end }, "message": message },
    });
    let serde_json::Value::Object(detail) = detail else { unreachable!("it was made as an object") };
    Wrong::Detailed(shape::MALFORMED_QUERY_EXCEPTION, words, detail)
}
