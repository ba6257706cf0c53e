//! DescribeQueries: the queries of the caller's account and region that are known still, the newest first.
//! Source of truth: the CloudWatch Logs API reference.

use super::{
    log_group, parameters,
    queries::{LogQueries, LogQuery},
};
use crate::{
    call::{Call, page},
    fault::Wrong,
    limit,
    shape::logs as shape,
};
use model::time::Timestamp;
use std::sync::Arc;

/// Answers DescribeQueries.
pub async fn answer(call: &Call<'_>, queries: &LogQueries) -> Result<shape::DescribeQueriesResponse, Wrong> {
    let shape::DescribeQueriesRequest { log_group_name, max_results, next_token, query_language, status } = call.input()?;
    call.authorize("*").await?;
    if log_group_name.is_some() {
        let group = log_group::named(call.caller, log_group_name.clone());
        call.ports.log_groups.get(&group).await?.ok_or_else(|| group.not_found())?;
    }
    let now = call.ports.clock.now();
    let meant = |query: &Arc<LogQuery>| {
        log_group_name.as_ref().is_none_or(|name| query.groups.iter().any(|group| group.name == *name))
            && status.as_ref().is_none_or(|status| query.state().progress.status() == status)
            && query_language.as_ref().is_none_or(|language| language == "CWLI")
    };
    let parameters = parameters(&[]);
    let list = call.list(&parameters);
    let page = page(&list, next_token.as_deref(), Some(max_results.unwrap_or(limit::LOG_QUERIES_DEFAULT)))?;
    // Behind the query that the last page ended with; where that was forgotten meanwhile, from the first one on that is no newer.
    let known = queries.list(&call.caller.scope, now);
    let behind = match &page.after {
        None => 0,
        Some(last) => {
            let (created_at, id) = last.split_once(' ').unwrap_or_default();
            let created_at = Timestamp::from_millis(created_at.parse().unwrap_or_default());
            let is_older = |query: &Arc<LogQuery>| query.created_at <= created_at;
            known
                .iter()
                .position(|query| query.id == id)
                .map_or_else(|| known.iter().position(is_older).unwrap_or(known.len()), |at| at + 1)
        }
    };
    let mut rest = known[behind..].iter().filter(|query| meant(query)).peekable();
    let most = page.items_max.map_or(usize::MAX, |most| most as usize);
    let shown: Vec<&Arc<LogQuery>> = rest.by_ref().take(most).collect();
    let more = rest.peek().is_some();
    let next_token = shown.last().filter(|_| more).map(|last| list.token(&format!("{} {}", last.created_at.millis(), last.id)));
    Ok(shape::DescribeQueriesResponse { next_token, queries: Some(shown.into_iter().map(|query| render(query)).collect()) })
}

fn render(query: &LogQuery) -> shape::QueryInfo {
    let state = query.state();
    shape::QueryInfo {
        bytes_scanned: Some(state.scanned.bytes as f64),
        create_time: Some(query.created_at.millis()),
        log_group_name: query.groups.first().map(|group| group.name.clone()),
        query_duration: state
            .ended_at
            .map(|ended_at| i64::try_from(ended_at.since(query.created_at).as_millis()).unwrap_or(i64::MAX)),
        query_id: Some(query.id.clone()),
        query_language: Some("CWLI".to_owned()),
        query_string: Some(query.text.clone()),
        status: Some(state.progress.status().to_owned()),
        user_identity: Some(query.caller.clone()),
    }
}
