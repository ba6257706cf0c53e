//! Secrets Manager: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/secretsmanager.json`.

use super::{Blob, Declared, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use crate::pattern::Pattern;
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};
use std::collections::BTreeMap;

/// An operation of Secrets Manager that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretsManagerOperation {
    /// `BatchGetSecretValue`.
    BatchGetSecretValue,
    /// `CreateSecret`.
    CreateSecret,
    /// `DeleteResourcePolicy`.
    DeleteResourcePolicy,
    /// `DeleteSecret`.
    DeleteSecret,
    /// `DescribeSecret`.
    DescribeSecret,
    /// `GetRandomPassword`.
    GetRandomPassword,
    /// `GetResourcePolicy`.
    GetResourcePolicy,
    /// `GetSecretValue`.
    GetSecretValue,
    /// `ListSecretVersionIds`.
    ListSecretVersionIds,
    /// `ListSecrets`.
    ListSecrets,
    /// `PutResourcePolicy`.
    PutResourcePolicy,
    /// `PutSecretValue`.
    PutSecretValue,
    /// `RestoreSecret`.
    RestoreSecret,
    /// `RotateSecret`.
    RotateSecret,
    /// `TagResource`.
    TagResource,
    /// `UntagResource`.
    UntagResource,
    /// `UpdateSecret`.
    UpdateSecret,
    /// `UpdateSecretVersionStage`.
    UpdateSecretVersionStage,
    /// `ValidateResourcePolicy`.
    ValidateResourcePolicy,
}

impl SecretsManagerOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::BatchGetSecretValue,
        Self::CreateSecret,
        Self::DeleteResourcePolicy,
        Self::DeleteSecret,
        Self::DescribeSecret,
        Self::GetRandomPassword,
        Self::GetResourcePolicy,
        Self::GetSecretValue,
        Self::ListSecretVersionIds,
        Self::ListSecrets,
        Self::PutResourcePolicy,
        Self::PutSecretValue,
        Self::RestoreSecret,
        Self::RotateSecret,
        Self::TagResource,
        Self::UntagResource,
        Self::UpdateSecret,
        Self::UpdateSecretVersionStage,
        Self::ValidateResourcePolicy,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::BatchGetSecretValue => &BATCH_GET_SECRET_VALUE,
            Self::CreateSecret => &CREATE_SECRET,
            Self::DeleteResourcePolicy => &DELETE_RESOURCE_POLICY,
            Self::DeleteSecret => &DELETE_SECRET,
            Self::DescribeSecret => &DESCRIBE_SECRET,
            Self::GetRandomPassword => &GET_RANDOM_PASSWORD,
            Self::GetResourcePolicy => &GET_RESOURCE_POLICY,
            Self::GetSecretValue => &GET_SECRET_VALUE,
            Self::ListSecretVersionIds => &LIST_SECRET_VERSION_IDS,
            Self::ListSecrets => &LIST_SECRETS,
            Self::PutResourcePolicy => &PUT_RESOURCE_POLICY,
            Self::PutSecretValue => &PUT_SECRET_VALUE,
            Self::RestoreSecret => &RESTORE_SECRET,
            Self::RotateSecret => &ROTATE_SECRET,
            Self::TagResource => &TAG_RESOURCE,
            Self::UntagResource => &UNTAG_RESOURCE,
            Self::UpdateSecret => &UPDATE_SECRET,
            Self::UpdateSecretVersionStage => &UPDATE_SECRET_VERSION_STAGE,
            Self::ValidateResourcePolicy => &VALIDATE_RESOURCE_POLICY,
        }
    }
}

/// `BatchGetSecretValue` and the faults that it declares.
pub const BATCH_GET_SECRET_VALUE: Operation = Operation {
    name: "BatchGetSecretValue",
    faults: &[
        RESOURCE_NOT_FOUND_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        INVALID_REQUEST_EXCEPTION,
        DECRYPTION_FAILURE,
        INTERNAL_SERVICE_ERROR,
        INVALID_NEXT_TOKEN_EXCEPTION,
    ],
};

/// `CreateSecret` and the faults that it declares.
pub const CREATE_SECRET: Operation = Operation {
    name: "CreateSecret",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        INVALID_REQUEST_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        ENCRYPTION_FAILURE,
        RESOURCE_EXISTS_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        INTERNAL_SERVICE_ERROR,
        PRECONDITION_NOT_MET_EXCEPTION,
        DECRYPTION_FAILURE,
    ],
};

/// `DeleteResourcePolicy` and the faults that it declares.
pub const DELETE_RESOURCE_POLICY: Operation = Operation {
    name: "DeleteResourcePolicy",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR, INVALID_REQUEST_EXCEPTION, INVALID_PARAMETER_EXCEPTION],
};

/// `DeleteSecret` and the faults that it declares.
pub const DELETE_SECRET: Operation = Operation {
    name: "DeleteSecret",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INVALID_PARAMETER_EXCEPTION, INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR],
};

/// `DescribeSecret` and the faults that it declares.
pub const DESCRIBE_SECRET: Operation = Operation {
    name: "DescribeSecret",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR, INVALID_PARAMETER_EXCEPTION],
};

/// `GetRandomPassword` and the faults that it declares.
pub const GET_RANDOM_PASSWORD: Operation = Operation {
    name: "GetRandomPassword",
    faults: &[INVALID_PARAMETER_EXCEPTION, INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR],
};

/// `GetResourcePolicy` and the faults that it declares.
pub const GET_RESOURCE_POLICY: Operation = Operation {
    name: "GetResourcePolicy",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR, INVALID_REQUEST_EXCEPTION, INVALID_PARAMETER_EXCEPTION],
};

/// `GetSecretValue` and the faults that it declares.
pub const GET_SECRET_VALUE: Operation = Operation {
    name: "GetSecretValue",
    faults: &[
        RESOURCE_NOT_FOUND_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        INVALID_REQUEST_EXCEPTION,
        DECRYPTION_FAILURE,
        INTERNAL_SERVICE_ERROR,
    ],
};

/// `ListSecretVersionIds` and the faults that it declares.
pub const LIST_SECRET_VERSION_IDS: Operation = Operation {
    name: "ListSecretVersionIds",
    faults: &[INVALID_NEXT_TOKEN_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR, INVALID_PARAMETER_EXCEPTION],
};

/// `ListSecrets` and the faults that it declares.
pub const LIST_SECRETS: Operation = Operation {
    name: "ListSecrets",
    faults: &[INVALID_PARAMETER_EXCEPTION, INVALID_REQUEST_EXCEPTION, INVALID_NEXT_TOKEN_EXCEPTION, INTERNAL_SERVICE_ERROR],
};

/// `PutResourcePolicy` and the faults that it declares.
pub const PUT_RESOURCE_POLICY: Operation = Operation {
    name: "PutResourcePolicy",
    faults: &[
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        INTERNAL_SERVICE_ERROR,
        INVALID_REQUEST_EXCEPTION,
        PUBLIC_POLICY_EXCEPTION,
    ],
};

/// `PutSecretValue` and the faults that it declares.
pub const PUT_SECRET_VALUE: Operation = Operation {
    name: "PutSecretValue",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        INVALID_REQUEST_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        ENCRYPTION_FAILURE,
        RESOURCE_EXISTS_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        INTERNAL_SERVICE_ERROR,
        DECRYPTION_FAILURE,
    ],
};

/// `RestoreSecret` and the faults that it declares.
pub const RESTORE_SECRET: Operation = Operation {
    name: "RestoreSecret",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INVALID_PARAMETER_EXCEPTION, INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR],
};

/// `RotateSecret` and the faults that it declares.
pub const ROTATE_SECRET: Operation = Operation {
    name: "RotateSecret",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INVALID_PARAMETER_EXCEPTION, INTERNAL_SERVICE_ERROR, INVALID_REQUEST_EXCEPTION],
};

/// `TagResource` and the faults that it declares.
pub const TAG_RESOURCE: Operation = Operation {
    name: "TagResource",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INVALID_REQUEST_EXCEPTION, INVALID_PARAMETER_EXCEPTION, INTERNAL_SERVICE_ERROR],
};

/// `UntagResource` and the faults that it declares.
pub const UNTAG_RESOURCE: Operation = Operation {
    name: "UntagResource",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INVALID_REQUEST_EXCEPTION, INVALID_PARAMETER_EXCEPTION, INTERNAL_SERVICE_ERROR],
};

/// `UpdateSecret` and the faults that it declares.
pub const UPDATE_SECRET: Operation = Operation {
    name: "UpdateSecret",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        INVALID_REQUEST_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        ENCRYPTION_FAILURE,
        RESOURCE_EXISTS_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        INTERNAL_SERVICE_ERROR,
        PRECONDITION_NOT_MET_EXCEPTION,
        DECRYPTION_FAILURE,
    ],
};

/// `UpdateSecretVersionStage` and the faults that it declares.
pub const UPDATE_SECRET_VERSION_STAGE: Operation = Operation {
    name: "UpdateSecretVersionStage",
    faults: &[
        RESOURCE_NOT_FOUND_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        INVALID_REQUEST_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INTERNAL_SERVICE_ERROR,
    ],
};

/// `ValidateResourcePolicy` and the faults that it declares.
pub const VALIDATE_RESOURCE_POLICY: Operation = Operation {
    name: "ValidateResourcePolicy",
    faults: &[
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        RESOURCE_NOT_FOUND_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        INTERNAL_SERVICE_ERROR,
        INVALID_REQUEST_EXCEPTION,
    ],
};

/// Fault `DecryptionFailure`.
pub const DECRYPTION_FAILURE: Declared = Declared { code: "DecryptionFailure", status: 400 };

/// Fault `EncryptionFailure`.
pub const ENCRYPTION_FAILURE: Declared = Declared { code: "EncryptionFailure", status: 400 };

/// Fault `InternalServiceError`.
pub const INTERNAL_SERVICE_ERROR: Declared = Declared { code: "InternalServiceError", status: 500 };

/// Fault `InvalidNextTokenException`.
pub const INVALID_NEXT_TOKEN_EXCEPTION: Declared = Declared { code: "InvalidNextTokenException", status: 400 };

/// Fault `InvalidParameterException`.
pub const INVALID_PARAMETER_EXCEPTION: Declared = Declared { code: "InvalidParameterException", status: 400 };

/// Fault `InvalidRequestException`.
pub const INVALID_REQUEST_EXCEPTION: Declared = Declared { code: "InvalidRequestException", status: 400 };

/// Fault `LimitExceededException`.
pub const LIMIT_EXCEEDED_EXCEPTION: Declared = Declared { code: "LimitExceededException", status: 400 };

/// Fault `MalformedPolicyDocumentException`.
pub const MALFORMED_POLICY_DOCUMENT_EXCEPTION: Declared = Declared { code: "MalformedPolicyDocumentException", status: 400 };

/// Fault `PreconditionNotMetException`.
pub const PRECONDITION_NOT_MET_EXCEPTION: Declared = Declared { code: "PreconditionNotMetException", status: 400 };

/// Fault `PublicPolicyException`.
pub const PUBLIC_POLICY_EXCEPTION: Declared = Declared { code: "PublicPolicyException", status: 400 };

/// Fault `ResourceExistsException`.
pub const RESOURCE_EXISTS_EXCEPTION: Declared = Declared { code: "ResourceExistsException", status: 400 };

/// Fault `ResourceNotFoundException`.
pub const RESOURCE_NOT_FOUND_EXCEPTION: Declared = Declared { code: "ResourceNotFoundException", status: 400 };

/// Shape `APIErrorType`.
#[derive(Clone, Serialize)]
pub struct APIErrorType {
    /// Member `ErrorCode`.
    #[serde(rename = "ErrorCode", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// Member `Message`.
    #[serde(rename = "Message", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

/// Shape `BatchGetSecretValueRequest`.
#[derive(Clone, Default, Serialize)]
pub struct BatchGetSecretValueRequest {
    /// Member `Filters`.
    #[serde(rename = "Filters", skip_serializing_if = "Option::is_none")]
    pub filters: Option<Vec<Filter>>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `SecretIdList`.
    #[serde(rename = "SecretIdList", skip_serializing_if = "Option::is_none")]
    pub secret_id_list: Option<Vec<String>>,
}

impl Structure for BatchGetSecretValueRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Filters" => self.filters = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "SecretIdList" => self.secret_id_list = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for BatchGetSecretValueRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for BatchGetSecretValueRequest {
    fn check(&self, walk: &mut Walk) {
        walk.structures("Filters", self.filters.as_deref(), Some(&FILTERS_LIST_TYPE));
        walk.number("MaxResults", self.max_results, &MAX_RESULTS_BATCH_TYPE);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN_TYPE);
        walk.texts("SecretIdList", self.secret_id_list.as_deref(), Some(&SECRET_ID_LIST_TYPE), &SECRET_ID_TYPE);
    }
}

/// Shape `BatchGetSecretValueResponse`.
#[derive(Clone, Serialize)]
pub struct BatchGetSecretValueResponse {
    /// Member `Errors`.
    #[serde(rename = "Errors", skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<APIErrorType>>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `SecretValues`.
    #[serde(rename = "SecretValues", skip_serializing_if = "Option::is_none")]
    pub secret_values: Option<Vec<SecretValueEntry>>,
}

/// Shape `CreateSecretRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateSecretRequest {
    /// Member `AddReplicaRegions`.
    #[serde(rename = "AddReplicaRegions", skip_serializing_if = "Option::is_none")]
    pub add_replica_regions: Option<Vec<ReplicaRegionType>>,
    /// Member `ClientRequestToken`.
    #[serde(rename = "ClientRequestToken", skip_serializing_if = "Option::is_none")]
    pub client_request_token: Option<String>,
    /// Member `CrossAccountPrimaryARN`.
    #[serde(rename = "CrossAccountPrimaryARN", skip_serializing_if = "Option::is_none")]
    pub cross_account_primary_arn: Option<String>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `ForceOverwriteReplicaSecret`.
    #[serde(rename = "ForceOverwriteReplicaSecret", skip_serializing_if = "Option::is_none")]
    pub force_overwrite_replica_secret: Option<bool>,
    /// Member `KmsKeyId`.
    #[serde(rename = "KmsKeyId", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `SecretBinary`.
    #[serde(rename = "SecretBinary", skip_serializing_if = "Option::is_none")]
    pub secret_binary: Option<Blob>,
    /// Member `SecretString`.
    #[serde(rename = "SecretString", skip_serializing_if = "Option::is_none")]
    pub secret_string: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
}

impl Structure for CreateSecretRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AddReplicaRegions" => self.add_replica_regions = value.next_value()?,
            "ClientRequestToken" => self.client_request_token = value.next_value()?,
            "CrossAccountPrimaryARN" => self.cross_account_primary_arn = value.next_value()?,
            "Description" => self.description = value.next_value()?,
            "ForceOverwriteReplicaSecret" => self.force_overwrite_replica_secret = value.next_value()?,
            "KmsKeyId" => self.kms_key_id = value.next_value()?,
            "Name" => self.name = value.next_value()?,
            "SecretBinary" => self.secret_binary = value.next_value()?,
            "SecretString" => self.secret_string = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            "Type" => self.r#type = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateSecretRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateSecretRequest {
    fn check(&self, walk: &mut Walk) {
        walk.structures("AddReplicaRegions", self.add_replica_regions.as_deref(), Some(&ADD_REPLICA_REGION_LIST_TYPE));
        walk.text("ClientRequestToken", self.client_request_token.as_deref(), &CLIENT_REQUEST_TOKEN_TYPE);
        walk.text("CrossAccountPrimaryARN", self.cross_account_primary_arn.as_deref(), &SECRET_ARN_TYPE);
        walk.text("Description", self.description.as_deref(), &DESCRIPTION_TYPE);
        walk.text("KmsKeyId", self.kms_key_id.as_deref(), &KMS_KEY_ID_TYPE);
        walk.required("Name", self.name.is_some());
        walk.text("Name", self.name.as_deref(), &NAME_TYPE);
        walk.blob("SecretBinary", self.secret_binary.as_ref(), &SECRET_BINARY_TYPE);
        walk.text("SecretString", self.secret_string.as_deref(), &SECRET_STRING_TYPE);
        walk.structures("Tags", self.tags.as_deref(), None);
        walk.text("Type", self.r#type.as_deref(), &MEDEA_TYPE_TYPE);
    }
}

/// Shape `CreateSecretResponse`.
#[derive(Clone, Serialize)]
pub struct CreateSecretResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `ReplicationStatus`.
    #[serde(rename = "ReplicationStatus", skip_serializing_if = "Option::is_none")]
    pub replication_status: Option<Vec<ReplicationStatusType>>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

/// Shape `CrossAccountPrimaryType`.
#[derive(Clone, Serialize)]
pub struct CrossAccountPrimaryType {
    /// Member `PrimarySecretARN`.
    #[serde(rename = "PrimarySecretARN", skip_serializing_if = "Option::is_none")]
    pub primary_secret_arn: Option<String>,
    /// Member `ReplicationStatus`.
    #[serde(rename = "ReplicationStatus", skip_serializing_if = "Option::is_none")]
    pub replication_status: Option<String>,
    /// Member `StatusMessage`.
    #[serde(rename = "StatusMessage", skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
}

/// Shape `CrossAccountReplicaEntry`.
#[derive(Clone, Serialize)]
pub struct CrossAccountReplicaEntry {
    /// Member `ReplicaSecretARN`.
    #[serde(rename = "ReplicaSecretARN", skip_serializing_if = "Option::is_none")]
    pub replica_secret_arn: Option<String>,
    /// Member `ReplicationRoleARN`.
    #[serde(rename = "ReplicationRoleARN", skip_serializing_if = "Option::is_none")]
    pub replication_role_arn: Option<String>,
    /// Member `ReplicationStatus`.
    #[serde(rename = "ReplicationStatus", skip_serializing_if = "Option::is_none")]
    pub replication_status: Option<String>,
    /// Member `StatusMessage`.
    #[serde(rename = "StatusMessage", skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
}

/// Shape `DeleteResourcePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteResourcePolicyRequest {
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for DeleteResourcePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyName" => self.policy_name = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteResourcePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteResourcePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("PolicyName", self.policy_name.as_deref(), &RESOURCE_POLICY_NAME_TYPE);
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `DeleteResourcePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteResourcePolicyResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
}

/// Shape `DeleteSecretRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteSecretRequest {
    /// Member `ForceDeleteWithoutRecovery`.
    #[serde(rename = "ForceDeleteWithoutRecovery", skip_serializing_if = "Option::is_none")]
    pub force_delete_without_recovery: Option<bool>,
    /// Member `RecoveryWindowInDays`.
    #[serde(rename = "RecoveryWindowInDays", skip_serializing_if = "Option::is_none")]
    pub recovery_window_in_days: Option<i64>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for DeleteSecretRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ForceDeleteWithoutRecovery" => self.force_delete_without_recovery = value.next_value()?,
            "RecoveryWindowInDays" => self.recovery_window_in_days = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteSecretRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteSecretRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `DeleteSecretResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteSecretResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `DeletionDate`.
    #[serde(rename = "DeletionDate", skip_serializing_if = "Option::is_none")]
    pub deletion_date: Option<f64>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Shape `DescribeSecretRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeSecretRequest {
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for DescribeSecretRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeSecretRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeSecretRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `DescribeSecretResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeSecretResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `CreatedDate`.
    #[serde(rename = "CreatedDate", skip_serializing_if = "Option::is_none")]
    pub created_date: Option<f64>,
    /// Member `CrossAccountPrimary`.
    #[serde(rename = "CrossAccountPrimary", skip_serializing_if = "Option::is_none")]
    pub cross_account_primary: Option<CrossAccountPrimaryType>,
    /// Member `CrossAccountReplicas`.
    #[serde(rename = "CrossAccountReplicas", skip_serializing_if = "Option::is_none")]
    pub cross_account_replicas: Option<Vec<CrossAccountReplicaEntry>>,
    /// Member `DeletedDate`.
    #[serde(rename = "DeletedDate", skip_serializing_if = "Option::is_none")]
    pub deleted_date: Option<f64>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `ExternalSecretRotationMetadata`.
    #[serde(rename = "ExternalSecretRotationMetadata", skip_serializing_if = "Option::is_none")]
    pub external_secret_rotation_metadata: Option<Vec<ExternalSecretRotationMetadataItem>>,
    /// Member `ExternalSecretRotationRoleArn`.
    #[serde(rename = "ExternalSecretRotationRoleArn", skip_serializing_if = "Option::is_none")]
    pub external_secret_rotation_role_arn: Option<String>,
    /// Member `KmsKeyId`.
    #[serde(rename = "KmsKeyId", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Member `LastAccessedDate`.
    #[serde(rename = "LastAccessedDate", skip_serializing_if = "Option::is_none")]
    pub last_accessed_date: Option<f64>,
    /// Member `LastChangedDate`.
    #[serde(rename = "LastChangedDate", skip_serializing_if = "Option::is_none")]
    pub last_changed_date: Option<f64>,
    /// Member `LastRotatedDate`.
    #[serde(rename = "LastRotatedDate", skip_serializing_if = "Option::is_none")]
    pub last_rotated_date: Option<f64>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `NextRotationDate`.
    #[serde(rename = "NextRotationDate", skip_serializing_if = "Option::is_none")]
    pub next_rotation_date: Option<f64>,
    /// Member `OwningService`.
    #[serde(rename = "OwningService", skip_serializing_if = "Option::is_none")]
    pub owning_service: Option<String>,
    /// Member `PrimaryRegion`.
    #[serde(rename = "PrimaryRegion", skip_serializing_if = "Option::is_none")]
    pub primary_region: Option<String>,
    /// Member `ReplicationStatus`.
    #[serde(rename = "ReplicationStatus", skip_serializing_if = "Option::is_none")]
    pub replication_status: Option<Vec<ReplicationStatusType>>,
    /// Member `RotationEnabled`.
    #[serde(rename = "RotationEnabled", skip_serializing_if = "Option::is_none")]
    pub rotation_enabled: Option<bool>,
    /// Member `RotationLambdaARN`.
    #[serde(rename = "RotationLambdaARN", skip_serializing_if = "Option::is_none")]
    pub rotation_lambda_arn: Option<String>,
    /// Member `RotationRules`.
    #[serde(rename = "RotationRules", skip_serializing_if = "Option::is_none")]
    pub rotation_rules: Option<RotationRulesType>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `VersionIdsToStages`.
    #[serde(rename = "VersionIdsToStages", skip_serializing_if = "Option::is_none")]
    pub version_ids_to_stages: Option<BTreeMap<String, Vec<String>>>,
}

/// Shape `ExternalSecretRotationMetadataItem`.
#[derive(Clone, Default, Serialize)]
pub struct ExternalSecretRotationMetadataItem {
    /// Member `Key`.
    #[serde(rename = "Key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Structure for ExternalSecretRotationMetadataItem {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Key" => self.key = value.next_value()?,
            "Value" => self.value = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ExternalSecretRotationMetadataItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ExternalSecretRotationMetadataItem {
    fn check(&self, walk: &mut Walk) {
        walk.text("Key", self.key.as_deref(), &EXTERNAL_SECRET_ROTATION_METADATA_ITEM_KEY_TYPE);
        walk.text("Value", self.value.as_deref(), &EXTERNAL_SECRET_ROTATION_METADATA_ITEM_VALUE_TYPE);
    }
}

/// Shape `Filter`.
#[derive(Clone, Default, Serialize)]
pub struct Filter {
    /// Member `Key`.
    #[serde(rename = "Key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Member `Values`.
    #[serde(rename = "Values", skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

impl Structure for Filter {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Key" => self.key = value.next_value()?,
            "Values" => self.values = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for Filter {
    fn check(&self, walk: &mut Walk) {
        walk.text("Key", self.key.as_deref(), &FILTER_NAME_STRING_TYPE);
        walk.texts("Values", self.values.as_deref(), Some(&FILTER_VALUES_STRING_LIST), &FILTER_VALUE_STRING_TYPE);
    }
}

/// Shape `GetRandomPasswordRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetRandomPasswordRequest {
    /// Member `ExcludeCharacters`.
    #[serde(rename = "ExcludeCharacters", skip_serializing_if = "Option::is_none")]
    pub exclude_characters: Option<String>,
    /// Member `ExcludeLowercase`.
    #[serde(rename = "ExcludeLowercase", skip_serializing_if = "Option::is_none")]
    pub exclude_lowercase: Option<bool>,
    /// Member `ExcludeNumbers`.
    #[serde(rename = "ExcludeNumbers", skip_serializing_if = "Option::is_none")]
    pub exclude_numbers: Option<bool>,
    /// Member `ExcludePunctuation`.
    #[serde(rename = "ExcludePunctuation", skip_serializing_if = "Option::is_none")]
    pub exclude_punctuation: Option<bool>,
    /// Member `ExcludeUppercase`.
    #[serde(rename = "ExcludeUppercase", skip_serializing_if = "Option::is_none")]
    pub exclude_uppercase: Option<bool>,
    /// Member `IncludeSpace`.
    #[serde(rename = "IncludeSpace", skip_serializing_if = "Option::is_none")]
    pub include_space: Option<bool>,
    /// Member `PasswordLength`.
    #[serde(rename = "PasswordLength", skip_serializing_if = "Option::is_none")]
    pub password_length: Option<i64>,
    /// Member `RequireEachIncludedType`.
    #[serde(rename = "RequireEachIncludedType", skip_serializing_if = "Option::is_none")]
    pub require_each_included_type: Option<bool>,
}

impl Structure for GetRandomPasswordRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ExcludeCharacters" => self.exclude_characters = value.next_value()?,
            "ExcludeLowercase" => self.exclude_lowercase = value.next_value()?,
            "ExcludeNumbers" => self.exclude_numbers = value.next_value()?,
            "ExcludePunctuation" => self.exclude_punctuation = value.next_value()?,
            "ExcludeUppercase" => self.exclude_uppercase = value.next_value()?,
            "IncludeSpace" => self.include_space = value.next_value()?,
            "PasswordLength" => self.password_length = value.next_value()?,
            "RequireEachIncludedType" => self.require_each_included_type = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetRandomPasswordRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetRandomPasswordRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("ExcludeCharacters", self.exclude_characters.as_deref(), &EXCLUDE_CHARACTERS_TYPE);
        walk.number("PasswordLength", self.password_length, &PASSWORD_LENGTH_TYPE);
    }
}

/// Shape `GetRandomPasswordResponse`.
#[derive(Clone, Serialize)]
pub struct GetRandomPasswordResponse {
    /// Member `RandomPassword`.
    #[serde(rename = "RandomPassword", skip_serializing_if = "Option::is_none")]
    pub random_password: Option<String>,
}

/// Shape `GetResourcePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetResourcePolicyRequest {
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for GetResourcePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyName" => self.policy_name = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetResourcePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetResourcePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("PolicyName", self.policy_name.as_deref(), &RESOURCE_POLICY_NAME_TYPE);
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `GetResourcePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct GetResourcePolicyResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `ResourcePolicy`.
    #[serde(rename = "ResourcePolicy", skip_serializing_if = "Option::is_none")]
    pub resource_policy: Option<String>,
}

/// Shape `GetSecretValueRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetSecretValueRequest {
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Member `VersionStage`.
    #[serde(rename = "VersionStage", skip_serializing_if = "Option::is_none")]
    pub version_stage: Option<String>,
}

impl Structure for GetSecretValueRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "SecretId" => self.secret_id = value.next_value()?,
            "VersionId" => self.version_id = value.next_value()?,
            "VersionStage" => self.version_stage = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetSecretValueRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetSecretValueRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
        walk.text("VersionId", self.version_id.as_deref(), &SECRET_VERSION_ID_TYPE);
        walk.text("VersionStage", self.version_stage.as_deref(), &SECRET_VERSION_STAGE_TYPE);
    }
}

/// Shape `GetSecretValueResponse`.
#[derive(Clone, Serialize)]
pub struct GetSecretValueResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `CreatedDate`.
    #[serde(rename = "CreatedDate", skip_serializing_if = "Option::is_none")]
    pub created_date: Option<f64>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `SecretBinary`.
    #[serde(rename = "SecretBinary", skip_serializing_if = "Option::is_none")]
    pub secret_binary: Option<Blob>,
    /// Member `SecretString`.
    #[serde(rename = "SecretString", skip_serializing_if = "Option::is_none")]
    pub secret_string: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Member `VersionStages`.
    #[serde(rename = "VersionStages", skip_serializing_if = "Option::is_none")]
    pub version_stages: Option<Vec<String>>,
}

/// Shape `ListSecretVersionIdsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListSecretVersionIdsRequest {
    /// Member `IncludeDeprecated`.
    #[serde(rename = "IncludeDeprecated", skip_serializing_if = "Option::is_none")]
    pub include_deprecated: Option<bool>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for ListSecretVersionIdsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "IncludeDeprecated" => self.include_deprecated = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListSecretVersionIdsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListSecretVersionIdsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &MAX_RESULTS_TYPE);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN_TYPE);
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `ListSecretVersionIdsResponse`.
#[derive(Clone, Serialize)]
pub struct ListSecretVersionIdsResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `Versions`.
    #[serde(rename = "Versions", skip_serializing_if = "Option::is_none")]
    pub versions: Option<Vec<SecretVersionsListEntry>>,
}

/// Shape `ListSecretsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListSecretsRequest {
    /// Member `Filters`.
    #[serde(rename = "Filters", skip_serializing_if = "Option::is_none")]
    pub filters: Option<Vec<Filter>>,
    /// Member `IncludePlannedDeletion`.
    #[serde(rename = "IncludePlannedDeletion", skip_serializing_if = "Option::is_none")]
    pub include_planned_deletion: Option<bool>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `SortBy`.
    #[serde(rename = "SortBy", skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<String>,
    /// Member `SortOrder`.
    #[serde(rename = "SortOrder", skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<String>,
}

impl Structure for ListSecretsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Filters" => self.filters = value.next_value()?,
            "IncludePlannedDeletion" => self.include_planned_deletion = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "SortBy" => self.sort_by = value.next_value()?,
            "SortOrder" => self.sort_order = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListSecretsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListSecretsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.structures("Filters", self.filters.as_deref(), Some(&FILTERS_LIST_TYPE));
        walk.number("MaxResults", self.max_results, &MAX_RESULTS_TYPE);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN_TYPE);
        walk.text("SortBy", self.sort_by.as_deref(), &SORT_BY_TYPE);
        walk.text("SortOrder", self.sort_order.as_deref(), &SORT_ORDER_TYPE);
    }
}

/// Shape `ListSecretsResponse`.
#[derive(Clone, Serialize)]
pub struct ListSecretsResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `SecretList`.
    #[serde(rename = "SecretList", skip_serializing_if = "Option::is_none")]
    pub secret_list: Option<Vec<SecretListEntry>>,
}

/// Shape `PutResourcePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutResourcePolicyRequest {
    /// Member `BlockPublicPolicy`.
    #[serde(rename = "BlockPublicPolicy", skip_serializing_if = "Option::is_none")]
    pub block_public_policy: Option<bool>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `ResourcePolicy`.
    #[serde(rename = "ResourcePolicy", skip_serializing_if = "Option::is_none")]
    pub resource_policy: Option<String>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for PutResourcePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "BlockPublicPolicy" => self.block_public_policy = value.next_value()?,
            "PolicyName" => self.policy_name = value.next_value()?,
            "ResourcePolicy" => self.resource_policy = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutResourcePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutResourcePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("PolicyName", self.policy_name.as_deref(), &RESOURCE_POLICY_NAME_TYPE);
        walk.required("ResourcePolicy", self.resource_policy.is_some());
        walk.text("ResourcePolicy", self.resource_policy.as_deref(), &NON_EMPTY_RESOURCE_POLICY_TYPE);
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `PutResourcePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct PutResourcePolicyResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
}

/// Shape `PutSecretValueRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutSecretValueRequest {
    /// Member `ClientRequestToken`.
    #[serde(rename = "ClientRequestToken", skip_serializing_if = "Option::is_none")]
    pub client_request_token: Option<String>,
    /// Member `RotationToken`.
    #[serde(rename = "RotationToken", skip_serializing_if = "Option::is_none")]
    pub rotation_token: Option<String>,
    /// Member `SecretBinary`.
    #[serde(rename = "SecretBinary", skip_serializing_if = "Option::is_none")]
    pub secret_binary: Option<Blob>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
    /// Member `SecretString`.
    #[serde(rename = "SecretString", skip_serializing_if = "Option::is_none")]
    pub secret_string: Option<String>,
    /// Member `VersionStages`.
    #[serde(rename = "VersionStages", skip_serializing_if = "Option::is_none")]
    pub version_stages: Option<Vec<String>>,
}

impl Structure for PutSecretValueRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ClientRequestToken" => self.client_request_token = value.next_value()?,
            "RotationToken" => self.rotation_token = value.next_value()?,
            "SecretBinary" => self.secret_binary = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            "SecretString" => self.secret_string = value.next_value()?,
            "VersionStages" => self.version_stages = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutSecretValueRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutSecretValueRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("ClientRequestToken", self.client_request_token.as_deref(), &CLIENT_REQUEST_TOKEN_TYPE);
        walk.text("RotationToken", self.rotation_token.as_deref(), &ROTATION_TOKEN_TYPE);
        walk.blob("SecretBinary", self.secret_binary.as_ref(), &SECRET_BINARY_TYPE);
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
        walk.text("SecretString", self.secret_string.as_deref(), &SECRET_STRING_TYPE);
        walk.texts("VersionStages", self.version_stages.as_deref(), Some(&SECRET_VERSION_STAGES_TYPE), &SECRET_VERSION_STAGE_TYPE);
    }
}

/// Shape `PutSecretValueResponse`.
#[derive(Clone, Serialize)]
pub struct PutSecretValueResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Member `VersionStages`.
    #[serde(rename = "VersionStages", skip_serializing_if = "Option::is_none")]
    pub version_stages: Option<Vec<String>>,
}

/// Shape `ReplicaRegionType`.
#[derive(Clone, Default, Serialize)]
pub struct ReplicaRegionType {
    /// Member `KmsKeyId`.
    #[serde(rename = "KmsKeyId", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Member `Region`.
    #[serde(rename = "Region", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

impl Structure for ReplicaRegionType {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "KmsKeyId" => self.kms_key_id = value.next_value()?,
            "Region" => self.region = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ReplicaRegionType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ReplicaRegionType {
    fn check(&self, walk: &mut Walk) {
        walk.text("KmsKeyId", self.kms_key_id.as_deref(), &KMS_KEY_ID_TYPE);
        walk.text("Region", self.region.as_deref(), &REGION_TYPE);
    }
}

/// Shape `ReplicationStatusType`.
#[derive(Clone, Serialize)]
pub struct ReplicationStatusType {
    /// Member `KmsKeyId`.
    #[serde(rename = "KmsKeyId", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Member `LastAccessedDate`.
    #[serde(rename = "LastAccessedDate", skip_serializing_if = "Option::is_none")]
    pub last_accessed_date: Option<f64>,
    /// Member `Region`.
    #[serde(rename = "Region", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `StatusMessage`.
    #[serde(rename = "StatusMessage", skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
}

/// Shape `RestoreSecretRequest`.
#[derive(Clone, Default, Serialize)]
pub struct RestoreSecretRequest {
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for RestoreSecretRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for RestoreSecretRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for RestoreSecretRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `RestoreSecretResponse`.
#[derive(Clone, Serialize)]
pub struct RestoreSecretResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Shape `RotateSecretRequest`.
#[derive(Clone, Default, Serialize)]
pub struct RotateSecretRequest {
    /// Member `ClientRequestToken`.
    #[serde(rename = "ClientRequestToken", skip_serializing_if = "Option::is_none")]
    pub client_request_token: Option<String>,
    /// Member `ExternalSecretRotationMetadata`.
    #[serde(rename = "ExternalSecretRotationMetadata", skip_serializing_if = "Option::is_none")]
    pub external_secret_rotation_metadata: Option<Vec<ExternalSecretRotationMetadataItem>>,
    /// Member `ExternalSecretRotationRoleArn`.
    #[serde(rename = "ExternalSecretRotationRoleArn", skip_serializing_if = "Option::is_none")]
    pub external_secret_rotation_role_arn: Option<String>,
    /// Member `RotateImmediately`.
    #[serde(rename = "RotateImmediately", skip_serializing_if = "Option::is_none")]
    pub rotate_immediately: Option<bool>,
    /// Member `RotationLambdaARN`.
    #[serde(rename = "RotationLambdaARN", skip_serializing_if = "Option::is_none")]
    pub rotation_lambda_arn: Option<String>,
    /// Member `RotationRules`.
    #[serde(rename = "RotationRules", skip_serializing_if = "Option::is_none")]
    pub rotation_rules: Option<RotationRulesType>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for RotateSecretRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ClientRequestToken" => self.client_request_token = value.next_value()?,
            "ExternalSecretRotationMetadata" => self.external_secret_rotation_metadata = value.next_value()?,
            "ExternalSecretRotationRoleArn" => self.external_secret_rotation_role_arn = value.next_value()?,
            "RotateImmediately" => self.rotate_immediately = value.next_value()?,
            "RotationLambdaARN" => self.rotation_lambda_arn = value.next_value()?,
            "RotationRules" => self.rotation_rules = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for RotateSecretRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for RotateSecretRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("ClientRequestToken", self.client_request_token.as_deref(), &CLIENT_REQUEST_TOKEN_TYPE);
        walk.structures("ExternalSecretRotationMetadata", self.external_secret_rotation_metadata.as_deref(), None);
        walk.text("ExternalSecretRotationRoleArn", self.external_secret_rotation_role_arn.as_deref(), &ROLE_ARN_TYPE);
        walk.text("RotationLambdaARN", self.rotation_lambda_arn.as_deref(), &ROTATION_LAMBDA_ARN_TYPE);
        walk.nested("RotationRules", self.rotation_rules.as_ref());
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `RotateSecretResponse`.
#[derive(Clone, Serialize)]
pub struct RotateSecretResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

/// Shape `RotationRulesType`.
#[derive(Clone, Default, Serialize)]
pub struct RotationRulesType {
    /// Member `AutomaticallyAfterDays`.
    #[serde(rename = "AutomaticallyAfterDays", skip_serializing_if = "Option::is_none")]
    pub automatically_after_days: Option<i64>,
    /// Member `Duration`.
    #[serde(rename = "Duration", skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Member `ScheduleExpression`.
    #[serde(rename = "ScheduleExpression", skip_serializing_if = "Option::is_none")]
    pub schedule_expression: Option<String>,
}

impl Structure for RotationRulesType {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutomaticallyAfterDays" => self.automatically_after_days = value.next_value()?,
            "Duration" => self.duration = value.next_value()?,
            "ScheduleExpression" => self.schedule_expression = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for RotationRulesType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for RotationRulesType {
    fn check(&self, walk: &mut Walk) {
        walk.number("AutomaticallyAfterDays", self.automatically_after_days, &AUTOMATICALLY_ROTATE_AFTER_DAYS_TYPE);
        walk.text("Duration", self.duration.as_deref(), &DURATION_TYPE);
        walk.text("ScheduleExpression", self.schedule_expression.as_deref(), &SCHEDULE_EXPRESSION_TYPE);
    }
}

/// Shape `SecretListEntry`.
#[derive(Clone, Serialize)]
pub struct SecretListEntry {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `CreatedDate`.
    #[serde(rename = "CreatedDate", skip_serializing_if = "Option::is_none")]
    pub created_date: Option<f64>,
    /// Member `DeletedDate`.
    #[serde(rename = "DeletedDate", skip_serializing_if = "Option::is_none")]
    pub deleted_date: Option<f64>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `ExternalSecretRotationMetadata`.
    #[serde(rename = "ExternalSecretRotationMetadata", skip_serializing_if = "Option::is_none")]
    pub external_secret_rotation_metadata: Option<Vec<ExternalSecretRotationMetadataItem>>,
    /// Member `ExternalSecretRotationRoleArn`.
    #[serde(rename = "ExternalSecretRotationRoleArn", skip_serializing_if = "Option::is_none")]
    pub external_secret_rotation_role_arn: Option<String>,
    /// Member `KmsKeyId`.
    #[serde(rename = "KmsKeyId", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Member `LastAccessedDate`.
    #[serde(rename = "LastAccessedDate", skip_serializing_if = "Option::is_none")]
    pub last_accessed_date: Option<f64>,
    /// Member `LastChangedDate`.
    #[serde(rename = "LastChangedDate", skip_serializing_if = "Option::is_none")]
    pub last_changed_date: Option<f64>,
    /// Member `LastRotatedDate`.
    #[serde(rename = "LastRotatedDate", skip_serializing_if = "Option::is_none")]
    pub last_rotated_date: Option<f64>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `NextRotationDate`.
    #[serde(rename = "NextRotationDate", skip_serializing_if = "Option::is_none")]
    pub next_rotation_date: Option<f64>,
    /// Member `OwningService`.
    #[serde(rename = "OwningService", skip_serializing_if = "Option::is_none")]
    pub owning_service: Option<String>,
    /// Member `PrimaryRegion`.
    #[serde(rename = "PrimaryRegion", skip_serializing_if = "Option::is_none")]
    pub primary_region: Option<String>,
    /// Member `RotationEnabled`.
    #[serde(rename = "RotationEnabled", skip_serializing_if = "Option::is_none")]
    pub rotation_enabled: Option<bool>,
    /// Member `RotationLambdaARN`.
    #[serde(rename = "RotationLambdaARN", skip_serializing_if = "Option::is_none")]
    pub rotation_lambda_arn: Option<String>,
    /// Member `RotationRules`.
    #[serde(rename = "RotationRules", skip_serializing_if = "Option::is_none")]
    pub rotation_rules: Option<RotationRulesType>,
    /// Member `SecretVersionsToStages`.
    #[serde(rename = "SecretVersionsToStages", skip_serializing_if = "Option::is_none")]
    pub secret_versions_to_stages: Option<BTreeMap<String, Vec<String>>>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
}

/// Shape `SecretValueEntry`.
#[derive(Clone, Serialize)]
pub struct SecretValueEntry {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `CreatedDate`.
    #[serde(rename = "CreatedDate", skip_serializing_if = "Option::is_none")]
    pub created_date: Option<f64>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `SecretBinary`.
    #[serde(rename = "SecretBinary", skip_serializing_if = "Option::is_none")]
    pub secret_binary: Option<Blob>,
    /// Member `SecretString`.
    #[serde(rename = "SecretString", skip_serializing_if = "Option::is_none")]
    pub secret_string: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Member `VersionStages`.
    #[serde(rename = "VersionStages", skip_serializing_if = "Option::is_none")]
    pub version_stages: Option<Vec<String>>,
}

/// Shape `SecretVersionsListEntry`.
#[derive(Clone, Serialize)]
pub struct SecretVersionsListEntry {
    /// Member `CreatedDate`.
    #[serde(rename = "CreatedDate", skip_serializing_if = "Option::is_none")]
    pub created_date: Option<f64>,
    /// Member `KmsKeyIds`.
    #[serde(rename = "KmsKeyIds", skip_serializing_if = "Option::is_none")]
    pub kms_key_ids: Option<Vec<String>>,
    /// Member `LastAccessedDate`.
    #[serde(rename = "LastAccessedDate", skip_serializing_if = "Option::is_none")]
    pub last_accessed_date: Option<f64>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Member `VersionStages`.
    #[serde(rename = "VersionStages", skip_serializing_if = "Option::is_none")]
    pub version_stages: Option<Vec<String>>,
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
        walk.text("Key", self.key.as_deref(), &TAG_KEY_TYPE);
        walk.text("Value", self.value.as_deref(), &TAG_VALUE_TYPE);
    }
}

/// Shape `TagResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct TagResourceRequest {
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for TagResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "SecretId" => self.secret_id = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
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
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
        walk.required("Tags", self.tags.is_some());
        walk.structures("Tags", self.tags.as_deref(), None);
    }
}

/// Shape `UntagResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UntagResourceRequest {
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
    /// Member `TagKeys`.
    #[serde(rename = "TagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

impl Structure for UntagResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "SecretId" => self.secret_id = value.next_value()?,
            "TagKeys" => self.tag_keys = value.next_value()?,
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
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
        walk.required("TagKeys", self.tag_keys.is_some());
        walk.texts("TagKeys", self.tag_keys.as_deref(), None, &TAG_KEY_TYPE);
    }
}

/// Shape `UpdateSecretRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateSecretRequest {
    /// Member `ClientRequestToken`.
    #[serde(rename = "ClientRequestToken", skip_serializing_if = "Option::is_none")]
    pub client_request_token: Option<String>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `KmsKeyId`.
    #[serde(rename = "KmsKeyId", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Member `SecretBinary`.
    #[serde(rename = "SecretBinary", skip_serializing_if = "Option::is_none")]
    pub secret_binary: Option<Blob>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
    /// Member `SecretString`.
    #[serde(rename = "SecretString", skip_serializing_if = "Option::is_none")]
    pub secret_string: Option<String>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
}

impl Structure for UpdateSecretRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ClientRequestToken" => self.client_request_token = value.next_value()?,
            "Description" => self.description = value.next_value()?,
            "KmsKeyId" => self.kms_key_id = value.next_value()?,
            "SecretBinary" => self.secret_binary = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            "SecretString" => self.secret_string = value.next_value()?,
            "Type" => self.r#type = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateSecretRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateSecretRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("ClientRequestToken", self.client_request_token.as_deref(), &CLIENT_REQUEST_TOKEN_TYPE);
        walk.text("Description", self.description.as_deref(), &DESCRIPTION_TYPE);
        walk.text("KmsKeyId", self.kms_key_id.as_deref(), &KMS_KEY_ID_TYPE);
        walk.blob("SecretBinary", self.secret_binary.as_ref(), &SECRET_BINARY_TYPE);
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
        walk.text("SecretString", self.secret_string.as_deref(), &SECRET_STRING_TYPE);
        walk.text("Type", self.r#type.as_deref(), &MEDEA_TYPE_TYPE);
    }
}

/// Shape `UpdateSecretResponse`.
#[derive(Clone, Serialize)]
pub struct UpdateSecretResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

/// Shape `UpdateSecretVersionStageRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateSecretVersionStageRequest {
    /// Member `MoveToVersionId`.
    #[serde(rename = "MoveToVersionId", skip_serializing_if = "Option::is_none")]
    pub move_to_version_id: Option<String>,
    /// Member `RemoveFromVersionId`.
    #[serde(rename = "RemoveFromVersionId", skip_serializing_if = "Option::is_none")]
    pub remove_from_version_id: Option<String>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
    /// Member `VersionStage`.
    #[serde(rename = "VersionStage", skip_serializing_if = "Option::is_none")]
    pub version_stage: Option<String>,
}

impl Structure for UpdateSecretVersionStageRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MoveToVersionId" => self.move_to_version_id = value.next_value()?,
            "RemoveFromVersionId" => self.remove_from_version_id = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            "VersionStage" => self.version_stage = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateSecretVersionStageRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateSecretVersionStageRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("MoveToVersionId", self.move_to_version_id.as_deref(), &SECRET_VERSION_ID_TYPE);
        walk.text("RemoveFromVersionId", self.remove_from_version_id.as_deref(), &SECRET_VERSION_ID_TYPE);
        walk.required("SecretId", self.secret_id.is_some());
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
        walk.required("VersionStage", self.version_stage.is_some());
        walk.text("VersionStage", self.version_stage.as_deref(), &SECRET_VERSION_STAGE_TYPE);
    }
}

/// Shape `UpdateSecretVersionStageResponse`.
#[derive(Clone, Serialize)]
pub struct UpdateSecretVersionStageResponse {
    /// Member `ARN`.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Shape `ValidateResourcePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ValidateResourcePolicyRequest {
    /// Member `ResourcePolicy`.
    #[serde(rename = "ResourcePolicy", skip_serializing_if = "Option::is_none")]
    pub resource_policy: Option<String>,
    /// Member `SecretId`.
    #[serde(rename = "SecretId", skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

impl Structure for ValidateResourcePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ResourcePolicy" => self.resource_policy = value.next_value()?,
            "SecretId" => self.secret_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ValidateResourcePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ValidateResourcePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ResourcePolicy", self.resource_policy.is_some());
        walk.text("ResourcePolicy", self.resource_policy.as_deref(), &NON_EMPTY_RESOURCE_POLICY_TYPE);
        walk.text("SecretId", self.secret_id.as_deref(), &SECRET_ID_TYPE);
    }
}

/// Shape `ValidateResourcePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct ValidateResourcePolicyResponse {
    /// Member `PolicyValidationPassed`.
    #[serde(rename = "PolicyValidationPassed", skip_serializing_if = "Option::is_none")]
    pub policy_validation_passed: Option<bool>,
    /// Member `ValidationErrors`.
    #[serde(rename = "ValidationErrors", skip_serializing_if = "Option::is_none")]
    pub validation_errors: Option<Vec<ValidationErrorsEntry>>,
}

/// Shape `ValidationErrorsEntry`.
#[derive(Clone, Serialize)]
pub struct ValidationErrorsEntry {
    /// Member `CheckName`.
    #[serde(rename = "CheckName", skip_serializing_if = "Option::is_none")]
    pub check_name: Option<String>,
    /// Member `ErrorMessage`.
    #[serde(rename = "ErrorMessage", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
}

/// Constraints of `AddReplicaRegionListType`.
pub static ADD_REPLICA_REGION_LIST_TYPE: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `AutomaticallyRotateAfterDaysType`.
pub static AUTOMATICALLY_ROTATE_AFTER_DAYS_TYPE: Rule =
    Rule { min: Some(1), max: Some(1000), pattern: None, values: &[], sensitive: false };

/// Constraints of `ClientRequestTokenType`.
pub static CLIENT_REQUEST_TOKEN_TYPE: Rule = Rule { min: Some(32), max: Some(64), pattern: None, values: &[], sensitive: false };

/// Constraints of `DescriptionType`.
pub static DESCRIPTION_TYPE: Rule = Rule { min: None, max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `DurationType`.
pub static DURATION_TYPE: Rule =
    Rule { min: Some(2), max: Some(3), pattern: Some(Pattern::new("[0-9]+h")), values: &[], sensitive: false };

/// Constraints of `ExcludeCharactersType`.
pub static EXCLUDE_CHARACTERS_TYPE: Rule = Rule { min: Some(0), max: Some(4096), pattern: None, values: &[], sensitive: false };

/// Constraints of `ExternalSecretRotationMetadataItemKeyType`.
pub static EXTERNAL_SECRET_ROTATION_METADATA_ITEM_KEY_TYPE: Rule =
    Rule { min: Some(1), max: Some(256), pattern: None, values: &[], sensitive: false };

/// Constraints of `ExternalSecretRotationMetadataItemValueType`.
pub static EXTERNAL_SECRET_ROTATION_METADATA_ITEM_VALUE_TYPE: Rule =
    Rule { min: Some(1), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `FilterNameStringType`.
pub static FILTER_NAME_STRING_TYPE: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["description", "name", "tag-key", "tag-value", "primary-region", "owning-service", "all"],
    sensitive: false,
};

/// Constraints of `FilterValueStringType`.
pub static FILTER_VALUE_STRING_TYPE: Rule = Rule {
    min: None,
    max: Some(512),
    pattern: Some(Pattern::new("^\\!?[a-zA-Z0-9 :_@\\/\\+\\=\\.\\-\\!]*$")),
    values: &[],
    sensitive: false,
};

/// Constraints of `FilterValuesStringList`.
pub static FILTER_VALUES_STRING_LIST: Rule = Rule { min: Some(1), max: Some(10), pattern: None, values: &[], sensitive: false };

/// Constraints of `FiltersListType`.
pub static FILTERS_LIST_TYPE: Rule = Rule { min: None, max: Some(10), pattern: None, values: &[], sensitive: false };

/// Constraints of `KmsKeyIdType`.
pub static KMS_KEY_ID_TYPE: Rule = Rule { min: Some(0), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `MaxResultsBatchType`.
pub static MAX_RESULTS_BATCH_TYPE: Rule = Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `MaxResultsType`.
pub static MAX_RESULTS_TYPE: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `MedeaTypeType`.
pub static MEDEA_TYPE_TYPE: Rule = Rule { min: Some(0), max: Some(256), pattern: None, values: &[], sensitive: false };

/// Constraints of `NameType`.
pub static NAME_TYPE: Rule = Rule { min: Some(1), max: Some(512), pattern: None, values: &[], sensitive: false };

/// Constraints of `NextTokenType`.
pub static NEXT_TOKEN_TYPE: Rule = Rule { min: Some(1), max: Some(4096), pattern: None, values: &[], sensitive: false };

/// Constraints of `NonEmptyResourcePolicyType`.
pub static NON_EMPTY_RESOURCE_POLICY_TYPE: Rule =
    Rule { min: Some(1), max: Some(20480), pattern: None, values: &[], sensitive: false };

/// Constraints of `PasswordLengthType`.
pub static PASSWORD_LENGTH_TYPE: Rule = Rule { min: Some(1), max: Some(4096), pattern: None, values: &[], sensitive: false };

/// Constraints of `RegionType`.
pub static REGION_TYPE: Rule =
    Rule { min: Some(1), max: Some(128), pattern: Some(Pattern::new("^([a-z]+-)+\\d+$")), values: &[], sensitive: false };

/// Constraints of `ResourcePolicyNameType`.
pub static RESOURCE_POLICY_NAME_TYPE: Rule =
    Rule { min: Some(1), max: Some(64), pattern: Some(Pattern::new("[0-9A-Za-z\\-\\_]+")), values: &[], sensitive: false };

/// Constraints of `RoleARNType`.
pub static ROLE_ARN_TYPE: Rule = Rule { min: Some(20), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `RotationLambdaARNType`.
pub static ROTATION_LAMBDA_ARN_TYPE: Rule = Rule { min: Some(0), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `RotationTokenType`.
pub static ROTATION_TOKEN_TYPE: Rule =
    Rule { min: Some(36), max: Some(256), pattern: Some(Pattern::new("^[a-zA-Z0-9\\-]+$")), values: &[], sensitive: true };

/// Constraints of `ScheduleExpressionType`.
pub static SCHEDULE_EXPRESSION_TYPE: Rule = Rule {
    min: Some(1),
    max: Some(256),
    pattern: Some(Pattern::new("[0-9A-Za-z\\(\\)#\\?\\*\\-\\/, ]+")),
    values: &[],
    sensitive: false,
};

/// Constraints of `SecretARNType`.
pub static SECRET_ARN_TYPE: Rule = Rule { min: Some(20), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `SecretBinaryType`.
pub static SECRET_BINARY_TYPE: Rule = Rule { min: Some(1), max: Some(65536), pattern: None, values: &[], sensitive: true };

/// Constraints of `SecretIdListType`.
pub static SECRET_ID_LIST_TYPE: Rule = Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `SecretIdType`.
pub static SECRET_ID_TYPE: Rule = Rule { min: Some(1), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `SecretStringType`.
pub static SECRET_STRING_TYPE: Rule = Rule { min: Some(1), max: Some(65536), pattern: None, values: &[], sensitive: true };

/// Constraints of `SecretVersionIdType`.
pub static SECRET_VERSION_ID_TYPE: Rule = Rule { min: Some(32), max: Some(64), pattern: None, values: &[], sensitive: false };

/// Constraints of `SecretVersionStageType`.
pub static SECRET_VERSION_STAGE_TYPE: Rule = Rule { min: Some(1), max: Some(256), pattern: None, values: &[], sensitive: false };

/// Constraints of `SecretVersionStagesType`.
pub static SECRET_VERSION_STAGES_TYPE: Rule = Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `SortByType`.
pub static SORT_BY_TYPE: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["created-date", "last-accessed-date", "last-changed-date", "name"],
    sensitive: false,
};

/// Constraints of `SortOrderType`.
pub static SORT_ORDER_TYPE: Rule = Rule { min: None, max: None, pattern: None, values: &["asc", "desc"], sensitive: false };

/// Constraints of `TagKeyType`.
pub static TAG_KEY_TYPE: Rule = Rule { min: Some(1), max: Some(128), pattern: None, values: &[], sensitive: false };

/// Constraints of `TagValueType`.
pub static TAG_VALUE_TYPE: Rule = Rule { min: Some(0), max: Some(256), pattern: None, values: &[], sensitive: false };

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[
    &ADD_REPLICA_REGION_LIST_TYPE,
    &AUTOMATICALLY_ROTATE_AFTER_DAYS_TYPE,
    &CLIENT_REQUEST_TOKEN_TYPE,
    &DESCRIPTION_TYPE,
    &DURATION_TYPE,
    &EXCLUDE_CHARACTERS_TYPE,
    &EXTERNAL_SECRET_ROTATION_METADATA_ITEM_KEY_TYPE,
    &EXTERNAL_SECRET_ROTATION_METADATA_ITEM_VALUE_TYPE,
    &FILTER_NAME_STRING_TYPE,
    &FILTER_VALUE_STRING_TYPE,
    &FILTER_VALUES_STRING_LIST,
    &FILTERS_LIST_TYPE,
    &KMS_KEY_ID_TYPE,
    &MAX_RESULTS_BATCH_TYPE,
    &MAX_RESULTS_TYPE,
    &MEDEA_TYPE_TYPE,
    &NAME_TYPE,
    &NEXT_TOKEN_TYPE,
    &NON_EMPTY_RESOURCE_POLICY_TYPE,
    &PASSWORD_LENGTH_TYPE,
    &REGION_TYPE,
    &RESOURCE_POLICY_NAME_TYPE,
    &ROLE_ARN_TYPE,
    &ROTATION_LAMBDA_ARN_TYPE,
    &ROTATION_TOKEN_TYPE,
    &SCHEDULE_EXPRESSION_TYPE,
    &SECRET_ARN_TYPE,
    &SECRET_BINARY_TYPE,
    &SECRET_ID_LIST_TYPE,
    &SECRET_ID_TYPE,
    &SECRET_STRING_TYPE,
    &SECRET_VERSION_ID_TYPE,
    &SECRET_VERSION_STAGE_TYPE,
    &SECRET_VERSION_STAGES_TYPE,
    &SORT_BY_TYPE,
    &SORT_ORDER_TYPE,
    &TAG_KEY_TYPE,
    &TAG_VALUE_TYPE,
];
