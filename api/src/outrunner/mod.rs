//! Our own small extension service: what our command line needs and App Runner has no call for.
//! Signed and authorized like any call. Source of truth: `ARCHITECTURE.md` §5.

pub mod account;
mod account_shape;
pub mod cancel_operation;
pub mod follow_logs;
pub mod list_events;
pub mod list_revisions;
pub mod roll_back;
pub mod shape;

use crate::{answer::encode, call::Call, fault::Wrong, page::List};
use bytes::Bytes;
use model::wish::{Accepted, LogPosition, ServiceView};
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

/// What an operation that was cancelled, or begun, is told as.
fn operation(accepted: Accepted) -> shape::OperationResponse {
    let Accepted { view: ServiceView { service, url, host: _ }, operation } = accepted;
    shape::OperationResponse {
        operation_id: operation.expect("something was cancelled, or begun").to_string(),
        service_arn: service.arn().to_string(),
        service_name: service.name.to_string(),
        service_url: url,
    }
}

/// Answers an operation of our own extension.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, followers: &Semaphore, operation: OutrunnerOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        OutrunnerOperation::CreateAccount => encode(call, &account::create(call).await?),
        OutrunnerOperation::CancelOperation => encode(call, &cancel_operation::answer(call).await?),
        OutrunnerOperation::FollowLogs => encode(call, &follow_logs::answer(call, followers).await?),
        OutrunnerOperation::ImportAccessKey => encode(call, &account::import(call).await?),
        OutrunnerOperation::ListAccounts => encode(call, &account::list(call).await?),
        OutrunnerOperation::ListEvents => encode(call, &list_events::answer(call).await?),
        OutrunnerOperation::ListRevisions => encode(call, &list_revisions::answer(call).await?),
        OutrunnerOperation::RollBack => encode(call, &roll_back::answer(call).await?),
    })
}
