//! Our own small extension service: what our command line needs and App Runner has no call for.
//! Signed and authorized like any call. Source of truth: `ARCHITECTURE.md` §5.

pub mod follow_logs;
pub mod list_events;
pub mod shape;

use crate::{answer::encode, call::Call, fault::Wrong, page::List};
use bytes::Bytes;
use model::wish::LogPosition;
use shape::OutrunnerOperation;
use tokio::sync::Semaphore;

/// A cursor is a page token over a position.
fn cursor(list: &List<'_>, position: LogPosition) -> String {
    list.token(&position.0.to_string())
}

/// The position of a cursor.
fn position(list: &List<'_>, cursor: &str) -> Result<LogPosition, Wrong> {
    let after = list.after(cursor).map_err(Wrong::Token)?;
    Ok(LogPosition(after.parse().expect("a cursor of this list was made from a number, and its MAC says that it is ours")))
}

/// Answers an operation of our own extension.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, followers: &Semaphore, operation: OutrunnerOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        OutrunnerOperation::FollowLogs => encode(call, &follow_logs::answer(call, followers).await?),
        OutrunnerOperation::ListEvents => encode(call, &list_events::answer(call).await?),
    })
}
