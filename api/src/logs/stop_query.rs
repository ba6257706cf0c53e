//! StopQuery. A query that is over already has nothing to stop, which is no fault (unconfirmed).
//! Source of truth: the CloudWatch Logs API reference.

use super::{get_query_results::not_found, queries::LogQueries};
use crate::{call::Call, fault::Wrong, shape::logs as shape};

/// Answers StopQuery.
pub async fn answer(call: &Call<'_>, queries: &LogQueries) -> Result<shape::StopQueryResponse, Wrong> {
    let shape::StopQueryRequest { query_id } = call.input()?;
    call.authorize("*").await?;
    let id = query_id.expect("validation refuses a call without a required member");
    let now = call.ports.clock.now();
    let query = queries.get(&call.caller.scope, &id, now).ok_or_else(|| not_found(&id))?;
    Ok(shape::StopQueryResponse { success: Some(query.stop(now)) })
}
