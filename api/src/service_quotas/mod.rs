//! Service Quotas: one file for each operation. The only service with quotas here is App Runner; what AWS would raise is raised at once.
//! Never counts anything. Source of truth: the Service Quotas API reference; `model::quota` for names, values and codes.

pub mod get_aws_default_service_quota;
pub mod get_requested_service_quota_change;
pub mod get_service_quota;
pub mod list_aws_default_service_quotas;
pub mod list_requested_service_quota_change_history;
pub mod list_service_quotas;
pub mod list_services;
pub mod request_service_quota_increase;

mod change;
mod quota;

use crate::{answer::encode, call::Call, fault::Wrong, shape::service_quotas::ServiceQuotasOperation};
use bytes::Bytes;

/// Answers an operation of Service Quotas.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: ServiceQuotasOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        ServiceQuotasOperation::GetAWSDefaultServiceQuota => encode(call, &get_aws_default_service_quota::answer(call).await?),
        ServiceQuotasOperation::GetRequestedServiceQuotaChange => {
            encode(call, &get_requested_service_quota_change::answer(call).await?)
        }
        ServiceQuotasOperation::GetServiceQuota => encode(call, &get_service_quota::answer(call).await?),
        ServiceQuotasOperation::ListAWSDefaultServiceQuotas => encode(call, &list_aws_default_service_quotas::answer(call).await?),
        ServiceQuotasOperation::ListRequestedServiceQuotaChangeHistory => {
            encode(call, &list_requested_service_quota_change_history::answer(call).await?)
        }
        ServiceQuotasOperation::ListServiceQuotas => encode(call, &list_service_quotas::answer(call).await?),
        ServiceQuotasOperation::ListServices => encode(call, &list_services::answer(call).await?),
        ServiceQuotasOperation::RequestServiceQuotaIncrease => encode(call, &request_service_quota_increase::answer(call).await?),
    })
}
