//! ListConnections: parse, ask, render. By name; clients look one up by its exact name, as there is no DescribeConnection.
//! Source of truth: the App Runner API reference.

use super::{connection, record};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::record::RecordFilter;

/// Answers ListConnections.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListConnectionsResponse, Wrong> {
    let shape::ListConnectionsRequest { connection_name, max_results, next_token } = call.input()?;
    let filter = RecordFilter { name: connection_name, latest_only: false };
    let (views, next_token) = record::list(call, &filter, next_token.as_deref(), max_results).await?;
    Ok(shape::ListConnectionsResponse { connection_summary_list: views.iter().map(connection::summary).collect(), next_token })
}
