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
    /// `DescribeQueries`.
    DescribeQueries,
    /// `FilterLogEvents`.
    FilterLogEvents,
    /// `GetLogEvents`.
    GetLogEvents,
    /// `GetLogRecord`.
    GetLogRecord,
    /// `GetQueryResults`.
    GetQueryResults,
    /// `ListTagsForResource`.
    ListTagsForResource,
    /// `PutLogEvents`.
    PutLogEvents,
    /// `PutRetentionPolicy`.
    PutRetentionPolicy,
    /// `StartLiveTail`.
    StartLiveTail,
    /// `StartQuery`.
    StartQuery,
    /// `StopQuery`.
    StopQuery,
    /// `TagResource`.
    TagResource,
    /// `UntagResource`.
    UntagResource,
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
        Self::DescribeQueries,
        Self::FilterLogEvents,
        Self::GetLogEvents,
        Self::GetLogRecord,
        Self::GetQueryResults,
        Self::ListTagsForResource,
        Self::PutLogEvents,
        Self::PutRetentionPolicy,
        Self::StartLiveTail,
        Self::StartQuery,
        Self::StopQuery,
        Self::TagResource,
        Self::UntagResource,
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
            Self::DescribeQueries => &DESCRIBE_QUERIES,
            Self::FilterLogEvents => &FILTER_LOG_EVENTS,
            Self::GetLogEvents => &GET_LOG_EVENTS,
            Self::GetLogRecord => &GET_LOG_RECORD,
            Self::GetQueryResults => &GET_QUERY_RESULTS,
            Self::ListTagsForResource => &LIST_TAGS_FOR_RESOURCE,
            Self::PutLogEvents => &PUT_LOG_EVENTS,
            Self::PutRetentionPolicy => &PUT_RETENTION_POLICY,
            Self::StartLiveTail => &START_LIVE_TAIL,
            Self::StartQuery => &START_QUERY,
            Self::StopQuery => &STOP_QUERY,
            Self::TagResource => &TAG_RESOURCE,
            Self::UntagResource => &UNTAG_RESOURCE,
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

/// `DescribeQueries` and the faults that it declares.
pub const DESCRIBE_QUERIES: Operation = Operation {
    name: "DescribeQueries",
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

/// `GetLogRecord` and the faults that it declares.
pub const GET_LOG_RECORD: Operation = Operation {
    name: "GetLogRecord",
    faults: &[INVALID_PARAMETER_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION],
};

/// `GetQueryResults` and the faults that it declares.
pub const GET_QUERY_RESULTS: Operation = Operation {
    name: "GetQueryResults",
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

/// `StartLiveTail` and the faults that it declares.
pub const START_LIVE_TAIL: Operation = Operation {
    name: "StartLiveTail",
    faults: &[
        ACCESS_DENIED_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_OPERATION_EXCEPTION,
    ],
};

/// `StartQuery` and the faults that it declares.
pub const START_QUERY: Operation = Operation {
    name: "StartQuery",
    faults: &[
        MALFORMED_QUERY_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        SERVICE_UNAVAILABLE_EXCEPTION,
    ],
};

/// `StopQuery` and the faults that it declares.
pub const STOP_QUERY: Operation = Operation {
    name: "StopQuery",
    faults: &[INVALID_PARAMETER_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION],
};

/// `TagResource` and the faults that it declares.
pub const TAG_RESOURCE: Operation = Operation {
    name: "TagResource",
    faults: &[INVALID_PARAMETER_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION, TOO_MANY_TAGS_EXCEPTION],
};

/// `UntagResource` and the faults that it declares.
pub const UNTAG_RESOURCE: Operation = Operation {
    name: "UntagResource",
    faults: &[INVALID_PARAMETER_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, SERVICE_UNAVAILABLE_EXCEPTION],
};

/// Fault `AccessDeniedException`.
pub const ACCESS_DENIED_EXCEPTION: Declared = Declared { code: "AccessDeniedException", status: 400 };

/// Fault `DataAlreadyAcceptedException`.
pub const DATA_ALREADY_ACCEPTED_EXCEPTION: Declared = Declared { code: "DataAlreadyAcceptedException", status: 400 };

/// Fault `InvalidOperationException`.
pub const INVALID_OPERATION_EXCEPTION: Declared = Declared { code: "InvalidOperationException", status: 400 };

/// Fault `InvalidParameterException`.
pub const INVALID_PARAMETER_EXCEPTION: Declared = Declared { code: "InvalidParameterException", status: 400 };

/// Fault `InvalidSequenceTokenException`.
pub const INVALID_SEQUENCE_TOKEN_EXCEPTION: Declared = Declared { code: "InvalidSequenceTokenException", status: 400 };

/// Fault `LimitExceededException`.
pub const LIMIT_EXCEEDED_EXCEPTION: Declared = Declared { code: "LimitExceededException", status: 400 };

/// Fault `MalformedQueryException`.
pub const MALFORMED_QUERY_EXCEPTION: Declared = Declared { code: "MalformedQueryException", status: 400 };

/// Fault `OperationAbortedException`.
pub const OPERATION_ABORTED_EXCEPTION: Declared = Declared { code: "OperationAbortedException", status: 400 };

/// Fault `ResourceAlreadyExistsException`.
pub const RESOURCE_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "ResourceAlreadyExistsException", status: 400 };

/// Fault `ResourceNotFoundException`.
pub const RESOURCE_NOT_FOUND_EXCEPTION: Declared = Declared { code: "ResourceNotFoundException", status: 400 };

/// Fault `ServiceUnavailableException`.
pub const SERVICE_UNAVAILABLE_EXCEPTION: Declared = Declared { code: "ServiceUnavailableException", status: 500 };

/// Fault `TooManyTagsException`.
pub const TOO_MANY_TAGS_EXCEPTION: Declared = Declared { code: "TooManyTagsException", status: 400 };

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

/// Shape `DescribeQueriesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeQueriesRequest {
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `maxResults`.
    #[serde(rename = "maxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `queryLanguage`.
    #[serde(rename = "queryLanguage", skip_serializing_if = "Option::is_none")]
    pub query_language: Option<String>,
    /// Member `status`.
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

impl Structure for DescribeQueriesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "logGroupName" => self.log_group_name = value.next_value()?,
            "maxResults" => self.max_results = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "queryLanguage" => self.query_language = value.next_value()?,
            "status" => self.status = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeQueriesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeQueriesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.number("maxResults", self.max_results, &DESCRIBE_QUERIES_MAX_RESULTS);
        walk.text("nextToken", self.next_token.as_deref(), &NEXT_TOKEN);
        walk.text("queryLanguage", self.query_language.as_deref(), &QUERY_LANGUAGE);
        walk.text("status", self.status.as_deref(), &QUERY_STATUS);
    }
}

/// Shape `DescribeQueriesResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeQueriesResponse {
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `queries`.
    #[serde(rename = "queries", skip_serializing_if = "Option::is_none")]
    pub queries: Option<Vec<QueryInfo>>,
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

/// Shape `GetLogRecordRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetLogRecordRequest {
    /// Member `logRecordPointer`.
    #[serde(rename = "logRecordPointer", skip_serializing_if = "Option::is_none")]
    pub log_record_pointer: Option<String>,
    /// Member `unmask`.
    #[serde(rename = "unmask", skip_serializing_if = "Option::is_none")]
    pub unmask: Option<bool>,
}

impl Structure for GetLogRecordRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "logRecordPointer" => self.log_record_pointer = value.next_value()?,
            "unmask" => self.unmask = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetLogRecordRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetLogRecordRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("logRecordPointer", self.log_record_pointer.is_some());
    }
}

/// Shape `GetLogRecordResponse`.
#[derive(Clone, Serialize)]
pub struct GetLogRecordResponse {
    /// Member `logRecord`.
    #[serde(rename = "logRecord", skip_serializing_if = "Option::is_none")]
    pub log_record: Option<BTreeMap<String, String>>,
}

/// Shape `GetQueryResultsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetQueryResultsRequest {
    /// Member `maxItems`.
    #[serde(rename = "maxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `queryId`.
    #[serde(rename = "queryId", skip_serializing_if = "Option::is_none")]
    pub query_id: Option<String>,
}

impl Structure for GetQueryResultsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "maxItems" => self.max_items = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "queryId" => self.query_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetQueryResultsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetQueryResultsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("maxItems", self.max_items, &GET_QUERY_RESULTS_MAX_ITEMS);
        walk.text("nextToken", self.next_token.as_deref(), &GET_QUERY_RESULTS_NEXT_TOKEN);
        walk.required("queryId", self.query_id.is_some());
        walk.text("queryId", self.query_id.as_deref(), &QUERY_ID);
    }
}

/// Shape `GetQueryResultsResponse`.
#[derive(Clone, Serialize)]
pub struct GetQueryResultsResponse {
    /// Member `encryptionKey`.
    #[serde(rename = "encryptionKey", skip_serializing_if = "Option::is_none")]
    pub encryption_key: Option<String>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `queryLanguage`.
    #[serde(rename = "queryLanguage", skip_serializing_if = "Option::is_none")]
    pub query_language: Option<String>,
    /// Member `results`.
    #[serde(rename = "results", skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<Vec<ResultField>>>,
    /// Member `statistics`.
    #[serde(rename = "statistics", skip_serializing_if = "Option::is_none")]
    pub statistics: Option<QueryStatistics>,
    /// Member `status`.
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
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

/// Shape `LiveTailSessionLogEvent`.
#[derive(Clone, Serialize)]
pub struct LiveTailSessionLogEvent {
    /// Member `ingestionTime`.
    #[serde(rename = "ingestionTime", skip_serializing_if = "Option::is_none")]
    pub ingestion_time: Option<i64>,
    /// Member `logGroupIdentifier`.
    #[serde(rename = "logGroupIdentifier", skip_serializing_if = "Option::is_none")]
    pub log_group_identifier: Option<String>,
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

/// Shape `LiveTailSessionMetadata`.
#[derive(Clone, Serialize)]
pub struct LiveTailSessionMetadata {
    /// Member `sampled`.
    #[serde(rename = "sampled", skip_serializing_if = "Option::is_none")]
    pub sampled: Option<bool>,
}

/// Shape `LiveTailSessionStart`.
#[derive(Clone, Serialize)]
pub struct LiveTailSessionStart {
    /// Member `logEventFilterPattern`.
    #[serde(rename = "logEventFilterPattern", skip_serializing_if = "Option::is_none")]
    pub log_event_filter_pattern: Option<String>,
    /// Member `logGroupIdentifiers`.
    #[serde(rename = "logGroupIdentifiers", skip_serializing_if = "Option::is_none")]
    pub log_group_identifiers: Option<Vec<String>>,
    /// Member `logStreamNamePrefixes`.
    #[serde(rename = "logStreamNamePrefixes", skip_serializing_if = "Option::is_none")]
    pub log_stream_name_prefixes: Option<Vec<String>>,
    /// Member `logStreamNames`.
    #[serde(rename = "logStreamNames", skip_serializing_if = "Option::is_none")]
    pub log_stream_names: Option<Vec<String>>,
    /// Member `requestId`.
    #[serde(rename = "requestId", skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Member `sessionId`.
    #[serde(rename = "sessionId", skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
}

/// Shape `LiveTailSessionUpdate`.
#[derive(Clone, Serialize)]
pub struct LiveTailSessionUpdate {
    /// Member `sessionMetadata`.
    #[serde(rename = "sessionMetadata", skip_serializing_if = "Option::is_none")]
    pub session_metadata: Option<LiveTailSessionMetadata>,
    /// Member `sessionResults`.
    #[serde(rename = "sessionResults", skip_serializing_if = "Option::is_none")]
    pub session_results: Option<Vec<LiveTailSessionLogEvent>>,
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

/// Shape `QueryInfo`.
#[derive(Clone, Serialize)]
pub struct QueryInfo {
    /// Member `bytesScanned`.
    #[serde(rename = "bytesScanned", skip_serializing_if = "Option::is_none")]
    pub bytes_scanned: Option<f64>,
    /// Member `createTime`.
    #[serde(rename = "createTime", skip_serializing_if = "Option::is_none")]
    pub create_time: Option<i64>,
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `queryDuration`.
    #[serde(rename = "queryDuration", skip_serializing_if = "Option::is_none")]
    pub query_duration: Option<i64>,
    /// Member `queryId`.
    #[serde(rename = "queryId", skip_serializing_if = "Option::is_none")]
    pub query_id: Option<String>,
    /// Member `queryLanguage`.
    #[serde(rename = "queryLanguage", skip_serializing_if = "Option::is_none")]
    pub query_language: Option<String>,
    /// Member `queryString`.
    #[serde(rename = "queryString", skip_serializing_if = "Option::is_none")]
    pub query_string: Option<String>,
    /// Member `status`.
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `userIdentity`.
    #[serde(rename = "userIdentity", skip_serializing_if = "Option::is_none")]
    pub user_identity: Option<String>,
}

/// Shape `QueryStatistics`.
#[derive(Clone, Serialize)]
pub struct QueryStatistics {
    /// Member `bytesScanned`.
    #[serde(rename = "bytesScanned", skip_serializing_if = "Option::is_none")]
    pub bytes_scanned: Option<f64>,
    /// Member `estimatedBytesSkipped`.
    #[serde(rename = "estimatedBytesSkipped", skip_serializing_if = "Option::is_none")]
    pub estimated_bytes_skipped: Option<f64>,
    /// Member `estimatedRecordsSkipped`.
    #[serde(rename = "estimatedRecordsSkipped", skip_serializing_if = "Option::is_none")]
    pub estimated_records_skipped: Option<f64>,
    /// Member `logGroupsScanned`.
    #[serde(rename = "logGroupsScanned", skip_serializing_if = "Option::is_none")]
    pub log_groups_scanned: Option<f64>,
    /// Member `recordsMatched`.
    #[serde(rename = "recordsMatched", skip_serializing_if = "Option::is_none")]
    pub records_matched: Option<f64>,
    /// Member `recordsScanned`.
    #[serde(rename = "recordsScanned", skip_serializing_if = "Option::is_none")]
    pub records_scanned: Option<f64>,
    /// Member `resultCount`.
    #[serde(rename = "resultCount", skip_serializing_if = "Option::is_none")]
    pub result_count: Option<f64>,
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

/// Shape `ResultField`.
#[derive(Clone, Serialize)]
pub struct ResultField {
    /// Member `field`.
    #[serde(rename = "field", skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Member `value`.
    #[serde(rename = "value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
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

/// Shape `SessionStreamingException`.
#[derive(Clone, Serialize)]
pub struct SessionStreamingException {
    /// Member `message`.
    #[serde(rename = "message", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Shape `SessionTimeoutException`.
#[derive(Clone, Serialize)]
pub struct SessionTimeoutException {
    /// Member `message`.
    #[serde(rename = "message", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Shape `StartLiveTailRequest`.
#[derive(Clone, Default, Serialize)]
pub struct StartLiveTailRequest {
    /// Member `logEventFilterPattern`.
    #[serde(rename = "logEventFilterPattern", skip_serializing_if = "Option::is_none")]
    pub log_event_filter_pattern: Option<String>,
    /// Member `logGroupIdentifiers`.
    #[serde(rename = "logGroupIdentifiers", skip_serializing_if = "Option::is_none")]
    pub log_group_identifiers: Option<Vec<String>>,
    /// Member `logStreamNamePrefixes`.
    #[serde(rename = "logStreamNamePrefixes", skip_serializing_if = "Option::is_none")]
    pub log_stream_name_prefixes: Option<Vec<String>>,
    /// Member `logStreamNames`.
    #[serde(rename = "logStreamNames", skip_serializing_if = "Option::is_none")]
    pub log_stream_names: Option<Vec<String>>,
}

impl Structure for StartLiveTailRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "logEventFilterPattern" => self.log_event_filter_pattern = value.next_value()?,
            "logGroupIdentifiers" => self.log_group_identifiers = value.next_value()?,
            "logStreamNamePrefixes" => self.log_stream_name_prefixes = value.next_value()?,
            "logStreamNames" => self.log_stream_names = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for StartLiveTailRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for StartLiveTailRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("logEventFilterPattern", self.log_event_filter_pattern.as_deref(), &FILTER_PATTERN);
        walk.required("logGroupIdentifiers", self.log_group_identifiers.is_some());
        walk.texts(
            "logGroupIdentifiers",
            self.log_group_identifiers.as_deref(),
            Some(&START_LIVE_TAIL_LOG_GROUP_IDENTIFIERS),
            &LOG_GROUP_IDENTIFIER,
        );
        walk.texts(
            "logStreamNamePrefixes",
            self.log_stream_name_prefixes.as_deref(),
            Some(&INPUT_LOG_STREAM_NAMES),
            &LOG_STREAM_NAME,
        );
        walk.texts("logStreamNames", self.log_stream_names.as_deref(), Some(&INPUT_LOG_STREAM_NAMES), &LOG_STREAM_NAME);
    }
}

/// Shape `StartQueryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct StartQueryRequest {
    /// Member `endTime`.
    #[serde(rename = "endTime", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<i64>,
    /// Member `limit`.
    #[serde(rename = "limit", skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    /// Member `logGroupIdentifiers`.
    #[serde(rename = "logGroupIdentifiers", skip_serializing_if = "Option::is_none")]
    pub log_group_identifiers: Option<Vec<String>>,
    /// Member `logGroupName`.
    #[serde(rename = "logGroupName", skip_serializing_if = "Option::is_none")]
    pub log_group_name: Option<String>,
    /// Member `logGroupNames`.
    #[serde(rename = "logGroupNames", skip_serializing_if = "Option::is_none")]
    pub log_group_names: Option<Vec<String>>,
    /// Member `queryLanguage`.
    #[serde(rename = "queryLanguage", skip_serializing_if = "Option::is_none")]
    pub query_language: Option<String>,
    /// Member `queryString`.
    #[serde(rename = "queryString", skip_serializing_if = "Option::is_none")]
    pub query_string: Option<String>,
    /// Member `startTime`.
    #[serde(rename = "startTime", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<i64>,
}

impl Structure for StartQueryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "endTime" => self.end_time = value.next_value()?,
            "limit" => self.limit = value.next_value()?,
            "logGroupIdentifiers" => self.log_group_identifiers = value.next_value()?,
            "logGroupName" => self.log_group_name = value.next_value()?,
            "logGroupNames" => self.log_group_names = value.next_value()?,
            "queryLanguage" => self.query_language = value.next_value()?,
            "queryString" => self.query_string = value.next_value()?,
            "startTime" => self.start_time = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for StartQueryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for StartQueryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("endTime", self.end_time.is_some());
        walk.number("endTime", self.end_time, &TIMESTAMP);
        walk.number("limit", self.limit, &EVENTS_LIMIT_START_QUERY);
        walk.texts("logGroupIdentifiers", self.log_group_identifiers.as_deref(), None, &LOG_GROUP_IDENTIFIER);
        walk.text("logGroupName", self.log_group_name.as_deref(), &LOG_GROUP_NAME);
        walk.texts("logGroupNames", self.log_group_names.as_deref(), None, &LOG_GROUP_NAME);
        walk.text("queryLanguage", self.query_language.as_deref(), &QUERY_LANGUAGE);
        walk.required("queryString", self.query_string.is_some());
        walk.text("queryString", self.query_string.as_deref(), &QUERY_STRING);
        walk.required("startTime", self.start_time.is_some());
        walk.number("startTime", self.start_time, &TIMESTAMP);
    }
}

/// Shape `StartQueryResponse`.
#[derive(Clone, Serialize)]
pub struct StartQueryResponse {
    /// Member `queryId`.
    #[serde(rename = "queryId", skip_serializing_if = "Option::is_none")]
    pub query_id: Option<String>,
}

/// Shape `StopQueryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct StopQueryRequest {
    /// Member `queryId`.
    #[serde(rename = "queryId", skip_serializing_if = "Option::is_none")]
    pub query_id: Option<String>,
}

impl Structure for StopQueryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "queryId" => self.query_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for StopQueryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for StopQueryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("queryId", self.query_id.is_some());
        walk.text("queryId", self.query_id.as_deref(), &QUERY_ID);
    }
}

/// Shape `StopQueryResponse`.
#[derive(Clone, Serialize)]
pub struct StopQueryResponse {
    /// Member `success`.
    #[serde(rename = "success", skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Shape `TagResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct TagResourceRequest {
    /// Member `resourceArn`.
    #[serde(rename = "resourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// Member `tags`.
    #[serde(rename = "tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

impl Structure for TagResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "resourceArn" => self.resource_arn = value.next_value()?,
            "tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for TagResourceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for TagResourceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("resourceArn", self.resource_arn.is_some());
        walk.text("resourceArn", self.resource_arn.as_deref(), &AMAZON_RESOURCE_NAME);
        walk.required("tags", self.tags.is_some());
        walk.map("tags", self.tags.as_ref(), &TAG_KEY, &TAG_VALUE);
    }
}

/// Shape `UntagResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UntagResourceRequest {
    /// Member `resourceArn`.
    #[serde(rename = "resourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// Member `tagKeys`.
    #[serde(rename = "tagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

impl Structure for UntagResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "resourceArn" => self.resource_arn = value.next_value()?,
            "tagKeys" => self.tag_keys = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UntagResourceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UntagResourceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("resourceArn", self.resource_arn.is_some());
        walk.text("resourceArn", self.resource_arn.as_deref(), &AMAZON_RESOURCE_NAME);
        walk.required("tagKeys", self.tag_keys.is_some());
        walk.texts("tagKeys", self.tag_keys.as_deref(), Some(&TAG_KEY_LIST), &TAG_KEY);
    }
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

/// Constraints of `DescribeQueriesMaxResults`.
pub static DESCRIBE_QUERIES_MAX_RESULTS: Rule =
    Rule { min: Some(1), max: Some(1000), pattern: None, values: &[], sensitive: false };

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

/// Constraints of `EventsLimitStartQuery`.
pub static EVENTS_LIMIT_START_QUERY: Rule = Rule { min: Some(1), max: Some(100000), pattern: None, values: &[], sensitive: false };

/// Constraints of `FilterPattern`.
pub static FILTER_PATTERN: Rule = Rule { min: Some(0), max: Some(1024), pattern: None, values: &[], sensitive: false };

/// Constraints of `GetQueryResultsMaxItems`.
pub static GET_QUERY_RESULTS_MAX_ITEMS: Rule =
    Rule { min: Some(0), max: Some(10000), pattern: None, values: &[], sensitive: false };

/// Constraints of `GetQueryResultsNextToken`.
pub static GET_QUERY_RESULTS_NEXT_TOKEN: Rule = Rule { min: None, max: Some(1024), pattern: None, values: &[], sensitive: false };

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

/// Constraints of `QueryId`.
pub static QUERY_ID: Rule = Rule { min: Some(1), max: Some(256), pattern: None, values: &[], sensitive: false };

/// Constraints of `QueryLanguage`.
pub static QUERY_LANGUAGE: Rule = Rule { min: None, max: None, pattern: None, values: &["CWLI", "SQL", "PPL"], sensitive: false };

/// Constraints of `QueryStatus`.
pub static QUERY_STATUS: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["Scheduled", "Running", "Complete", "Failed", "Cancelled", "Timeout", "Unknown"],
    sensitive: false,
};

/// Constraints of `QueryString`.
pub static QUERY_STRING: Rule = Rule { min: Some(0), max: Some(10000), pattern: None, values: &[], sensitive: false };

/// Constraints of `SequenceToken`.
pub static SEQUENCE_TOKEN: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `StartLiveTailLogGroupIdentifiers`.
pub static START_LIVE_TAIL_LOG_GROUP_IDENTIFIERS: Rule =
    Rule { min: Some(1), max: Some(10), pattern: None, values: &[], sensitive: false };

/// Constraints of `TagKey`.
pub static TAG_KEY: Rule = Rule {
    min: Some(1),
    max: Some(128),
    pattern: Some(Pattern::new("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$")),
    values: &[],
    sensitive: false,
};

/// Constraints of `TagKeyList`.
pub static TAG_KEY_LIST: Rule = Rule { min: Some(0), max: Some(50), pattern: None, values: &[], sensitive: false };

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
    &DESCRIBE_QUERIES_MAX_RESULTS,
    &ENTITY_ATTRIBUTES_KEY,
    &ENTITY_ATTRIBUTES_VALUE,
    &ENTITY_KEY_ATTRIBUTES_KEY,
    &ENTITY_KEY_ATTRIBUTES_VALUE,
    &EVENT_MESSAGE,
    &EVENTS_LIMIT,
    &EVENTS_LIMIT_START_QUERY,
    &FILTER_PATTERN,
    &GET_QUERY_RESULTS_MAX_ITEMS,
    &GET_QUERY_RESULTS_NEXT_TOKEN,
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
    &QUERY_ID,
    &QUERY_LANGUAGE,
    &QUERY_STATUS,
    &QUERY_STRING,
    &SEQUENCE_TOKEN,
    &START_LIVE_TAIL_LOG_GROUP_IDENTIFIERS,
    &TAG_KEY,
    &TAG_KEY_LIST,
    &TAG_VALUE,
    &TIMESTAMP,
];
