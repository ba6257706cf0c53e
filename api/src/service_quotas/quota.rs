//! A quota as Service Quotas writes it, and how callers name one.
//! Source of truth: the Service Quotas API reference, `ServiceQuota`.

use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};
use model::{account::Scope, quota::Quota, refusal::Refusal, wish::Page};

/// The only service that has quotas here.
pub const SERVICE_CODE: &str = "apprunner";
/// Its name.
pub const SERVICE_NAME: &str = "AWS App Runner";
/// Every quota holds for an account, in a region.
pub const LEVEL: &str = "ACCOUNT";

/// Refuses a service that has no quotas here.
///
/// # Errors
/// Not found.
pub fn check_service(code: Option<String>) -> Result<(), Refusal> {
    let code = code.expect("validation refuses a call without a required member");
    if code == SERVICE_CODE {
        return Ok(());
    }
    Err(Refusal::not_found(format!("The service {code} has no quotas on this platform: {SERVICE_CODE} has.")))
}

/// The quota that a call names.
///
/// # Errors
/// Not found.
pub fn parse(service_code: Option<String>, quota_code: Option<String>) -> Result<Quota, Refusal> {
    check_service(service_code)?;
    let code = quota_code.expect("validation refuses a call without a required member");
    Quota::of_code(&code).ok_or_else(|| {
        Refusal::not_found(format!(
            "There is no quota {code}. `aws service-quotas list-service-quotas --service-code {SERVICE_CODE}` lists those of this platform: \
             the codes are its own."
        ))
    })
}

/// `arn:aws:servicequotas:<region>:<account>:apprunner/<code>`.
pub fn arn(scope: &Scope, quota: Quota) -> String {
    let Scope { account, region } = scope;
    format!("arn:aws:servicequotas:{region}:{account}:{SERVICE_CODE}/{}", quota.code())
}

/// Writes it with a value.
pub fn render(call: &Call<'_>, quota: Quota, value: u64) -> shape::ServiceQuota {
    shape::ServiceQuota {
        adjustable: Some(quota.is_adjustable()),
        description: None,
        error_reason: None,
        global_quota: Some(false),
        period: None,
        quota_applied_at_level: Some(LEVEL.to_owned()),
        quota_arn: Some(arn(&call.caller.scope, quota)),
        quota_code: Some(quota.code()),
        quota_context: None,
        quota_name: Some(quota.name().to_owned()),
        service_code: Some(SERVICE_CODE.to_owned()),
        service_name: Some(SERVICE_NAME.to_owned()),
        unit: Some("None".to_owned()),
        usage_metric: None,
        // Quotas are far below 2^53.
        value: Some(value as f64),
    }
}

/// A page of items that are all there, by their keys: nothing is ever taken from these lists, and what comes to one comes in front.
///
/// # Errors
/// A token of another list.
pub fn page<T>(
    call: &Call<'_>,
    items: Vec<T>,
    key: impl Fn(&T) -> String,
    token: Option<&str>,
    items_max: Option<i32>,
) -> Result<Page<T>, Wrong> {
    let list = call.list("");
    let request = crate::call::page(&list, token, items_max)?;
    let skipped = match request.after {
        Some(after) => items.iter().position(|item| key(item) == after).map_or(items.len(), |at| at + 1),
        None => 0,
    };
    let most = request.items_max.map_or(usize::MAX, |items| items as usize);
    let more = items.len().saturating_sub(skipped) > most;
    let items: Vec<T> = items.into_iter().skip(skipped).take(most).collect();
    let next = items.last().filter(|_| more).map(|last| list.token(&key(last)));
    Ok(Page { items, next })
}
