//! DescribeLogStreams: a page of a group's streams, by name or by the time of their newest line.
//! Source of truth: the CloudWatch Logs API reference.

use super::{log_group, parameters};
use crate::{
    call::{Call, page},
    fault::Wrong,
    limit,
    shape::logs as shape,
};
use model::{
    log_group::{Direction, LogGroupKey, LogStreamSummary, StreamList, StreamOrder},
    refusal::Refusal,
    time::Timestamp,
    wish::Page,
};

/// Answers DescribeLogStreams.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeLogStreamsResponse, Wrong> {
    let shape::DescribeLogStreamsRequest {
        descending,
        limit,
        log_group_identifier,
        log_group_name,
        log_stream_name_prefix,
        next_token,
        order_by,
    } = call.input()?;
    let key = log_group::meant(call.caller, log_group_name, log_group_identifier)?;
    call.authorize(key.action_arn()).await?;
    let order = match order_by.as_deref() {
        Some("LastEventTime") => StreamOrder::LastLine,
        _ => StreamOrder::Name, // absent or LogStreamName: validation refuses others
    };
    if order == StreamOrder::LastLine && log_stream_name_prefix.is_some() {
        return Err(Refusal::invalid("Cannot order by LastEventTime with a logStreamNamePrefix.").into());
    }
    let direction = if descending == Some(true) { Direction::Descending } else { Direction::Ascending };
    let wanted = StreamList { prefix: log_stream_name_prefix.unwrap_or_default(), order, direction };
    let parameters = parameters(&[&key.arn(), &format!("{wanted:?}")]);
    let list = call.list(&parameters);
    let page = page(&list, next_token.as_deref(), Some(limit.unwrap_or(limit::LOG_GROUPS_DEFAULT)))?;
    let Page { items, next } = call.ports.log_groups.streams(&key, &wanted, &page).await??;
    Ok(shape::DescribeLogStreamsResponse {
        log_streams: Some(items.into_iter().map(|stream| render(&key, stream)).collect()),
        next_token: next.map(|after| list.token(&after)),
    })
}

fn render(key: &LogGroupKey, stream: LogStreamSummary) -> shape::LogStream {
    let LogStreamSummary { name, created_at, first_at, last_at, ingested_at } = stream;
    shape::LogStream {
        arn: Some(key.stream_arn(&name)),
        creation_time: Some(created_at.millis()),
        first_event_timestamp: first_at.map(Timestamp::millis),
        last_event_timestamp: last_at.map(Timestamp::millis),
        last_ingestion_time: ingested_at.map(Timestamp::millis),
        // Zero for every stream since June 2019. Source: CloudWatch Logs API reference, LogStream.
        stored_bytes: Some(0),
        // Any will do: none is checked any more.
        upload_sequence_token: Some("1".to_owned()),
        log_stream_name: Some(name),
    }
}
