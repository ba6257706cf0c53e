//! GetParametersByPath: a page of those under a path.
//! Source of truth: the Systems Manager API reference.

use super::{filter, parameter};
use crate::{call::Call, fault::Wrong, limit, sealed_page, shape::ssm as shape};
use model::{
    parameter::{Parameter, arn_of},
    port::Action,
    refusal::Refusal,
};

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
    let filters = filter::parse(parameter_filters.unwrap_or_default(), filter::Of::Path)?;
    let asked = (next_token.as_deref(), max_results.unwrap_or(limit::PARAMETERS_BY_PATH_DEFAULT));
    let below = format!("{}/", path.strip_suffix('/').unwrap_or(&path));
    let wanted = |found: &Parameter| filter::is_below(&found.name, &path, recursive) && filter::holds(found, &filters);
    let (page, next_token) = sealed_page::read(call, &*call.ports.parameters, &below, asked, wanted).await?;
    let mut shown = Vec::with_capacity(page.len());
    for found in &page {
        shown.extend(parameter::render(call, found, found.newest(), (None, with_decryption)).await?);
    }
    Ok(shape::GetParametersByPathResult { parameters: Some(shown), next_token })
}
