//! StartLiveTail: new lines of up to ten groups, about once a second, for as long as three hours.
//! Source of truth: the CloudWatch Logs API reference; `live_tail` for what goes on then.

use super::{
    live_tail::{LiveTail, LiveTails, Tailed},
    log_group,
};
use crate::{call::Call, fault::Wrong, shape::logs as shape};
use axum::body::Body;
use model::{log_pattern::LogPattern, log_search::Streams, port::draw, refusal::Refusal};

/// Answers StartLiveTail.
pub async fn answer(call: &Call<'_>, live_tails: &LiveTails) -> Result<Body, Wrong> {
    let shape::StartLiveTailRequest { log_event_filter_pattern, log_group_identifiers, log_stream_name_prefixes, log_stream_names } =
        call.input()?;
    let identifiers = log_group_identifiers.expect("validation refuses a call without a required member");
    let mut groups = Vec::with_capacity(identifiers.len());
    for identifier in &identifiers {
        let key = log_group::identified(call.caller, identifier)?;
        call.authorize(key.action_arn()).await?;
        // Named twice it is told once.
        if !groups.contains(&key) {
            groups.push(key);
        }
    }
    if groups.len() > 1 && (log_stream_names.is_some() || log_stream_name_prefixes.is_some()) {
        return Err(Refusal::invalid("logStreamNames and logStreamNamePrefixes can be given for one log group only.").into());
    }
    let streams = match (&log_stream_names, &log_stream_name_prefixes) {
        (None, None) => Streams::All,
        (Some(names), None) => Streams::Named(names.clone()),
        (None, Some(prefixes)) => Streams::Prefixes(prefixes.clone()),
        (Some(_), Some(_)) => {
            return Err(Refusal::invalid("logStreamNames and logStreamNamePrefixes cannot both be given.").into());
        }
    };
    let pattern = LogPattern::parse(log_event_filter_pattern.as_deref().unwrap_or_default())?;
    let mut tailed = Vec::with_capacity(groups.len());
    for key in groups {
        let created_at = call.ports.log_groups.get(&key).await?.ok_or_else(|| key.not_found())?.created_at;
        let after = call.ports.log_lines.tail(&key.scope, &key.name, 0).await?;
        tailed.push(Tailed { key, created_at, after });
    }
    let place = live_tails.enter(call.caller.account())?;
    let session_id = uuid::Builder::from_random_bytes(draw(&*call.ports.dice)).into_uuid().to_string();
    let start = shape::LiveTailSessionStart {
        log_event_filter_pattern,
        log_group_identifiers: Some(identifiers),
        log_stream_name_prefixes,
        log_stream_names,
        request_id: Some(call.caller.request_id.clone()),
        session_id: Some(session_id),
    };
    let (groups_kept, lines, clock) = (call.ports.log_groups.clone(), call.ports.log_lines.clone(), call.ports.clock.clone());
    Ok(LiveTail { began: clock.now(), groups_kept, lines, clock, groups: tailed, streams, pattern, _place: place }.body(&start))
}
