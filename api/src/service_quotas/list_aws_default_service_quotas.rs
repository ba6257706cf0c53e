//! ListAWSDefaultServiceQuotas: App Runner's own values.
//! Source of truth: the Service Quotas API reference.

use super::quota::{check_service, page, render};
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};
use model::{quota::Quota, wish::Page};

/// Answers ListAWSDefaultServiceQuotas.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListAWSDefaultServiceQuotasResponse, Wrong> {
    let shape::ListAWSDefaultServiceQuotasRequest { max_results, next_token, service_code } = call.input()?;
    call.authorize("*").await?;
    check_service(service_code)?;
    let Page { items, next } = page(call, Quota::ALL.to_vec(), |quota| quota.code(), next_token.as_deref(), max_results)?;
    let quotas = items.into_iter().map(|quota| render(call, quota, quota.of_app_runner())).collect();
    Ok(shape::ListAWSDefaultServiceQuotasResponse { quotas: Some(quotas), next_token: next })
}
