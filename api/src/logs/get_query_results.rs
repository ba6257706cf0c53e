//! GetQueryResults: how far a query is, and its rows once it is over. Until then there are none, where CloudWatch Logs shows some.
//! Source of truth: the CloudWatch Logs API reference.

use super::queries::{LogQueries, LogQuery, Progress, State};
use crate::{call::Call, fault::Wrong, limit, log_query::ResultRow, shape::logs as shape};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::refusal::Refusal;

/// Answers GetQueryResults.
pub async fn answer(call: &Call<'_>, queries: &LogQueries) -> Result<shape::GetQueryResultsResponse, Wrong> {
    let shape::GetQueryResultsRequest { max_items, next_token, query_id } = call.input()?;
    call.authorize("*").await?;
    let id = query_id.expect("validation refuses a call without a required member");
    let query = queries.get(&call.caller.scope, &id, call.ports.clock.now()).ok_or_else(|| not_found(&id))?;
    let list = call.journal(&id);
    let after = next_token.map(|token| list.after(&token)).transpose().map_err(Wrong::Token)?;
    let after = after.map_or(0, |after| after.parse().expect("a token of this list is a number, and its MAC says that it is ours"));
    // Zero is allowed by the model, and asks for nothing that makes sense: all that fit.
    let most = max_items.and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0).unwrap_or(limit::LOG_QUERY_PAGE_ROWS);
    let state = query.state();
    let mut results = Vec::new();
    let mut next_token = None;
    let mut count = None;
    if let Progress::Complete { rows, .. } = &state.progress {
        let page = rows.rows.iter().skip(after).take(most);
        results.extend(page.map(|row| render(&query, &rows.columns, row)));
        let end = after + results.len();
        next_token = (end < rows.rows.len()).then(|| list.token(&end.to_string()));
        count = Some(rows.rows.len() as f64);
    }
    Ok(shape::GetQueryResultsResponse {
        encryption_key: None,
        next_token,
        query_language: Some("CWLI".to_owned()),
        results: Some(results),
        statistics: Some(statistics(&query, &state, count)),
        status: Some(state.progress.status().to_owned()),
    })
}

/// The refusal of an id that is nobody's, another's, or that was forgotten.
pub fn not_found(id: &str) -> Refusal {
    Refusal::not_found(format!(
        "There is no query {id}. Queries are forgotten after a day, and when the platform is started again."
    ))
}

fn statistics(query: &LogQuery, state: &State, count: Option<f64>) -> shape::QueryStatistics {
    shape::QueryStatistics {
        bytes_scanned: Some(state.scanned.bytes as f64),
        estimated_bytes_skipped: Some(0.0),
        estimated_records_skipped: Some(0.0),
        log_groups_scanned: Some(query.groups.len() as f64),
        records_matched: Some(state.matched as f64),
        records_scanned: Some(state.scanned.lines as f64),
        result_count: count,
    }
}

/// Where a line is found again, of the group of this name in the caller's account and region. Nobody is let in by it.
pub struct Pointer {
    pub group: String,
    pub position: u64,
}

impl Pointer {
    fn written(&self) -> String {
        BASE64_STANDARD.encode(format!("{}:{}", self.group, self.position))
    }

    /// The pointer that a caller shows, if it is one.
    pub fn read(text: &str) -> Option<Self> {
        let inner = String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok()?;
        let (group, position) = inner.rsplit_once(':')?;
        Some(Self { group: group.to_owned(), position: position.parse().ok()? })
    }
}

/// A row has the fields that have a value, and for a line where it is found again.
fn render(query: &LogQuery, columns: &[String], row: &ResultRow) -> Vec<shape::ResultField> {
    let field = |field: &str, value: String| shape::ResultField { field: Some(field.to_owned()), value: Some(value) };
    let values = columns.iter().zip(&row.values).filter_map(|(column, value)| Some(field(column, value.clone()?)));
    let pointer = row.place.map(|place| {
        let group = query.groups.get(place.group).map_or("", |group| group.name.as_str());
        field("@ptr", Pointer { group: group.to_owned(), position: place.position }.written())
    });
    values.chain(pointer).collect()
}
