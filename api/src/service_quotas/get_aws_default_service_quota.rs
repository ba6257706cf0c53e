//! GetAWSDefaultServiceQuota: App Runner's own value of one quota, whatever holds here.
//! Source of truth: the Service Quotas API reference.

use super::quota::{parse, render};
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};

/// Answers GetAWSDefaultServiceQuota.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetAWSDefaultServiceQuotaResponse, Wrong> {
    let shape::GetAWSDefaultServiceQuotaRequest { quota_code, service_code } = call.input()?;
    call.authorize("*").await?;
    let quota = parse(service_code, quota_code)?;
    Ok(shape::GetAWSDefaultServiceQuotaResponse { quota: Some(render(call, quota, quota.of_app_runner())) })
}
