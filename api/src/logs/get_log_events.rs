//! GetLogEvents: a page of one stream, and tokens in both directions. At an end the token that led there comes back: that is how clients know.
//! Source of truth: the CloudWatch Logs API reference.

use super::{log_group, message, parameters};
use crate::{call::Call, fault::Wrong, limit, page::List, shape::logs as shape};
use model::{
    log_group::{Direction, LogGroupKey, StreamList, StreamOrder},
    log_pattern::LogPattern,
    log_search::{FoundLine, FoundLines, LogSearch, Streams, Way},
    refusal::Refusal,
    time::Timestamp,
    wish::{LogPosition, PageRequest},
};

/// Answers GetLogEvents.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetLogEventsResponse, Wrong> {
    let shape::GetLogEventsRequest {
        end_time,
        limit,
        log_group_identifier,
        log_group_name,
        log_stream_name,
        next_token,
        start_from_head,
        start_time,
        unmask: _, // nothing is masked
    } = call.input()?;
    let key = log_group::meant(call.caller, log_group_name, log_group_identifier)?;
    let stream = log_stream_name.expect("validation refuses a call without a required member");
    call.authorize(key.stream_arn(&stream)).await?;
    must_be_there(call, &key, &stream).await?;
    let parameters = parameters(&[&key.arn(), &stream]);
    let list = call.journal(&parameters);
    let way = match next_token {
        Some(token) => way(&list, &token)?,
        None if start_from_head == Some(true) => Way::Forward { after: LogPosition(0) },
        None => Way::Backward { before: None },
    };
    let search = LogSearch {
        group: key,
        streams: Streams::Named(vec![stream]),
        from: start_time.map(Timestamp::from_millis),
        until: end_time.map(Timestamp::from_millis),
        pattern: LogPattern::default(),
        way,
        lines_max: limit.map_or(limit::LOG_EVENTS, |limit| u32::try_from(limit).expect("the model's range is positive")),
    };
    let found = call.ports.log_lines.find(&search).await??;
    let (forward, backward) = ends(way, &found);
    Ok(shape::GetLogEventsResponse {
        events: Some(found.lines.iter().map(render).collect()),
        next_forward_token: Some(list.token(&format!("f/{}", forward.0))),
        next_backward_token: Some(list.token(&format!("b/{}", backward.0))),
    })
}

/// A stream that is not there is refused; one without lines is not.
async fn must_be_there(call: &Call<'_>, key: &LogGroupKey, stream: &str) -> Result<(), Wrong> {
    let list = StreamList { prefix: stream.to_owned(), order: StreamOrder::Name, direction: Direction::Ascending };
    // Of all names that begin like this, it is the first.
    let page = PageRequest { after: None, items_max: Some(1) };
    let found = call.ports.log_groups.streams(key, &list, &page).await??;
    let is_there = found.items.first().is_some_and(|found| found.name == stream);
    if is_there { Ok(()) } else { Err(key.stream_not_found().into()) }
}

/// Where a token leads.
fn way(list: &List<'_>, token: &str) -> Result<Way, Refusal> {
    let key = list.after(token)?;
    let (side, position) = key.split_once('/').expect("a token of this list was made so, and its MAC says that it is ours");
    let position = LogPosition(position.parse().expect("a token of this list ends in a number"));
    Ok(if side == "f" { Way::Forward { after: position } } else { Way::Backward { before: Some(position) } })
}

/// Behind which position the next page begins, and before which the one before ends.
fn ends(way: Way, found: &FoundLines) -> (LogPosition, LogPosition) {
    if let (Some(first), Some(last)) = (found.lines.first(), found.lines.last()) {
        return (last.position, first.position);
    }
    match way {
        Way::Forward { after } => (found.stopped_at.unwrap_or(after), LogPosition(after.0 + 1)),
        Way::Backward { before: Some(before) } => (LogPosition(before.0.saturating_sub(1)), found.stopped_at.unwrap_or(before)),
        Way::Backward { before: None } => (LogPosition(0), LogPosition(1)),
    }
}

fn render(found: &FoundLine) -> shape::OutputLogEvent {
    shape::OutputLogEvent {
        ingestion_time: Some(found.ingested_at.millis()),
        message: Some(message(&found.line)),
        timestamp: Some(found.line.at.millis()),
    }
}
