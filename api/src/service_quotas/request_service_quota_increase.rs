//! RequestServiceQuotaIncrease: granted at once, and kept. AWS lets somebody think about it first.
//! Source of truth: the Service Quotas API reference.

use super::{
    change,
    quota::{arn, parse},
};
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};
use model::{port::draw, quota::QuotaChange};

/// Answers RequestServiceQuotaIncrease.
pub async fn answer(call: &Call<'_>) -> Result<shape::RequestServiceQuotaIncreaseResponse, Wrong> {
    // No case is opened, and every quota is the account's.
    let shape::RequestServiceQuotaIncreaseRequest {
        context_id: _,
        desired_value,
        quota_code,
        service_code,
        support_case_allowed: _,
    } = call.input()?;
    let quota = match parse(service_code, quota_code) {
        Ok(quota) => quota,
        Err(refusal) => {
            call.authorize("*").await?;
            return Err(refusal.into());
        }
    };
    let resource = arn(&call.caller.scope, quota);
    call.authorize(&resource).await?;
    let desired = desired_value.expect("validation refuses a call without a required member");
    let applied = call.applied(quota).await?;
    let granted = QuotaChange {
        scope: call.caller.scope.clone(),
        id: uuid::Builder::from_random_bytes(draw(&*call.ports.dice)).into_uuid().simple().to_string(),
        quota,
        value: quota.check_request(applied, desired)?,
        at: call.ports.clock.now(),
        requester: call.caller.arn(),
    };
    call.ports.quotas.grant(&granted, &call.audit(resource)).await??;
    Ok(shape::RequestServiceQuotaIncreaseResponse { requested_quota: Some(change::render(&granted)) })
}
