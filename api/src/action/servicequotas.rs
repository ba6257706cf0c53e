//! What each operation of Service Quotas needs, and on what.
//! Never asks for it: the operation does. Source of truth: Service Authorization Reference, "Actions, resources, and condition keys for Service Quotas".

use super::{Kind, Row};

const QUOTA: Kind = Kind { name: "quota", arn: "arn:aws:servicequotas:${Region}:${Account}:${ServiceCode}/${QuotaCode}" };

/// By name.
pub const ROWS: &[Row] = &[
    Row::new("GetAWSDefaultServiceQuota", &[]),
    Row::new("GetRequestedServiceQuotaChange", &[]),
    Row::new("GetServiceQuota", &[]),
    Row::new("ListAWSDefaultServiceQuotas", &[]),
    Row::new("ListRequestedServiceQuotaChangeHistory", &[]),
    Row::new("ListRequestedServiceQuotaChangeHistoryByQuota", &[]),
    Row::new("ListServiceQuotas", &[]),
    Row::new("ListServices", &[]),
    Row::new("ListTagsForResource", &[]),
    Row::new("RequestServiceQuotaIncrease", &[QUOTA]).keys(&["servicequotas:service"]),
    Row::new("TagResource", &[]),
    Row::new("UntagResource", &[]),
];
