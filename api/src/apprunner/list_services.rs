//! ListServices: parse, ask, render. Newest first; deleted ones are left out.
//! Source of truth: the App Runner API reference.

use super::service;
use crate::{
    call::{Call, page},
    fault::Wrong,
    shape::apprunner as shape,
};
use model::{account::Scope, wish::Page};

/// Answers ListServices.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListServicesResponse, Wrong> {
    let shape::ListServicesRequest { next_token, max_results } = call.input()?;
    let Scope { account, region } = &call.caller.scope;
    call.authorize(format!("arn:aws:apprunner:{region}:{account}:service/*")).await?;
    let list = call.list("");
    let page = page(&list, next_token.as_deref(), max_results)?;
    let Page { items, next } = call.ports.desk.list(call.caller, &page).await?;
    Ok(shape::ListServicesResponse {
        service_summary_list: items.iter().map(service::summary).collect(),
        next_token: next.map(|after| list.token(&after)),
    })
}
