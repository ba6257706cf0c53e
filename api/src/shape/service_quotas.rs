//! Service Quotas: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/service_quotas.json`.

use super::{Declared, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use crate::pattern::Pattern;
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};
use std::collections::BTreeMap;

/// An operation of Service Quotas that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceQuotasOperation {
    /// `GetAWSDefaultServiceQuota`.
    GetAWSDefaultServiceQuota,
    /// `GetRequestedServiceQuotaChange`.
    GetRequestedServiceQuotaChange,
    /// `GetServiceQuota`.
    GetServiceQuota,
    /// `ListAWSDefaultServiceQuotas`.
    ListAWSDefaultServiceQuotas,
    /// `ListRequestedServiceQuotaChangeHistory`.
    ListRequestedServiceQuotaChangeHistory,
    /// `ListServiceQuotas`.
    ListServiceQuotas,
    /// `ListServices`.
    ListServices,
    /// `RequestServiceQuotaIncrease`.
    RequestServiceQuotaIncrease,
}

impl ServiceQuotasOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::GetAWSDefaultServiceQuota,
        Self::GetRequestedServiceQuotaChange,
        Self::GetServiceQuota,
        Self::ListAWSDefaultServiceQuotas,
        Self::ListRequestedServiceQuotaChangeHistory,
        Self::ListServiceQuotas,
        Self::ListServices,
        Self::RequestServiceQuotaIncrease,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::GetAWSDefaultServiceQuota => &GET_AWS_DEFAULT_SERVICE_QUOTA,
            Self::GetRequestedServiceQuotaChange => &GET_REQUESTED_SERVICE_QUOTA_CHANGE,
            Self::GetServiceQuota => &GET_SERVICE_QUOTA,
            Self::ListAWSDefaultServiceQuotas => &LIST_AWS_DEFAULT_SERVICE_QUOTAS,
            Self::ListRequestedServiceQuotaChangeHistory => &LIST_REQUESTED_SERVICE_QUOTA_CHANGE_HISTORY,
            Self::ListServiceQuotas => &LIST_SERVICE_QUOTAS,
            Self::ListServices => &LIST_SERVICES,
            Self::RequestServiceQuotaIncrease => &REQUEST_SERVICE_QUOTA_INCREASE,
        }
    }
}

/// `GetAWSDefaultServiceQuota` and the faults that it declares.
pub const GET_AWS_DEFAULT_SERVICE_QUOTA: Operation = Operation {
    name: "GetAWSDefaultServiceQuota",
    faults: &[
        ACCESS_DENIED_EXCEPTION,
        NO_SUCH_RESOURCE_EXCEPTION,
        ILLEGAL_ARGUMENT_EXCEPTION,
        SERVICE_EXCEPTION,
        TOO_MANY_REQUESTS_EXCEPTION,
    ],
};

/// `GetRequestedServiceQuotaChange` and the faults that it declares.
pub const GET_REQUESTED_SERVICE_QUOTA_CHANGE: Operation = Operation {
    name: "GetRequestedServiceQuotaChange",
    faults: &[
        ACCESS_DENIED_EXCEPTION,
        NO_SUCH_RESOURCE_EXCEPTION,
        ILLEGAL_ARGUMENT_EXCEPTION,
        SERVICE_EXCEPTION,
        TOO_MANY_REQUESTS_EXCEPTION,
    ],
};

/// `GetServiceQuota` and the faults that it declares.
pub const GET_SERVICE_QUOTA: Operation = Operation {
    name: "GetServiceQuota",
    faults: &[
        ACCESS_DENIED_EXCEPTION,
        NO_SUCH_RESOURCE_EXCEPTION,
        ILLEGAL_ARGUMENT_EXCEPTION,
        SERVICE_EXCEPTION,
        TOO_MANY_REQUESTS_EXCEPTION,
    ],
};

/// `ListAWSDefaultServiceQuotas` and the faults that it declares.
pub const LIST_AWS_DEFAULT_SERVICE_QUOTAS: Operation = Operation {
    name: "ListAWSDefaultServiceQuotas",
    faults: &[
        ACCESS_DENIED_EXCEPTION,
        NO_SUCH_RESOURCE_EXCEPTION,
        ILLEGAL_ARGUMENT_EXCEPTION,
        INVALID_PAGINATION_TOKEN_EXCEPTION,
        SERVICE_EXCEPTION,
        TOO_MANY_REQUESTS_EXCEPTION,
    ],
};

/// `ListRequestedServiceQuotaChangeHistory` and the faults that it declares.
pub const LIST_REQUESTED_SERVICE_QUOTA_CHANGE_HISTORY: Operation = Operation {
    name: "ListRequestedServiceQuotaChangeHistory",
    faults: &[
        ACCESS_DENIED_EXCEPTION,
        NO_SUCH_RESOURCE_EXCEPTION,
        ILLEGAL_ARGUMENT_EXCEPTION,
        INVALID_PAGINATION_TOKEN_EXCEPTION,
        SERVICE_EXCEPTION,
        TOO_MANY_REQUESTS_EXCEPTION,
    ],
};

/// `ListServiceQuotas` and the faults that it declares.
pub const LIST_SERVICE_QUOTAS: Operation = Operation {
    name: "ListServiceQuotas",
    faults: &[
        ACCESS_DENIED_EXCEPTION,
        NO_SUCH_RESOURCE_EXCEPTION,
        ILLEGAL_ARGUMENT_EXCEPTION,
        INVALID_PAGINATION_TOKEN_EXCEPTION,
        SERVICE_EXCEPTION,
        TOO_MANY_REQUESTS_EXCEPTION,
    ],
};

/// `ListServices` and the faults that it declares.
pub const LIST_SERVICES: Operation = Operation {
    name: "ListServices",
    faults: &[
        ACCESS_DENIED_EXCEPTION,
        ILLEGAL_ARGUMENT_EXCEPTION,
        INVALID_PAGINATION_TOKEN_EXCEPTION,
        SERVICE_EXCEPTION,
        TOO_MANY_REQUESTS_EXCEPTION,
    ],
};

/// `RequestServiceQuotaIncrease` and the faults that it declares.
pub const REQUEST_SERVICE_QUOTA_INCREASE: Operation = Operation {
    name: "RequestServiceQuotaIncrease",
    faults: &[
        DEPENDENCY_ACCESS_DENIED_EXCEPTION,
        QUOTA_EXCEEDED_EXCEPTION,
        RESOURCE_ALREADY_EXISTS_EXCEPTION,
        ACCESS_DENIED_EXCEPTION,
        NO_SUCH_RESOURCE_EXCEPTION,
        ILLEGAL_ARGUMENT_EXCEPTION,
        INVALID_RESOURCE_STATE_EXCEPTION,
        SERVICE_EXCEPTION,
        TOO_MANY_REQUESTS_EXCEPTION,
    ],
};

/// Fault `AccessDeniedException`.
pub const ACCESS_DENIED_EXCEPTION: Declared = Declared { code: "AccessDeniedException", status: 400 };

/// Fault `DependencyAccessDeniedException`.
pub const DEPENDENCY_ACCESS_DENIED_EXCEPTION: Declared = Declared { code: "DependencyAccessDeniedException", status: 400 };

/// Fault `IllegalArgumentException`.
pub const ILLEGAL_ARGUMENT_EXCEPTION: Declared = Declared { code: "IllegalArgumentException", status: 400 };

/// Fault `InvalidPaginationTokenException`.
pub const INVALID_PAGINATION_TOKEN_EXCEPTION: Declared = Declared { code: "InvalidPaginationTokenException", status: 400 };

/// Fault `InvalidResourceStateException`.
pub const INVALID_RESOURCE_STATE_EXCEPTION: Declared = Declared { code: "InvalidResourceStateException", status: 400 };

/// Fault `NoSuchResourceException`.
pub const NO_SUCH_RESOURCE_EXCEPTION: Declared = Declared { code: "NoSuchResourceException", status: 400 };

/// Fault `QuotaExceededException`.
pub const QUOTA_EXCEEDED_EXCEPTION: Declared = Declared { code: "QuotaExceededException", status: 400 };

/// Fault `ResourceAlreadyExistsException`.
pub const RESOURCE_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "ResourceAlreadyExistsException", status: 400 };

/// Fault `ServiceException`.
pub const SERVICE_EXCEPTION: Declared = Declared { code: "ServiceException", status: 500 };

/// Fault `TooManyRequestsException`.
pub const TOO_MANY_REQUESTS_EXCEPTION: Declared = Declared { code: "TooManyRequestsException", status: 400 };

/// Shape `ErrorReason`.
#[derive(Clone, Serialize)]
pub struct ErrorReason {
    /// Member `ErrorCode`.
    #[serde(rename = "ErrorCode", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// Member `ErrorMessage`.
    #[serde(rename = "ErrorMessage", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
}

/// Shape `GetAWSDefaultServiceQuotaRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetAWSDefaultServiceQuotaRequest {
    /// Member `QuotaCode`.
    #[serde(rename = "QuotaCode", skip_serializing_if = "Option::is_none")]
    pub quota_code: Option<String>,
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
}

impl Structure for GetAWSDefaultServiceQuotaRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "QuotaCode" => self.quota_code = value.next_value()?,
            "ServiceCode" => self.service_code = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetAWSDefaultServiceQuotaRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetAWSDefaultServiceQuotaRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("QuotaCode", self.quota_code.is_some());
        walk.text("QuotaCode", self.quota_code.as_deref(), &QUOTA_CODE);
        walk.required("ServiceCode", self.service_code.is_some());
        walk.text("ServiceCode", self.service_code.as_deref(), &SERVICE_CODE);
    }
}

/// Shape `GetAWSDefaultServiceQuotaResponse`.
#[derive(Clone, Serialize)]
pub struct GetAWSDefaultServiceQuotaResponse {
    /// Member `Quota`.
    #[serde(rename = "Quota", skip_serializing_if = "Option::is_none")]
    pub quota: Option<ServiceQuota>,
}

/// Shape `GetRequestedServiceQuotaChangeRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetRequestedServiceQuotaChangeRequest {
    /// Member `RequestId`.
    #[serde(rename = "RequestId", skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Structure for GetRequestedServiceQuotaChangeRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "RequestId" => self.request_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetRequestedServiceQuotaChangeRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetRequestedServiceQuotaChangeRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("RequestId", self.request_id.is_some());
        walk.text("RequestId", self.request_id.as_deref(), &REQUEST_ID);
    }
}

/// Shape `GetRequestedServiceQuotaChangeResponse`.
#[derive(Clone, Serialize)]
pub struct GetRequestedServiceQuotaChangeResponse {
    /// Member `RequestedQuota`.
    #[serde(rename = "RequestedQuota", skip_serializing_if = "Option::is_none")]
    pub requested_quota: Option<RequestedServiceQuotaChange>,
}

/// Shape `GetServiceQuotaRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetServiceQuotaRequest {
    /// Member `ContextId`.
    #[serde(rename = "ContextId", skip_serializing_if = "Option::is_none")]
    pub context_id: Option<String>,
    /// Member `QuotaCode`.
    #[serde(rename = "QuotaCode", skip_serializing_if = "Option::is_none")]
    pub quota_code: Option<String>,
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
}

impl Structure for GetServiceQuotaRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ContextId" => self.context_id = value.next_value()?,
            "QuotaCode" => self.quota_code = value.next_value()?,
            "ServiceCode" => self.service_code = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetServiceQuotaRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetServiceQuotaRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("QuotaCode", self.quota_code.is_some());
        walk.text("QuotaCode", self.quota_code.as_deref(), &QUOTA_CODE);
        walk.required("ServiceCode", self.service_code.is_some());
        walk.text("ServiceCode", self.service_code.as_deref(), &SERVICE_CODE);
    }
}

/// Shape `GetServiceQuotaResponse`.
#[derive(Clone, Serialize)]
pub struct GetServiceQuotaResponse {
    /// Member `Quota`.
    #[serde(rename = "Quota", skip_serializing_if = "Option::is_none")]
    pub quota: Option<ServiceQuota>,
}

/// Shape `ListAWSDefaultServiceQuotasRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListAWSDefaultServiceQuotasRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
}

impl Structure for ListAWSDefaultServiceQuotasRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "ServiceCode" => self.service_code = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListAWSDefaultServiceQuotasRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListAWSDefaultServiceQuotasRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
        walk.required("ServiceCode", self.service_code.is_some());
        walk.text("ServiceCode", self.service_code.as_deref(), &SERVICE_CODE);
    }
}

/// Shape `ListAWSDefaultServiceQuotasResponse`.
#[derive(Clone, Serialize)]
pub struct ListAWSDefaultServiceQuotasResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `Quotas`.
    #[serde(rename = "Quotas", skip_serializing_if = "Option::is_none")]
    pub quotas: Option<Vec<ServiceQuota>>,
}

/// Shape `ListRequestedServiceQuotaChangeHistoryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListRequestedServiceQuotaChangeHistoryRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `QuotaRequestedAtLevel`.
    #[serde(rename = "QuotaRequestedAtLevel", skip_serializing_if = "Option::is_none")]
    pub quota_requested_at_level: Option<String>,
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

impl Structure for ListRequestedServiceQuotaChangeHistoryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "QuotaRequestedAtLevel" => self.quota_requested_at_level = value.next_value()?,
            "ServiceCode" => self.service_code = value.next_value()?,
            "Status" => self.status = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListRequestedServiceQuotaChangeHistoryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListRequestedServiceQuotaChangeHistoryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
        walk.text("QuotaRequestedAtLevel", self.quota_requested_at_level.as_deref(), &APPLIED_LEVEL_ENUM);
        walk.text("ServiceCode", self.service_code.as_deref(), &SERVICE_CODE);
        walk.text("Status", self.status.as_deref(), &REQUEST_STATUS);
    }
}

/// Shape `ListRequestedServiceQuotaChangeHistoryResponse`.
#[derive(Clone, Serialize)]
pub struct ListRequestedServiceQuotaChangeHistoryResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `RequestedQuotas`.
    #[serde(rename = "RequestedQuotas", skip_serializing_if = "Option::is_none")]
    pub requested_quotas: Option<Vec<RequestedServiceQuotaChange>>,
}

/// Shape `ListServiceQuotasRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListServiceQuotasRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `QuotaAppliedAtLevel`.
    #[serde(rename = "QuotaAppliedAtLevel", skip_serializing_if = "Option::is_none")]
    pub quota_applied_at_level: Option<String>,
    /// Member `QuotaCode`.
    #[serde(rename = "QuotaCode", skip_serializing_if = "Option::is_none")]
    pub quota_code: Option<String>,
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
}

impl Structure for ListServiceQuotasRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "QuotaAppliedAtLevel" => self.quota_applied_at_level = value.next_value()?,
            "QuotaCode" => self.quota_code = value.next_value()?,
            "ServiceCode" => self.service_code = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListServiceQuotasRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListServiceQuotasRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
        walk.text("QuotaAppliedAtLevel", self.quota_applied_at_level.as_deref(), &APPLIED_LEVEL_ENUM);
        walk.text("QuotaCode", self.quota_code.as_deref(), &QUOTA_CODE);
        walk.required("ServiceCode", self.service_code.is_some());
        walk.text("ServiceCode", self.service_code.as_deref(), &SERVICE_CODE);
    }
}

/// Shape `ListServiceQuotasResponse`.
#[derive(Clone, Serialize)]
pub struct ListServiceQuotasResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `Quotas`.
    #[serde(rename = "Quotas", skip_serializing_if = "Option::is_none")]
    pub quotas: Option<Vec<ServiceQuota>>,
}

/// Shape `ListServicesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListServicesRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Structure for ListServicesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListServicesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListServicesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
    }
}

/// Shape `ListServicesResponse`.
#[derive(Clone, Serialize)]
pub struct ListServicesResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `Services`.
    #[serde(rename = "Services", skip_serializing_if = "Option::is_none")]
    pub services: Option<Vec<ServiceInfo>>,
}

/// Shape `MetricInfo`.
#[derive(Clone, Serialize)]
pub struct MetricInfo {
    /// Member `MetricDimensions`.
    #[serde(rename = "MetricDimensions", skip_serializing_if = "Option::is_none")]
    pub metric_dimensions: Option<BTreeMap<String, String>>,
    /// Member `MetricName`.
    #[serde(rename = "MetricName", skip_serializing_if = "Option::is_none")]
    pub metric_name: Option<String>,
    /// Member `MetricNamespace`.
    #[serde(rename = "MetricNamespace", skip_serializing_if = "Option::is_none")]
    pub metric_namespace: Option<String>,
    /// Member `MetricStatisticRecommendation`.
    #[serde(rename = "MetricStatisticRecommendation", skip_serializing_if = "Option::is_none")]
    pub metric_statistic_recommendation: Option<String>,
}

/// Shape `QuotaContextInfo`.
#[derive(Clone, Serialize)]
pub struct QuotaContextInfo {
    /// Member `AdjustableAtLevel`.
    #[serde(rename = "AdjustableAtLevel", skip_serializing_if = "Option::is_none")]
    pub adjustable_at_level: Option<String>,
    /// Member `ContextId`.
    #[serde(rename = "ContextId", skip_serializing_if = "Option::is_none")]
    pub context_id: Option<String>,
    /// Member `ContextScope`.
    #[serde(rename = "ContextScope", skip_serializing_if = "Option::is_none")]
    pub context_scope: Option<String>,
    /// Member `ContextScopeType`.
    #[serde(rename = "ContextScopeType", skip_serializing_if = "Option::is_none")]
    pub context_scope_type: Option<String>,
}

/// Shape `QuotaPeriod`.
#[derive(Clone, Serialize)]
pub struct QuotaPeriod {
    /// Member `PeriodUnit`.
    #[serde(rename = "PeriodUnit", skip_serializing_if = "Option::is_none")]
    pub period_unit: Option<String>,
    /// Member `PeriodValue`.
    #[serde(rename = "PeriodValue", skip_serializing_if = "Option::is_none")]
    pub period_value: Option<i32>,
}

/// Shape `RequestServiceQuotaIncreaseRequest`.
#[derive(Clone, Default, Serialize)]
pub struct RequestServiceQuotaIncreaseRequest {
    /// Member `ContextId`.
    #[serde(rename = "ContextId", skip_serializing_if = "Option::is_none")]
    pub context_id: Option<String>,
    /// Member `DesiredValue`.
    #[serde(rename = "DesiredValue", skip_serializing_if = "Option::is_none")]
    pub desired_value: Option<f64>,
    /// Member `QuotaCode`.
    #[serde(rename = "QuotaCode", skip_serializing_if = "Option::is_none")]
    pub quota_code: Option<String>,
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    /// Member `SupportCaseAllowed`.
    #[serde(rename = "SupportCaseAllowed", skip_serializing_if = "Option::is_none")]
    pub support_case_allowed: Option<bool>,
}

impl Structure for RequestServiceQuotaIncreaseRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ContextId" => self.context_id = value.next_value()?,
            "DesiredValue" => self.desired_value = value.next_value()?,
            "QuotaCode" => self.quota_code = value.next_value()?,
            "ServiceCode" => self.service_code = value.next_value()?,
            "SupportCaseAllowed" => self.support_case_allowed = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for RequestServiceQuotaIncreaseRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for RequestServiceQuotaIncreaseRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("DesiredValue", self.desired_value.is_some());
        walk.real("DesiredValue", self.desired_value, &QUOTA_VALUE);
        walk.required("QuotaCode", self.quota_code.is_some());
        walk.text("QuotaCode", self.quota_code.as_deref(), &QUOTA_CODE);
        walk.required("ServiceCode", self.service_code.is_some());
        walk.text("ServiceCode", self.service_code.as_deref(), &SERVICE_CODE);
    }
}

/// Shape `RequestServiceQuotaIncreaseResponse`.
#[derive(Clone, Serialize)]
pub struct RequestServiceQuotaIncreaseResponse {
    /// Member `RequestedQuota`.
    #[serde(rename = "RequestedQuota", skip_serializing_if = "Option::is_none")]
    pub requested_quota: Option<RequestedServiceQuotaChange>,
}

/// Shape `RequestedServiceQuotaChange`.
#[derive(Clone, Serialize)]
pub struct RequestedServiceQuotaChange {
    /// Member `CaseId`.
    #[serde(rename = "CaseId", skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// Member `Created`.
    #[serde(rename = "Created", skip_serializing_if = "Option::is_none")]
    pub created: Option<f64>,
    /// Member `DesiredValue`.
    #[serde(rename = "DesiredValue", skip_serializing_if = "Option::is_none")]
    pub desired_value: Option<f64>,
    /// Member `GlobalQuota`.
    #[serde(rename = "GlobalQuota", skip_serializing_if = "Option::is_none")]
    pub global_quota: Option<bool>,
    /// Member `Id`.
    #[serde(rename = "Id", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Member `LastUpdated`.
    #[serde(rename = "LastUpdated", skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<f64>,
    /// Member `QuotaArn`.
    #[serde(rename = "QuotaArn", skip_serializing_if = "Option::is_none")]
    pub quota_arn: Option<String>,
    /// Member `QuotaCode`.
    #[serde(rename = "QuotaCode", skip_serializing_if = "Option::is_none")]
    pub quota_code: Option<String>,
    /// Member `QuotaContext`.
    #[serde(rename = "QuotaContext", skip_serializing_if = "Option::is_none")]
    pub quota_context: Option<QuotaContextInfo>,
    /// Member `QuotaName`.
    #[serde(rename = "QuotaName", skip_serializing_if = "Option::is_none")]
    pub quota_name: Option<String>,
    /// Member `QuotaRequestedAtLevel`.
    #[serde(rename = "QuotaRequestedAtLevel", skip_serializing_if = "Option::is_none")]
    pub quota_requested_at_level: Option<String>,
    /// Member `RequestType`.
    #[serde(rename = "RequestType", skip_serializing_if = "Option::is_none")]
    pub request_type: Option<String>,
    /// Member `Requester`.
    #[serde(rename = "Requester", skip_serializing_if = "Option::is_none")]
    pub requester: Option<String>,
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    /// Member `ServiceName`.
    #[serde(rename = "ServiceName", skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `Unit`.
    #[serde(rename = "Unit", skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// Shape `ServiceInfo`.
#[derive(Clone, Serialize)]
pub struct ServiceInfo {
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    /// Member `ServiceName`.
    #[serde(rename = "ServiceName", skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
}

/// Shape `ServiceQuota`.
#[derive(Clone, Serialize)]
pub struct ServiceQuota {
    /// Member `Adjustable`.
    #[serde(rename = "Adjustable", skip_serializing_if = "Option::is_none")]
    pub adjustable: Option<bool>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `ErrorReason`.
    #[serde(rename = "ErrorReason", skip_serializing_if = "Option::is_none")]
    pub error_reason: Option<ErrorReason>,
    /// Member `GlobalQuota`.
    #[serde(rename = "GlobalQuota", skip_serializing_if = "Option::is_none")]
    pub global_quota: Option<bool>,
    /// Member `Period`.
    #[serde(rename = "Period", skip_serializing_if = "Option::is_none")]
    pub period: Option<QuotaPeriod>,
    /// Member `QuotaAppliedAtLevel`.
    #[serde(rename = "QuotaAppliedAtLevel", skip_serializing_if = "Option::is_none")]
    pub quota_applied_at_level: Option<String>,
    /// Member `QuotaArn`.
    #[serde(rename = "QuotaArn", skip_serializing_if = "Option::is_none")]
    pub quota_arn: Option<String>,
    /// Member `QuotaCode`.
    #[serde(rename = "QuotaCode", skip_serializing_if = "Option::is_none")]
    pub quota_code: Option<String>,
    /// Member `QuotaContext`.
    #[serde(rename = "QuotaContext", skip_serializing_if = "Option::is_none")]
    pub quota_context: Option<QuotaContextInfo>,
    /// Member `QuotaName`.
    #[serde(rename = "QuotaName", skip_serializing_if = "Option::is_none")]
    pub quota_name: Option<String>,
    /// Member `ServiceCode`.
    #[serde(rename = "ServiceCode", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    /// Member `ServiceName`.
    #[serde(rename = "ServiceName", skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// Member `Unit`.
    #[serde(rename = "Unit", skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Member `UsageMetric`.
    #[serde(rename = "UsageMetric", skip_serializing_if = "Option::is_none")]
    pub usage_metric: Option<MetricInfo>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

/// Constraints of `AppliedLevelEnum`.
pub static APPLIED_LEVEL_ENUM: Rule =
    Rule { min: None, max: None, pattern: None, values: &["ACCOUNT", "RESOURCE", "ALL"], sensitive: false };

/// Constraints of `MaxResults`.
pub static MAX_RESULTS: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `NextToken`.
pub static NEXT_TOKEN: Rule =
    Rule { min: None, max: Some(2048), pattern: Some(Pattern::new("^[a-zA-Z0-9/+]*={0,2}$")), values: &[], sensitive: false };

/// Constraints of `QuotaCode`.
pub static QUOTA_CODE: Rule = Rule {
    min: Some(1),
    max: Some(128),
    pattern: Some(Pattern::new("[a-zA-Z][a-zA-Z0-9-]{1,128}")),
    values: &[],
    sensitive: false,
};

/// Constraints of `QuotaValue`.
pub static QUOTA_VALUE: Rule = Rule { min: Some(0), max: Some(10000000000), pattern: None, values: &[], sensitive: false };

/// Constraints of `RequestId`.
pub static REQUEST_ID: Rule = Rule {
    min: Some(1),
    max: Some(128),
    pattern: Some(Pattern::new("[0-9a-zA-Z][a-zA-Z0-9-]{1,128}")),
    values: &[],
    sensitive: false,
};

/// Constraints of `RequestStatus`.
pub static REQUEST_STATUS: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["PENDING", "CASE_OPENED", "APPROVED", "DENIED", "CASE_CLOSED", "NOT_APPROVED", "INVALID_REQUEST"],
    sensitive: false,
};

/// Constraints of `ServiceCode`.
pub static SERVICE_CODE: Rule =
    Rule { min: Some(1), max: Some(63), pattern: Some(Pattern::new("[a-zA-Z][a-zA-Z0-9-]{1,63}")), values: &[], sensitive: false };

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] =
    &[&APPLIED_LEVEL_ENUM, &MAX_RESULTS, &NEXT_TOKEN, &QUOTA_CODE, &QUOTA_VALUE, &REQUEST_ID, &REQUEST_STATUS, &SERVICE_CODE];
