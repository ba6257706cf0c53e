//! FilterLogEvents: lines of several streams of a group that fit a pattern. `aws logs tail` calls nothing else.
//! Source of truth: the CloudWatch Logs API reference, and the command line's own reading of the answer: it tells events apart by `eventId` alone, and
//! goes on from the newest time it has seen.

use super::{log_group, message, parameters};
use crate::{call::Call, fault::Wrong, limit, shape::logs as shape};
use model::{
    log_pattern::LogPattern,
    log_search::{FoundLine, LogSearch, Streams, Way},
    refusal::Refusal,
    time::Timestamp,
    wish::LogPosition,
};

/// Answers FilterLogEvents.
pub async fn answer(call: &Call<'_>) -> Result<shape::FilterLogEventsResponse, Wrong> {
    let shape::FilterLogEventsRequest {
        end_time,
        filter_pattern,
        interleaved: _, // so it is, always
        limit,
        log_group_identifier,
        log_group_name,
        log_stream_name_prefix,
        log_stream_names,
        next_token,
        start_from_head,
        start_time,
        unmask: _, // nothing is masked
    } = call.input()?;
    let key = log_group::meant(call.caller, log_group_name, log_group_identifier)?;
    call.authorize(key.action_arn()).await?;
    if start_from_head == Some(false) {
        let message = "startFromHead false is not available in this version of Outrunner: the oldest events come first.";
        return Err(Refusal::invalid(message).into());
    }
    let streams = match (log_stream_names, log_stream_name_prefix) {
        (None, None) => Streams::All,
        (Some(names), None) => Streams::Named(names),
        (None, Some(prefix)) => Streams::Prefix(prefix),
        (Some(_), Some(_)) => {
            return Err(Refusal::invalid("logStreamNames and logStreamNamePrefix cannot both be given.").into());
        }
    };
    let pattern = filter_pattern.unwrap_or_default();
    let parameters = parameters(&[&key.arn(), &format!("{streams:?}"), &pattern]);
    let list = call.list(&parameters);
    let after = next_token.map(|token| list.after(&token)).transpose().map_err(Wrong::Token)?;
    let after = after.map_or(0, |after| after.parse().expect("a token of this list is a number, and its MAC says that it is ours"));
    let search = LogSearch {
        group: key,
        streams,
        from: start_time.map(Timestamp::from_millis),
        until: end_time.map(Timestamp::from_millis),
        pattern: LogPattern::parse(&pattern)?,
        way: Way::Forward { after: LogPosition(after) },
        lines_max: limit.map_or(limit::LOG_EVENTS, |limit| u32::try_from(limit).expect("the model's range is positive")),
    };
    let mut found = call.ports.log_lines.find(&search).await??;
    // In a page, as the owner reads: by time, not by who was taken over first.
    found.lines.sort_by_key(|found| (found.line.at, found.position));
    Ok(shape::FilterLogEventsResponse {
        events: Some(found.lines.into_iter().map(render).collect()),
        next_token: found.stopped_at.map(|position| list.token(&position.0.to_string())),
        searched_log_streams: Some(Vec::new()),
    })
}

fn render(found: FoundLine) -> shape::FilteredLogEvent {
    shape::FilteredLogEvent {
        // 56 digits, as AWS's. A position is given once in a group; a group of the same name that is made later has other times.
        event_id: Some(format!("{:020}{:036}", found.line.at.millis().max(0), found.position.0)),
        ingestion_time: Some(found.ingested_at.millis()),
        log_stream_name: Some(found.stream),
        message: Some(message(&found.line)),
        timestamp: Some(found.line.at.millis()),
    }
}
