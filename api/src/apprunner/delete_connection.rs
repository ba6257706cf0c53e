//! DeleteConnection: parse, authorize, delete, render. It is gone from the list at once; a name alone will do.
//! Never decides what may go: that is the noun's rule. Source of truth: the App Runner API reference.

use super::{connection, record};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers DeleteConnection.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteConnectionResponse, Wrong> {
    let shape::DeleteConnectionRequest { connection_arn } = call.input()?;
    let text = connection_arn.expect("validation refuses a call without a required member");
    let view = record::delete(call, &text).await?;
    Ok(shape::DeleteConnectionResponse { connection: Some(connection::render(&view)) })
}
