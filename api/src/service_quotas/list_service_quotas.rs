//! ListServiceQuotas: what holds of every quota of a service.
//! Source of truth: the Service Quotas API reference.

use super::quota::{check_service, page, render};
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};
use model::{quota::Quota, wish::Page};

/// Answers ListServiceQuotas.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListServiceQuotasResponse, Wrong> {
    let shape::ListServiceQuotasRequest { max_results, next_token, quota_applied_at_level, quota_code, service_code } =
        call.input()?;
    call.authorize("*").await?;
    check_service(service_code)?;
    // Nothing holds for single resources.
    let none = quota_applied_at_level.is_some_and(|level| level == "RESOURCE");
    let setting = call.settings.quotas;
    let changes = call.ports.quotas.changes(&call.caller.scope).await?;
    let wanted = |quota: &&Quota| !none && quota_code.as_ref().is_none_or(|code| *code == quota.code());
    let quotas = Quota::ALL.iter().filter(wanted).copied().collect();
    let Page { items, next } = page(call, quotas, |quota| quota.code(), next_token.as_deref(), max_results)?;
    let quotas = items.into_iter().map(|quota| render(call, quota, quota.applied(setting, &changes))).collect();
    Ok(shape::ListServiceQuotasResponse { quotas: Some(quotas), next_token: next })
}
