//! CreateConnection: parse, authorize, create, render. It waits for its handshake, which no call takes.
//! Source of truth: the App Runner API reference.

use super::{connection, record};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::connection::Connection;

/// Answers CreateConnection.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateConnectionResponse, Wrong> {
    let shape::CreateConnectionRequest { connection_name, provider_type, tags } = call.input()?;
    let name = connection_name.expect("validation refuses a call without a required member");
    let provider = connection::provider(&provider_type.expect("validation refuses a call without a required member"))?;
    let view = record::create(call, name, Connection::pending(provider), tags).await?;
    Ok(shape::CreateConnectionResponse { connection: connection::render(&view) })
}
