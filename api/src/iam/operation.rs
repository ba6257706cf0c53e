//! Which of IAM's operations this version offers, and where each is answered.
//! Source of truth: the IAM API reference.

use crate::shape::{Operation, iam as shape};

/// An operation of IAM.
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
    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::AttachRolePolicy => &shape::ATTACH_ROLE_POLICY,
            Self::CreateRole => &shape::CREATE_ROLE,
            Self::DeleteRole => &shape::DELETE_ROLE,
            Self::DeleteRolePolicy => &shape::DELETE_ROLE_POLICY,
            Self::DetachRolePolicy => &shape::DETACH_ROLE_POLICY,
            Self::GetPolicy => &shape::GET_POLICY,
            Self::GetPolicyVersion => &shape::GET_POLICY_VERSION,
            Self::GetRole => &shape::GET_ROLE,
            Self::GetRolePolicy => &shape::GET_ROLE_POLICY,
            Self::ListAttachedRolePolicies => &shape::LIST_ATTACHED_ROLE_POLICIES,
            Self::ListInstanceProfilesForRole => &shape::LIST_INSTANCE_PROFILES_FOR_ROLE,
            Self::ListPolicies => &shape::LIST_POLICIES,
            Self::ListPolicyVersions => &shape::LIST_POLICY_VERSIONS,
            Self::ListRolePolicies => &shape::LIST_ROLE_POLICIES,
            Self::ListRoleTags => &shape::LIST_ROLE_TAGS,
            Self::ListRoles => &shape::LIST_ROLES,
            Self::PutRolePolicy => &shape::PUT_ROLE_POLICY,
            Self::TagRole => &shape::TAG_ROLE,
            Self::UntagRole => &shape::UNTAG_ROLE,
            Self::UpdateAssumeRolePolicy => &shape::UPDATE_ASSUME_ROLE_POLICY,
            Self::UpdateRole => &shape::UPDATE_ROLE,
        }
    }
}
