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
    /// `AddClientIDToOpenIDConnectProvider`.
    AddClientIDToOpenIDConnectProvider,
    /// `AttachRolePolicy`.
    AttachRolePolicy,
    /// `AttachUserPolicy`.
    AttachUserPolicy,
    /// `CreateAccessKey`.
    CreateAccessKey,
    /// `CreateAccountAlias`.
    CreateAccountAlias,
    /// `CreateOpenIDConnectProvider`.
    CreateOpenIDConnectProvider,
    /// `CreatePolicy`.
    CreatePolicy,
    /// `CreatePolicyVersion`.
    CreatePolicyVersion,
    /// `CreateRole`.
    CreateRole,
    /// `CreateServiceLinkedRole`.
    CreateServiceLinkedRole,
    /// `CreateUser`.
    CreateUser,
    /// `DeleteAccessKey`.
    DeleteAccessKey,
    /// `DeleteAccountAlias`.
    DeleteAccountAlias,
    /// `DeleteOpenIDConnectProvider`.
    DeleteOpenIDConnectProvider,
    /// `DeletePolicy`.
    DeletePolicy,
    /// `DeletePolicyVersion`.
    DeletePolicyVersion,
    /// `DeleteRole`.
    DeleteRole,
    /// `DeleteRolePermissionsBoundary`.
    DeleteRolePermissionsBoundary,
    /// `DeleteRolePolicy`.
    DeleteRolePolicy,
    /// `DeleteServiceLinkedRole`.
    DeleteServiceLinkedRole,
    /// `DeleteUser`.
    DeleteUser,
    /// `DeleteUserPermissionsBoundary`.
    DeleteUserPermissionsBoundary,
    /// `DeleteUserPolicy`.
    DeleteUserPolicy,
    /// `DetachRolePolicy`.
    DetachRolePolicy,
    /// `DetachUserPolicy`.
    DetachUserPolicy,
    /// `GetAccessKeyLastUsed`.
    GetAccessKeyLastUsed,
    /// `GetAccountSummary`.
    GetAccountSummary,
    /// `GetOpenIDConnectProvider`.
    GetOpenIDConnectProvider,
    /// `GetPolicy`.
    GetPolicy,
    /// `GetPolicyVersion`.
    GetPolicyVersion,
    /// `GetRole`.
    GetRole,
    /// `GetRolePolicy`.
    GetRolePolicy,
    /// `GetServiceLinkedRoleDeletionStatus`.
    GetServiceLinkedRoleDeletionStatus,
    /// `GetUser`.
    GetUser,
    /// `GetUserPolicy`.
    GetUserPolicy,
    /// `ListAccessKeys`.
    ListAccessKeys,
    /// `ListAccountAliases`.
    ListAccountAliases,
    /// `ListAttachedRolePolicies`.
    ListAttachedRolePolicies,
    /// `ListAttachedUserPolicies`.
    ListAttachedUserPolicies,
    /// `ListEntitiesForPolicy`.
    ListEntitiesForPolicy,
    /// `ListInstanceProfilesForRole`.
    ListInstanceProfilesForRole,
    /// `ListOpenIDConnectProviderTags`.
    ListOpenIDConnectProviderTags,
    /// `ListOpenIDConnectProviders`.
    ListOpenIDConnectProviders,
    /// `ListPolicies`.
    ListPolicies,
    /// `ListPolicyTags`.
    ListPolicyTags,
    /// `ListPolicyVersions`.
    ListPolicyVersions,
    /// `ListRolePolicies`.
    ListRolePolicies,
    /// `ListRoleTags`.
    ListRoleTags,
    /// `ListRoles`.
    ListRoles,
    /// `ListUserPolicies`.
    ListUserPolicies,
    /// `ListUserTags`.
    ListUserTags,
    /// `ListUsers`.
    ListUsers,
    /// `PutRolePermissionsBoundary`.
    PutRolePermissionsBoundary,
    /// `PutRolePolicy`.
    PutRolePolicy,
    /// `PutUserPermissionsBoundary`.
    PutUserPermissionsBoundary,
    /// `PutUserPolicy`.
    PutUserPolicy,
    /// `RemoveClientIDFromOpenIDConnectProvider`.
    RemoveClientIDFromOpenIDConnectProvider,
    /// `SetDefaultPolicyVersion`.
    SetDefaultPolicyVersion,
    /// `SimulateCustomPolicy`.
    SimulateCustomPolicy,
    /// `SimulatePrincipalPolicy`.
    SimulatePrincipalPolicy,
    /// `TagOpenIDConnectProvider`.
    TagOpenIDConnectProvider,
    /// `TagPolicy`.
    TagPolicy,
    /// `TagRole`.
    TagRole,
    /// `TagUser`.
    TagUser,
    /// `UntagOpenIDConnectProvider`.
    UntagOpenIDConnectProvider,
    /// `UntagPolicy`.
    UntagPolicy,
    /// `UntagRole`.
    UntagRole,
    /// `UntagUser`.
    UntagUser,
    /// `UpdateAccessKey`.
    UpdateAccessKey,
    /// `UpdateAssumeRolePolicy`.
    UpdateAssumeRolePolicy,
    /// `UpdateOpenIDConnectProviderThumbprint`.
    UpdateOpenIDConnectProviderThumbprint,
    /// `UpdateRole`.
    UpdateRole,
    /// `UpdateRoleDescription`.
    UpdateRoleDescription,
    /// `UpdateUser`.
    UpdateUser,
}

impl IamOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AddClientIDToOpenIDConnectProvider,
        Self::AttachRolePolicy,
        Self::AttachUserPolicy,
        Self::CreateAccessKey,
        Self::CreateAccountAlias,
        Self::CreateOpenIDConnectProvider,
        Self::CreatePolicy,
        Self::CreatePolicyVersion,
        Self::CreateRole,
        Self::CreateServiceLinkedRole,
        Self::CreateUser,
        Self::DeleteAccessKey,
        Self::DeleteAccountAlias,
        Self::DeleteOpenIDConnectProvider,
        Self::DeletePolicy,
        Self::DeletePolicyVersion,
        Self::DeleteRole,
        Self::DeleteRolePermissionsBoundary,
        Self::DeleteRolePolicy,
        Self::DeleteServiceLinkedRole,
        Self::DeleteUser,
        Self::DeleteUserPermissionsBoundary,
        Self::DeleteUserPolicy,
        Self::DetachRolePolicy,
        Self::DetachUserPolicy,
        Self::GetAccessKeyLastUsed,
        Self::GetAccountSummary,
        Self::GetOpenIDConnectProvider,
        Self::GetPolicy,
        Self::GetPolicyVersion,
        Self::GetRole,
        Self::GetRolePolicy,
        Self::GetServiceLinkedRoleDeletionStatus,
        Self::GetUser,
        Self::GetUserPolicy,
        Self::ListAccessKeys,
        Self::ListAccountAliases,
        Self::ListAttachedRolePolicies,
        Self::ListAttachedUserPolicies,
        Self::ListEntitiesForPolicy,
        Self::ListInstanceProfilesForRole,
        Self::ListOpenIDConnectProviderTags,
        Self::ListOpenIDConnectProviders,
        Self::ListPolicies,
        Self::ListPolicyTags,
        Self::ListPolicyVersions,
        Self::ListRolePolicies,
        Self::ListRoleTags,
        Self::ListRoles,
        Self::ListUserPolicies,
        Self::ListUserTags,
        Self::ListUsers,
        Self::PutRolePermissionsBoundary,
        Self::PutRolePolicy,
        Self::PutUserPermissionsBoundary,
        Self::PutUserPolicy,
        Self::RemoveClientIDFromOpenIDConnectProvider,
        Self::SetDefaultPolicyVersion,
        Self::SimulateCustomPolicy,
        Self::SimulatePrincipalPolicy,
        Self::TagOpenIDConnectProvider,
        Self::TagPolicy,
        Self::TagRole,
        Self::TagUser,
        Self::UntagOpenIDConnectProvider,
        Self::UntagPolicy,
        Self::UntagRole,
        Self::UntagUser,
        Self::UpdateAccessKey,
        Self::UpdateAssumeRolePolicy,
        Self::UpdateOpenIDConnectProviderThumbprint,
        Self::UpdateRole,
        Self::UpdateRoleDescription,
        Self::UpdateUser,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::AddClientIDToOpenIDConnectProvider => &ADD_CLIENT_ID_TO_OPEN_ID_CONNECT_PROVIDER,
            Self::AttachRolePolicy => &ATTACH_ROLE_POLICY,
            Self::AttachUserPolicy => &ATTACH_USER_POLICY,
            Self::CreateAccessKey => &CREATE_ACCESS_KEY,
            Self::CreateAccountAlias => &CREATE_ACCOUNT_ALIAS,
            Self::CreateOpenIDConnectProvider => &CREATE_OPEN_ID_CONNECT_PROVIDER,
            Self::CreatePolicy => &CREATE_POLICY,
            Self::CreatePolicyVersion => &CREATE_POLICY_VERSION,
            Self::CreateRole => &CREATE_ROLE,
            Self::CreateServiceLinkedRole => &CREATE_SERVICE_LINKED_ROLE,
            Self::CreateUser => &CREATE_USER,
            Self::DeleteAccessKey => &DELETE_ACCESS_KEY,
            Self::DeleteAccountAlias => &DELETE_ACCOUNT_ALIAS,
            Self::DeleteOpenIDConnectProvider => &DELETE_OPEN_ID_CONNECT_PROVIDER,
            Self::DeletePolicy => &DELETE_POLICY,
            Self::DeletePolicyVersion => &DELETE_POLICY_VERSION,
            Self::DeleteRole => &DELETE_ROLE,
            Self::DeleteRolePermissionsBoundary => &DELETE_ROLE_PERMISSIONS_BOUNDARY,
            Self::DeleteRolePolicy => &DELETE_ROLE_POLICY,
            Self::DeleteServiceLinkedRole => &DELETE_SERVICE_LINKED_ROLE,
            Self::DeleteUser => &DELETE_USER,
            Self::DeleteUserPermissionsBoundary => &DELETE_USER_PERMISSIONS_BOUNDARY,
            Self::DeleteUserPolicy => &DELETE_USER_POLICY,
            Self::DetachRolePolicy => &DETACH_ROLE_POLICY,
            Self::DetachUserPolicy => &DETACH_USER_POLICY,
            Self::GetAccessKeyLastUsed => &GET_ACCESS_KEY_LAST_USED,
            Self::GetAccountSummary => &GET_ACCOUNT_SUMMARY,
            Self::GetOpenIDConnectProvider => &GET_OPEN_ID_CONNECT_PROVIDER,
            Self::GetPolicy => &GET_POLICY,
            Self::GetPolicyVersion => &GET_POLICY_VERSION,
            Self::GetRole => &GET_ROLE,
            Self::GetRolePolicy => &GET_ROLE_POLICY,
            Self::GetServiceLinkedRoleDeletionStatus => &GET_SERVICE_LINKED_ROLE_DELETION_STATUS,
            Self::GetUser => &GET_USER,
            Self::GetUserPolicy => &GET_USER_POLICY,
            Self::ListAccessKeys => &LIST_ACCESS_KEYS,
            Self::ListAccountAliases => &LIST_ACCOUNT_ALIASES,
            Self::ListAttachedRolePolicies => &LIST_ATTACHED_ROLE_POLICIES,
            Self::ListAttachedUserPolicies => &LIST_ATTACHED_USER_POLICIES,
            Self::ListEntitiesForPolicy => &LIST_ENTITIES_FOR_POLICY,
            Self::ListInstanceProfilesForRole => &LIST_INSTANCE_PROFILES_FOR_ROLE,
            Self::ListOpenIDConnectProviderTags => &LIST_OPEN_ID_CONNECT_PROVIDER_TAGS,
            Self::ListOpenIDConnectProviders => &LIST_OPEN_ID_CONNECT_PROVIDERS,
            Self::ListPolicies => &LIST_POLICIES,
            Self::ListPolicyTags => &LIST_POLICY_TAGS,
            Self::ListPolicyVersions => &LIST_POLICY_VERSIONS,
            Self::ListRolePolicies => &LIST_ROLE_POLICIES,
            Self::ListRoleTags => &LIST_ROLE_TAGS,
            Self::ListRoles => &LIST_ROLES,
            Self::ListUserPolicies => &LIST_USER_POLICIES,
            Self::ListUserTags => &LIST_USER_TAGS,
            Self::ListUsers => &LIST_USERS,
            Self::PutRolePermissionsBoundary => &PUT_ROLE_PERMISSIONS_BOUNDARY,
            Self::PutRolePolicy => &PUT_ROLE_POLICY,
            Self::PutUserPermissionsBoundary => &PUT_USER_PERMISSIONS_BOUNDARY,
            Self::PutUserPolicy => &PUT_USER_POLICY,
            Self::RemoveClientIDFromOpenIDConnectProvider => &REMOVE_CLIENT_ID_FROM_OPEN_ID_CONNECT_PROVIDER,
            Self::SetDefaultPolicyVersion => &SET_DEFAULT_POLICY_VERSION,
            Self::SimulateCustomPolicy => &SIMULATE_CUSTOM_POLICY,
            Self::SimulatePrincipalPolicy => &SIMULATE_PRINCIPAL_POLICY,
            Self::TagOpenIDConnectProvider => &TAG_OPEN_ID_CONNECT_PROVIDER,
            Self::TagPolicy => &TAG_POLICY,
            Self::TagRole => &TAG_ROLE,
            Self::TagUser => &TAG_USER,
            Self::UntagOpenIDConnectProvider => &UNTAG_OPEN_ID_CONNECT_PROVIDER,
            Self::UntagPolicy => &UNTAG_POLICY,
            Self::UntagRole => &UNTAG_ROLE,
            Self::UntagUser => &UNTAG_USER,
            Self::UpdateAccessKey => &UPDATE_ACCESS_KEY,
            Self::UpdateAssumeRolePolicy => &UPDATE_ASSUME_ROLE_POLICY,
            Self::UpdateOpenIDConnectProviderThumbprint => &UPDATE_OPEN_ID_CONNECT_PROVIDER_THUMBPRINT,
            Self::UpdateRole => &UPDATE_ROLE,
            Self::UpdateRoleDescription => &UPDATE_ROLE_DESCRIPTION,
            Self::UpdateUser => &UPDATE_USER,
        }
    }
}

/// `AddClientIDToOpenIDConnectProvider` and the faults that it declares.
pub const ADD_CLIENT_ID_TO_OPEN_ID_CONNECT_PROVIDER: Operation = Operation {
    name: "AddClientIDToOpenIDConnectProvider",
    faults: &[
        CONCURRENT_MODIFICATION_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

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

/// `AttachUserPolicy` and the faults that it declares.
pub const ATTACH_USER_POLICY: Operation = Operation {
    name: "AttachUserPolicy",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        POLICY_NOT_ATTACHABLE_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `CreateAccessKey` and the faults that it declares.
pub const CREATE_ACCESS_KEY: Operation =
    Operation { name: "CreateAccessKey", faults: &[NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `CreateAccountAlias` and the faults that it declares.
pub const CREATE_ACCOUNT_ALIAS: Operation = Operation {
    name: "CreateAccountAlias",
    faults: &[
        CONCURRENT_MODIFICATION_EXCEPTION,
        ENTITY_ALREADY_EXISTS_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `CreateOpenIDConnectProvider` and the faults that it declares.
pub const CREATE_OPEN_ID_CONNECT_PROVIDER: Operation = Operation {
    name: "CreateOpenIDConnectProvider",
    faults: &[
        INVALID_INPUT_EXCEPTION,
        ENTITY_ALREADY_EXISTS_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
        OPEN_ID_IDP_COMMUNICATION_ERROR_EXCEPTION,
    ],
};

/// `CreatePolicy` and the faults that it declares.
pub const CREATE_POLICY: Operation = Operation {
    name: "CreatePolicy",
    faults: &[
        INVALID_INPUT_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        ENTITY_ALREADY_EXISTS_EXCEPTION,
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `CreatePolicyVersion` and the faults that it declares.
pub const CREATE_POLICY_VERSION: Operation = Operation {
    name: "CreatePolicyVersion",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
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

/// `CreateServiceLinkedRole` and the faults that it declares.
pub const CREATE_SERVICE_LINKED_ROLE: Operation = Operation {
    name: "CreateServiceLinkedRole",
    faults: &[INVALID_INPUT_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `CreateUser` and the faults that it declares.
pub const CREATE_USER: Operation = Operation {
    name: "CreateUser",
    faults: &[
        LIMIT_EXCEEDED_EXCEPTION,
        ENTITY_ALREADY_EXISTS_EXCEPTION,
        NO_SUCH_ENTITY_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `DeleteAccessKey` and the faults that it declares.
pub const DELETE_ACCESS_KEY: Operation =
    Operation { name: "DeleteAccessKey", faults: &[NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `DeleteAccountAlias` and the faults that it declares.
pub const DELETE_ACCOUNT_ALIAS: Operation = Operation {
    name: "DeleteAccountAlias",
    faults: &[CONCURRENT_MODIFICATION_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `DeleteOpenIDConnectProvider` and the faults that it declares.
pub const DELETE_OPEN_ID_CONNECT_PROVIDER: Operation = Operation {
    name: "DeleteOpenIDConnectProvider",
    faults: &[INVALID_INPUT_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `DeletePolicy` and the faults that it declares.
pub const DELETE_POLICY: Operation = Operation {
    name: "DeletePolicy",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        DELETE_CONFLICT_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `DeletePolicyVersion` and the faults that it declares.
pub const DELETE_POLICY_VERSION: Operation = Operation {
    name: "DeletePolicyVersion",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        DELETE_CONFLICT_EXCEPTION,
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

/// `DeleteRolePermissionsBoundary` and the faults that it declares.
pub const DELETE_ROLE_PERMISSIONS_BOUNDARY: Operation = Operation {
    name: "DeleteRolePermissionsBoundary",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, UNMODIFIABLE_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `DeleteRolePolicy` and the faults that it declares.
pub const DELETE_ROLE_POLICY: Operation = Operation {
    name: "DeleteRolePolicy",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, UNMODIFIABLE_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `DeleteServiceLinkedRole` and the faults that it declares.
pub const DELETE_SERVICE_LINKED_ROLE: Operation = Operation {
    name: "DeleteServiceLinkedRole",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `DeleteUser` and the faults that it declares.
pub const DELETE_USER: Operation = Operation {
    name: "DeleteUser",
    faults: &[
        LIMIT_EXCEEDED_EXCEPTION,
        NO_SUCH_ENTITY_EXCEPTION,
        DELETE_CONFLICT_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `DeleteUserPermissionsBoundary` and the faults that it declares.
pub const DELETE_USER_PERMISSIONS_BOUNDARY: Operation =
    Operation { name: "DeleteUserPermissionsBoundary", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `DeleteUserPolicy` and the faults that it declares.
pub const DELETE_USER_POLICY: Operation = Operation {
    name: "DeleteUserPolicy",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
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

/// `DetachUserPolicy` and the faults that it declares.
pub const DETACH_USER_POLICY: Operation = Operation {
    name: "DetachUserPolicy",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `GetAccessKeyLastUsed` and the faults that it declares.
pub const GET_ACCESS_KEY_LAST_USED: Operation = Operation { name: "GetAccessKeyLastUsed", faults: &[] };

/// `GetAccountSummary` and the faults that it declares.
pub const GET_ACCOUNT_SUMMARY: Operation = Operation { name: "GetAccountSummary", faults: &[SERVICE_FAILURE_EXCEPTION] };

/// `GetOpenIDConnectProvider` and the faults that it declares.
pub const GET_OPEN_ID_CONNECT_PROVIDER: Operation = Operation {
    name: "GetOpenIDConnectProvider",
    faults: &[INVALID_INPUT_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
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

/// `GetServiceLinkedRoleDeletionStatus` and the faults that it declares.
pub const GET_SERVICE_LINKED_ROLE_DELETION_STATUS: Operation = Operation {
    name: "GetServiceLinkedRoleDeletionStatus",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `GetUser` and the faults that it declares.
pub const GET_USER: Operation = Operation { name: "GetUser", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `GetUserPolicy` and the faults that it declares.
pub const GET_USER_POLICY: Operation =
    Operation { name: "GetUserPolicy", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListAccessKeys` and the faults that it declares.
pub const LIST_ACCESS_KEYS: Operation =
    Operation { name: "ListAccessKeys", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListAccountAliases` and the faults that it declares.
pub const LIST_ACCOUNT_ALIASES: Operation = Operation { name: "ListAccountAliases", faults: &[SERVICE_FAILURE_EXCEPTION] };

/// `ListAttachedRolePolicies` and the faults that it declares.
pub const LIST_ATTACHED_ROLE_POLICIES: Operation = Operation {
    name: "ListAttachedRolePolicies",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `ListAttachedUserPolicies` and the faults that it declares.
pub const LIST_ATTACHED_USER_POLICIES: Operation = Operation {
    name: "ListAttachedUserPolicies",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `ListEntitiesForPolicy` and the faults that it declares.
pub const LIST_ENTITIES_FOR_POLICY: Operation = Operation {
    name: "ListEntitiesForPolicy",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `ListInstanceProfilesForRole` and the faults that it declares.
pub const LIST_INSTANCE_PROFILES_FOR_ROLE: Operation =
    Operation { name: "ListInstanceProfilesForRole", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListOpenIDConnectProviderTags` and the faults that it declares.
pub const LIST_OPEN_ID_CONNECT_PROVIDER_TAGS: Operation = Operation {
    name: "ListOpenIDConnectProviderTags",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION, INVALID_INPUT_EXCEPTION],
};

/// `ListOpenIDConnectProviders` and the faults that it declares.
pub const LIST_OPEN_ID_CONNECT_PROVIDERS: Operation =
    Operation { name: "ListOpenIDConnectProviders", faults: &[SERVICE_FAILURE_EXCEPTION] };

/// `ListPolicies` and the faults that it declares.
pub const LIST_POLICIES: Operation = Operation { name: "ListPolicies", faults: &[SERVICE_FAILURE_EXCEPTION] };

/// `ListPolicyTags` and the faults that it declares.
pub const LIST_POLICY_TAGS: Operation =
    Operation { name: "ListPolicyTags", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION, INVALID_INPUT_EXCEPTION] };

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

/// `ListUserPolicies` and the faults that it declares.
pub const LIST_USER_POLICIES: Operation =
    Operation { name: "ListUserPolicies", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListUserTags` and the faults that it declares.
pub const LIST_USER_TAGS: Operation =
    Operation { name: "ListUserTags", faults: &[NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `ListUsers` and the faults that it declares.
pub const LIST_USERS: Operation = Operation { name: "ListUsers", faults: &[SERVICE_FAILURE_EXCEPTION] };

/// `PutRolePermissionsBoundary` and the faults that it declares.
pub const PUT_ROLE_PERMISSIONS_BOUNDARY: Operation = Operation {
    name: "PutRolePermissionsBoundary",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        UNMODIFIABLE_ENTITY_EXCEPTION,
        POLICY_NOT_ATTACHABLE_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

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

/// `PutUserPermissionsBoundary` and the faults that it declares.
pub const PUT_USER_PERMISSIONS_BOUNDARY: Operation = Operation {
    name: "PutUserPermissionsBoundary",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, POLICY_NOT_ATTACHABLE_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `PutUserPolicy` and the faults that it declares.
pub const PUT_USER_POLICY: Operation = Operation {
    name: "PutUserPolicy",
    faults: &[LIMIT_EXCEEDED_EXCEPTION, MALFORMED_POLICY_DOCUMENT_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `RemoveClientIDFromOpenIDConnectProvider` and the faults that it declares.
pub const REMOVE_CLIENT_ID_FROM_OPEN_ID_CONNECT_PROVIDER: Operation = Operation {
    name: "RemoveClientIDFromOpenIDConnectProvider",
    faults: &[CONCURRENT_MODIFICATION_EXCEPTION, INVALID_INPUT_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `SetDefaultPolicyVersion` and the faults that it declares.
pub const SET_DEFAULT_POLICY_VERSION: Operation = Operation {
    name: "SetDefaultPolicyVersion",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `SimulateCustomPolicy` and the faults that it declares.
pub const SIMULATE_CUSTOM_POLICY: Operation =
    Operation { name: "SimulateCustomPolicy", faults: &[INVALID_INPUT_EXCEPTION, POLICY_EVALUATION_EXCEPTION] };

/// `SimulatePrincipalPolicy` and the faults that it declares.
pub const SIMULATE_PRINCIPAL_POLICY: Operation = Operation {
    name: "SimulatePrincipalPolicy",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, POLICY_EVALUATION_EXCEPTION],
};

/// `TagOpenIDConnectProvider` and the faults that it declares.
pub const TAG_OPEN_ID_CONNECT_PROVIDER: Operation = Operation {
    name: "TagOpenIDConnectProvider",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `TagPolicy` and the faults that it declares.
pub const TAG_POLICY: Operation = Operation {
    name: "TagPolicy",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
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

/// `TagUser` and the faults that it declares.
pub const TAG_USER: Operation = Operation {
    name: "TagUser",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        INVALID_INPUT_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// `UntagOpenIDConnectProvider` and the faults that it declares.
pub const UNTAG_OPEN_ID_CONNECT_PROVIDER: Operation = Operation {
    name: "UntagOpenIDConnectProvider",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, CONCURRENT_MODIFICATION_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `UntagPolicy` and the faults that it declares.
pub const UNTAG_POLICY: Operation = Operation {
    name: "UntagPolicy",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, INVALID_INPUT_EXCEPTION, CONCURRENT_MODIFICATION_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `UntagRole` and the faults that it declares.
pub const UNTAG_ROLE: Operation = Operation {
    name: "UntagRole",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, CONCURRENT_MODIFICATION_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `UntagUser` and the faults that it declares.
pub const UNTAG_USER: Operation = Operation {
    name: "UntagUser",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, CONCURRENT_MODIFICATION_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `UpdateAccessKey` and the faults that it declares.
pub const UPDATE_ACCESS_KEY: Operation = Operation {
    name: "UpdateAccessKey",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, LIMIT_EXCEEDED_EXCEPTION, SERVICE_FAILURE_EXCEPTION, INVALID_INPUT_EXCEPTION],
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

/// `UpdateOpenIDConnectProviderThumbprint` and the faults that it declares.
pub const UPDATE_OPEN_ID_CONNECT_PROVIDER_THUMBPRINT: Operation = Operation {
    name: "UpdateOpenIDConnectProviderThumbprint",
    faults: &[CONCURRENT_MODIFICATION_EXCEPTION, INVALID_INPUT_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `UpdateRole` and the faults that it declares.
pub const UPDATE_ROLE: Operation =
    Operation { name: "UpdateRole", faults: &[UNMODIFIABLE_ENTITY_EXCEPTION, NO_SUCH_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION] };

/// `UpdateRoleDescription` and the faults that it declares.
pub const UPDATE_ROLE_DESCRIPTION: Operation = Operation {
    name: "UpdateRoleDescription",
    faults: &[NO_SUCH_ENTITY_EXCEPTION, UNMODIFIABLE_ENTITY_EXCEPTION, SERVICE_FAILURE_EXCEPTION],
};

/// `UpdateUser` and the faults that it declares.
pub const UPDATE_USER: Operation = Operation {
    name: "UpdateUser",
    faults: &[
        NO_SUCH_ENTITY_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        ENTITY_ALREADY_EXISTS_EXCEPTION,
        ENTITY_TEMPORARILY_UNMODIFIABLE_EXCEPTION,
        CONCURRENT_MODIFICATION_EXCEPTION,
        SERVICE_FAILURE_EXCEPTION,
    ],
};

/// Fault `ConcurrentModificationException`.
pub const CONCURRENT_MODIFICATION_EXCEPTION: Declared = Declared { code: "ConcurrentModification", status: 409 };

/// Fault `DeleteConflictException`.
pub const DELETE_CONFLICT_EXCEPTION: Declared = Declared { code: "DeleteConflict", status: 409 };

/// Fault `EntityAlreadyExistsException`.
pub const ENTITY_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "EntityAlreadyExists", status: 409 };

/// Fault `EntityTemporarilyUnmodifiableException`.
pub const ENTITY_TEMPORARILY_UNMODIFIABLE_EXCEPTION: Declared = Declared { code: "EntityTemporarilyUnmodifiable", status: 409 };

/// Fault `InvalidInputException`.
pub const INVALID_INPUT_EXCEPTION: Declared = Declared { code: "InvalidInput", status: 400 };

/// Fault `LimitExceededException`.
pub const LIMIT_EXCEEDED_EXCEPTION: Declared = Declared { code: "LimitExceeded", status: 409 };

/// Fault `MalformedPolicyDocumentException`.
pub const MALFORMED_POLICY_DOCUMENT_EXCEPTION: Declared = Declared { code: "MalformedPolicyDocument", status: 400 };

/// Fault `NoSuchEntityException`.
pub const NO_SUCH_ENTITY_EXCEPTION: Declared = Declared { code: "NoSuchEntity", status: 404 };

/// Fault `OpenIdIdpCommunicationErrorException`.
pub const OPEN_ID_IDP_COMMUNICATION_ERROR_EXCEPTION: Declared = Declared { code: "OpenIdIdpCommunicationError", status: 400 };

/// Fault `PolicyEvaluationException`.
pub const POLICY_EVALUATION_EXCEPTION: Declared = Declared { code: "PolicyEvaluation", status: 500 };

/// Fault `PolicyNotAttachableException`.
pub const POLICY_NOT_ATTACHABLE_EXCEPTION: Declared = Declared { code: "PolicyNotAttachable", status: 400 };

/// Fault `ServiceFailureException`.
pub const SERVICE_FAILURE_EXCEPTION: Declared = Declared { code: "ServiceFailure", status: 500 };

/// Fault `UnmodifiableEntityException`.
pub const UNMODIFIABLE_ENTITY_EXCEPTION: Declared = Declared { code: "UnmodifiableEntity", status: 400 };

/// Shape `AccessKey`.
#[derive(Clone, Serialize)]
pub struct AccessKey {
    /// Member `AccessKeyId`.
    #[serde(rename = "AccessKeyId")]
    pub access_key_id: String,
    /// Member `CreateDate`.
    #[serde(rename = "CreateDate", skip_serializing_if = "Option::is_none")]
    pub create_date: Option<String>,
    /// Member `SecretAccessKey`.
    #[serde(rename = "SecretAccessKey")]
    pub secret_access_key: String,
    /// Member `Status`.
    #[serde(rename = "Status")]
    pub status: String,
    /// Member `UserName`.
    #[serde(rename = "UserName")]
    pub user_name: String,
}

/// Shape `AccessKeyLastUsed`.
#[derive(Clone, Serialize)]
pub struct AccessKeyLastUsed {
    /// Member `LastUsedDate`.
    #[serde(rename = "LastUsedDate", skip_serializing_if = "Option::is_none")]
    pub last_used_date: Option<String>,
    /// Member `Region`.
    #[serde(rename = "Region")]
    pub region: String,
    /// Member `ServiceName`.
    #[serde(rename = "ServiceName")]
    pub service_name: String,
}

/// Shape `AccessKeyMetadata`.
#[derive(Clone, Serialize)]
pub struct AccessKeyMetadata {
    /// Member `AccessKeyId`.
    #[serde(rename = "AccessKeyId", skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// Member `CreateDate`.
    #[serde(rename = "CreateDate", skip_serializing_if = "Option::is_none")]
    pub create_date: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

/// Shape `AddClientIDToOpenIDConnectProviderRequest`.
#[derive(Clone, Default, Serialize)]
pub struct AddClientIDToOpenIDConnectProviderRequest {
    /// Member `ClientID`.
    #[serde(rename = "ClientID", skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
}

impl Structure for AddClientIDToOpenIDConnectProviderRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ClientID" => self.client_id = value.next_value()?,
            "OpenIDConnectProviderArn" => self.open_id_connect_provider_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AddClientIDToOpenIDConnectProviderRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for AddClientIDToOpenIDConnectProviderRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ClientID", self.client_id.is_some());
        walk.text("ClientID", self.client_id.as_deref(), &CLIENT_ID_TYPE);
        walk.required("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.is_some());
        walk.text("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.as_deref(), &ARN_TYPE);
    }
}

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

/// Shape `AttachUserPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct AttachUserPolicyRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for AttachUserPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AttachUserPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for AttachUserPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &USER_NAME_TYPE);
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

/// Shape `CreateAccessKeyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateAccessKeyRequest {
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for CreateAccessKeyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateAccessKeyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateAccessKeyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `CreateAccessKeyResponse`.
#[derive(Clone, Serialize)]
pub struct CreateAccessKeyResponse {
    /// Member `AccessKey`.
    #[serde(rename = "AccessKey")]
    pub access_key: AccessKey,
}

/// Shape `CreateAccountAliasRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateAccountAliasRequest {
    /// Member `AccountAlias`.
    #[serde(rename = "AccountAlias", skip_serializing_if = "Option::is_none")]
    pub account_alias: Option<String>,
}

impl Structure for CreateAccountAliasRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccountAlias" => self.account_alias = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateAccountAliasRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateAccountAliasRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AccountAlias", self.account_alias.is_some());
        walk.text("AccountAlias", self.account_alias.as_deref(), &ACCOUNT_ALIAS_TYPE);
    }
}

/// Shape `CreateOpenIDConnectProviderRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateOpenIDConnectProviderRequest {
    /// Member `ClientIDList`.
    #[serde(rename = "ClientIDList", skip_serializing_if = "Option::is_none")]
    pub client_id_list: Option<Vec<String>>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `ThumbprintList`.
    #[serde(rename = "ThumbprintList", skip_serializing_if = "Option::is_none")]
    pub thumbprint_list: Option<Vec<String>>,
    /// Member `Url`.
    #[serde(rename = "Url", skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Structure for CreateOpenIDConnectProviderRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ClientIDList" => self.client_id_list = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            "ThumbprintList" => self.thumbprint_list = value.next_value()?,
            "Url" => self.url = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateOpenIDConnectProviderRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateOpenIDConnectProviderRequest {
    fn check(&self, walk: &mut Walk) {
        walk.texts("ClientIDList", self.client_id_list.as_deref(), None, &CLIENT_ID_TYPE);
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
        walk.texts("ThumbprintList", self.thumbprint_list.as_deref(), None, &THUMBPRINT_TYPE);
        walk.required("Url", self.url.is_some());
        walk.text("Url", self.url.as_deref(), &OPEN_ID_CONNECT_PROVIDER_URL_TYPE);
    }
}

/// Shape `CreateOpenIDConnectProviderResponse`.
#[derive(Clone, Serialize)]
pub struct CreateOpenIDConnectProviderResponse {
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

/// Shape `CreatePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreatePolicyRequest {
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `Path`.
    #[serde(rename = "Path", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Member `PolicyDocument`.
    #[serde(rename = "PolicyDocument", skip_serializing_if = "Option::is_none")]
    pub policy_document: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for CreatePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Description" => self.description = value.next_value()?,
            "Path" => self.path = value.next_value()?,
            "PolicyDocument" => self.policy_document = value.next_value()?,
            "PolicyName" => self.policy_name = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreatePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreatePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Description", self.description.as_deref(), &POLICY_DESCRIPTION_TYPE);
        walk.text("Path", self.path.as_deref(), &POLICY_PATH_TYPE);
        walk.required("PolicyDocument", self.policy_document.is_some());
        walk.text("PolicyDocument", self.policy_document.as_deref(), &POLICY_DOCUMENT_TYPE);
        walk.required("PolicyName", self.policy_name.is_some());
        walk.text("PolicyName", self.policy_name.as_deref(), &POLICY_NAME_TYPE);
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
    }
}

/// Shape `CreatePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct CreatePolicyResponse {
    /// Member `Policy`.
    #[serde(rename = "Policy", skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
}

/// Shape `CreatePolicyVersionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreatePolicyVersionRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `PolicyDocument`.
    #[serde(rename = "PolicyDocument", skip_serializing_if = "Option::is_none")]
    pub policy_document: Option<String>,
    /// Member `SetAsDefault`.
    #[serde(rename = "SetAsDefault", skip_serializing_if = "Option::is_none")]
    pub set_as_default: Option<bool>,
}

impl Structure for CreatePolicyVersionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "PolicyDocument" => self.policy_document = value.next_value()?,
            "SetAsDefault" => self.set_as_default = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreatePolicyVersionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreatePolicyVersionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("PolicyDocument", self.policy_document.is_some());
        walk.text("PolicyDocument", self.policy_document.as_deref(), &POLICY_DOCUMENT_TYPE);
    }
}

/// Shape `CreatePolicyVersionResponse`.
#[derive(Clone, Serialize)]
pub struct CreatePolicyVersionResponse {
    /// Member `PolicyVersion`.
    #[serde(rename = "PolicyVersion", skip_serializing_if = "Option::is_none")]
    pub policy_version: Option<PolicyVersion>,
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

/// Shape `CreateServiceLinkedRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateServiceLinkedRoleRequest {
    /// Member `AWSServiceName`.
    #[serde(rename = "AWSServiceName", skip_serializing_if = "Option::is_none")]
    pub aws_service_name: Option<String>,
    /// Member `CustomSuffix`.
    #[serde(rename = "CustomSuffix", skip_serializing_if = "Option::is_none")]
    pub custom_suffix: Option<String>,
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Structure for CreateServiceLinkedRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AWSServiceName" => self.aws_service_name = value.next_value()?,
            "CustomSuffix" => self.custom_suffix = value.next_value()?,
            "Description" => self.description = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateServiceLinkedRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateServiceLinkedRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AWSServiceName", self.aws_service_name.is_some());
        walk.text("AWSServiceName", self.aws_service_name.as_deref(), &GROUP_NAME_TYPE);
        walk.text("CustomSuffix", self.custom_suffix.as_deref(), &CUSTOM_SUFFIX_TYPE);
        walk.text("Description", self.description.as_deref(), &ROLE_DESCRIPTION_TYPE);
    }
}

/// Shape `CreateServiceLinkedRoleResponse`.
#[derive(Clone, Serialize)]
pub struct CreateServiceLinkedRoleResponse {
    /// Member `Role`.
    #[serde(rename = "Role", skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// Shape `CreateUserRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateUserRequest {
    /// Member `Path`.
    #[serde(rename = "Path", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Member `PermissionsBoundary`.
    #[serde(rename = "PermissionsBoundary", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for CreateUserRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Path" => self.path = value.next_value()?,
            "PermissionsBoundary" => self.permissions_boundary = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateUserRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateUserRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Path", self.path.as_deref(), &PATH_TYPE);
        walk.text("PermissionsBoundary", self.permissions_boundary.as_deref(), &ARN_TYPE);
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &USER_NAME_TYPE);
    }
}

/// Shape `CreateUserResponse`.
#[derive(Clone, Serialize)]
pub struct CreateUserResponse {
    /// Member `User`.
    #[serde(rename = "User", skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
}

/// Shape `DeleteAccessKeyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteAccessKeyRequest {
    /// Member `AccessKeyId`.
    #[serde(rename = "AccessKeyId", skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for DeleteAccessKeyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccessKeyId" => self.access_key_id = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteAccessKeyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteAccessKeyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AccessKeyId", self.access_key_id.is_some());
        walk.text("AccessKeyId", self.access_key_id.as_deref(), &ACCESS_KEY_ID_TYPE);
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `DeleteAccountAliasRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteAccountAliasRequest {
    /// Member `AccountAlias`.
    #[serde(rename = "AccountAlias", skip_serializing_if = "Option::is_none")]
    pub account_alias: Option<String>,
}

impl Structure for DeleteAccountAliasRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccountAlias" => self.account_alias = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteAccountAliasRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteAccountAliasRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AccountAlias", self.account_alias.is_some());
        walk.text("AccountAlias", self.account_alias.as_deref(), &ACCOUNT_ALIAS_TYPE);
    }
}

/// Shape `DeleteOpenIDConnectProviderRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteOpenIDConnectProviderRequest {
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
}

impl Structure for DeleteOpenIDConnectProviderRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "OpenIDConnectProviderArn" => self.open_id_connect_provider_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteOpenIDConnectProviderRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteOpenIDConnectProviderRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.is_some());
        walk.text("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `DeletePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeletePolicyRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
}

impl Structure for DeletePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeletePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeletePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `DeletePolicyVersionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeletePolicyVersionRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

impl Structure for DeletePolicyVersionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "VersionId" => self.version_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeletePolicyVersionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeletePolicyVersionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("VersionId", self.version_id.is_some());
        walk.text("VersionId", self.version_id.as_deref(), &POLICY_VERSION_ID_TYPE);
    }
}

/// Shape `DeleteRolePermissionsBoundaryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteRolePermissionsBoundaryRequest {
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for DeleteRolePermissionsBoundaryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteRolePermissionsBoundaryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteRolePermissionsBoundaryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
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

/// Shape `DeleteServiceLinkedRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteServiceLinkedRoleRequest {
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for DeleteServiceLinkedRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteServiceLinkedRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteServiceLinkedRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `DeleteServiceLinkedRoleResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteServiceLinkedRoleResponse {
    /// Member `DeletionTaskId`.
    #[serde(rename = "DeletionTaskId")]
    pub deletion_task_id: String,
}

/// Shape `DeleteUserPermissionsBoundaryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteUserPermissionsBoundaryRequest {
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for DeleteUserPermissionsBoundaryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteUserPermissionsBoundaryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteUserPermissionsBoundaryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &USER_NAME_TYPE);
    }
}

/// Shape `DeleteUserPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteUserPolicyRequest {
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for DeleteUserPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyName" => self.policy_name = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteUserPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteUserPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyName", self.policy_name.is_some());
        walk.text("PolicyName", self.policy_name.as_deref(), &POLICY_NAME_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `DeleteUserRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteUserRequest {
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for DeleteUserRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteUserRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteUserRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `DeletionTaskFailureReasonType`.
#[derive(Clone, Serialize)]
pub struct DeletionTaskFailureReasonType {
    /// Member `Reason`.
    #[serde(rename = "Reason", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Member `RoleUsageList`.
    #[serde(rename = "RoleUsageList", skip_serializing_if = "Option::is_none")]
    pub role_usage_list: Option<Vec<RoleUsageType>>,
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

/// Shape `DetachUserPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DetachUserPolicyRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for DetachUserPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DetachUserPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DetachUserPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &USER_NAME_TYPE);
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

/// Shape `GetAccessKeyLastUsedRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetAccessKeyLastUsedRequest {
    /// Member `AccessKeyId`.
    #[serde(rename = "AccessKeyId", skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
}

impl Structure for GetAccessKeyLastUsedRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccessKeyId" => self.access_key_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetAccessKeyLastUsedRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetAccessKeyLastUsedRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AccessKeyId", self.access_key_id.is_some());
        walk.text("AccessKeyId", self.access_key_id.as_deref(), &ACCESS_KEY_ID_TYPE);
    }
}

/// Shape `GetAccessKeyLastUsedResponse`.
#[derive(Clone, Serialize)]
pub struct GetAccessKeyLastUsedResponse {
    /// Member `AccessKeyLastUsed`.
    #[serde(rename = "AccessKeyLastUsed", skip_serializing_if = "Option::is_none")]
    pub access_key_last_used: Option<AccessKeyLastUsed>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

/// Shape `GetAccountSummaryResponse`.
#[derive(Clone, Serialize)]
pub struct GetAccountSummaryResponse {
    /// Member `SummaryMap`.
    #[serde(rename = "SummaryMap", skip_serializing_if = "Option::is_none")]
    pub summary_map: Option<Entries<i32>>,
}

/// Shape `GetOpenIDConnectProviderRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetOpenIDConnectProviderRequest {
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
}

impl Structure for GetOpenIDConnectProviderRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "OpenIDConnectProviderArn" => self.open_id_connect_provider_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetOpenIDConnectProviderRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetOpenIDConnectProviderRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.is_some());
        walk.text("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `GetOpenIDConnectProviderResponse`.
#[derive(Clone, Serialize)]
pub struct GetOpenIDConnectProviderResponse {
    /// Member `ClientIDList`.
    #[serde(rename = "ClientIDList", skip_serializing_if = "Option::is_none")]
    pub client_id_list: Option<Vec<String>>,
    /// Member `CreateDate`.
    #[serde(rename = "CreateDate", skip_serializing_if = "Option::is_none")]
    pub create_date: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `ThumbprintList`.
    #[serde(rename = "ThumbprintList", skip_serializing_if = "Option::is_none")]
    pub thumbprint_list: Option<Vec<String>>,
    /// Member `Url`.
    #[serde(rename = "Url", skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
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

/// Shape `GetServiceLinkedRoleDeletionStatusRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetServiceLinkedRoleDeletionStatusRequest {
    /// Member `DeletionTaskId`.
    #[serde(rename = "DeletionTaskId", skip_serializing_if = "Option::is_none")]
    pub deletion_task_id: Option<String>,
}

impl Structure for GetServiceLinkedRoleDeletionStatusRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "DeletionTaskId" => self.deletion_task_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetServiceLinkedRoleDeletionStatusRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetServiceLinkedRoleDeletionStatusRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("DeletionTaskId", self.deletion_task_id.is_some());
        walk.text("DeletionTaskId", self.deletion_task_id.as_deref(), &DELETION_TASK_ID_TYPE);
    }
}

/// Shape `GetServiceLinkedRoleDeletionStatusResponse`.
#[derive(Clone, Serialize)]
pub struct GetServiceLinkedRoleDeletionStatusResponse {
    /// Member `Reason`.
    #[serde(rename = "Reason", skip_serializing_if = "Option::is_none")]
    pub reason: Option<DeletionTaskFailureReasonType>,
    /// Member `Status`.
    #[serde(rename = "Status")]
    pub status: String,
}

/// Shape `GetUserPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetUserPolicyRequest {
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for GetUserPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyName" => self.policy_name = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetUserPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetUserPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyName", self.policy_name.is_some());
        walk.text("PolicyName", self.policy_name.as_deref(), &POLICY_NAME_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `GetUserPolicyResponse`.
#[derive(Clone, Serialize)]
pub struct GetUserPolicyResponse {
    /// Member `PolicyDocument`.
    #[serde(rename = "PolicyDocument")]
    pub policy_document: String,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName")]
    pub policy_name: String,
    /// Member `UserName`.
    #[serde(rename = "UserName")]
    pub user_name: String,
}

/// Shape `GetUserRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetUserRequest {
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for GetUserRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetUserRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetUserRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `GetUserResponse`.
#[derive(Clone, Serialize)]
pub struct GetUserResponse {
    /// Member `User`.
    #[serde(rename = "User")]
    pub user: User,
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

/// Shape `ListAccessKeysRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListAccessKeysRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for ListAccessKeysRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListAccessKeysRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListAccessKeysRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `ListAccessKeysResponse`.
#[derive(Clone, Serialize)]
pub struct ListAccessKeysResponse {
    /// Member `AccessKeyMetadata`.
    #[serde(rename = "AccessKeyMetadata")]
    pub access_key_metadata: Vec<AccessKeyMetadata>,
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
}

/// Shape `ListAccountAliasesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListAccountAliasesRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
}

impl Structure for ListAccountAliasesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListAccountAliasesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListAccountAliasesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
    }
}

/// Shape `ListAccountAliasesResponse`.
#[derive(Clone, Serialize)]
pub struct ListAccountAliasesResponse {
    /// Member `AccountAliases`.
    #[serde(rename = "AccountAliases")]
    pub account_aliases: Vec<String>,
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
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

/// Shape `ListAttachedUserPoliciesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListAttachedUserPoliciesRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `PathPrefix`.
    #[serde(rename = "PathPrefix", skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for ListAttachedUserPoliciesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "PathPrefix" => self.path_prefix = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListAttachedUserPoliciesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListAttachedUserPoliciesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.text("PathPrefix", self.path_prefix.as_deref(), &POLICY_PATH_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &USER_NAME_TYPE);
    }
}

/// Shape `ListAttachedUserPoliciesResponse`.
#[derive(Clone, Serialize)]
pub struct ListAttachedUserPoliciesResponse {
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

/// Shape `ListEntitiesForPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListEntitiesForPolicyRequest {
    /// Member `EntityFilter`.
    #[serde(rename = "EntityFilter", skip_serializing_if = "Option::is_none")]
    pub entity_filter: Option<String>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `PathPrefix`.
    #[serde(rename = "PathPrefix", skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<String>,
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `PolicyUsageFilter`.
    #[serde(rename = "PolicyUsageFilter", skip_serializing_if = "Option::is_none")]
    pub policy_usage_filter: Option<String>,
}

impl Structure for ListEntitiesForPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "EntityFilter" => self.entity_filter = value.next_value()?,
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "PathPrefix" => self.path_prefix = value.next_value()?,
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "PolicyUsageFilter" => self.policy_usage_filter = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListEntitiesForPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListEntitiesForPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("EntityFilter", self.entity_filter.as_deref(), &ENTITY_TYPE);
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.text("PathPrefix", self.path_prefix.as_deref(), &PATH_TYPE);
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.text("PolicyUsageFilter", self.policy_usage_filter.as_deref(), &POLICY_USAGE_TYPE);
    }
}

/// Shape `ListEntitiesForPolicyResponse`.
#[derive(Clone, Serialize)]
pub struct ListEntitiesForPolicyResponse {
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `PolicyGroups`.
    #[serde(rename = "PolicyGroups", skip_serializing_if = "Option::is_none")]
    pub policy_groups: Option<Vec<PolicyGroup>>,
    /// Member `PolicyRoles`.
    #[serde(rename = "PolicyRoles", skip_serializing_if = "Option::is_none")]
    pub policy_roles: Option<Vec<PolicyRole>>,
    /// Member `PolicyUsers`.
    #[serde(rename = "PolicyUsers", skip_serializing_if = "Option::is_none")]
    pub policy_users: Option<Vec<PolicyUser>>,
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

/// Shape `ListOpenIDConnectProviderTagsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListOpenIDConnectProviderTagsRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
}

impl Structure for ListOpenIDConnectProviderTagsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "OpenIDConnectProviderArn" => self.open_id_connect_provider_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListOpenIDConnectProviderTagsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListOpenIDConnectProviderTagsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.required("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.is_some());
        walk.text("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `ListOpenIDConnectProviderTagsResponse`.
#[derive(Clone, Serialize)]
pub struct ListOpenIDConnectProviderTagsResponse {
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

/// Shape `ListOpenIDConnectProvidersResponse`.
#[derive(Clone, Serialize)]
pub struct ListOpenIDConnectProvidersResponse {
    /// Member `OpenIDConnectProviderList`.
    #[serde(rename = "OpenIDConnectProviderList", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_list: Option<Vec<OpenIDConnectProviderListEntry>>,
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

/// Shape `ListPolicyTagsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListPolicyTagsRequest {
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

impl Structure for ListPolicyTagsRequest {
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

impl<'de> Deserialize<'de> for ListPolicyTagsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListPolicyTagsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `ListPolicyTagsResponse`.
#[derive(Clone, Serialize)]
pub struct ListPolicyTagsResponse {
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

/// Shape `ListUserPoliciesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListUserPoliciesRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for ListUserPoliciesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListUserPoliciesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListUserPoliciesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `ListUserPoliciesResponse`.
#[derive(Clone, Serialize)]
pub struct ListUserPoliciesResponse {
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

/// Shape `ListUserTagsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListUserTagsRequest {
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `MaxItems`.
    #[serde(rename = "MaxItems", skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i32>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for ListUserTagsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Marker" => self.marker = value.next_value()?,
            "MaxItems" => self.max_items = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListUserTagsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListUserTagsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `ListUserTagsResponse`.
#[derive(Clone, Serialize)]
pub struct ListUserTagsResponse {
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

/// Shape `ListUsersRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListUsersRequest {
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

impl Structure for ListUsersRequest {
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

impl<'de> Deserialize<'de> for ListUsersRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListUsersRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("Marker", self.marker.as_deref(), &MARKER_TYPE);
        walk.number("MaxItems", self.max_items, &MAX_ITEMS_TYPE);
        walk.text("PathPrefix", self.path_prefix.as_deref(), &PATH_PREFIX_TYPE);
    }
}

/// Shape `ListUsersResponse`.
#[derive(Clone, Serialize)]
pub struct ListUsersResponse {
    /// Member `IsTruncated`.
    #[serde(rename = "IsTruncated", skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    /// Member `Marker`.
    #[serde(rename = "Marker", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Member `Users`.
    #[serde(rename = "Users")]
    pub users: Vec<User>,
}

/// Shape `OpenIDConnectProviderListEntry`.
#[derive(Clone, Serialize)]
pub struct OpenIDConnectProviderListEntry {
    /// Member `Arn`.
    #[serde(rename = "Arn", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
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

/// Shape `PolicyGroup`.
#[derive(Clone, Serialize)]
pub struct PolicyGroup {
    /// Member `GroupId`.
    #[serde(rename = "GroupId", skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    /// Member `GroupName`.
    #[serde(rename = "GroupName", skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
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

/// Shape `PolicyRole`.
#[derive(Clone, Serialize)]
pub struct PolicyRole {
    /// Member `RoleId`.
    #[serde(rename = "RoleId", skip_serializing_if = "Option::is_none")]
    pub role_id: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

/// Shape `PolicyUser`.
#[derive(Clone, Serialize)]
pub struct PolicyUser {
    /// Member `UserId`.
    #[serde(rename = "UserId", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
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

/// Shape `PutRolePermissionsBoundaryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutRolePermissionsBoundaryRequest {
    /// Member `PermissionsBoundary`.
    #[serde(rename = "PermissionsBoundary", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for PutRolePermissionsBoundaryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PermissionsBoundary" => self.permissions_boundary = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutRolePermissionsBoundaryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutRolePermissionsBoundaryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PermissionsBoundary", self.permissions_boundary.is_some());
        walk.text("PermissionsBoundary", self.permissions_boundary.as_deref(), &ARN_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
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

/// Shape `PutUserPermissionsBoundaryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutUserPermissionsBoundaryRequest {
    /// Member `PermissionsBoundary`.
    #[serde(rename = "PermissionsBoundary", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for PutUserPermissionsBoundaryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PermissionsBoundary" => self.permissions_boundary = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutUserPermissionsBoundaryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutUserPermissionsBoundaryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PermissionsBoundary", self.permissions_boundary.is_some());
        walk.text("PermissionsBoundary", self.permissions_boundary.as_deref(), &ARN_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &USER_NAME_TYPE);
    }
}

/// Shape `PutUserPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutUserPolicyRequest {
    /// Member `PolicyDocument`.
    #[serde(rename = "PolicyDocument", skip_serializing_if = "Option::is_none")]
    pub policy_document: Option<String>,
    /// Member `PolicyName`.
    #[serde(rename = "PolicyName", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for PutUserPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyDocument" => self.policy_document = value.next_value()?,
            "PolicyName" => self.policy_name = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutUserPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutUserPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyDocument", self.policy_document.is_some());
        walk.text("PolicyDocument", self.policy_document.as_deref(), &POLICY_DOCUMENT_TYPE);
        walk.required("PolicyName", self.policy_name.is_some());
        walk.text("PolicyName", self.policy_name.as_deref(), &POLICY_NAME_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `RemoveClientIDFromOpenIDConnectProviderRequest`.
#[derive(Clone, Default, Serialize)]
pub struct RemoveClientIDFromOpenIDConnectProviderRequest {
    /// Member `ClientID`.
    #[serde(rename = "ClientID", skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
}

impl Structure for RemoveClientIDFromOpenIDConnectProviderRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ClientID" => self.client_id = value.next_value()?,
            "OpenIDConnectProviderArn" => self.open_id_connect_provider_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for RemoveClientIDFromOpenIDConnectProviderRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for RemoveClientIDFromOpenIDConnectProviderRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ClientID", self.client_id.is_some());
        walk.text("ClientID", self.client_id.as_deref(), &CLIENT_ID_TYPE);
        walk.required("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.is_some());
        walk.text("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.as_deref(), &ARN_TYPE);
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

/// Shape `RoleUsageType`.
#[derive(Clone, Serialize)]
pub struct RoleUsageType {
    /// Member `Region`.
    #[serde(rename = "Region", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Member `Resources`.
    #[serde(rename = "Resources", skip_serializing_if = "Option::is_none")]
    pub resources: Option<Vec<String>>,
}

/// Shape `SetDefaultPolicyVersionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct SetDefaultPolicyVersionRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `VersionId`.
    #[serde(rename = "VersionId", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

impl Structure for SetDefaultPolicyVersionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "VersionId" => self.version_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for SetDefaultPolicyVersionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for SetDefaultPolicyVersionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("VersionId", self.version_id.is_some());
        walk.text("VersionId", self.version_id.as_deref(), &POLICY_VERSION_ID_TYPE);
    }
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

/// Shape `TagOpenIDConnectProviderRequest`.
#[derive(Clone, Default, Serialize)]
pub struct TagOpenIDConnectProviderRequest {
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for TagOpenIDConnectProviderRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "OpenIDConnectProviderArn" => self.open_id_connect_provider_arn = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for TagOpenIDConnectProviderRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for TagOpenIDConnectProviderRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.is_some());
        walk.text("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.as_deref(), &ARN_TYPE);
        walk.required("Tags", self.tags.is_some());
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
    }
}

/// Shape `TagPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct TagPolicyRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for TagPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for TagPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for TagPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("Tags", self.tags.is_some());
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
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

/// Shape `TagUserRequest`.
#[derive(Clone, Default, Serialize)]
pub struct TagUserRequest {
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for TagUserRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Tags" => self.tags = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for TagUserRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for TagUserRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("Tags", self.tags.is_some());
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `UntagOpenIDConnectProviderRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UntagOpenIDConnectProviderRequest {
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
    /// Member `TagKeys`.
    #[serde(rename = "TagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

impl Structure for UntagOpenIDConnectProviderRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "OpenIDConnectProviderArn" => self.open_id_connect_provider_arn = value.next_value()?,
            "TagKeys" => self.tag_keys = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UntagOpenIDConnectProviderRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UntagOpenIDConnectProviderRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.is_some());
        walk.text("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.as_deref(), &ARN_TYPE);
        walk.required("TagKeys", self.tag_keys.is_some());
        walk.texts("TagKeys", self.tag_keys.as_deref(), Some(&TAG_KEY_LIST_TYPE), &TAG_KEY_TYPE);
    }
}

/// Shape `UntagPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UntagPolicyRequest {
    /// Member `PolicyArn`.
    #[serde(rename = "PolicyArn", skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<String>,
    /// Member `TagKeys`.
    #[serde(rename = "TagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

impl Structure for UntagPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "PolicyArn" => self.policy_arn = value.next_value()?,
            "TagKeys" => self.tag_keys = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UntagPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UntagPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("PolicyArn", self.policy_arn.is_some());
        walk.text("PolicyArn", self.policy_arn.as_deref(), &ARN_TYPE);
        walk.required("TagKeys", self.tag_keys.is_some());
        walk.texts("TagKeys", self.tag_keys.as_deref(), Some(&TAG_KEY_LIST_TYPE), &TAG_KEY_TYPE);
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

/// Shape `UntagUserRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UntagUserRequest {
    /// Member `TagKeys`.
    #[serde(rename = "TagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for UntagUserRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "TagKeys" => self.tag_keys = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UntagUserRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UntagUserRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("TagKeys", self.tag_keys.is_some());
        walk.texts("TagKeys", self.tag_keys.as_deref(), Some(&TAG_KEY_LIST_TYPE), &TAG_KEY_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `UpdateAccessKeyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateAccessKeyRequest {
    /// Member `AccessKeyId`.
    #[serde(rename = "AccessKeyId", skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for UpdateAccessKeyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccessKeyId" => self.access_key_id = value.next_value()?,
            "Status" => self.status = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateAccessKeyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateAccessKeyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AccessKeyId", self.access_key_id.is_some());
        walk.text("AccessKeyId", self.access_key_id.as_deref(), &ACCESS_KEY_ID_TYPE);
        walk.required("Status", self.status.is_some());
        walk.text("Status", self.status.as_deref(), &STATUS_TYPE);
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
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

/// Shape `UpdateOpenIDConnectProviderThumbprintRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateOpenIDConnectProviderThumbprintRequest {
    /// Member `OpenIDConnectProviderArn`.
    #[serde(rename = "OpenIDConnectProviderArn", skip_serializing_if = "Option::is_none")]
    pub open_id_connect_provider_arn: Option<String>,
    /// Member `ThumbprintList`.
    #[serde(rename = "ThumbprintList", skip_serializing_if = "Option::is_none")]
    pub thumbprint_list: Option<Vec<String>>,
}

impl Structure for UpdateOpenIDConnectProviderThumbprintRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "OpenIDConnectProviderArn" => self.open_id_connect_provider_arn = value.next_value()?,
            "ThumbprintList" => self.thumbprint_list = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateOpenIDConnectProviderThumbprintRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateOpenIDConnectProviderThumbprintRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.is_some());
        walk.text("OpenIDConnectProviderArn", self.open_id_connect_provider_arn.as_deref(), &ARN_TYPE);
        walk.required("ThumbprintList", self.thumbprint_list.is_some());
        walk.texts("ThumbprintList", self.thumbprint_list.as_deref(), None, &THUMBPRINT_TYPE);
    }
}

/// Shape `UpdateRoleDescriptionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateRoleDescriptionRequest {
    /// Member `Description`.
    #[serde(rename = "Description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `RoleName`.
    #[serde(rename = "RoleName", skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
}

impl Structure for UpdateRoleDescriptionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Description" => self.description = value.next_value()?,
            "RoleName" => self.role_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateRoleDescriptionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateRoleDescriptionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("Description", self.description.is_some());
        walk.text("Description", self.description.as_deref(), &ROLE_DESCRIPTION_TYPE);
        walk.required("RoleName", self.role_name.is_some());
        walk.text("RoleName", self.role_name.as_deref(), &ROLE_NAME_TYPE);
    }
}

/// Shape `UpdateRoleDescriptionResponse`.
#[derive(Clone, Serialize)]
pub struct UpdateRoleDescriptionResponse {
    /// Member `Role`.
    #[serde(rename = "Role", skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
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

/// Shape `UpdateUserRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateUserRequest {
    /// Member `NewPath`.
    #[serde(rename = "NewPath", skip_serializing_if = "Option::is_none")]
    pub new_path: Option<String>,
    /// Member `NewUserName`.
    #[serde(rename = "NewUserName", skip_serializing_if = "Option::is_none")]
    pub new_user_name: Option<String>,
    /// Member `UserName`.
    #[serde(rename = "UserName", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Structure for UpdateUserRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "NewPath" => self.new_path = value.next_value()?,
            "NewUserName" => self.new_user_name = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateUserRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateUserRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("NewPath", self.new_path.as_deref(), &PATH_TYPE);
        walk.text("NewUserName", self.new_user_name.as_deref(), &USER_NAME_TYPE);
        walk.required("UserName", self.user_name.is_some());
        walk.text("UserName", self.user_name.as_deref(), &EXISTING_USER_NAME_TYPE);
    }
}

/// Shape `User`.
#[derive(Clone, Serialize)]
pub struct User {
    /// Member `Arn`.
    #[serde(rename = "Arn")]
    pub arn: String,
    /// Member `CreateDate`.
    #[serde(rename = "CreateDate")]
    pub create_date: String,
    /// Member `PasswordLastUsed`.
    #[serde(rename = "PasswordLastUsed", skip_serializing_if = "Option::is_none")]
    pub password_last_used: Option<String>,
    /// Member `Path`.
    #[serde(rename = "Path")]
    pub path: String,
    /// Member `PermissionsBoundary`.
    #[serde(rename = "PermissionsBoundary", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<AttachedPermissionsBoundary>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `UserId`.
    #[serde(rename = "UserId")]
    pub user_id: String,
    /// Member `UserName`.
    #[serde(rename = "UserName")]
    pub user_name: String,
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

/// Constraints of `DeletionTaskIdType`.
pub static DELETION_TASK_ID_TYPE: Rule = Rule { min: Some(1), max: Some(1000), pattern: None, values: &[], sensitive: false };

/// Constraints of `EntityType`.
pub static ENTITY_TYPE: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"],
    sensitive: false,
};

/// Constraints of `OpenIDConnectProviderUrlType`.
pub static OPEN_ID_CONNECT_PROVIDER_URL_TYPE: Rule =
    Rule { min: Some(1), max: Some(255), pattern: None, values: &[], sensitive: false };

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

/// Constraints of `accessKeyIdType`.
pub static ACCESS_KEY_ID_TYPE: Rule =
    Rule { min: Some(16), max: Some(128), pattern: Some(Pattern::new("[\\w]+")), values: &[], sensitive: false };

/// Constraints of `accountAliasType`.
pub static ACCOUNT_ALIAS_TYPE: Rule = Rule {
    min: Some(3),
    max: Some(63),
    pattern: Some(Pattern::new("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$")),
    values: &[],
    sensitive: false,
};

/// Constraints of `arnType`.
pub static ARN_TYPE: Rule = Rule { min: Some(20), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `clientIDType`.
pub static CLIENT_ID_TYPE: Rule = Rule { min: Some(1), max: Some(255), pattern: None, values: &[], sensitive: false };

/// Constraints of `customSuffixType`.
pub static CUSTOM_SUFFIX_TYPE: Rule =
    Rule { min: Some(1), max: Some(64), pattern: Some(Pattern::new("[\\w+=,.@-]+")), values: &[], sensitive: false };

/// Constraints of `existingUserNameType`.
pub static EXISTING_USER_NAME_TYPE: Rule =
    Rule { min: Some(1), max: Some(128), pattern: Some(Pattern::new("[\\w+=,.@-]+")), values: &[], sensitive: false };

/// Constraints of `groupNameType`.
pub static GROUP_NAME_TYPE: Rule =
    Rule { min: Some(1), max: Some(128), pattern: Some(Pattern::new("[\\w+=,.@-]+")), values: &[], sensitive: false };

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

/// Constraints of `policyDescriptionType`.
pub static POLICY_DESCRIPTION_TYPE: Rule = Rule { min: None, max: Some(1000), pattern: None, values: &[], sensitive: false };

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

/// Constraints of `statusType`.
pub static STATUS_TYPE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["Active", "Inactive", "Expired"], sensitive: false };

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

/// Constraints of `thumbprintType`.
pub static THUMBPRINT_TYPE: Rule = Rule { min: Some(40), max: Some(40), pattern: None, values: &[], sensitive: false };

/// Constraints of `userNameType`.
pub static USER_NAME_TYPE: Rule =
    Rule { min: Some(1), max: Some(64), pattern: Some(Pattern::new("[\\w+=,.@-]+")), values: &[], sensitive: false };

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[
    &ACTION_NAME_TYPE,
    &ATTACHMENT_NAME,
    &ATTACHMENT_TYPE,
    &CONTEXT_KEY_NAME_TYPE,
    &CONTEXT_KEY_TYPE_ENUM,
    &DELETION_TASK_ID_TYPE,
    &ENTITY_TYPE,
    &OPEN_ID_CONNECT_PROVIDER_URL_TYPE,
    &ORGANIZATION_POLICY_LIST_TYPE,
    &POLICY_EXCLUSIONS_LIST_TYPE,
    &POLICY_IDENTIFIER_POLICY_TYPE,
    &POLICY_USAGE_TYPE,
    &RESOURCE_HANDLING_OPTION_TYPE,
    &RESOURCE_NAME_TYPE,
    &ACCESS_KEY_ID_TYPE,
    &ACCOUNT_ALIAS_TYPE,
    &ARN_TYPE,
    &CLIENT_ID_TYPE,
    &CUSTOM_SUFFIX_TYPE,
    &EXISTING_USER_NAME_TYPE,
    &GROUP_NAME_TYPE,
    &MARKER_TYPE,
    &MAX_ITEMS_TYPE,
    &PATH_PREFIX_TYPE,
    &PATH_TYPE,
    &POLICY_DESCRIPTION_TYPE,
    &POLICY_DOCUMENT_TYPE,
    &POLICY_NAME_TYPE,
    &POLICY_PATH_TYPE,
    &POLICY_SCOPE_TYPE,
    &POLICY_VERSION_ID_TYPE,
    &ROLE_DESCRIPTION_TYPE,
    &ROLE_MAX_SESSION_DURATION_TYPE,
    &ROLE_NAME_TYPE,
    &STATUS_TYPE,
    &TAG_KEY_LIST_TYPE,
    &TAG_KEY_TYPE,
    &TAG_LIST_TYPE,
    &TAG_VALUE_TYPE,
    &THUMBPRINT_TYPE,
    &USER_NAME_TYPE,
];
