//! CloudWatch Logs: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/logs.json`.

use super::{Declared, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use crate::pattern::Pattern;
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};
use std::collections::BTreeMap;

/// An operation of CloudWatch Logs that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogsOperation {
    /// `CreateLogGroup`.
    CreateLogGroup,
    /// `CreateLogStream`.
    CreateLogStream,
    /// `DeleteLogGroup`.
    DeleteLogGroup,
    /// `DeleteLogStream`.
    DeleteLogStream,
    /// `DeleteRetentionPolicy`.
    DeleteRetentionPolicy,
    /// `DescribeLogGroups`.
    DescribeLogGroups,
    /// `DescribeLogStreams`.
    DescribeLogStreams,
    /// `FilterLogEvents`.
    FilterLogEvents,
    /// `GetLogEvents`.
    GetLogEvents,
    /// `ListTagsForResource`.
    ListTagsForResource,
    /// `PutLogEvents`.
    PutLogEvents,
    /// `PutRetentionPolicy`.
    PutRetentionPolicy,
}

impl LogsOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::CreateLogGroup,
        Self::CreateLogStream,
        Self::DeleteLogGroup,
        Self::DeleteLogStream,
        Self::DeleteRetentionPolicy,
        Self::DescribeLogGroups,
        Self::DescribeLogStreams,
        Self::FilterLogEvents,
        Self::GetLogEvents,
        Self::ListTagsForResource,
        Self::PutLogEvents,
        Self::PutRetentionPolicy,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::CreateLogGroup => &CREATE_LOG_GROUP,
            Self::CreateLogStream => &CREATE_LOG_STREAM,
            Self::DeleteLogGroup => &DELETE_LOG_GROUP,
            Self::DeleteLogStream => &DELETE_LOG_STREAM,
            Self::DeleteRetentionPolicy => &DELETE_RETENTION_POLICY,
            Self::DescribeLogGroups => &DESCRIBE_LOG_GROUPS,
            Self::DescribeLogStreams => &DESCRIBE_LOG_STREAMS,
            Self::FilterLogEvents => &FILTER_LOG_EVENTS,
            Self::GetLogEvents => &GET_LOG_EVENTS,
            Self::ListTagsForResource => &LIST_TAGS_FOR_RESOURCE,
            Self::PutLogEvents => &PUT_LOG_EVENTS,
            Self::PutRetentionPolicy => &PUT_RETENTION_POLICY,
        }
    }
}

/// `CreateLogGroup` and the faults that it declares.
pub const CREATE_LOG_GROUP: Operation = Operation {
    name: "CreateLogGroup",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        RESOURCE_ALREADY_EXISTS_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        OPERATION_ABORTED_EXCEPTION,
        SERVICE_UNAVAILABLE_EXCEPTION,
    ],
};

/// `CreateLogStream` and the faults that it declares.
pub const CREATE_LOG_STREAM: Operation = Operation {
    name: "CreateLogStream",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        RESOURCE_ALREADY_EXISTS_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        SERVICE_UNAVAILABLE_EXCEPTION,
    ],
};

/// `DeleteLogGroup` and the faults that it declares.
pub const DELETE_LOG_GROUP: Operation = Operation {
    name: "DeleteLogGroup",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        OPERATION_ABORTED_EXCEPTION,
        SERVICE_UNAVAILABLE_EXCEPTION,
        VALIDATION_EXCEPTION,
    ],
};

/// `DeleteLogStream` and the faults that it declares.
pub const DELETE_LOG_STREAM: Operation = Operation {
    name: "DeleteLogStream",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        OPERATION_ABORTED_EXCEPTION,
        SERVICE_UNAVAILABLE_EXCEPTION,
        VALIDATION_EXCEPTION,
    ],
};

/// `DeleteRetentionPolicy` and the faults that it declares.
pub const DELETE_RETENTION_POLICY: Operation = Operation {
    name: "DeleteRetentionPolicy",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        OPERATION_ABORTED_EXCEPTION,
        SERVICE_UNAVAILABLE_EXCEPTION,
    ],
};

/// `DescribeLogGroups` and the faults that it declares.
pub const DESCRIBE_LOG_GROUPS: Operation =
    Operation { name: "DescribeLogGroups", faults: &[INVALID_PARAMETER_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION] };

/// `DescribeLogStreams` and the faults that it declares.
pub const DESCRIBE_LOG_STREAMS: Operation = Operation {
    name: "DescribeLogStreams",
    faults: &[INVALID_PARAMETER_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION],
};

/// `FilterLogEvents` and the faults that it declares.
pub const FILTER_LOG_EVENTS: Operation = Operation {
    name: "FilterLogEvents",
    faults: &[INVALID_PARAMETER_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION],
};

/// `GetLogEvents` and the faults that it declares.
pub const GET_LOG_EVENTS: Operation = Operation {
    name: "GetLogEvents",
    faults: &[INVALID_PARAMETER_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION],
};

/// `ListTagsForResource` and the faults that it declares.
pub const LIST_TAGS_FOR_RESOURCE: Operation = Operation {
    name: "ListTagsForResource",
    faults: &[INVALID_PARAMETER_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION],
};

/// `PutLogEvents` and the faults that it declares.
pub const PUT_LOG_EVENTS: Operation = Operation {
    name: "PutLogEvents",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        INVALID_SEQUENCE_TOKEN_EXCEPTION,
        DATA_ALREADY_ACCEPTED_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        SERVICE_UNAVAILABLE_EXCEPTION,
        UNRECOGNIZED_CLIENT_EXCEPTION,
    ],
};

/// `PutRetentionPolicy` and the faults that it declares.
pub const PUT_RETENTION_POLICY: Operation = Operation {
    name: "PutRetentionPolicy",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        OPERATION_ABORTED_EXCEPTION,
        SERVICE_UNAVAILABLE_EXCEPTION,
    ],
};

/// Fault `DataAlreadyAcceptedException`.
pub const DATA_ALREADY_ACCEPTED_EXCEPTION: Declared = Declared { code: "DataAlreadyAcceptedException", status: 400 };

/// Fault `InvalidParameterException`.
pub const INVALID_PARAMETER_EXCEPTION: Declared = Declared { code: "InvalidParameterException", status: 400 };

/// Fault `InvalidSequenceTokenException`.
pub const INVALID_SEQUENCE_TOKEN_EXCEPTION: Declared = Declared { code: "InvalidSequenceTokenException", status: 400 };

/// Fault `LimitExceededException`.
pub const LIMIT_EXCEEDED_EXCEPTION: Declared = Declared { code: "LimitExceededException", status: 400 };

/// Fault `OperationAbortedException`.
pub const OPERATION_ABORTED_EXCEPTION: Declared = Declared { code: "OperationAbortedException", status: 400 };

/// Fault `ResourceAlreadyExistsException`.
pub const RESOURCE_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "ResourceAlreadyExistsException", status: 400 };

/// Fault `ResourceNotFoundException`.
pub const RESOURCE_NOT_FOUND_EXCEPTION: Declared = Declared { code: "ResourceNotFoundException", status: 400 };

/// Fault `ServiceUnavailableException`.
pub const SERVICE_UNAVAILABLE_EXCEPTION: Declared = Declared { code: "ServiceUnavailableException", status: 500 };

/// Fault `UnrecognizedClientException`.
pub const UNRECOGNIZED_CLIENT_EXCEPTION: Declared = Declared { code: "UnrecognizedClientException", status: 400 };

/// Fault `ValidationException`.
pub const VALIDATION_EXCEPTION: Declared = Declared { code: "ValidationException", status: 400 };

/// Shape `CreateLogGroupRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateLogGroupRequest {
    /// Member `deletionProtectionEnabled`.
    #[serde(rename = "deletionProtectionEnabled", skip_serializing_if = "Option::is_none")]
    pub deletion_protection_enabled: Option<bool>,
    /// Member `kmsKeyId`.
    #[serde(rename = "kmsKeyId", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Member `logGroupClass`.
    #[serde(rename = "logGroupClass", skip_serializing_if = "Option::is_none")]
    pub log_group_class: Option<String>,
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `tags`.
    #[serde(rename = "tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

impl Structure for CreateLogGroupRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "deletionProtectionEnabled" => self.deletion_protection_enabled = value.next_value()?,
            "kmsKeyId" => self.kms_key_id = value.next_value()?,
            "logGroupClass" => self.log_group_class = value.next_value()?,
            "logGroupName" => self.log_group_name = value.next_value()?,
            "tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateLogGroupRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateLogGroupRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("kmsKeyId", self.kms_key_id.as_deref(), &KMS_KEY_ID);
        walk.text("logGroupClass", self.log_group_class.as_deref(), &LOG_GROUP_CLASS);
        walk.required("logGroupName", self.log_group_name.is_some());
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.map("tags", self.tags.as_ref(), &TAG_KEY, &TAG_VALUE);
    }
}

/// Shape `CreateLogStreamRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateLogStreamRequest {
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `logStreamName`.
    #[serde(rename = "logStreamName", skip_serializing_if = "Option::is_none")]
    pub log_stream_name: Option<String>,
}

impl Structure for CreateLogStreamRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "logGroupName" => self.log_group_name = value.next_value()?,
            "logStreamName" => self.log_stream_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateLogStreamRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateLogStreamRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("logGroupName", self.log_group_name.is_some());
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.required("logStreamName", self.log_stream_name.is_some());
        walk.text("logStreamName", self.log_stream_name.as_deref(), &LOG_STREAM_NAME);
    }
}

/// Shape `DeleteLogGroupRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteLogGroupRequest {
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
}

impl Structure for DeleteLogGroupRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "logGroupName" => self.log_group_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteLogGroupRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteLogGroupRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("logGroupName", self.log_group_name.is_some());
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
    }
}

/// Shape `DeleteLogStreamRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteLogStreamRequest {
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `logStreamName`.
    #[serde(rename = "logStreamName", skip_serializing_if = "Option::is_none")]
    pub log_stream_name: Option<String>,
}

impl Structure for DeleteLogStreamRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "logGroupName" => self.log_group_name = value.next_value()?,
            "logStreamName" => self.log_stream_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteLogStreamRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteLogStreamRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("logGroupName", self.log_group_name.is_some());
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.required("logStreamName", self.log_stream_name.is_some());
        walk.text("logStreamName", self.log_stream_name.as_deref(), &LOG_STREAM_NAME);
    }
}

/// Shape `DeleteRetentionPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteRetentionPolicyRequest {
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
}

impl Structure for DeleteRetentionPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "logGroupName" => self.log_group_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteRetentionPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteRetentionPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("logGroupName", self.log_group_name.is_some());
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
    }
}

/// Shape `DescribeLogGroupsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeLogGroupsRequest {
    /// Member `accountIdentifiers`.
    #[serde(rename = "accountIdentifiers", skip_serializing_if = "Option::is_none")]
    pub account_identifiers: Option<Vec<String>>,
    /// Member `includeLinkedAccounts`.
    #[serde(rename = "includeLinkedAccounts", skip_serializing_if = "Option::is_none")]
    pub include_linked_accounts: Option<bool>,
    /// Member `limit`.
    #[serde(rename = "limit", skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    /// Member `logGroupClass`.
    #[serde(rename = "logGroupClass", skip_serializing_if = "Option::is_none")]
    pub log_group_class: Option<String>,
    /// Member `logGroupIdentifiers`.
    #[serde(rename = "logGroupIdentifiers", skip_serializing_if = "Option::is_none")]
    pub log_group_identifiers: Option<Vec<String>>,
    /// Member `logGroupNamePattern`.
    #[serde(rename = "logGroupNamePattern", skip_serializing_if = "Option::is_none")]
    pub log_group_name_pattern: Option<String>,
    /// Member `logGroupNamePrefix`.
    #[serde(rename = "logGroupNamePrefix", skip_serializing_if = "Option::is_none")]
    pub log_group_name_prefix: Option<String>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Structure for DescribeLogGroupsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "accountIdentifiers" => self.account_identifiers = value.next_value()?,
            "includeLinkedAccounts" => self.include_linked_accounts = value.next_value()?,
            "limit" => self.limit = value.next_value()?,
            "logGroupClass" => self.log_group_class = value.next_value()?,
            "logGroupIdentifiers" => self.log_group_identifiers = value.next_value()?,
            "logGroupNamePattern" => self.log_group_name_pattern = value.next_value()?,
            "logGroupNamePrefix" => self.log_group_name_prefix = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeLogGroupsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeLogGroupsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.texts("accountIdentifiers", self.account_identifiers.as_deref(), Some(&ACCOUNT_IDS), &ACCOUNT_ID);
        walk.number("limit", self.limit, &DESCRIBE_LIMIT);
        walk.text("logGroupClass", self.log_group_class.as_deref(), &LOG_GROUP_CLASS);
        walk.texts(
            "logGroupIdentifiers",
            self.log_group_identifiers.as_deref(),
            Some(&DESCRIBE_LOG_GROUPS_LOG_GROUP_IDENTIFIERS),
            &LOG_GROUP_IDENTIFIER,
        );
        walk.text("logGroupNamePattern", self.log_group_name_pattern.as_deref(), &LOG_GROUP_NAME_PATTERN);
        walk.text("logGroupNamePrefix", self.log_group_name_prefix.as_deref(), &LOG_GROUP_NAME);
        walk.text("nextToken", self.next_token.as_deref(), &NEXT_TOKEN);
    }
}

/// Shape `DescribeLogGroupsResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeLogGroupsResponse {
    /// Member `logGroups`.
    #[serde(rename = "logGroups", skip_serializing_if = "Option::is_none")]
    pub log_groups: Option<Vec<LogGroup>>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Shape `DescribeLogStreamsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeLogStreamsRequest {
    /// Member `descending`.
    #[serde(rename = "descending", skip_serializing_if = "Option::is_none")]
    pub descending: Option<bool>,
    /// Member `limit`.
    #[serde(rename = "limit", skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    /// Member `logGroupIdentifier`.
    #[serde(rename = "logGroupIdentifier", skip_serializing_if = "Option::is_none")]
    pub log_group_identifier: Option<String>,
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `logStreamNamePrefix`.
    #[serde(rename = "logStreamNamePrefix", skip_serializing_if = "Option::is_none")]
    pub log_stream_name_prefix: Option<String>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `orderBy`.
    #[serde(rename = "orderBy", skip_serializing_if = "Option::is_none")]
    pub order_by: Option<String>,
}

impl Structure for DescribeLogStreamsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "descending" => self.descending = value.next_value()?,
            "limit" => self.limit = value.next_value()?,
            "logGroupIdentifier" => self.log_group_identifier = value.next_value()?,
            "logGroupName" => self.log_group_name = value.next_value()?,
            "logStreamNamePrefix" => self.log_stream_name_prefix = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "orderBy" => self.order_by = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeLogStreamsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeLogStreamsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("limit", self.limit, &DESCRIBE_LIMIT);
        walk.text("logGroupIdentifier", self.log_group_identifier.as_deref(), &LOG_GROUP_IDENTIFIER);
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.text("logStreamNamePrefix", self.log_stream_name_prefix.as_deref(), &LOG_STREAM_NAME);
        walk.text("nextToken", self.next_token.as_deref(), &NEXT_TOKEN);
        walk.text("orderBy", self.order_by.as_deref(), &ORDER_BY);
    }
}

/// Shape `DescribeLogStreamsResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeLogStreamsResponse {
    /// Member `logStreams`.
    #[serde(rename = "logStreams", skip_serializing_if = "Option::is_none")]
    pub log_streams: Option<Vec<LogStream>>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Shape `Entity`.
#[derive(Clone, Default, Serialize)]
pub struct Entity {
    /// Member `attributes`.
    #[serde(rename = "attributes", skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BTreeMap<String, String>>,
    /// Member `keyAttributes`.
    #[serde(rename = "keyAttributes", skip_serializing_if = "Option::is_none")]
    pub key_attributes: Option<BTreeMap<String, String>>,
}

impl Structure for Entity {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "attributes" => self.attributes = value.next_value()?,
            "keyAttributes" => self.key_attributes = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for Entity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for Entity {
    fn check(&self, walk: &mut Walk) {
        walk.map("attributes", self.attributes.as_ref(), &ENTITY_ATTRIBUTES_KEY, &ENTITY_ATTRIBUTES_VALUE);
        walk.map("keyAttributes", self.key_attributes.as_ref(), &ENTITY_KEY_ATTRIBUTES_KEY, &ENTITY_KEY_ATTRIBUTES_VALUE);
    }
}

/// Shape `FilterLogEventsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct FilterLogEventsRequest {
    /// Member `endTime`.
    #[serde(rename = "endTime", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<i64>,
    /// Member `filterPattern`.
    #[serde(rename = "filterPattern", skip_serializing_if = "Option::is_none")]
    pub filter_pattern: Option<String>,
    /// Member `interleaved`.
    #[serde(rename = "interleaved", skip_serializing_if = "Option::is_none")]
    pub interleaved: Option<bool>,
    /// Member `limit`.
    #[serde(rename = "limit", skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    /// Member `logGroupIdentifier`.
    #[serde(rename = "logGroupIdentifier", skip_serializing_if = "Option::is_none")]
    pub log_group_identifier: Option<String>,
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `logStreamNamePrefix`.
    #[serde(rename = "logStreamNamePrefix", skip_serializing_if = "Option::is_none")]
    pub log_stream_name_prefix: Option<String>,
    /// Member `logStreamNames`.
    #[serde(rename = "logStreamNames", skip_serializing_if = "Option::is_none")]
    pub log_stream_names: Option<Vec<String>>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `startFromHead`.
    #[serde(rename = "startFromHead", skip_serializing_if = "Option::is_none")]
    pub start_from_head: Option<bool>,
    /// Member `startTime`.
    #[serde(rename = "startTime", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<i64>,
    /// Member `unmask`.
    #[serde(rename = "unmask", skip_serializing_if = "Option::is_none")]
    pub unmask: Option<bool>,
}

impl Structure for FilterLogEventsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "endTime" => self.end_time = value.next_value()?,
            "filterPattern" => self.filter_pattern = value.next_value()?,
            "interleaved" => self.interleaved = value.next_value()?,
            "limit" => self.limit = value.next_value()?,
            "logGroupIdentifier" => self.log_group_identifier = value.next_value()?,
            "logGroupName" => self.log_group_name = value.next_value()?,
            "logStreamNamePrefix" => self.log_stream_name_prefix = value.next_value()?,
            "logStreamNames" => self.log_stream_names = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "startFromHead" => self.start_from_head = value.next_value()?,
            "startTime" => self.start_time = value.next_value()?,
            "unmask" => self.unmask = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for FilterLogEventsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for FilterLogEventsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("endTime", self.end_time, &TIMESTAMP);
        walk.text("filterPattern", self.filter_pattern.as_deref(), &FILTER_PATTERN);
        walk.number("limit", self.limit, &EVENTS_LIMIT);
        walk.text("logGroupIdentifier", self.log_group_identifier.as_deref(), &LOG_GROUP_IDENTIFIER);
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.text("logStreamNamePrefix", self.log_stream_name_prefix.as_deref(), &LOG_STREAM_NAME);
        walk.texts("logStreamNames", self.log_stream_names.as_deref(), Some(&INPUT_LOG_STREAM_NAMES), &LOG_STREAM_NAME);
        walk.text("nextToken", self.next_token.as_deref(), &NEXT_TOKEN);
        walk.number("startTime", self.start_time, &TIMESTAMP);
    }
}

/// Shape `FilterLogEventsResponse`.
#[derive(Clone, Serialize)]
pub struct FilterLogEventsResponse {
    /// Member `events`.
    #[serde(rename = "events", skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<FilteredLogEvent>>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `searchedLogStreams`.
    #[serde(rename = "searchedLogStreams", skip_serializing_if = "Option::is_none")]
    pub searched_log_streams: Option<Vec<SearchedLogStream>>,
}

/// Shape `FilteredLogEvent`.
#[derive(Clone, Serialize)]
pub struct FilteredLogEvent {
    /// Member `eventId`.
    #[serde(rename = "eventId", skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Member `ingestionTime`.
    #[serde(rename = "ingestionTime", skip_serializing_if = "Option::is_none")]
    pub ingestion_time: Option<i64>,
    /// Member `logStreamName`.
    #[serde(rename = "logStreamName", skip_serializing_if = "Option::is_none")]
    pub log_stream_name: Option<String>,
    /// Member `message`.
    #[serde(rename = "message", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Member `timestamp`.
    #[serde(rename = "timestamp", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

/// Shape `GetLogEventsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetLogEventsRequest {
    /// Member `endTime`.
    #[serde(rename = "endTime", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<i64>,
    /// Member `limit`.
    #[serde(rename = "limit", skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    /// Member `logGroupIdentifier`.
    #[serde(rename = "logGroupIdentifier", skip_serializing_if = "Option::is_none")]
    pub log_group_identifier: Option<String>,
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `logStreamName`.
    #[serde(rename = "logStreamName", skip_serializing_if = "Option::is_none")]
    pub log_stream_name: Option<String>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `startFromHead`.
    #[serde(rename = "startFromHead", skip_serializing_if = "Option::is_none")]
    pub start_from_head: Option<bool>,
    /// Member `startTime`.
    #[serde(rename = "startTime", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<i64>,
    /// Member `unmask`.
    #[serde(rename = "unmask", skip_serializing_if = "Option::is_none")]
    pub unmask: Option<bool>,
}

impl Structure for GetLogEventsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "endTime" => self.end_time = value.next_value()?,
            "limit" => self.limit = value.next_value()?,
            "logGroupIdentifier" => self.log_group_identifier = value.next_value()?,
            "logGroupName" => self.log_group_name = value.next_value()?,
            "logStreamName" => self.log_stream_name = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "startFromHead" => self.start_from_head = value.next_value()?,
            "startTime" => self.start_time = value.next_value()?,
            "unmask" => self.unmask = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetLogEventsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetLogEventsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("endTime", self.end_time, &TIMESTAMP);
        walk.number("limit", self.limit, &EVENTS_LIMIT);
        walk.text("logGroupIdentifier", self.log_group_identifier.as_deref(), &LOG_GROUP_IDENTIFIER);
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.required("logStreamName", self.log_stream_name.is_some());
        walk.text("logStreamName", self.log_stream_name.as_deref(), &LOG_STREAM_NAME);
        walk.text("nextToken", self.next_token.as_deref(), &NEXT_TOKEN);
        walk.number("startTime", self.start_time, &TIMESTAMP);
    }
}

/// Shape `GetLogEventsResponse`.
#[derive(Clone, Serialize)]
pub struct GetLogEventsResponse {
    /// Member `events`.
    #[serde(rename = "events", skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<OutputLogEvent>>,
    /// Member `nextBackwardToken`.
    #[serde(rename = "nextBackwardToken", skip_serializing_if = "Option::is_none")]
    pub next_backward_token: Option<String>,
    /// Member `nextForwardToken`.
    #[serde(rename = "nextForwardToken", skip_serializing_if = "Option::is_none")]
    pub next_forward_token: Option<String>,
}

/// Shape `InputLogEvent`.
#[derive(Clone, Default, Serialize)]
pub struct InputLogEvent {
    /// Member `message`.
    #[serde(rename = "message", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Member `timestamp`.
    #[serde(rename = "timestamp", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

impl Structure for InputLogEvent {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "message" => self.message = value.next_value()?,
            "timestamp" => self.timestamp = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for InputLogEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for InputLogEvent {
    fn check(&self, walk: &mut Walk) {
        walk.required("message", self.message.is_some());
        walk.text("message", self.message.as_deref(), &EVENT_MESSAGE);
        walk.required("timestamp", self.timestamp.is_some());
        walk.number("timestamp", self.timestamp, &TIMESTAMP);
    }
}

/// Shape `ListTagsForResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListTagsForResourceRequest {
    /// Member `resourceArn`.
    #[serde(rename = "resourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
}

impl Structure for ListTagsForResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "resourceArn" => self.resource_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListTagsForResourceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListTagsForResourceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("resourceArn", self.resource_arn.is_some());
        walk.text("resourceArn", self.resource_arn.as_deref(), &AMAZON_RESOURCE_NAME);
    }
}

/// Shape `ListTagsForResourceResponse`.
#[derive(Clone, Serialize)]
pub struct ListTagsForResourceResponse {
    /// Member `tags`.
    #[serde(rename = "tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// Shape `LogGroup`.
#[derive(Clone, Serialize)]
pub struct LogGroup {
    /// Member `arn`.
    #[serde(rename = "arn", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `bearerTokenAuthenticationEnabled`.
    #[serde(rename = "bearerTokenAuthenticationEnabled", skip_serializing_if = "Option::is_none")]
    pub bearer_token_authentication_enabled: Option<bool>,
    /// Member `creationTime`.
    #[serde(rename = "creationTime", skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<i64>,
    /// Member `dataProtectionStatus`.
    #[serde(rename = "dataProtectionStatus", skip_serializing_if = "Option::is_none")]
    pub data_protection_status: Option<String>,
    /// Member `deletionProtectionEnabled`.
    #[serde(rename = "deletionProtectionEnabled", skip_serializing_if = "Option::is_none")]
    pub deletion_protection_enabled: Option<bool>,
    /// Member `inheritedProperties`.
    #[serde(rename = "inheritedProperties", skip_serializing_if = "Option::is_none")]
    pub inherited_properties: Option<Vec<String>>,
    /// Member `kmsKeyId`.
    #[serde(rename = "kmsKeyId", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Member `logGroupArn`.
    #[serde(rename = "logGroupArn", skip_serializing_if = "Option::is_none")]
    pub log_group_arn: Option<String>,
    /// Member `logGroupClass`.
    #[serde(rename = "logGroupClass", skip_serializing_if = "Option::is_none")]
    pub log_group_class: Option<String>,
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `metricFilterCount`.
    #[serde(rename = "metricFilterCount", skip_serializing_if = "Option::is_none")]
    pub metric_filter_count: Option<i32>,
    /// Member `retentionInDays`.
    #[serde(rename = "retentionInDays", skip_serializing_if = "Option::is_none")]
    pub retention_in_days: Option<i32>,
    /// Member `retentionPolicyName`.
    #[serde(rename = "retentionPolicyName", skip_serializing_if = "Option::is_none")]
    pub retention_policy_name: Option<String>,
    /// Member `storedBytes`.
    #[serde(rename = "storedBytes", skip_serializing_if = "Option::is_none")]
    pub stored_bytes: Option<i64>,
}

/// Shape `LogStream`.
#[derive(Clone, Serialize)]
pub struct LogStream {
    /// Member `arn`.
    #[serde(rename = "arn", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `creationTime`.
    #[serde(rename = "creationTime", skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<i64>,
    /// Member `firstEventTimestamp`.
    #[serde(rename = "firstEventTimestamp", skip_serializing_if = "Option::is_none")]
    pub first_event_timestamp: Option<i64>,
    /// Member `lastEventTimestamp`.
    #[serde(rename = "lastEventTimestamp", skip_serializing_if = "Option::is_none")]
    pub last_event_timestamp: Option<i64>,
    /// Member `lastIngestionTime`.
    #[serde(rename = "lastIngestionTime", skip_serializing_if = "Option::is_none")]
    pub last_ingestion_time: Option<i64>,
    /// Member `logStreamName`.
    #[serde(rename = "logStreamName", skip_serializing_if = "Option::is_none")]
    pub log_stream_name: Option<String>,
    /// Member `storedBytes`.
    #[serde(rename = "storedBytes", skip_serializing_if = "Option::is_none")]
    pub stored_bytes: Option<i64>,
    /// Member `uploadSequenceToken`.
    #[serde(rename = "uploadSequenceToken", skip_serializing_if = "Option::is_none")]
    pub upload_sequence_token: Option<String>,
}

/// Shape `OutputLogEvent`.
#[derive(Clone, Serialize)]
pub struct OutputLogEvent {
    /// Member `ingestionTime`.
    #[serde(rename = "ingestionTime", skip_serializing_if = "Option::is_none")]
    pub ingestion_time: Option<i64>,
    /// Member `message`.
    #[serde(rename = "message", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Member `timestamp`.
    #[serde(rename = "timestamp", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

/// Shape `PutLogEventsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutLogEventsRequest {
    /// Member `entity`.
    #[serde(rename = "entity", skip_serializing_if = "Option::is_none")]
    pub entity: Option<Entity>,
    /// Member `logEvents`.
    #[serde(rename = "logEvents", skip_serializing_if = "Option::is_none")]
    pub log_events: Option<Vec<InputLogEvent>>,
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `logStreamName`.
    #[serde(rename = "logStreamName", skip_serializing_if = "Option::is_none")]
    pub log_stream_name: Option<String>,
    /// Member `sequenceToken`.
    #[serde(rename = "sequenceToken", skip_serializing_if = "Option::is_none")]
    pub sequence_token: Option<String>,
}

impl Structure for PutLogEventsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "entity" => self.entity = value.next_value()?,
            "logEvents" => self.log_events = value.next_value()?,
            "logGroupName" => self.log_group_name = value.next_value()?,
            "logStreamName" => self.log_stream_name = value.next_value()?,
            "sequenceToken" => self.sequence_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutLogEventsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutLogEventsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.nested("entity", self.entity.as_ref());
        walk.required("logEvents", self.log_events.is_some());
        walk.structures("logEvents", self.log_events.as_deref(), Some(&INPUT_LOG_EVENTS));
        walk.required("logGroupName", self.log_group_name.is_some());
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.required("logStreamName", self.log_stream_name.is_some());
        walk.text("logStreamName", self.log_stream_name.as_deref(), &LOG_STREAM_NAME);
        walk.text("sequenceToken", self.sequence_token.as_deref(), &SEQUENCE_TOKEN);
    }
}

/// Shape `PutLogEventsResponse`.
#[derive(Clone, Serialize)]
pub struct PutLogEventsResponse {
    /// Member `nextSequenceToken`.
    #[serde(rename = "nextSequenceToken", skip_serializing_if = "Option::is_none")]
    pub next_sequence_token: Option<String>,
    /// Member `rejectedEntityInfo`.
    #[serde(rename = "rejectedEntityInfo", skip_serializing_if = "Option::is_none")]
    pub rejected_entity_info: Option<RejectedEntityInfo>,
    /// Member `rejectedLogEventsInfo`.
    #[serde(rename = "rejectedLogEventsInfo", skip_serializing_if = "Option::is_none")]
    pub rejected_log_events_info: Option<RejectedLogEventsInfo>,
}

/// Shape `PutRetentionPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutRetentionPolicyRequest {
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `retentionInDays`.
    #[serde(rename = "retentionInDays", skip_serializing_if = "Option::is_none")]
    pub retention_in_days: Option<i32>,
}

impl Structure for PutRetentionPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "logGroupName" => self.log_group_name = value.next_value()?,
            "retentionInDays" => self.retention_in_days = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutRetentionPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutRetentionPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("logGroupName", self.log_group_name.is_some());
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.required("retentionInDays", self.retention_in_days.is_some());
    }
}

/// Shape `RejectedEntityInfo`.
#[derive(Clone, Serialize)]
pub struct RejectedEntityInfo {
    /// Member `errorType`.
    #[serde(rename = "errorType")]
    pub error_type: String,
}

/// Shape `RejectedLogEventsInfo`.
#[derive(Clone, Serialize)]
pub struct RejectedLogEventsInfo {
    /// Member `expiredLogEventEndIndex`.
    #[serde(rename = "expiredLogEventEndIndex", skip_serializing_if = "Option::is_none")]
    pub expired_log_event_end_index: Option<i32>,
    /// Member `tooNewLogEventStartIndex`.
    #[serde(rename = "tooNewLogEventStartIndex", skip_serializing_if = "Option::is_none")]
    pub too_new_log_event_start_index: Option<i32>,
    /// Member `tooOldLogEventEndIndex`.
    #[serde(rename = "tooOldLogEventEndIndex", skip_serializing_if = "Option::is_none")]
    pub too_old_log_event_end_index: Option<i32>,
}

/// Shape `SearchedLogStream`.
#[derive(Clone, Serialize)]
pub struct SearchedLogStream {
    /// Member `logStreamName`.
    #[serde(rename = "logStreamName", skip_serializing_if = "Option::is_none")]
    pub log_stream_name: Option<String>,
    /// Member `searchedCompletely`.
    #[serde(rename = "searchedCompletely", skip_serializing_if = "Option::is_none")]
    pub searched_completely: Option<bool>,
}

/// Constraints of `AccountId`.
pub static ACCOUNT_ID: Rule =
    Rule { min: Some(12), max: Some(12), pattern: Some(Pattern::new("^\\d{12}$")), values: &[], sensitive: false };

/// Constraints of `AccountIds`.
pub static ACCOUNT_IDS: Rule = Rule { min: Some(0), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `AmazonResourceName`.
pub static AMAZON_RESOURCE_NAME: Rule =
    Rule { min: Some(1), max: Some(1011), pattern: Some(Pattern::new("[\\w+=/:,.@-]*")), values: &[], sensitive: false };

/// Constraints of `DescribeLimit`.
pub static DESCRIBE_LIMIT: Rule = Rule { min: Some(1), max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `DescribeLogGroupsLogGroupIdentifiers`.
pub static DESCRIBE_LOG_GROUPS_LOG_GROUP_IDENTIFIERS: Rule =
    Rule { min: Some(1), max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `EntityAttributesKey`.
pub static ENTITY_ATTRIBUTES_KEY: Rule = Rule { min: Some(1), max: Some(256), pattern: None, values: &[], sensitive: false };

/// Constraints of `EntityAttributesValue`.
pub static ENTITY_ATTRIBUTES_VALUE: Rule = Rule { min: Some(1), max: Some(512), pattern: None, values: &[], sensitive: false };

/// Constraints of `EntityKeyAttributesKey`.
pub static ENTITY_KEY_ATTRIBUTES_KEY: Rule = Rule { min: Some(1), max: Some(32), pattern: None, values: &[], sensitive: false };

/// Constraints of `EntityKeyAttributesValue`.
pub static ENTITY_KEY_ATTRIBUTES_VALUE: Rule = Rule { min: Some(1), max: Some(512), pattern: None, values: &[], sensitive: false };

/// Constraints of `EventMessage`.
pub static EVENT_MESSAGE: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `EventsLimit`.
pub static EVENTS_LIMIT: Rule = Rule { min: Some(1), max: Some(10000), pattern: None, values: &[], sensitive: false };

/// Constraints of `FilterPattern`.
pub static FILTER_PATTERN: Rule = Rule { min: Some(0), max: Some(1024), pattern: None, values: &[], sensitive: false };

/// Constraints of `InputLogEvents`.
pub static INPUT_LOG_EVENTS: Rule = Rule { min: Some(1), max: Some(10000), pattern: None, values: &[], sensitive: false };

/// Constraints of `InputLogStreamNames`.
pub static INPUT_LOG_STREAM_NAMES: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `KmsKeyId`.
pub static KMS_KEY_ID: Rule = Rule { min: None, max: Some(256), pattern: None, values: &[], sensitive: false };

/// Constraints of `LogGroupClass`.
pub static LOG_GROUP_CLASS: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"],
    sensitive: false,
};

/// Constraints of `LogGroupIdentifier`.
pub static LOG_GROUP_IDENTIFIER: Rule =
    Rule { min: Some(1), max: Some(2048), pattern: Some(Pattern::new("[\\w#+=/:,.@-]*")), values: &[], sensitive: false };

/// Constraints of `LogGroupName`.
pub static LOG_GROUP_NAME: Rule =
    Rule { min: Some(1), max: Some(512), pattern: Some(Pattern::new("[\\.\\-_/#A-Za-z0-9]+")), values: &[], sensitive: false };

/// Constraints of `LogGroupNamePattern`.
pub static LOG_GROUP_NAME_PATTERN: Rule =
    Rule { min: Some(0), max: Some(512), pattern: Some(Pattern::new("[\\.\\-_/#A-Za-z0-9]*")), values: &[], sensitive: false };

/// Constraints of `LogStreamName`.
pub static LOG_STREAM_NAME: Rule =
    Rule { min: Some(1), max: Some(512), pattern: Some(Pattern::new("[^:*]*")), values: &[], sensitive: false };

/// Constraints of `NextToken`.
pub static NEXT_TOKEN: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `OrderBy`.
pub static ORDER_BY: Rule =
    Rule { min: None, max: None, pattern: None, values: &["LogStreamName", "LastEventTime"], sensitive: false };

/// Constraints of `SequenceToken`.
pub static SEQUENCE_TOKEN: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `TagKey`.
pub static TAG_KEY: Rule = Rule {
    min: Some(1),
    max: Some(128),
    pattern: Some(Pattern::new("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$")),
    values: &[],
    sensitive: false,
};

/// Constraints of `TagValue`.
pub static TAG_VALUE: Rule = Rule {
    min: None,
    max: Some(256),
    pattern: Some(Pattern::new("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$")),
    values: &[],
    sensitive: false,
};

/// Constraints of `Timestamp`.
pub static TIMESTAMP: Rule = Rule { min: Some(0), max: None, pattern: None, values: &[], sensitive: false };

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[
    &ACCOUNT_ID,
    &ACCOUNT_IDS,
    &AMAZON_RESOURCE_NAME,
    &DESCRIBE_LIMIT,
    &DESCRIBE_LOG_GROUPS_LOG_GROUP_IDENTIFIERS,
    &ENTITY_ATTRIBUTES_KEY,
    &ENTITY_ATTRIBUTES_VALUE,
    &ENTITY_KEY_ATTRIBUTES_KEY,
    &ENTITY_KEY_ATTRIBUTES_VALUE,
    &EVENT_MESSAGE,
    &EVENTS_LIMIT,
    &FILTER_PATTERN,
    &INPUT_LOG_EVENTS,
    &INPUT_LOG_STREAM_NAMES,
    &KMS_KEY_ID,
    &LOG_GROUP_CLASS,
    &LOG_GROUP_IDENTIFIER,
    &LOG_GROUP_NAME,
    &LOG_GROUP_NAME_PATTERN,
    &LOG_STREAM_NAME,
    &NEXT_TOKEN,
    &ORDER_BY,
    &SEQUENCE_TOKEN,
    &TAG_KEY,
    &TAG_VALUE,
    &TIMESTAMP,
];
