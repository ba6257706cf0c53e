//! PutLogEvents: lines that a caller sends. What is too old or too new is left out and said; sequence tokens are not looked at, as on AWS.
//! Never audited: on AWS it is a data event, and there is one for every few lines. Source of truth: the CloudWatch Logs API reference.

use super::log_group;
use crate::{call::Call, fault::Wrong, limit, shape::logs as shape};
use model::{
    log_group::RetentionDays,
    log_line::{LogLine, LogStream},
    refusal::Refusal,
    time::Timestamp,
};
use std::time::Duration;

/// Answers PutLogEvents.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutLogEventsResponse, Wrong> {
    let shape::PutLogEventsRequest { entity, log_events, log_group_name, log_stream_name, sequence_token: _ } = call.input()?;
    let key = log_group::named(call.caller, log_group_name);
    let stream = log_stream_name.expect("validation refuses a call without a required member");
    call.authorize(key.stream_arn(&stream)).await?;
    let lines: Vec<LogLine> = log_events.unwrap_or_default().into_iter().map(line).collect();
    check(&lines)?;
    let group = call.ports.log_groups.get(&key).await?.ok_or_else(|| key.not_found())?;
    let now = call.ports.clock.now();
    let kept = Kept::of(&lines, group.retention, now);
    let stream = LogStream { scope: key.scope, group: key.name, stream };
    call.ports.log_lines.receive(&stream, &lines[kept.from..kept.until]).await??;
    Ok(shape::PutLogEventsResponse {
        next_sequence_token: Some(format!("{:056}", now.millis().max(0))),
        rejected_entity_info: entity.map(|_| shape::RejectedEntityInfo { error_type: "UnsupportedLogGroupType".to_owned() }),
        rejected_log_events_info: kept.rejected(lines.len()),
    })
}

fn line(event: shape::InputLogEvent) -> LogLine {
    let shape::InputLogEvent { message, timestamp } = event;
    LogLine {
        at: Timestamp::from_millis(timestamp.expect("validation refuses an event without a required member")),
        bytes: message.expect("validation refuses an event without a required member").into(),
    }
}

/// What AWS refuses of a batch as a whole.
fn check(lines: &[LogLine]) -> Result<(), Refusal> {
    let bytes: usize = lines.iter().map(|line| line.bytes.len() + limit::LOG_EVENT_OVERHEAD_BYTES).sum();
    if bytes > limit::LOG_BATCH_BYTES {
        let message = format!("Upload too large: {bytes} bytes exceeds limit of {}", limit::LOG_BATCH_BYTES);
        return Err(Refusal::invalid(message));
    }
    if lines.windows(2).any(|pair| pair[0].at > pair[1].at) {
        return Err(Refusal::invalid("Log events in a single PutLogEvents request must be in chronological order."));
    }
    let span = lines.first().zip(lines.last()).map_or(Duration::ZERO, |(first, last)| last.at.since(first.at));
    if span > limit::LOG_BATCH_SPAN {
        let message = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.";
        return Err(Refusal::invalid(message));
    }
    Ok(())
}

/// Which lines of a batch are kept, and why the others are not. Lines are in the order of their times.
struct Kept {
    /// The first one that is not older than anybody's may be.
    old_until: usize,
    /// The first one that its group still keeps.
    expired_until: usize,
    from: usize,
    until: usize,
}

impl Kept {
    fn of(lines: &[LogLine], retention: Option<RetentionDays>, now: Timestamp) -> Self {
        let first_from = |moment: Timestamp| lines.partition_point(|line| line.at < moment);
        let age = i64::try_from(limit::LOG_EVENT_AGE.as_millis()).expect("two weeks");
        let old_until = first_from(Timestamp::from_millis(now.millis() - age));
        let expired_until = retention.map_or(0, |retention| first_from(retention.cutoff(now)));
        let until = lines.partition_point(|line| line.at <= now.plus(limit::LOG_EVENT_AHEAD));
        Self { old_until, expired_until, from: old_until.max(expired_until).min(until), until }
    }

    fn rejected(&self, lines: usize) -> Option<shape::RejectedLogEventsInfo> {
        let index = |index: usize| i32::try_from(index).expect("a batch has 10,000 lines at most");
        let some = |index_of: usize, is: bool| is.then(|| index(index_of));
        let rejected = shape::RejectedLogEventsInfo {
            expired_log_event_end_index: some(self.expired_until, self.expired_until > 0),
            too_new_log_event_start_index: some(self.until, self.until < lines),
            too_old_log_event_end_index: some(self.old_until, self.old_until > 0),
        };
        (self.from > 0 || self.until < lines).then_some(rejected)
    }
}
