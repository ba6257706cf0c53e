//! GetServiceQuota: what holds of one quota.
//! Source of truth: the Service Quotas API reference.

use super::quota::{parse, render};
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};

/// Answers GetServiceQuota.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetServiceQuotaResponse, Wrong> {
    // Every quota is the account's: there is no other context.
    let shape::GetServiceQuotaRequest { context_id: _, quota_code, service_code } = call.input()?;
    call.authorize("*").await?;
    let quota = parse(service_code, quota_code)?;
    let value = call.applied(quota).await?;
    Ok(shape::GetServiceQuotaResponse { quota: Some(render(call, quota, value)) })
}
