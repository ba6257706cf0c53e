//! Systems Manager: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/ssm.json`.

use super::{Declared, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use crate::pattern::Pattern;
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};

/// An operation of Systems Manager that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SsmOperation {
    /// `AddTagsToResource`.
    AddTagsToResource,
    /// `DeleteParameter`.
    DeleteParameter,
    /// `DeleteParameters`.
    DeleteParameters,
    /// `DescribeParameters`.
    DescribeParameters,
    /// `GetParameter`.
    GetParameter,
    /// `GetParameterHistory`.
    GetParameterHistory,
    /// `GetParameters`.
    GetParameters,
    /// `GetParametersByPath`.
    GetParametersByPath,
    /// `LabelParameterVersion`.
    LabelParameterVersion,
    /// `ListTagsForResource`.
    ListTagsForResource,
    /// `PutParameter`.
    PutParameter,
    /// `RemoveTagsFromResource`.
    RemoveTagsFromResource,
    /// `UnlabelParameterVersion`.
    UnlabelParameterVersion,
}

impl SsmOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AddTagsToResource,
        Self::DeleteParameter,
        Self::DeleteParameters,
        Self::DescribeParameters,
        Self::GetParameter,
        Self::GetParameterHistory,
        Self::GetParameters,
        Self::GetParametersByPath,
        Self::LabelParameterVersion,
        Self::ListTagsForResource,
        Self::PutParameter,
        Self::RemoveTagsFromResource,
        Self::UnlabelParameterVersion,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::AddTagsToResource => &ADD_TAGS_TO_RESOURCE,
            Self::DeleteParameter => &DELETE_PARAMETER,
            Self::DeleteParameters => &DELETE_PARAMETERS,
            Self::DescribeParameters => &DESCRIBE_PARAMETERS,
            Self::GetParameter => &GET_PARAMETER,
            Self::GetParameterHistory => &GET_PARAMETER_HISTORY,
            Self::GetParameters => &GET_PARAMETERS,
            Self::GetParametersByPath => &GET_PARAMETERS_BY_PATH,
            Self::LabelParameterVersion => &LABEL_PARAMETER_VERSION,
            Self::ListTagsForResource => &LIST_TAGS_FOR_RESOURCE,
            Self::PutParameter => &PUT_PARAMETER,
            Self::RemoveTagsFromResource => &REMOVE_TAGS_FROM_RESOURCE,
            Self::UnlabelParameterVersion => &UNLABEL_PARAMETER_VERSION,
        }
    }
}

/// `AddTagsToResource` and the faults that it declares.
pub const ADD_TAGS_TO_RESOURCE: Operation = Operation {
    name: "AddTagsToResource",
    faults: &[INVALID_RESOURCE_TYPE, INVALID_RESOURCE_ID, INTERNAL_SERVER_ERROR, TOO_MANY_TAGS_ERROR, TOO_MANY_UPDATES],
};

/// `DeleteParameter` and the faults that it declares.
pub const DELETE_PARAMETER: Operation =
    Operation { name: "DeleteParameter", faults: &[INTERNAL_SERVER_ERROR, PARAMETER_NOT_FOUND] };

/// `DeleteParameters` and the faults that it declares.
pub const DELETE_PARAMETERS: Operation = Operation { name: "DeleteParameters", faults: &[INTERNAL_SERVER_ERROR] };

/// `DescribeParameters` and the faults that it declares.
pub const DESCRIBE_PARAMETERS: Operation = Operation {
    name: "DescribeParameters",
    faults: &[INTERNAL_SERVER_ERROR, INVALID_FILTER_KEY, INVALID_FILTER_OPTION, INVALID_FILTER_VALUE, INVALID_NEXT_TOKEN],
};

/// `GetParameter` and the faults that it declares.
pub const GET_PARAMETER: Operation = Operation {
    name: "GetParameter",
    faults: &[INTERNAL_SERVER_ERROR, INVALID_KEY_ID, PARAMETER_NOT_FOUND, PARAMETER_VERSION_NOT_FOUND],
};

/// `GetParameterHistory` and the faults that it declares.
pub const GET_PARAMETER_HISTORY: Operation = Operation {
    name: "GetParameterHistory",
    faults: &[INTERNAL_SERVER_ERROR, PARAMETER_NOT_FOUND, INVALID_NEXT_TOKEN, INVALID_KEY_ID],
};

/// `GetParameters` and the faults that it declares.
pub const GET_PARAMETERS: Operation = Operation { name: "GetParameters", faults: &[INVALID_KEY_ID, INTERNAL_SERVER_ERROR] };

/// `GetParametersByPath` and the faults that it declares.
pub const GET_PARAMETERS_BY_PATH: Operation = Operation {
    name: "GetParametersByPath",
    faults: &[
        INTERNAL_SERVER_ERROR,
        INVALID_FILTER_KEY,
        INVALID_FILTER_OPTION,
        INVALID_FILTER_VALUE,
        INVALID_KEY_ID,
        INVALID_NEXT_TOKEN,
    ],
};

/// `LabelParameterVersion` and the faults that it declares.
pub const LABEL_PARAMETER_VERSION: Operation = Operation {
    name: "LabelParameterVersion",
    faults: &[
        INTERNAL_SERVER_ERROR,
        TOO_MANY_UPDATES,
        PARAMETER_NOT_FOUND,
        PARAMETER_VERSION_NOT_FOUND,
        PARAMETER_VERSION_LABEL_LIMIT_EXCEEDED,
    ],
};

/// `ListTagsForResource` and the faults that it declares.
pub const LIST_TAGS_FOR_RESOURCE: Operation =
    Operation { name: "ListTagsForResource", faults: &[INVALID_RESOURCE_TYPE, INVALID_RESOURCE_ID, INTERNAL_SERVER_ERROR] };

/// `PutParameter` and the faults that it declares.
pub const PUT_PARAMETER: Operation = Operation {
    name: "PutParameter",
    faults: &[
        INTERNAL_SERVER_ERROR,
        INVALID_KEY_ID,
        PARAMETER_LIMIT_EXCEEDED,
        TOO_MANY_UPDATES,
        PARAMETER_ALREADY_EXISTS,
        HIERARCHY_LEVEL_LIMIT_EXCEEDED_EXCEPTION,
        HIERARCHY_TYPE_MISMATCH_EXCEPTION,
        INVALID_ALLOWED_PATTERN_EXCEPTION,
        PARAMETER_MAX_VERSION_LIMIT_EXCEEDED,
        PARAMETER_PATTERN_MISMATCH_EXCEPTION,
        UNSUPPORTED_PARAMETER_TYPE,
        POLICIES_LIMIT_EXCEEDED_EXCEPTION,
        INVALID_POLICY_TYPE_EXCEPTION,
        INVALID_POLICY_ATTRIBUTE_EXCEPTION,
        INCOMPATIBLE_POLICY_EXCEPTION,
    ],
};

/// `RemoveTagsFromResource` and the faults that it declares.
pub const REMOVE_TAGS_FROM_RESOURCE: Operation = Operation {
    name: "RemoveTagsFromResource",
    faults: &[INVALID_RESOURCE_TYPE, INVALID_RESOURCE_ID, INTERNAL_SERVER_ERROR, TOO_MANY_UPDATES],
};

/// `UnlabelParameterVersion` and the faults that it declares.
pub const UNLABEL_PARAMETER_VERSION: Operation = Operation {
    name: "UnlabelParameterVersion",
    faults: &[INTERNAL_SERVER_ERROR, TOO_MANY_UPDATES, PARAMETER_NOT_FOUND, PARAMETER_VERSION_NOT_FOUND],
};

/// Fault `HierarchyLevelLimitExceededException`.
pub const HIERARCHY_LEVEL_LIMIT_EXCEEDED_EXCEPTION: Declared =
    Declared { code: "HierarchyLevelLimitExceededException", status: 400 };

/// Fault `HierarchyTypeMismatchException`.
pub const HIERARCHY_TYPE_MISMATCH_EXCEPTION: Declared = Declared { code: "HierarchyTypeMismatchException", status: 400 };

/// Fault `IncompatiblePolicyException`.
pub const INCOMPATIBLE_POLICY_EXCEPTION: Declared = Declared { code: "IncompatiblePolicyException", status: 400 };

/// Fault `InternalServerError`.
pub const INTERNAL_SERVER_ERROR: Declared = Declared { code: "InternalServerError", status: 500 };

/// Fault `InvalidAllowedPatternException`.
pub const INVALID_ALLOWED_PATTERN_EXCEPTION: Declared = Declared { code: "InvalidAllowedPatternException", status: 400 };

/// Fault `InvalidFilterKey`.
pub const INVALID_FILTER_KEY: Declared = Declared { code: "InvalidFilterKey", status: 400 };

/// Fault `InvalidFilterOption`.
pub const INVALID_FILTER_OPTION: Declared = Declared { code: "InvalidFilterOption", status: 400 };

/// Fault `InvalidFilterValue`.
pub const INVALID_FILTER_VALUE: Declared = Declared { code: "InvalidFilterValue", status: 400 };

/// Fault `InvalidKeyId`.
pub const INVALID_KEY_ID: Declared = Declared { code: "InvalidKeyId", status: 400 };

/// Fault `InvalidNextToken`.
pub const INVALID_NEXT_TOKEN: Declared = Declared { code: "InvalidNextToken", status: 400 };

/// Fault `InvalidPolicyAttributeException`.
pub const INVALID_POLICY_ATTRIBUTE_EXCEPTION: Declared = Declared { code: "InvalidPolicyAttributeException", status: 400 };

/// Fault `InvalidPolicyTypeException`.
pub const INVALID_POLICY_TYPE_EXCEPTION: Declared = Declared { code: "InvalidPolicyTypeException", status: 400 };

/// Fault `InvalidResourceId`.
pub const INVALID_RESOURCE_ID: Declared = Declared { code: "InvalidResourceId", status: 400 };

/// Fault `InvalidResourceType`.
pub const INVALID_RESOURCE_TYPE: Declared = Declared { code: "InvalidResourceType", status: 400 };

/// Fault `ParameterAlreadyExists`.
pub const PARAMETER_ALREADY_EXISTS: Declared = Declared { code: "ParameterAlreadyExists", status: 400 };

/// Fault `ParameterLimitExceeded`.
pub const PARAMETER_LIMIT_EXCEEDED: Declared = Declared { code: "ParameterLimitExceeded", status: 400 };

/// Fault `ParameterMaxVersionLimitExceeded`.
pub const PARAMETER_MAX_VERSION_LIMIT_EXCEEDED: Declared = Declared { code: "ParameterMaxVersionLimitExceeded", status: 400 };

/// Fault `ParameterNotFound`.
pub const PARAMETER_NOT_FOUND: Declared = Declared { code: "ParameterNotFound", status: 400 };

/// Fault `ParameterPatternMismatchException`.
pub const PARAMETER_PATTERN_MISMATCH_EXCEPTION: Declared = Declared { code: "ParameterPatternMismatchException", status: 400 };

/// Fault `ParameterVersionLabelLimitExceeded`.
pub const PARAMETER_VERSION_LABEL_LIMIT_EXCEEDED: Declared = Declared { code: "ParameterVersionLabelLimitExceeded", status: 400 };

/// Fault `ParameterVersionNotFound`.
pub const PARAMETER_VERSION_NOT_FOUND: Declared = Declared { code: "ParameterVersionNotFound", status: 400 };

/// Fault `PoliciesLimitExceededException`.
pub const POLICIES_LIMIT_EXCEEDED_EXCEPTION: Declared = Declared { code: "PoliciesLimitExceededException", status: 400 };

/// Fault `TooManyTagsError`.
pub const TOO_MANY_TAGS_ERROR: Declared = Declared { code: "TooManyTagsError", status: 400 };

/// Fault `TooManyUpdates`.
pub const TOO_MANY_UPDATES: Declared = Declared { code: "TooManyUpdates", status: 400 };

/// Fault `UnsupportedParameterType`.
pub const UNSUPPORTED_PARAMETER_TYPE: Declared = Declared { code: "UnsupportedParameterType", status: 400 };

/// Shape `AddTagsToResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct AddTagsToResourceRequest {
    /// Member `ResourceId`.
    #[serde(rename = "ResourceId", skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Member `ResourceType`.
    #[serde(rename = "ResourceType", skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for AddTagsToResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ResourceId" => self.resource_id = value.next_value()?,
            "ResourceType" => self.resource_type = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AddTagsToResourceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for AddTagsToResourceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ResourceId", self.resource_id.is_some());
        walk.required("ResourceType", self.resource_type.is_some());
        walk.text("ResourceType", self.resource_type.as_deref(), &RESOURCE_TYPE_FOR_TAGGING);
        walk.required("Tags", self.tags.is_some());
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST));
    }
}

/// Shape `DeleteParameterRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteParameterRequest {
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Structure for DeleteParameterRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Name" => self.name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteParameterRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteParameterRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("Name", self.name.is_some());
        walk.text("Name", self.name.as_deref(), &PS_PARAMETER_NAME);
    }
}

/// Shape `DeleteParametersRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteParametersRequest {
    /// Member `Names`.
    #[serde(rename = "Names", skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<String>>,
}

impl Structure for DeleteParametersRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Names" => self.names = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteParametersRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteParametersRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("Names", self.names.is_some());
        walk.texts("Names", self.names.as_deref(), Some(&PARAMETER_NAME_LIST), &PS_PARAMETER_NAME);
    }
}

/// Shape `DeleteParametersResult`.
#[derive(Clone, Serialize)]
pub struct DeleteParametersResult {
    /// Member `DeletedParameters`.
    #[serde(rename = "DeletedParameters", skip_serializing_if = "Option::is_none")]
    pub deleted_parameters: Option<Vec<String>>,
    /// Member `InvalidParameters`.
    #[serde(rename = "InvalidParameters", skip_serializing_if = "Option::is_none")]
    pub invalid_parameters: Option<Vec<String>>,
}

/// Shape `DescribeParametersRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeParametersRequest {
    /// Member `Filters`.
    #[serde(rename = "Filters", skip_serializing_if = "Option::is_none")]
    pub filters: Option<Vec<ParametersFilter>>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ParameterFilters`.
    #[serde(rename = "ParameterFilters", skip_serializing_if = "Option::is_none")]
    pub parameter_filters: Option<Vec<ParameterStringFilter>>,
    /// Member `Shared`.
    #[serde(rename = "Shared", skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
}

impl Structure for DescribeParametersRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Filters" => self.filters = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "ParameterFilters" => self.parameter_filters = value.next_value()?,
            "Shared" => self.shared = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeParametersRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeParametersRequest {
    fn check(&self, walk: &mut Walk) {
        walk.structures("Filters", self.filters.as_deref(), None);
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.structures("ParameterFilters", self.parameter_filters.as_deref(), None);
    }
}

/// Shape `DescribeParametersResult`.
#[derive(Clone, Serialize)]
pub struct DescribeParametersResult {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `Parameters`.
    #[serde(rename = "Parameters", skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<ParameterMetadata>>,
}

/// Shape `GetParameterHistoryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetParameterHistoryRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `WithDecryption`.
    #[serde(rename = "WithDecryption", skip_serializing_if = "Option::is_none")]
    pub with_decryption: Option<bool>,
}

impl Structure for GetParameterHistoryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "Name" => self.name = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "WithDecryption" => self.with_decryption = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetParameterHistoryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetParameterHistoryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.required("Name", self.name.is_some());
        walk.text("Name", self.name.as_deref(), &PS_PARAMETER_NAME);
    }
}

/// Shape `GetParameterHistoryResult`.
#[derive(Clone, Serialize)]
pub struct GetParameterHistoryResult {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `Parameters`.
    #[serde(rename = "Parameters", skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<ParameterHistory>>,
}

/// Shape `GetParameterRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetParameterRequest {
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `WithDecryption`.
    #[serde(rename = "WithDecryption", skip_serializing_if = "Option::is_none")]
    pub with_decryption: Option<bool>,
}

impl Structure for GetParameterRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Name" => self.name = value.next_value()?,
            "WithDecryption" => self.with_decryption = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetParameterRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetParameterRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("Name", self.name.is_some());
        walk.text("Name", self.name.as_deref(), &PS_PARAMETER_NAME);
    }
}

/// Shape `GetParameterResult`.
#[derive(Clone, Serialize)]
pub struct GetParameterResult {
    /// Member `Parameter`.
    #[serde(rename = "Parameter", skip_serializing_if = "Option::is_none")]
    pub parameter: Option<Parameter>,
}

/// Shape `GetParametersByPathRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetParametersByPathRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ParameterFilters`.
    #[serde(rename = "ParameterFilters", skip_serializing_if = "Option::is_none")]
    pub parameter_filters: Option<Vec<ParameterStringFilter>>,
    /// Member `Path`.
    #[serde(rename = "Path", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Member `Recursive`.
    #[serde(rename = "Recursive", skip_serializing_if = "Option::is_none")]
    pub recursive: Option<bool>,
    /// Member `WithDecryption`.
    #[serde(rename = "WithDecryption", skip_serializing_if = "Option::is_none")]
    pub with_decryption: Option<bool>,
}

impl Structure for GetParametersByPathRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "ParameterFilters" => self.parameter_filters = value.next_value()?,
            "Path" => self.path = value.next_value()?,
            "Recursive" => self.recursive = value.next_value()?,
            "WithDecryption" => self.with_decryption = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetParametersByPathRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetParametersByPathRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &GET_PARAMETERS_BY_PATH_MAX_RESULTS);
        walk.structures("ParameterFilters", self.parameter_filters.as_deref(), None);
        walk.required("Path", self.path.is_some());
        walk.text("Path", self.path.as_deref(), &PS_PARAMETER_NAME);
    }
}

/// Shape `GetParametersByPathResult`.
#[derive(Clone, Serialize)]
pub struct GetParametersByPathResult {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `Parameters`.
    #[serde(rename = "Parameters", skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<Parameter>>,
}

/// Shape `GetParametersRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetParametersRequest {
    /// Member `Names`.
    #[serde(rename = "Names", skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<String>>,
    /// Member `WithDecryption`.
    #[serde(rename = "WithDecryption", skip_serializing_if = "Option::is_none")]
    pub with_decryption: Option<bool>,
}

impl Structure for GetParametersRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Names" => self.names = value.next_value()?,
            "WithDecryption" => self.with_decryption = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetParametersRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetParametersRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("Names", self.names.is_some());
        walk.texts("Names", self.names.as_deref(), Some(&PARAMETER_NAME_LIST), &PS_PARAMETER_NAME);
    }
}

/// Shape `GetParametersResult`.
#[derive(Clone, Serialize)]
pub struct GetParametersResult {
    /// Member `InvalidParameters`.
    #[serde(rename = "InvalidParameters", skip_serializing_if = "Option::is_none")]
    pub invalid_parameters: Option<Vec<String>>,
    /// Member `Parameters`.
    #[serde(rename = "Parameters", skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<Parameter>>,
}

/// Shape `LabelParameterVersionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct LabelParameterVersionRequest {
    /// Member `Labels`.
    #[serde(rename = "Labels", skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `ParameterVersion`.
    #[serde(rename = "ParameterVersion", skip_serializing_if = "Option::is_none")]
    pub parameter_version: Option<i64>,
}

impl Structure for LabelParameterVersionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Labels" => self.labels = value.next_value()?,
            "Name" => self.name = value.next_value()?,
            "ParameterVersion" => self.parameter_version = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for LabelParameterVersionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for LabelParameterVersionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("Labels", self.labels.is_some());
        walk.texts("Labels", self.labels.as_deref(), Some(&PARAMETER_LABEL_LIST), &PARAMETER_LABEL);
        walk.required("Name", self.name.is_some());
        walk.text("Name", self.name.as_deref(), &PS_PARAMETER_NAME);
    }
}

/// Shape `LabelParameterVersionResult`.
#[derive(Clone, Serialize)]
pub struct LabelParameterVersionResult {
    /// Member `InvalidLabels`.
    #[serde(rename = "InvalidLabels", skip_serializing_if = "Option::is_none")]
    pub invalid_labels: Option<Vec<String>>,
    /// Member `ParameterVersion`.
    #[serde(rename = "ParameterVersion", skip_serializing_if = "Option::is_none")]
    pub parameter_version: Option<i64>,
}

/// Shape `ListTagsForResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListTagsForResourceRequest {
    /// Member `ResourceId`.
    #[serde(rename = "ResourceId", skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Member `ResourceType`.
    #[serde(rename = "ResourceType", skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
}

impl Structure for ListTagsForResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ResourceId" => self.resource_id = value.next_value()?,
            "ResourceType" => self.resource_type = value.next_value()?,
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
        walk.required("ResourceId", self.resource_id.is_some());
        walk.required("ResourceType", self.resource_type.is_some());
        walk.text("ResourceType", self.resource_type.as_deref(), &RESOURCE_TYPE_FOR_TAGGING);
    }
}

/// Shape `ListTagsForResourceResult`.
#[derive(Clone, Serialize)]
pub struct ListTagsForResourceResult {
    /// Member `TagList`.
    #[serde(rename = "TagList", skip_serializing_if = "Option::is_none")]
    pub tag_list: Option<Vec<Tag>>,
}

/// Shape `Parameter`.
#[derive(Clone, Serialize)]
pub struct Parameter {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `DataType`.
    #[serde(rename = "DataType", skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Member `LastModifiedDate`.
    #[serde(rename = "LastModifiedDate", skip_serializing_if = "Option::is_none")]
    pub last_modified_date: Option<f64>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `Selector`.
    #[serde(rename = "Selector", skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// Member `SourceResult`.
    #[serde(rename = "SourceResult", skip_serializing_if = "Option::is_none")]
    pub source_result: Option<String>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Member `Version`.
    #[serde(rename = "Version", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Shape `ParameterHistory`.
#[derive(Clone, Serialize)]
pub struct ParameterHistory {
    /// Member `AllowedPattern`.
    #[serde(rename = "AllowedPattern", skip_serializing_if = "Option::is_none")]
    pub allowed_pattern: Option<String>,
    /// Member `DataType`.
    #[serde(rename = "DataType", skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `KeyId`.
    #[serde(rename = "KeyId", skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// Member `Labels`.
    #[serde(rename = "Labels", skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// Member `LastModifiedDate`.
    #[serde(rename = "LastModifiedDate", skip_serializing_if = "Option::is_none")]
    pub last_modified_date: Option<f64>,
    /// Member `LastModifiedUser`.
    #[serde(rename = "LastModifiedUser", skip_serializing_if = "Option::is_none")]
    pub last_modified_user: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `Policies`.
    #[serde(rename = "Policies", skip_serializing_if = "Option::is_none")]
    pub policies: Option<Vec<ParameterInlinePolicy>>,
    /// Member `Tier`.
    #[serde(rename = "Tier", skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Member `Version`.
    #[serde(rename = "Version", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Shape `ParameterInlinePolicy`.
#[derive(Clone, Serialize)]
pub struct ParameterInlinePolicy {
    /// Member `PolicyStatus`.
    #[serde(rename = "PolicyStatus", skip_serializing_if = "Option::is_none")]
    pub policy_status: Option<String>,
    /// Member `PolicyText`.
    #[serde(rename = "PolicyText", skip_serializing_if = "Option::is_none")]
    pub policy_text: Option<String>,
    /// Member `PolicyType`.
    #[serde(rename = "PolicyType", skip_serializing_if = "Option::is_none")]
    pub policy_type: Option<String>,
}

/// Shape `ParameterMetadata`.
#[derive(Clone, Serialize)]
pub struct ParameterMetadata {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `AllowedPattern`.
    #[serde(rename = "AllowedPattern", skip_serializing_if = "Option::is_none")]
    pub allowed_pattern: Option<String>,
    /// Member `DataType`.
    #[serde(rename = "DataType", skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `KeyId`.
    #[serde(rename = "KeyId", skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// Member `LastModifiedDate`.
    #[serde(rename = "LastModifiedDate", skip_serializing_if = "Option::is_none")]
    pub last_modified_date: Option<f64>,
    /// Member `LastModifiedUser`.
    #[serde(rename = "LastModifiedUser", skip_serializing_if = "Option::is_none")]
    pub last_modified_user: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `Policies`.
    #[serde(rename = "Policies", skip_serializing_if = "Option::is_none")]
    pub policies: Option<Vec<ParameterInlinePolicy>>,
    /// Member `Tier`.
    #[serde(rename = "Tier", skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `Version`.
    #[serde(rename = "Version", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Shape `ParameterStringFilter`.
#[derive(Clone, Default, Serialize)]
pub struct ParameterStringFilter {
    /// Member `Key`.
    #[serde(rename = "Key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Member `Option`.
    #[serde(rename = "Option", skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// Member `Values`.
    #[serde(rename = "Values", skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

impl Structure for ParameterStringFilter {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Key" => self.key = value.next_value()?,
            "Option" => self.option = value.next_value()?,
            "Values" => self.values = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ParameterStringFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ParameterStringFilter {
    fn check(&self, walk: &mut Walk) {
        walk.required("Key", self.key.is_some());
        walk.text("Key", self.key.as_deref(), &PARAMETER_STRING_FILTER_KEY);
        walk.text("Option", self.option.as_deref(), &PARAMETER_STRING_QUERY_OPTION);
        walk.texts("Values", self.values.as_deref(), Some(&PARAMETER_STRING_FILTER_VALUE_LIST), &PARAMETER_STRING_FILTER_VALUE);
    }
}

/// Shape `ParametersFilter`.
#[derive(Clone, Default, Serialize)]
pub struct ParametersFilter {
    /// Member `Key`.
    #[serde(rename = "Key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Member `Values`.
    #[serde(rename = "Values", skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

impl Structure for ParametersFilter {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Key" => self.key = value.next_value()?,
            "Values" => self.values = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ParametersFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ParametersFilter {
    fn check(&self, walk: &mut Walk) {
        walk.required("Key", self.key.is_some());
        walk.text("Key", self.key.as_deref(), &PARAMETERS_FILTER_KEY);
        walk.required("Values", self.values.is_some());
        walk.texts("Values", self.values.as_deref(), Some(&PARAMETERS_FILTER_VALUE_LIST), &PARAMETERS_FILTER_VALUE);
    }
}

/// Shape `PutParameterRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutParameterRequest {
    /// Member `AllowedPattern`.
    #[serde(rename = "AllowedPattern", skip_serializing_if = "Option::is_none")]
    pub allowed_pattern: Option<String>,
    /// Member `DataType`.
    #[serde(rename = "DataType", skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `KeyId`.
    #[serde(rename = "KeyId", skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `Overwrite`.
    #[serde(rename = "Overwrite", skip_serializing_if = "Option::is_none")]
    pub overwrite: Option<bool>,
    /// Member `Policies`.
    #[serde(rename = "Policies", skip_serializing_if = "Option::is_none")]
    pub policies: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `Tier`.
    #[serde(rename = "Tier", skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Structure for PutParameterRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AllowedPattern" => self.allowed_pattern = value.next_value()?,
            "DataType" => self.data_type = value.next_value()?,
            "Description" => self.description = value.next_value()?,
            "KeyId" => self.key_id = value.next_value()?,
            "Name" => self.name = value.next_value()?,
            "Overwrite" => self.overwrite = value.next_value()?,
            "Policies" => self.policies = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            "Tier" => self.tier = value.next_value()?,
            "Type" => self.r#type = value.next_value()?,
            "Value" => self.value = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutParameterRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutParameterRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("AllowedPattern", self.allowed_pattern.as_deref(), &ALLOWED_PATTERN);
        walk.text("DataType", self.data_type.as_deref(), &PARAMETER_DATA_TYPE);
        walk.text("Description", self.description.as_deref(), &PARAMETER_DESCRIPTION);
        walk.text("KeyId", self.key_id.as_deref(), &PARAMETER_KEY_ID);
        walk.required("Name", self.name.is_some());
        walk.text("Name", self.name.as_deref(), &PS_PARAMETER_NAME);
        walk.text("Policies", self.policies.as_deref(), &PARAMETER_POLICIES);
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST));
        walk.text("Tier", self.tier.as_deref(), &PARAMETER_TIER);
        walk.text("Type", self.r#type.as_deref(), &PARAMETER_TYPE);
        walk.required("Value", self.value.is_some());
    }
}

/// Shape `PutParameterResult`.
#[derive(Clone, Serialize)]
pub struct PutParameterResult {
    /// Member `Tier`.
    #[serde(rename = "Tier", skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Member `Version`.
    #[serde(rename = "Version", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Shape `RemoveTagsFromResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct RemoveTagsFromResourceRequest {
    /// Member `ResourceId`.
    #[serde(rename = "ResourceId", skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Member `ResourceType`.
    #[serde(rename = "ResourceType", skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// Member `TagKeys`.
    #[serde(rename = "TagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

impl Structure for RemoveTagsFromResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ResourceId" => self.resource_id = value.next_value()?,
            "ResourceType" => self.resource_type = value.next_value()?,
            "TagKeys" => self.tag_keys = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for RemoveTagsFromResourceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for RemoveTagsFromResourceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ResourceId", self.resource_id.is_some());
        walk.required("ResourceType", self.resource_type.is_some());
        walk.text("ResourceType", self.resource_type.as_deref(), &RESOURCE_TYPE_FOR_TAGGING);
        walk.required("TagKeys", self.tag_keys.is_some());
        walk.texts("TagKeys", self.tag_keys.as_deref(), None, &TAG_KEY);
    }
}

/// Shape `Tag`.
#[derive(Clone, Default, Serialize)]
pub struct Tag {
    /// Member `Key`.
    #[serde(rename = "Key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Structure for Tag {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Key" => self.key = value.next_value()?,
            "Value" => self.value = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for Tag {
    fn check(&self, walk: &mut Walk) {
        walk.required("Key", self.key.is_some());
        walk.text("Key", self.key.as_deref(), &TAG_KEY);
        walk.required("Value", self.value.is_some());
        walk.text("Value", self.value.as_deref(), &TAG_VALUE);
    }
}

/// Shape `UnlabelParameterVersionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UnlabelParameterVersionRequest {
    /// Member `Labels`.
    #[serde(rename = "Labels", skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `ParameterVersion`.
    #[serde(rename = "ParameterVersion", skip_serializing_if = "Option::is_none")]
    pub parameter_version: Option<i64>,
}

impl Structure for UnlabelParameterVersionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Labels" => self.labels = value.next_value()?,
            "Name" => self.name = value.next_value()?,
            "ParameterVersion" => self.parameter_version = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UnlabelParameterVersionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UnlabelParameterVersionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("Labels", self.labels.is_some());
        walk.texts("Labels", self.labels.as_deref(), Some(&PARAMETER_LABEL_LIST), &PARAMETER_LABEL);
        walk.required("Name", self.name.is_some());
        walk.text("Name", self.name.as_deref(), &PS_PARAMETER_NAME);
        walk.required("ParameterVersion", self.parameter_version.is_some());
    }
}

/// Shape `UnlabelParameterVersionResult`.
#[derive(Clone, Serialize)]
pub struct UnlabelParameterVersionResult {
    /// Member `InvalidLabels`.
    #[serde(rename = "InvalidLabels", skip_serializing_if = "Option::is_none")]
    pub invalid_labels: Option<Vec<String>>,
    /// Member `RemovedLabels`.
    #[serde(rename = "RemovedLabels", skip_serializing_if = "Option::is_none")]
    pub removed_labels: Option<Vec<String>>,
}

/// Constraints of `AllowedPattern`.
pub static ALLOWED_PATTERN: Rule = Rule { min: Some(0), max: Some(1024), pattern: None, values: &[], sensitive: false };

/// Constraints of `GetParametersByPathMaxResults`.
pub static GET_PARAMETERS_BY_PATH_MAX_RESULTS: Rule =
    Rule { min: Some(1), max: Some(10), pattern: None, values: &[], sensitive: false };

/// Constraints of `MaxResults`.
pub static MAX_RESULTS: Rule = Rule { min: Some(1), max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `PSParameterName`.
pub static PS_PARAMETER_NAME: Rule = Rule { min: Some(1), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterDataType`.
pub static PARAMETER_DATA_TYPE: Rule = Rule { min: Some(0), max: Some(128), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterDescription`.
pub static PARAMETER_DESCRIPTION: Rule = Rule { min: Some(0), max: Some(1024), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterKeyId`.
pub static PARAMETER_KEY_ID: Rule =
    Rule { min: Some(1), max: Some(256), pattern: Some(Pattern::new("^([a-zA-Z0-9:/_-]+)$")), values: &[], sensitive: false };

/// Constraints of `ParameterLabel`.
pub static PARAMETER_LABEL: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterLabelList`.
pub static PARAMETER_LABEL_LIST: Rule = Rule { min: Some(1), max: Some(10), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterNameList`.
pub static PARAMETER_NAME_LIST: Rule = Rule { min: Some(1), max: Some(10), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterPolicies`.
pub static PARAMETER_POLICIES: Rule = Rule { min: Some(1), max: Some(4096), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterStringFilterKey`.
pub static PARAMETER_STRING_FILTER_KEY: Rule = Rule {
    min: Some(1),
    max: Some(132),
    pattern: Some(Pattern::new("^(tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType)$")),
    values: &[],
    sensitive: false,
};

/// Constraints of `ParameterStringFilterValue`.
pub static PARAMETER_STRING_FILTER_VALUE: Rule =
    Rule { min: Some(1), max: Some(1024), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterStringFilterValueList`.
pub static PARAMETER_STRING_FILTER_VALUE_LIST: Rule =
    Rule { min: Some(1), max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterStringQueryOption`.
pub static PARAMETER_STRING_QUERY_OPTION: Rule = Rule { min: Some(1), max: Some(10), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParameterTier`.
pub static PARAMETER_TIER: Rule =
    Rule { min: None, max: None, pattern: None, values: &["Standard", "Advanced", "Intelligent-Tiering"], sensitive: false };

/// Constraints of `ParameterType`.
pub static PARAMETER_TYPE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["String", "StringList", "SecureString"], sensitive: false };

/// Constraints of `ParametersFilterKey`.
pub static PARAMETERS_FILTER_KEY: Rule =
    Rule { min: None, max: None, pattern: None, values: &["Name", "Type", "KeyId"], sensitive: false };

/// Constraints of `ParametersFilterValue`.
pub static PARAMETERS_FILTER_VALUE: Rule = Rule { min: Some(1), max: Some(1024), pattern: None, values: &[], sensitive: false };

/// Constraints of `ParametersFilterValueList`.
pub static PARAMETERS_FILTER_VALUE_LIST: Rule = Rule { min: Some(1), max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `ResourceTypeForTagging`.
pub static RESOURCE_TYPE_FOR_TAGGING: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &[
        "Document",
        "ManagedInstance",
        "MaintenanceWindow",
        "Parameter",
        "PatchBaseline",
        "OpsItem",
        "OpsMetadata",
        "Automation",
        "Association",
        "CloudConnector",
    ],
    sensitive: false,
};

/// Constraints of `TagKey`.
pub static TAG_KEY: Rule = Rule {
    min: Some(1),
    max: Some(128),
    pattern: Some(Pattern::new("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$")),
    values: &[],
    sensitive: false,
};

/// Constraints of `TagList`.
pub static TAG_LIST: Rule = Rule { min: None, max: Some(1000), pattern: None, values: &[], sensitive: false };

/// Constraints of `TagValue`.
pub static TAG_VALUE: Rule = Rule {
    min: Some(0),
    max: Some(256),
    pattern: Some(Pattern::new("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$")),
    values: &[],
    sensitive: false,
};

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[
    &ALLOWED_PATTERN,
    &GET_PARAMETERS_BY_PATH_MAX_RESULTS,
    &MAX_RESULTS,
    &PS_PARAMETER_NAME,
    &PARAMETER_DATA_TYPE,
    &PARAMETER_DESCRIPTION,
    &PARAMETER_KEY_ID,
    &PARAMETER_LABEL,
    &PARAMETER_LABEL_LIST,
    &PARAMETER_NAME_LIST,
    &PARAMETER_POLICIES,
    &PARAMETER_STRING_FILTER_KEY,
    &PARAMETER_STRING_FILTER_VALUE,
    &PARAMETER_STRING_FILTER_VALUE_LIST,
    &PARAMETER_STRING_QUERY_OPTION,
    &PARAMETER_TIER,
    &PARAMETER_TYPE,
    &PARAMETERS_FILTER_KEY,
    &PARAMETERS_FILTER_VALUE,
    &PARAMETERS_FILTER_VALUE_LIST,
    &RESOURCE_TYPE_FOR_TAGGING,
    &TAG_KEY,
    &TAG_LIST,
    &TAG_VALUE,
];
