//! ListRequestedServiceQuotaChangeHistoryByQuota: what was asked for of one quota, the newest first.
//! Source of truth: the Service Quotas API reference.

use super::{
    change::{self, is_empty},
    quota::{page, parse},
};
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};
use model::wish::Page;

/// Answers ListRequestedServiceQuotaChangeHistoryByQuota.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListRequestedServiceQuotaChangeHistoryByQuotaResponse, Wrong> {
    let shape::ListRequestedServiceQuotaChangeHistoryByQuotaRequest {
        max_results,
        next_token,
        quota_code,
        quota_requested_at_level,
        service_code,
        status,
    } = call.input()?;
    call.authorize("*").await?;
    let quota = parse(service_code, quota_code)?;
    let none = is_empty(status.as_deref(), quota_requested_at_level.as_deref());
    let mut changes = call.ports.quotas.changes(&call.caller.scope).await?;
    changes.retain(|change| !none && change.quota == quota);
    let Page { items, next } = page(call, changes, |change| change.id.clone(), next_token.as_deref(), max_results)?;
    Ok(shape::ListRequestedServiceQuotaChangeHistoryByQuotaResponse {
        requested_quotas: Some(items.iter().map(change::render).collect()),
        next_token: next,
    })
}
