//! ListRequestedServiceQuotaChangeHistory: what was asked for, the newest first.
//! Source of truth: the Service Quotas API reference.

use super::{
    change::{self, STATUS},
    quota::{SERVICE_CODE, page},
};
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};
use model::wish::Page;

/// Answers ListRequestedServiceQuotaChangeHistory.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListRequestedServiceQuotaChangeHistoryResponse, Wrong> {
    let shape::ListRequestedServiceQuotaChangeHistoryRequest {
        max_results,
        next_token,
        quota_requested_at_level,
        service_code,
        status,
    } = call.input()?;
    call.authorize("*").await?;
    let none = service_code.is_some_and(|code| code != SERVICE_CODE)
        || status.is_some_and(|status| status != STATUS)
        || quota_requested_at_level.is_some_and(|level| level == "RESOURCE");
    let changes = if none { Vec::new() } else { call.ports.quotas.changes(&call.caller.scope).await? };
    let Page { items, next } = page(call, changes, |change| change.id.clone(), next_token.as_deref(), max_results)?;
    Ok(shape::ListRequestedServiceQuotaChangeHistoryResponse {
        requested_quotas: Some(items.iter().map(change::render).collect()),
        next_token: next,
    })
}
