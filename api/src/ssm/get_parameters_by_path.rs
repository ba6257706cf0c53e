//! GetParametersByPath: a page of those under a path.
//! Source of truth: the Systems Manager API reference.

use super::{filter, parameter};
use crate::{call::Call, fault::Wrong, limit, shape::ssm as shape};
use model::{parameter::arn_of, port::Action, refusal::Refusal};

/// Answers GetParametersByPath.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetParametersByPathResult, Wrong> {
    let shape::GetParametersByPathRequest { path, recursive, parameter_filters, with_decryption, max_results, next_token } =
        call.input()?;
    let path = path.expect("validation refuses a call without a required member");
    if !path.starts_with('/') {
        let words =
            "The parameter path must begin with a slash /. It can contain letters, digits and .-_ , such as /Branch211/Manager.";
        return Err(Refusal::invalid(words).into());
    }
    let recursive = recursive == Some(true);
    let action = call.action(arn_of(&call.caller.scope, &path));
    let facts = action.facts.clone().with("ssm:Recursive", recursive.to_string());
    call.authorize_with(Action { facts, ..action }).await?;
    let filters = filter::parse(parameter_filters.unwrap_or_default())?;
    let found = parameter::all(call, path.strip_suffix('/').unwrap_or(&path)).await?;
    let found = found.into_iter().filter(|found| filter::is_below(&found.name, &path, recursive) && filter::holds(found, &filters));
    let items_max = max_results.unwrap_or(limit::PARAMETERS_BY_PATH_DEFAULT);
    let asked = (next_token.as_deref(), items_max);
    let (page, next_token) = parameter::cut(call, found.collect(), asked, |found| found.name.clone())?;
    let mut shown = Vec::with_capacity(page.len());
    for found in &page {
        shown.extend(parameter::render(call, found, found.newest(), (None, with_decryption)).await?);
    }
    Ok(shape::GetParametersByPathResult { parameters: Some(shown), next_token })
}
