//! IAM: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/iam.json`.

use super::{Declared, Entries, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use crate::pattern::Pattern;
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};

/// An operation of IAM that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IamOperation {
    /// `AttachRolePolicy`.
    AttachRolePolicy,
    /// `CreateRole`.
    CreateRole,
    /// `DeleteRole`.
    DeleteRole,
    /// `DeleteRolePolicy`.
    DeleteRolePolicy,
    /// `DetachRolePolicy`.
    DetachRolePolicy,
    /// `GetPolicy`.
    GetPolicy,
    /// `GetPolicyVersion`.
    GetPolicyVersion,
    /// `GetRole`.
    GetRole,
    /// `GetRolePolicy`.
    GetRolePolicy,
    /// `ListAttachedRolePolicies`.
    ListAttachedRolePolicies,
    /// `ListInstanceProfilesForRole`.
    ListInstanceProfilesForRole,
    /// `ListPolicies`.
    ListPolicies,
    /// `ListPolicyVersions`.
    ListPolicyVersions,
    /// `ListRolePolicies`.
    ListRolePolicies,
    /// `ListRoleTags`.
    ListRoleTags,
    /// `ListRoles`.
    ListRoles,
    /// `PutRolePolicy`.
    PutRolePolicy,
    /// `SimulateCustomPolicy`.
    SimulateCustomPolicy,
    /// `SimulatePrincipalPolicy`.
    SimulatePrincipalPolicy,
    /// `TagRole`.
    TagRole,
    /// `UntagRole`.
    UntagRole,
    /// `UpdateAssumeRolePolicy`.
    UpdateAssumeRolePolicy,
    /// `UpdateRole`.
    UpdateRole,
}

impl IamOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AttachRolePolicy,
        Self::CreateRole,
        Self::DeleteRole,
        Self::DeleteRolePolicy,
        Self::DetachRolePolicy,
        Self::GetPolicy,
        Self::GetPolicyVersion,
        Self::GetRole,
        Self::GetRolePolicy,
        Self::ListAttachedRolePolicies,
        Self::ListInstanceProfilesForRole,
        Self::ListPolicies,
        Self::ListPolicyVersions,
        Self::ListRolePolicies,
        Self::ListRoleTags,
        Self::ListRoles,
        Self::PutRolePolicy,
        Self::SimulateCustomPolicy,
        Self::SimulatePrincipalPolicy,
        Self::TagRole,
        Self::UntagRole,
        Self::UpdateAssumeRolePolicy,
        Self::UpdateRole,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::AttachRolePolicy => &ATTACH_ROLE_POLICY,
            Self::CreateRole => &CREATE_ROLE,
            Self::DeleteRole => &DELETE_ROLE,
            Self::DeleteRolePolicy => &DELETE_ROLE_POLICY,
            Self::DetachRolePolicy => &DETACH_ROLE_POLICY,
            Self::GetPolicy => &GET_POLICY,
            Self::GetPolicyVersion => &GET_POLICY_VERSION,
            Self::GetRole => &GET_ROLE,
            Self::GetRolePolicy => &GET_ROLE_POLICY,
            Self::ListAttachedRolePolicies => &LIST_ATTACHED_ROLE_POLICIES,
            Self::ListInstanceProfilesForRole => &LIST_INSTANCE_PROFILES_FOR_ROLE,
            Self::ListPolicies => &LIST_POLICIES,
            Self::ListPolicyVersions => &LIST_POLICY_VERSIONS,
            Self::ListRolePolicies => &LIST_ROLE_POLICIES,
            Self::ListRoleTags => &LIST_ROLE_TAGS,
            Self::ListRoles => &LIST_ROLES,
            Self::PutRolePolicy => &PUT_ROLE_POLICY,
            Self::SimulateCustomPolicy => &SIMULATE_CUSTOM_POLICY,
            Self::SimulatePrincipalPolicy => &SIMULATE_PRINCIPAL_POLICY,
            Self::TagRole => &TAG_ROLE,
            Self::UntagRole => &UNTAG_ROLE,
            Self::UpdateAssumeRolePolicy => &UPDATE_ASSUME_ROLE_POLICY,
            Self::UpdateRole => &UPDATE_ROLE,
        }
    }
}

/// `AttachRolePolicy` and the faults that it declares.
pub const ATTACH_ROLE_POLICY: Operation = Operation {
    name: "AttachRolePolicy",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        UNMODIFIABLE_ENTITY_EXCEPTION,
        POLICY_NOT_ATTACHABLE_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `CreateRole` and the faults that it declares.
pub const CREATE_ROLE: Operation = Operation {
    name: "CreateRole",
    faults: &[
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        ENTITY_ALREADY_EXISTS_EXCEPTION,
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `DeleteRole` and the faults that it declares.
pub const DELETE_ROLE: Operation = Operation {
    name: "DeleteRole",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        DELETE_CONFLICT_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        UNMODIFIABLE_ENTITY_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `DeleteRolePolicy` and the faults that it declares.
pub const DELETE_ROLE_POLICY: Operation = Operation {
    name: "DeleteRolePolicy",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, UNMODIFIABLE_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `DetachRolePolicy` and the faults that it declares.
pub const DETACH_ROLE_POLICY: Operation = Operation {
    name: "DetachRolePolicy",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        UNMODIFIABLE_ENTITY_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `GetPolicy` and the faults that it declares.
pub const GET_POLICY: Operation =
    Operation { name: "GetPolicy", faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `GetPolicyVersion` and the faults that it declares.
pub const GET_POLICY_VERSION: Operation =
    Operation { name: "GetPolicyVersion", faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `GetRole` and the faults that it declares.
pub const GET_ROLE: Operation = Operation { name: "GetRole", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `GetRolePolicy` and the faults that it declares.
pub const GET_ROLE_POLICY: Operation =
    Operation { name: "GetRolePolicy", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListAttachedRolePolicies` and the faults that it declares.
pub const LIST_ATTACHED_ROLE_POLICIES: Operation = Operation {
    name: "ListAttachedRolePolicies",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `ListInstanceProfilesForRole` and the faults that it declares.
pub const LIST_INSTANCE_PROFILES_FOR_ROLE: Operation =
    Operation { name: "ListInstanceProfilesForRole", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListPolicies` and the faults that it declares.
pub const LIST_POLICIES: Operation = Operation { name: "ListPolicies", faults: &[SERVICE_FAILURE_EXCEPTION] };

/// `ListPolicyVersions` and the faults that it declares.
pub const LIST_POLICY_VERSIONS: Operation = Operation {
    name: "ListPolicyVersions",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `ListRolePolicies` and the faults that it declares.
pub const LIST_ROLE_POLICIES: Operation =
    Operation { name: "ListRolePolicies", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListRoleTags` and the faults that it declares.
pub const LIST_ROLE_TAGS: Operation =
    Operation { name: "ListRoleTags", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListRoles` and the faults that it declares.
pub const LIST_ROLES: Operation = Operation { name: "ListRoles", faults: &[SERVICE_FAILURE_EXCEPTION] };

/// `PutRolePolicy` and the faults that it declares.
pub const PUT_ROLE_POLICY: Operation = Operation {
    name: "PutRolePolicy",
    faults: &[
        LIMIT_EXCEEDED_EXCEPTION,
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        NO_SUCH_ENTITY_EXCEPTION,
        UNMODIFIABLE_ENTITY_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `SimulateCustomPolicy` and the faults that it declares.
pub const SIMULATE_CUSTOM_POLICY: Operation =
    Operation { name: "SimulateCustomPolicy", faults: &[INVALID_INPUT_EXCEPTION, POLICY_EVALUATION_EXCEPTION] };

/// `SimulatePrincipalPolicy` and the faults that it declares.
pub const SIMULATE_PRINCIPAL_POLICY: Operation = Operation {
    name: "SimulatePrincipalPolicy",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, POLICY_EVALUATION_EXCEPTION],
};

/// `TagRole` and the faults that it declares.
pub const TAG_ROLE: Operation = Operation {
    name: "TagRole",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `UntagRole` and the faults that it declares.
pub const UNTAG_ROLE: Operation = Operation {
    name: "UntagRole",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, CONCURRENT_MODIFICATION_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `UpdateAssumeRolePolicy` and the faults that it declares.
pub const UPDATE_ASSUME_ROLE_POLICY: Operation = Operation {
    name: "UpdateAssumeRolePolicy",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        UNMODIFIABLE_ENTITY_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `UpdateRole` and the faults that it declares.
pub const UPDATE_ROLE: Operation =
    Operation { name: "UpdateRole", faults: &[UNMODIFIABLE_ENTITY_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// Fault `ConcurrentModificationException`.
pub const CONCURRENT_MODIFICATION_EXCEPTION: Declared = Declared { code: "ConcurrentModification", status: 409 };

/// Fault `DeleteConflictException`.
pub const DELETE_CONFLICT_EXCEPTION: Declared = Declared { code: "DeleteConflict", status: 409 };

/// Fault `EntityAlreadyExistsException`.
pub const ENTITY_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "EntityAlreadyExists", status: 409 };

/// Fault `InvalidInputException`.
pub const INVALID_INPUT_EXCEPTION: Declared = Declared { code: "InvalidInput", status: 400 };

/// Fault `LimitExceededException`.
pub const LIMIT_EXCEEDED_EXCEPTION: Declared = Declared { code: "LimitExceeded", status: 409 };

/// Fault `MalformedPolicyDocumentException`.
pub const MALFORMED_POLICY_DOCUMENT_EXCEPTION: Declared = Declared { code: "MalformedPolicyDocument", status: 400 };

/// Fault `NoSuchEntityException`.
pub const NO_SUCH_ENTITY_EXCEPTION: Declared = Declared { code: "NoSuchEntity", status: 404 };

/// Fault `PolicyEvaluationException`.
pub const POLICY_EVALUATION_EXCEPTION: Declared = Declared { code: "PolicyEvaluation", status: 500 };

/// Fault `PolicyNotAttachableException`.
pub const POLICY_NOT_ATTACHABLE_EXCEPTION: Declared = Declared { code: "PolicyNotAttachable", status: 400 };

/// Fault `ServiceFailureException`.
pub const SERVICE_FAILURE_EXCEPTION: Declared = Declared { code: "ServiceFailure", status: 500 };

/// Fault `UnmodifiableEntityException`.
pub const UNMODIFIABLE_ENTITY_EXCEPTION: Declared = Declared { code: "UnmodifiableEntity", status: 400 };

/// Shape `AttachRolePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct AttachRolePolicyRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for AttachRolePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AttachRolePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for AttachRolePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `AttachedPermissionsBoundary`.
#[derive(Clone, Serialize)]
pub struct AttachedPermissionsBoundary {
    /// Member `PermissionsBoundaryArn`.
    #[serde(rename = "PermissionsBoundaryArn", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_arn: Option<String>,
    /// Member `PermissionsBoundaryType`.
    #[serde(rename = "PermissionsBoundaryType", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_type: Option<String>,
}

/// Shape `AttachedPolicy`.
#[derive(Clone, Serialize)]
pub struct AttachedPolicy {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
}

/// Shape `ContextEntry`.
#[derive(Clone, Default, Serialize)]
pub struct ContextEntry {
    /// Member `ContextKeyName`.
    #[serde(rename = "ContextKeyName", skip_serializing_if = "Option::is_none")]
    pub context_key_name: Option<String>,
    /// Member `ContextKeyType`.
    #[serde(rename = "ContextKeyType", skip_serializing_if = "Option::is_none")]
    pub context_key_type: Option<String>,
    /// Member `ContextKeyValues`.
    #[serde(rename = "ContextKeyValues", skip_serializing_if = "Option::is_none")]
    pub context_key_values: Option<Vec<String>>,
}

impl Structure for ContextEntry {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ContextKeyName" => self.context_key_name = value.next_value()?,
            "ContextKeyType" => self.context_key_type = value.next_value()?,
            "ContextKeyValues" => self.context_key_values = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ContextEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ContextEntry {
    fn check(&self, walk: &mut Walk) {
        walk.text("ContextKeyName", self.context_key_name.as_deref(), &CONTEXT_KEY_NAME_TYPE);
        walk.text("ContextKeyType", self.context_key_type.as_deref(), &CONTEXT_KEY_TYPE_ENUM);
    }
}

/// Shape `CreateRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateRoleRequest {
    /// Member `AssumeRolePolicyDocument`.
    #[serde(rename = "AssumeRolePolicyDocument", skip_serializing_if = "Option::is_none")]
    pub assume_role_policy_document: Option<String>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `MaxSessionDuration`.
    #[serde(rename = "MaxSessionDuration", skip_serializing_if = "Option::is_none")]
    pub max_session_duration: Option<i32>,
    /// Member `Path`.
    #[serde(rename = "Path", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Member `PermissionsBoundary`.
    #[serde(rename = "PermissionsBoundary", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for CreateRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AssumeRolePolicyDocument" => self.assume_role_policy_document = value.next_value()?,
            "Description" => self.description = value.next_value()?,
            "MaxSessionDuration" => self.max_session_duration = value.next_value()?,
            "Path" => self.path = value.next_value()?,
            "PermissionsBoundary" => self.permissions_boundary = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AssumeRolePolicyDocument", self.assume_role_policy_document.is_some());
        walk.text("AssumeRolePolicyDocument", self.assume_role_policy_document.as_deref(), &POLICY_DOCUMENT_TYPE);
        walk.text("Description", self.description.as_deref(), &ROLE_DESCRIPTION_TYPE);
        walk.number("MaxSessionDuration", self.max_session_duration, &ROLE_MAX_SESSION_DURATION_TYPE);
        walk.text("Path", self.path.as_deref(), &PATH_TYPE);
        walk.text("PermissionsBoundary", self.permissions_boundary.as_deref(), &ARN_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
    }
}

/// Shape `CreateRoleResponse`.
#[derive(Clone, Serialize)]
pub struct CreateRoleResponse {
    /// Member `Role`.
    #[serde(rename = "Role")]
    pub role: Role,
}

/// Shape `DeleteRolePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteRolePolicyRequest {
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for DeleteRolePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyName" => self.policy_name = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteRolePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteRolePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyName", self.policy_name.is_some());
        walk.text("PolicyName", self.policy_name.as_deref(), &POLICY_NAME_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `DeleteRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteRoleRequest {
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for DeleteRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `DetachRolePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DetachRolePolicyRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for DetachRolePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DetachRolePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DetachRolePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `EvaluationResult`.
#[derive(Clone, Serialize)]
pub struct EvaluationResult {
    /// Member `EvalActionName`.
    #[serde(rename = "EvalActionName")]
    pub eval_action_name: String,
    /// Member `EvalDecision`.
    #[serde(rename = "EvalDecision")]
    pub eval_decision: String,
    /// Member `EvalDecisionDetails`.
    #[serde(rename = "EvalDecisionDetails", skip_serializing_if = "Option::is_none")]
    pub eval_decision_details: Option<Entries<String>>,
    /// Member `EvalResourceName`.
    #[serde(rename = "EvalResourceName", skip_serializing_if = "Option::is_none")]
    pub eval_resource_name: Option<String>,
    /// Member `MatchedStatements`.
    #[serde(rename = "MatchedStatements", skip_serializing_if = "Option::is_none")]
    pub matched_statements: Option<Vec<Statement>>,
    /// Member `MissingContextValues`.
    #[serde(rename = "MissingContextValues", skip_serializing_if = "Option::is_none")]
    pub missing_context_values: Option<Vec<String>>,
    /// Member `OrganizationsDecisionDetail`.
    #[serde(rename = "OrganizationsDecisionDetail", skip_serializing_if = "Option::is_none")]
    pub organizations_decision_detail: Option<OrganizationsDecisionDetail>,
    /// Member `PermissionsBoundaryDecisionDetail`.
    #[serde(rename = "PermissionsBoundaryDecisionDetail", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_decision_detail: Option<PermissionsBoundaryDecisionDetail>,
    /// Member `ResourceSpecificResults`.
    #[serde(rename = "ResourceSpecificResults", skip_serializing_if = "Option::is_none")]
    pub resource_specific_results: Option<Vec<ResourceSpecificResult>>,
}

/// Shape `GetPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetPolicyRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
}

impl Structure for GetPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `GetPolicyResponse`.
#[derive(Clone, Serialize)]
pub struct GetPolicyResponse {
    /// Member `Policy`.
    #[serde(rename = "Policy", skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
}

/// Shape `GetPolicyVersionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetPolicyVersionRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

impl Structure for GetPolicyVersionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "VersionId" => self.version_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetPolicyVersionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetPolicyVersionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("VersionId", self.version_id.is_some());
        walk.text("VersionId", self.version_id.as_deref(), &POLICY_VERSION_ID_TYPE);
    }
}

/// Shape `GetPolicyVersionResponse`.
#[derive(Clone, Serialize)]
pub struct GetPolicyVersionResponse {
    /// Member `PolicyVersion`.
    #[serde(rename = "PolicyVersion", skip_serializing_if = "Option::is_none")]
    pub policy_version: Option<PolicyVersion>,
}

/// Shape `GetRolePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetRolePolicyRequest {
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for GetRolePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyName" => self.policy_name = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetRolePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetRolePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyName", self.policy_name.is_some());
        walk.text("PolicyName", self.policy_name.as_deref(), &POLICY_NAME_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `GetRolePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct GetRolePolicyResponse {
    /// Member `PolicyDocument`.
    #[serde(rename = "PolicyDocument")]
    pub policy_document: String,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName")]
    pub policy_name: String,
    /// Member `RoleName`.
    #[serde(rename = "RoleName")]
    pub role_name: String,
}

/// Shape `GetRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetRoleRequest {
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for GetRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `GetRoleResponse`.
#[derive(Clone, Serialize)]
pub struct GetRoleResponse {
    /// Member `Role`.
    #[serde(rename = "Role")]
    pub role: Role,
}

/// Shape `InlinePolicyIdentifierType`.
#[derive(Clone, Default, Serialize)]
pub struct InlinePolicyIdentifierType {
    /// Member `AttachmentName`.
    #[serde(rename = "AttachmentName", skip_serializing_if = "Option::is_none")]
    pub attachment_name: Option<String>,
    /// Member `AttachmentType`.
    #[serde(rename = "AttachmentType", skip_serializing_if = "Option::is_none")]
    pub attachment_type: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
}

impl Structure for InlinePolicyIdentifierType {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AttachmentName" => self.attachment_name = value.next_value()?,
            "AttachmentType" => self.attachment_type = value.next_value()?,
            "PolicyName" => self.policy_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for InlinePolicyIdentifierType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for InlinePolicyIdentifierType {
    fn check(&self, walk: &mut Walk) {
        walk.required("AttachmentName", self.attachment_name.is_some());
        walk.text("AttachmentName", self.attachment_name.as_deref(), &ATTACHMENT_NAME);
        walk.required("AttachmentType", self.attachment_type.is_some());
        walk.text("AttachmentType", self.attachment_type.as_deref(), &ATTACHMENT_TYPE);
        walk.required("PolicyName", self.policy_name.is_some());
        walk.text("PolicyName", self.policy_name.as_deref(), &POLICY_NAME_TYPE);
    }
}

/// Shape `InstanceProfile`.
#[derive(Clone, Serialize)]
pub struct InstanceProfile {
    /// Member `Arn`.
    #[serde(rename = "Arn")]
    pub arn: String,
    /// Member `CreateDate`.
    #[serde(rename = "CreateDate")]
    pub create_date: String,
    /// Member `InstanceProfileId`.
    #[serde(rename = "InstanceProfileId")]
    pub instance_profile_id: String,
    /// Member `InstanceProfileName`.
    #[serde(rename = "InstanceProfileName")]
    pub instance_profile_name: String,
    /// Member `Path`.
    #[serde(rename = "Path")]
    pub path: String,
    /// Member `Roles`.
    #[serde(rename = "Roles")]
    pub roles: Vec<Role>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

/// Shape `ListAttachedRolePoliciesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListAttachedRolePoliciesRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `PathPrefix`.
    #[serde(rename = "PathPrefix", skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for ListAttachedRolePoliciesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "PathPrefix" => self.path_prefix = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListAttachedRolePoliciesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListAttachedRolePoliciesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.text("PathPrefix", self.path_prefix.as_deref(), &POLICY_PATH_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `ListAttachedRolePoliciesResponse`.
#[derive(Clone, Serialize)]
pub struct ListAttachedRolePoliciesResponse {
    /// Member `AttachedPolicies`.
    #[serde(rename = "AttachedPolicies", skip_serializing_if = "Option::is_none")]
    pub attached_policies: Option<Vec<AttachedPolicy>>,
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
}

/// Shape `ListInstanceProfilesForRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListInstanceProfilesForRoleRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for ListInstanceProfilesForRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListInstanceProfilesForRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListInstanceProfilesForRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `ListInstanceProfilesForRoleResponse`.
#[derive(Clone, Serialize)]
pub struct ListInstanceProfilesForRoleResponse {
    /// Member `InstanceProfiles`.
    #[serde(rename = "InstanceProfiles")]
    pub instance_profiles: Vec<InstanceProfile>,
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
}

/// Shape `ListPoliciesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListPoliciesRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `OnlyAttached`.
    #[serde(rename = "OnlyAttached", skip_serializing_if = "Option::is_none")]
    pub only_attached: Option<bool>,
    /// Member `PathPrefix`.
    #[serde(rename = "PathPrefix", skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<String>,
    /// Member `PolicyUsageFilter`.
    #[serde(rename = "PolicyUsageFilter", skip_serializing_if = "Option::is_none")]
    pub policy_usage_filter: Option<String>,
    /// Member `Scope`.
    #[serde(rename = "Scope", skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl Structure for ListPoliciesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "OnlyAttached" => self.only_attached = value.next_value()?,
            "PathPrefix" => self.path_prefix = value.next_value()?,
            "PolicyUsageFilter" => self.policy_usage_filter = value.next_value()?,
            "Scope" => self.scope = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListPoliciesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListPoliciesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.text("PathPrefix", self.path_prefix.as_deref(), &POLICY_PATH_TYPE);
        walk.text("PolicyUsageFilter", self.policy_usage_filter.as_deref(), &POLICY_USAGE_TYPE);
        walk.text("Scope", self.scope.as_deref(), &POLICY_SCOPE_TYPE);
    }
}

/// Shape `ListPoliciesResponse`.
#[derive(Clone, Serialize)]
pub struct ListPoliciesResponse {
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `Policies`.
    #[serde(rename = "Policies", skip_serializing_if = "Option::is_none")]
    pub policies: Option<Vec<Policy>>,
}

/// Shape `ListPolicyVersionsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListPolicyVersionsRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
}

impl Structure for ListPolicyVersionsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "PolicyArn" => self.policy_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListPolicyVersionsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListPolicyVersionsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `ListPolicyVersionsResponse`.
#[derive(Clone, Serialize)]
pub struct ListPolicyVersionsResponse {
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `Versions`.
    #[serde(rename = "Versions", skip_serializing_if = "Option::is_none")]
    pub versions: Option<Vec<PolicyVersion>>,
}

/// Shape `ListRolePoliciesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListRolePoliciesRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for ListRolePoliciesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListRolePoliciesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListRolePoliciesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `ListRolePoliciesResponse`.
#[derive(Clone, Serialize)]
pub struct ListRolePoliciesResponse {
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `PolicyNames`.
    #[serde(rename = "PolicyNames")]
    pub policy_names: Vec<String>,
}

/// Shape `ListRoleTagsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListRoleTagsRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for ListRoleTagsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListRoleTagsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListRoleTagsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `ListRoleTagsResponse`.
#[derive(Clone, Serialize)]
pub struct ListRoleTagsResponse {
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags")]
    pub tags: Vec<Tag>,
}

/// Shape `ListRolesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListRolesRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `PathPrefix`.
    #[serde(rename = "PathPrefix", skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<String>,
}

impl Structure for ListRolesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "PathPrefix" => self.path_prefix = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListRolesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListRolesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.text("PathPrefix", self.path_prefix.as_deref(), &PATH_PREFIX_TYPE);
    }
}

/// Shape `ListRolesResponse`.
#[derive(Clone, Serialize)]
pub struct ListRolesResponse {
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `Roles`.
    #[serde(rename = "Roles")]
    pub roles: Vec<Role>,
}

/// Shape `OrderedOrganizationPolicyType`.
#[derive(Clone, Default, Serialize)]
pub struct OrderedOrganizationPolicyType {
    /// Member `ServiceControlPolicyInputList`.
    #[serde(rename = "ServiceControlPolicyInputList", skip_serializing_if = "Option::is_none")]
    pub service_control_policy_input_list: Option<Vec<String>>,
}

impl Structure for OrderedOrganizationPolicyType {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceControlPolicyInputList" => self.service_control_policy_input_list = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for OrderedOrganizationPolicyType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for OrderedOrganizationPolicyType {
    fn check(&self, walk: &mut Walk) {
        walk.texts("ServiceControlPolicyInputList", self.service_control_policy_input_list.as_deref(), None, &POLICY_DOCUMENT_TYPE);
    }
}

/// Shape `OrganizationsDecisionDetail`.
#[derive(Clone, Serialize)]
pub struct OrganizationsDecisionDetail {
    /// Member `AllowedByOrganizations`.
    #[serde(rename = "AllowedByOrganizations", skip_serializing_if = "Option::is_none")]
    pub allowed_by_organizations: Option<bool>,
}

/// Shape `PermissionsBoundaryDecisionDetail`.
#[derive(Clone, Serialize)]
pub struct PermissionsBoundaryDecisionDetail {
    /// Member `AllowedByPermissionsBoundary`.
    #[serde(rename = "AllowedByPermissionsBoundary", skip_serializing_if = "Option::is_none")]
    pub allowed_by_permissions_boundary: Option<bool>,
}

/// Shape `Policy`.
#[derive(Clone, Serialize)]
pub struct Policy {
    /// Member `Arn`.
    #[serde(rename = "Arn", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `AttachmentCount`.
    #[serde(rename = "AttachmentCount", skip_serializing_if = "Option::is_none")]
    pub attachment_count: Option<i32>,
    /// Member `CreateDate`.
    #[serde(rename = "CreateDate", skip_serializing_if = "Option::is_none")]
    pub create_date: Option<String>,
    /// Member `DefaultVersionId`.
    #[serde(rename = "DefaultVersionId", skip_serializing_if = "Option::is_none")]
    pub default_version_id: Option<String>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `IsAttachable`.
    #[serde(rename = "IsAttachable", skip_serializing_if = "Option::is_none")]
    pub is_attachable: Option<bool>,
    /// Member `Path`.
    #[serde(rename = "Path", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Member `PermissionsBoundaryUsageCount`.
    #[serde(rename = "PermissionsBoundaryUsageCount", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_usage_count: Option<i32>,
    /// Member `PolicyId`.
    #[serde(rename = "PolicyId", skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `UpdateDate`.
    #[serde(rename = "UpdateDate", skip_serializing_if = "Option::is_none")]
    pub update_date: Option<String>,
}

/// Shape `PolicyIdentifier`.
#[derive(Clone, Default, Serialize)]
pub struct PolicyIdentifier {
    /// Member `InlinePolicyIdentifier`.
    #[serde(rename = "InlinePolicyIdentifier", skip_serializing_if = "Option::is_none")]
    pub inline_policy_identifier: Option<InlinePolicyIdentifierType>,
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `PolicyType`.
    #[serde(rename = "PolicyType", skip_serializing_if = "Option::is_none")]
    pub policy_type: Option<String>,
}

impl Structure for PolicyIdentifier {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "InlinePolicyIdentifier" => self.inline_policy_identifier = value.next_value()?,
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "PolicyType" => self.policy_type = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PolicyIdentifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PolicyIdentifier {
    fn check(&self, walk: &mut Walk) {
        walk.nested("InlinePolicyIdentifier", self.inline_policy_identifier.as_ref());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.text("PolicyType", self.policy_type.as_deref(), &POLICY_IDENTIFIER_POLICY_TYPE);
    }
}

/// Shape `PolicyVersion`.
#[derive(Clone, Serialize)]
pub struct PolicyVersion {
    /// Member `CreateDate`.
    #[serde(rename = "CreateDate", skip_serializing_if = "Option::is_none")]
    pub create_date: Option<String>,
    /// Member `Document`.
    #[serde(rename = "Document", skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Member `IsDefaultVersion`.
    #[serde(rename = "IsDefaultVersion", skip_serializing_if = "Option::is_none")]
    pub is_default_version: Option<bool>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

/// Shape `Position`.
#[derive(Clone, Serialize)]
pub struct Position {
    /// Member `Column`.
    #[serde(rename = "Column", skip_serializing_if = "Option::is_none")]
    pub column: Option<i32>,
    /// Member `Line`.
    #[serde(rename = "Line", skip_serializing_if = "Option::is_none")]
    pub line: Option<i32>,
}

/// Shape `PutRolePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutRolePolicyRequest {
    /// Member `PolicyDocument`.
    #[serde(rename = "PolicyDocument", skip_serializing_if = "Option::is_none")]
    pub policy_document: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for PutRolePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyDocument" => self.policy_document = value.next_value()?,
            "PolicyName" => self.policy_name = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutRolePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutRolePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyDocument", self.policy_document.is_some());
        walk.text("PolicyDocument", self.policy_document.as_deref(), &POLICY_DOCUMENT_TYPE);
        walk.required("PolicyName", self.policy_name.is_some());
        walk.text("PolicyName", self.policy_name.as_deref(), &POLICY_NAME_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `ResourceSpecificResult`.
#[derive(Clone, Serialize)]
pub struct ResourceSpecificResult {
    /// Member `EvalDecisionDetails`.
    #[serde(rename = "EvalDecisionDetails", skip_serializing_if = "Option::is_none")]
    pub eval_decision_details: Option<Entries<String>>,
    /// Member `EvalResourceDecision`.
    #[serde(rename = "EvalResourceDecision")]
    pub eval_resource_decision: String,
    /// Member `EvalResourceName`.
    #[serde(rename = "EvalResourceName")]
    pub eval_resource_name: String,
    /// Member `MatchedStatements`.
    #[serde(rename = "MatchedStatements", skip_serializing_if = "Option::is_none")]
    pub matched_statements: Option<Vec<Statement>>,
    /// Member `MissingContextValues`.
    #[serde(rename = "MissingContextValues", skip_serializing_if = "Option::is_none")]
    pub missing_context_values: Option<Vec<String>>,
    /// Member `PermissionsBoundaryDecisionDetail`.
    #[serde(rename = "PermissionsBoundaryDecisionDetail", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_decision_detail: Option<PermissionsBoundaryDecisionDetail>,
}

/// Shape `Role`.
#[derive(Clone, Serialize)]
pub struct Role {
    /// Member `Arn`.
    #[serde(rename = "Arn")]
    pub arn: String,
    /// Member `AssumeRolePolicyDocument`.
    #[serde(rename = "AssumeRolePolicyDocument", skip_serializing_if = "Option::is_none")]
    pub assume_role_policy_document: Option<String>,
    /// Member `CreateDate`.
    #[serde(rename = "CreateDate")]
    pub create_date: String,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `MaxSessionDuration`.
    #[serde(rename = "MaxSessionDuration", skip_serializing_if = "Option::is_none")]
    pub max_session_duration: Option<i32>,
    /// Member `Path`.
    #[serde(rename = "Path")]
    pub path: String,
    /// Member `PermissionsBoundary`.
    #[serde(rename = "PermissionsBoundary", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<AttachedPermissionsBoundary>,
    /// Member `RoleId`.
    #[serde(rename = "RoleId")]
    pub role_id: String,
    /// Member `RoleLastUsed`.
    #[serde(rename = "RoleLastUsed", skip_serializing_if = "Option::is_none")]
    pub role_last_used: Option<RoleLastUsed>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName")]
    pub role_name: String,
    /// Member `SourceRoleTemplate`.
    #[serde(rename = "SourceRoleTemplate", skip_serializing_if = "Option::is_none")]
    pub source_role_template: Option<SourceRoleTemplate>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

/// Shape `RoleLastUsed`.
#[derive(Clone, Serialize)]
pub struct RoleLastUsed {
    /// Member `LastUsedDate`.
    #[serde(rename = "LastUsedDate", skip_serializing_if = "Option::is_none")]
    pub last_used_date: Option<String>,
    /// Member `Region`.
    #[serde(rename = "Region", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// Shape `SimulateCustomPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct SimulateCustomPolicyRequest {
    /// Member `ActionNames`.
    #[serde(rename = "ActionNames", skip_serializing_if = "Option::is_none")]
    pub action_names: Option<Vec<String>>,
    /// Member `CallerArn`.
    #[serde(rename = "CallerArn", skip_serializing_if = "Option::is_none")]
    pub caller_arn: Option<String>,
    /// Member `ContextEntries`.
    #[serde(rename = "ContextEntries", skip_serializing_if = "Option::is_none")]
    pub context_entries: Option<Vec<ContextEntry>>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `OrderedOrganizationPolicyInputList`.
    #[serde(rename = "OrderedOrganizationPolicyInputList", skip_serializing_if = "Option::is_none")]
    pub ordered_organization_policy_input_list: Option<Vec<OrderedOrganizationPolicyType>>,
    /// Member `PermissionsBoundaryPolicyInputList`.
    #[serde(rename = "PermissionsBoundaryPolicyInputList", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_policy_input_list: Option<Vec<String>>,
    /// Member `PolicyInputList`.
    #[serde(rename = "PolicyInputList", skip_serializing_if = "Option::is_none")]
    pub policy_input_list: Option<Vec<String>>,
    /// Member `ResourceArns`.
    #[serde(rename = "ResourceArns", skip_serializing_if = "Option::is_none")]
    pub resource_arns: Option<Vec<String>>,
    /// Member `ResourceHandlingOption`.
    #[serde(rename = "ResourceHandlingOption", skip_serializing_if = "Option::is_none")]
    pub resource_handling_option: Option<String>,
    /// Member `ResourceOwner`.
    #[serde(rename = "ResourceOwner", skip_serializing_if = "Option::is_none")]
    pub resource_owner: Option<String>,
    /// Member `ResourcePolicy`.
    #[serde(rename = "ResourcePolicy", skip_serializing_if = "Option::is_none")]
    pub resource_policy: Option<String>,
}

impl Structure for SimulateCustomPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ActionNames" => self.action_names = value.next_value()?,
            "CallerArn" => self.caller_arn = value.next_value()?,
            "ContextEntries" => self.context_entries = value.next_value()?,
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "OrderedOrganizationPolicyInputList" => self.ordered_organization_policy_input_list = value.next_value()?,
            "PermissionsBoundaryPolicyInputList" => self.permissions_boundary_policy_input_list = value.next_value()?,
            "PolicyInputList" => self.policy_input_list = value.next_value()?,
            "ResourceArns" => self.resource_arns = value.next_value()?,
            "ResourceHandlingOption" => self.resource_handling_option = value.next_value()?,
            "ResourceOwner" => self.resource_owner = value.next_value()?,
            "ResourcePolicy" => self.resource_policy = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for SimulateCustomPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for SimulateCustomPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ActionNames", self.action_names.is_some());
        walk.texts("ActionNames", self.action_names.as_deref(), None, &ACTION_NAME_TYPE);
        walk.text("CallerArn", self.caller_arn.as_deref(), &RESOURCE_NAME_TYPE);
        walk.structures("ContextEntries", self.context_entries.as_deref(), None);
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.structures(
            "OrderedOrganizationPolicyInputList",
            self.ordered_organization_policy_input_list.as_deref(),
            Some(&ORGANIZATION_POLICY_LIST_TYPE),
        );
        walk.texts(
            "PermissionsBoundaryPolicyInputList",
            self.permissions_boundary_policy_input_list.as_deref(),
            None,
            &POLICY_DOCUMENT_TYPE,
        );
        walk.required("PolicyInputList", self.policy_input_list.is_some());
        walk.texts("PolicyInputList", self.policy_input_list.as_deref(), None, &POLICY_DOCUMENT_TYPE);
        walk.texts("ResourceArns", self.resource_arns.as_deref(), None, &RESOURCE_NAME_TYPE);
        walk.text("ResourceHandlingOption", self.resource_handling_option.as_deref(), &RESOURCE_HANDLING_OPTION_TYPE);
        walk.text("ResourceOwner", self.resource_owner.as_deref(), &RESOURCE_NAME_TYPE);
        walk.text("ResourcePolicy", self.resource_policy.as_deref(), &POLICY_DOCUMENT_TYPE);
    }
}

/// Shape `SimulatePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct SimulatePolicyResponse {
    /// Member `EvaluationResults`.
    #[serde(rename = "EvaluationResults", skip_serializing_if = "Option::is_none")]
    pub evaluation_results: Option<Vec<EvaluationResult>>,
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
}

/// Shape `SimulatePrincipalPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct SimulatePrincipalPolicyRequest {
    /// Member `ActionNames`.
    #[serde(rename = "ActionNames", skip_serializing_if = "Option::is_none")]
    pub action_names: Option<Vec<String>>,
    /// Member `CallerArn`.
    #[serde(rename = "CallerArn", skip_serializing_if = "Option::is_none")]
    pub caller_arn: Option<String>,
    /// Member `ContextEntries`.
    #[serde(rename = "ContextEntries", skip_serializing_if = "Option::is_none")]
    pub context_entries: Option<Vec<ContextEntry>>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `PermissionsBoundaryPolicyInputList`.
    #[serde(rename = "PermissionsBoundaryPolicyInputList", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_policy_input_list: Option<Vec<String>>,
    /// Member `PolicyExclusionList`.
    #[serde(rename = "PolicyExclusionList", skip_serializing_if = "Option::is_none")]
    pub policy_exclusion_list: Option<Vec<PolicyIdentifier>>,
    /// Member `PolicyInputList`.
    #[serde(rename = "PolicyInputList", skip_serializing_if = "Option::is_none")]
    pub policy_input_list: Option<Vec<String>>,
    /// Member `PolicySourceArn`.
    #[serde(rename = "PolicySourceArn", skip_serializing_if = "Option::is_none")]
    pub policy_source_arn: Option<String>,
    /// Member `ResourceArns`.
    #[serde(rename = "ResourceArns", skip_serializing_if = "Option::is_none")]
    pub resource_arns: Option<Vec<String>>,
    /// Member `ResourceHandlingOption`.
    #[serde(rename = "ResourceHandlingOption", skip_serializing_if = "Option::is_none")]
    pub resource_handling_option: Option<String>,
    /// Member `ResourceOwner`.
    #[serde(rename = "ResourceOwner", skip_serializing_if = "Option::is_none")]
    pub resource_owner: Option<String>,
    /// Member `ResourcePolicy`.
    #[serde(rename = "ResourcePolicy", skip_serializing_if = "Option::is_none")]
    pub resource_policy: Option<String>,
}

impl Structure for SimulatePrincipalPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ActionNames" => self.action_names = value.next_value()?,
            "CallerArn" => self.caller_arn = value.next_value()?,
            "ContextEntries" => self.context_entries = value.next_value()?,
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "PermissionsBoundaryPolicyInputList" => self.permissions_boundary_policy_input_list = value.next_value()?,
            "PolicyExclusionList" => self.policy_exclusion_list = value.next_value()?,
            "PolicyInputList" => self.policy_input_list = value.next_value()?,
            "PolicySourceArn" => self.policy_source_arn = value.next_value()?,
            "ResourceArns" => self.resource_arns = value.next_value()?,
            "ResourceHandlingOption" => self.resource_handling_option = value.next_value()?,
            "ResourceOwner" => self.resource_owner = value.next_value()?,
            "ResourcePolicy" => self.resource_policy = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for SimulatePrincipalPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for SimulatePrincipalPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ActionNames", self.action_names.is_some());
        walk.texts("ActionNames", self.action_names.as_deref(), None, &ACTION_NAME_TYPE);
        walk.text("CallerArn", self.caller_arn.as_deref(), &RESOURCE_NAME_TYPE);
        walk.structures("ContextEntries", self.context_entries.as_deref(), None);
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.texts(
            "PermissionsBoundaryPolicyInputList",
            self.permissions_boundary_policy_input_list.as_deref(),
            None,
            &POLICY_DOCUMENT_TYPE,
        );
        walk.structures("PolicyExclusionList", self.policy_exclusion_list.as_deref(), Some(&POLICY_EXCLUSIONS_LIST_TYPE));
        walk.texts("PolicyInputList", self.policy_input_list.as_deref(), None, &POLICY_DOCUMENT_TYPE);
        walk.required("PolicySourceArn", self.policy_source_arn.is_some());
        walk.text("PolicySourceArn", self.policy_source_arn.as_deref(), &ARN_TYPE);
        walk.texts("ResourceArns", self.resource_arns.as_deref(), None, &RESOURCE_NAME_TYPE);
        walk.text("ResourceHandlingOption", self.resource_handling_option.as_deref(), &RESOURCE_HANDLING_OPTION_TYPE);
        walk.text("ResourceOwner", self.resource_owner.as_deref(), &RESOURCE_NAME_TYPE);
        walk.text("ResourcePolicy", self.resource_policy.as_deref(), &POLICY_DOCUMENT_TYPE);
    }
}

/// Shape `SourceRoleTemplate`.
#[derive(Clone, Serialize)]
pub struct SourceRoleTemplate {
    /// Member `TemplateArn`.
    #[serde(rename = "TemplateArn")]
    pub template_arn: String,
    /// Member `TemplateMinorVersion`.
    #[serde(rename = "TemplateMinorVersion")]
    pub template_minor_version: i32,
}

/// Shape `Statement`.
#[derive(Clone, Serialize)]
pub struct Statement {
    /// Member `EndPosition`.
    #[serde(rename = "EndPosition", skip_serializing_if = "Option::is_none")]
    pub end_position: Option<Position>,
    /// Member `SourcePolicyId`.
    #[serde(rename = "SourcePolicyId", skip_serializing_if = "Option::is_none")]
    pub source_policy_id: Option<String>,
    /// Member `SourcePolicyType`.
    #[serde(rename = "SourcePolicyType", skip_serializing_if = "Option::is_none")]
    pub source_policy_type: Option<String>,
    /// Member `StartPosition`.
    #[serde(rename = "StartPosition", skip_serializing_if = "Option::is_none")]
    pub start_position: Option<Position>,
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
        walk.text("Key", self.key.as_deref(), &TAG_KEY_TYPE);
        walk.required("Value", self.value.is_some());
        walk.text("Value", self.value.as_deref(), &TAG_VALUE_TYPE);
    }
}

/// Shape `TagRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct TagRoleRequest {
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for TagRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "RoleName" => self.role_name = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for TagRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for TagRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
        walk.required("Tags", self.tags.is_some());
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
    }
}

/// Shape `UntagRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UntagRoleRequest {
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
    /// Member `TagKeys`.
    #[serde(rename = "TagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

impl Structure for UntagRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "RoleName" => self.role_name = value.next_value()?,
            "TagKeys" => self.tag_keys = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UntagRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UntagRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
        walk.required("TagKeys", self.tag_keys.is_some());
        walk.texts("TagKeys", self.tag_keys.as_deref(), Some(&TAG_KEY_LIST_TYPE), &TAG_KEY_TYPE);
    }
}

/// Shape `UpdateAssumeRolePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateAssumeRolePolicyRequest {
    /// Member `PolicyDocument`.
    #[serde(rename = "PolicyDocument", skip_serializing_if = "Option::is_none")]
    pub policy_document: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for UpdateAssumeRolePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyDocument" => self.policy_document = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateAssumeRolePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateAssumeRolePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyDocument", self.policy_document.is_some());
        walk.text("PolicyDocument", self.policy_document.as_deref(), &POLICY_DOCUMENT_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `UpdateRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateRoleRequest {
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `MaxSessionDuration`.
    #[serde(rename = "MaxSessionDuration", skip_serializing_if = "Option::is_none")]
    pub max_session_duration: Option<i32>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for UpdateRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Description" => self.description = value.next_value()?,
            "MaxSessionDuration" => self.max_session_duration = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Description", self.description.as_deref(), &ROLE_DESCRIPTION_TYPE);
        walk.number("MaxSessionDuration", self.max_session_duration, &ROLE_MAX_SESSION_DURATION_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Constraints of `ActionNameType`.
pub static ACTION_NAME_TYPE: Rule = Rule { min: Some(3), max: Some(128), pattern: None, values: &[], sensitive: false };

/// Constraints of `AttachmentName`.
pub static ATTACHMENT_NAME: Rule =
    Rule { min: Some(1), max: Some(128), pattern: Some(Pattern::new("[\\w+=,.@-]+")), values: &[], sensitive: false };

/// Constraints of `AttachmentType`.
pub static ATTACHMENT_TYPE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["user", "group", "role"], sensitive: false };

/// Constraints of `ContextKeyNameType`.
pub static CONTEXT_KEY_NAME_TYPE: Rule = Rule { min: Some(5), max: Some(256), pattern: None, values: &[], sensitive: false };

/// Constraints of `ContextKeyTypeEnum`.
pub static CONTEXT_KEY_TYPE_ENUM: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &[
        "string",
        "stringList",
        "numeric",
        "numericList",
        "boolean",
        "booleanList",
        "ip",
        "ipList",
        "binary",
        "binaryList",
        "date",
        "dateList",
    ],
    sensitive: false,
};

/// Constraints of `OrganizationPolicyListType`.
pub static ORGANIZATION_POLICY_LIST_TYPE: Rule = Rule { min: None, max: Some(7), pattern: None, values: &[], sensitive: false };

/// Constraints of `PolicyExclusionsListType`.
pub static POLICY_EXCLUSIONS_LIST_TYPE: Rule = Rule { min: None, max: Some(256), pattern: None, values: &[], sensitive: false };

/// Constraints of `PolicyIdentifierPolicyType`.
pub static POLICY_IDENTIFIER_POLICY_TYPE: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["inline", "aws-managed", "user-managed", "permission-boundary", "scp", "rcp"],
    sensitive: false,
};

/// Constraints of `PolicyUsageType`.
pub static POLICY_USAGE_TYPE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["PermissionsPolicy", "PermissionsBoundary"], sensitive: false };

/// Constraints of `ResourceHandlingOptionType`.
pub static RESOURCE_HANDLING_OPTION_TYPE: Rule = Rule { min: Some(1), max: Some(64), pattern: None, values: &[], sensitive: false };

/// Constraints of `ResourceNameType`.
pub static RESOURCE_NAME_TYPE: Rule = Rule { min: Some(1), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `arnType`.
pub static ARN_TYPE: Rule = Rule { min: Some(20), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `markerType`.
pub static MARKER_TYPE: Rule =
    Rule { min: Some(1), max: Some(320), pattern: Some(Pattern::new("[\\u0020-\\u00FF]+")), values: &[], sensitive: false };

/// Constraints of `maxItemsType`.
pub static MAX_ITEMS_TYPE: Rule = Rule { min: Some(1), max: Some(1000), pattern: None, values: &[], sensitive: false };

/// Constraints of `pathPrefixType`.
pub static PATH_PREFIX_TYPE: Rule =
    Rule { min: Some(1), max: Some(512), pattern: Some(Pattern::new("\\u002F[\\u0021-\\u007F]*")), values: &[], sensitive: false };

/// Constraints of `pathType`.
pub static PATH_TYPE: Rule = Rule {
    min: Some(1),
    max: Some(512),
    pattern: Some(Pattern::new("(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)")),
    values: &[],
    sensitive: false,
};

/// Constraints of `policyDocumentType`.
pub static POLICY_DOCUMENT_TYPE: Rule = Rule {
    min: Some(1),
    max: Some(131072),
    pattern: Some(Pattern::new("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+")),
    values: &[],
    sensitive: false,
};

/// Constraints of `policyNameType`.
pub static POLICY_NAME_TYPE: Rule =
    Rule { min: Some(1), max: Some(128), pattern: Some(Pattern::new("[\\w+=,.@-]+")), values: &[], sensitive: false };

/// Constraints of `policyPathType`.
pub static POLICY_PATH_TYPE: Rule = Rule {
    min: Some(1),
    max: Some(512),
    pattern: Some(Pattern::new("((/[A-Za-z0-9\\.,\\+@=_-]+)*)/")),
    values: &[],
    sensitive: false,
};

/// Constraints of `policyScopeType`.
pub static POLICY_SCOPE_TYPE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["All", "AWS", "Local"], sensitive: false };

/// Constraints of `policyVersionIdType`.
pub static POLICY_VERSION_ID_TYPE: Rule =
    Rule { min: None, max: None, pattern: Some(Pattern::new("v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?")), values: &[], sensitive: false };

/// Constraints of `roleDescriptionType`.
pub static ROLE_DESCRIPTION_TYPE: Rule = Rule {
    min: None,
    max: Some(1000),
    pattern: Some(Pattern::new("[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*")),
    values: &[],
    sensitive: false,
};

/// Constraints of `roleMaxSessionDurationType`.
pub static ROLE_MAX_SESSION_DURATION_TYPE: Rule =
    Rule { min: Some(3600), max: Some(43200), pattern: None, values: &[], sensitive: false };

/// Constraints of `roleNameType`.
pub static ROLE_NAME_TYPE: Rule =
    Rule { min: Some(1), max: Some(64), pattern: Some(Pattern::new("[\\w+=,.@-]+")), values: &[], sensitive: false };

/// Constraints of `tagKeyListType`.
pub static TAG_KEY_LIST_TYPE: Rule = Rule { min: None, max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `tagKeyType`.
pub static TAG_KEY_TYPE: Rule = Rule {
    min: Some(1),
    max: Some(128),
    pattern: Some(Pattern::new("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+")),
    values: &[],
    sensitive: false,
};

/// Constraints of `tagListType`.
pub static TAG_LIST_TYPE: Rule = Rule { min: None, max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `tagValueType`.
pub static TAG_VALUE_TYPE: Rule = Rule {
    min: Some(0),
    max: Some(256),
    pattern: Some(Pattern::new("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*")),
    values: &[],
    sensitive: false,
};

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[
    &ACTION_NAME_TYPE,
    &ATTACHMENT_NAME,
    &ATTACHMENT_TYPE,
    &CONTEXT_KEY_NAME_TYPE,
    &CONTEXT_KEY_TYPE_ENUM,
    &ORGANIZATION_POLICY_LIST_TYPE,
    &POLICY_EXCLUSIONS_LIST_TYPE,
    &POLICY_IDENTIFIER_POLICY_TYPE,
    &POLICY_USAGE_TYPE,
    &RESOURCE_HANDLING_OPTION_TYPE,
    &RESOURCE_NAME_TYPE,
    &ARN_TYPE,
    &MARKER_TYPE,
    &MAX_ITEMS_TYPE,
    &PATH_PREFIX_TYPE,
    &PATH_TYPE,
    &POLICY_DOCUMENT_TYPE,
    &POLICY_NAME_TYPE,
    &POLICY_PATH_TYPE,
    &POLICY_SCOPE_TYPE,
    &POLICY_VERSION_ID_TYPE,
    &ROLE_DESCRIPTION_TYPE,
    &ROLE_MAX_SESSION_DURATION_TYPE,
    &ROLE_NAME_TYPE,
    &TAG_KEY_LIST_TYPE,
    &TAG_KEY_TYPE,
    &TAG_LIST_TYPE,
    &TAG_VALUE_TYPE,
];
