//! A change that was asked for, as Service Quotas writes it: every one of them was granted.
//! Source of truth: the Service Quotas API reference, `RequestedServiceQuotaChange`.

use super::quota::{LEVEL, SERVICE_CODE, SERVICE_NAME, arn};
use crate::shape::service_quotas as shape;
use model::{quota::QuotaChange, time::Timestamp};

/// What became of every one.
pub const STATUS: &str = "APPROVED";

/// Writes it.
pub fn render(change: &QuotaChange) -> shape::RequestedServiceQuotaChange {
    let QuotaChange { scope, id, quota, value, at, requester } = change;
    let requester = serde_json::json!({ "accountId": scope.account.as_str(), "callerArn": requester });
    shape::RequestedServiceQuotaChange {
        case_id: None,
        created: Some(Timestamp::seconds(*at)),
        desired_value: Some(*value as f64),
        global_quota: Some(false),
        id: Some(id.clone()),
        last_updated: Some(Timestamp::seconds(*at)),
        quota_arn: Some(arn(scope, *quota)),
        quota_code: Some(quota.code()),
        quota_context: None,
        quota_name: Some(quota.name().to_owned()),
        quota_requested_at_level: Some(LEVEL.to_owned()),
        request_type: None,
        requester: Some(requester.to_string()),
        service_code: Some(SERVICE_CODE.to_owned()),
        service_name: Some(SERVICE_NAME.to_owned()),
        status: Some(STATUS.to_owned()),
        unit: Some("None".to_owned()),
    }
}
