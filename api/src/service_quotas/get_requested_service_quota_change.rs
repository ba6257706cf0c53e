//! GetRequestedServiceQuotaChange: one change by its id.
//! Source of truth: the Service Quotas API reference.

use super::change;
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};
use model::refusal::Refusal;

/// Answers GetRequestedServiceQuotaChange.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetRequestedServiceQuotaChangeResponse, Wrong> {
    let shape::GetRequestedServiceQuotaChangeRequest { request_id } = call.input()?;
    let id = request_id.expect("validation refuses a call without a required member");
    call.authorize("*").await?;
    let changes = call.ports.quotas.changes(&call.caller.scope).await?;
    let found = changes.iter().find(|change| change.id == id);
    let found = found.ok_or_else(|| Refusal::not_found(format!("There is no request {id} in this account and region.")))?;
    Ok(shape::GetRequestedServiceQuotaChangeResponse { requested_quota: Some(change::render(found)) })
}
