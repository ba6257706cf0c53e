//! FollowLogs: what the instances of a service print, after a cursor; waits for a line where there is none yet.
//! Never holds more than a bounded number of waiting callers. Source of truth: `outrunner/shape.rs`.

use super::{cursor, position, shape};
use crate::{
    apprunner::service_arn,
    call::Call,
    fault::{Common, Wrong},
    limit,
};
use model::{
    log_line::PlacedLine,
    port::{FollowedLogs, LogQuery},
};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Answers FollowLogs. `followers` has a permit for each caller that may wait.
pub async fn answer(call: &Call<'_>, followers: &Semaphore) -> Result<shape::FollowLogsResponse, Wrong> {
    let shape::FollowLogsRequest { service_arn, cursor: token, tail_lines, wait_seconds } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    let resource = arn.to_string();
    call.authorize(&resource).await?;
    let list = call.journal(&resource);
    let query = match token {
        None => LogQuery::Tail { lines: tail_lines.map_or(limit::FOLLOW_TAIL_LINES_DEFAULT, unsigned) },
        Some(token) => LogQuery::After {
            position: position(&list, &token)?,
            wait: Duration::from_secs(wait_seconds.map_or(0, unsigned).into()),
        },
    };
    let _permit = followers.try_acquire().map_err(|_| Common::throttled())?;
    let FollowedLogs { lines, next } = call.ports.desk.logs(call.caller, &arn, query).await??;
    Ok(shape::FollowLogsResponse { lines: lines.into_iter().map(render).collect(), cursor: cursor(&list, next) })
}

fn unsigned(number: i32) -> u32 {
    u32::try_from(number).expect("the rule's range is positive")
}

fn render(placed: PlacedLine) -> shape::Line {
    let PlacedLine { position: _, stream, line } = placed;
    shape::Line { timestamp: line.at.seconds(), stream, message: String::from_utf8_lossy(&line.bytes).into_owned() }
}
