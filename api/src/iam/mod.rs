//! IAM: one file for each operation. Its nouns belong to an account: the region that a call was signed for says nothing.
//! Source of truth: the IAM API reference.

mod access_key;
pub mod add_client_id_to_open_id_connect_provider;
pub mod attach_role_policy;
pub mod attach_user_policy;
pub mod create_access_key;
pub mod create_account_alias;
pub mod create_open_id_connect_provider;
pub mod create_policy;
pub mod create_policy_version;
pub mod create_role;
pub mod create_service_linked_role;
pub mod create_user;
pub mod delete_access_key;
pub mod delete_account_alias;
pub mod delete_open_id_connect_provider;
pub mod delete_policy;
pub mod delete_policy_version;
pub mod delete_role;
pub mod delete_role_permissions_boundary;
pub mod delete_role_policy;
pub mod delete_service_linked_role;
pub mod delete_user;
pub mod delete_user_permissions_boundary;
pub mod delete_user_policy;
pub mod detach_role_policy;
pub mod detach_user_policy;
pub mod get_access_key_last_used;
pub mod get_account_summary;
pub mod get_open_id_connect_provider;
pub mod get_policy;
pub mod get_policy_version;
pub mod get_role;
pub mod get_role_policy;
pub mod get_service_linked_role_deletion_status;
pub mod get_user;
pub mod get_user_policy;
mod identity_provider;
pub mod list_access_keys;
pub mod list_account_aliases;
pub mod list_attached_role_policies;
pub mod list_attached_user_policies;
pub mod list_entities_for_policy;
pub mod list_instance_profiles_for_role;
pub mod list_open_id_connect_provider_tags;
pub mod list_open_id_connect_providers;
pub mod list_policies;
pub mod list_policy_tags;
pub mod list_policy_versions;
pub mod list_role_policies;
pub mod list_role_tags;
pub mod list_roles;
pub mod list_user_policies;
pub mod list_user_tags;
pub mod list_users;
mod managed_policy;
mod marker;
mod policy;
pub mod put_role_permissions_boundary;
pub mod put_role_policy;
pub mod put_user_permissions_boundary;
pub mod put_user_policy;
pub mod remove_client_id_from_open_id_connect_provider;
mod role;
pub mod service_linked_role;
pub mod set_default_policy_version;
pub mod simulate_custom_policy;
pub mod simulate_principal_policy;
mod simulation;
pub mod tag_open_id_connect_provider;
pub mod tag_policy;
pub mod tag_role;
pub mod tag_user;
mod tags;
pub mod untag_open_id_connect_provider;
pub mod untag_policy;
pub mod untag_role;
pub mod untag_user;
pub mod update_access_key;
pub mod update_assume_role_policy;
pub mod update_open_id_connect_provider_thumbprint;
pub mod update_role;
pub mod update_role_description;
pub mod update_user;
mod user;

pub use policy::check as check_policy;
pub use role::iso;

use crate::{answer::encode, call::Call, fault::Wrong, shape::iam::IamOperation};
use bytes::Bytes;

/// Which file answers what: an operation that is not here stops the build.
macro_rules! answered {
    ($($operation:ident => $file:ident,)*) => {
        /// Answers an operation of IAM.
        ///
        /// # Errors
        /// What the operation answers instead.
        pub async fn perform(call: &Call<'_>, operation: IamOperation) -> Result<Bytes, Wrong> {
            Ok(match operation {
                $(IamOperation::$operation => encode(call, &$file::answer(call).await?),)*
            })
        }
    };
}

answered! {
    AddClientIDToOpenIDConnectProvider => add_client_id_to_open_id_connect_provider,
    AttachRolePolicy => attach_role_policy,
    AttachUserPolicy => attach_user_policy,
    CreateAccessKey => create_access_key,
    CreateAccountAlias => create_account_alias,
    CreateOpenIDConnectProvider => create_open_id_connect_provider,
    CreatePolicy => create_policy,
    CreatePolicyVersion => create_policy_version,
    CreateRole => create_role,
    CreateServiceLinkedRole => create_service_linked_role,
    CreateUser => create_user,
    DeleteAccessKey => delete_access_key,
    DeleteAccountAlias => delete_account_alias,
    DeleteOpenIDConnectProvider => delete_open_id_connect_provider,
    DeletePolicy => delete_policy,
    DeletePolicyVersion => delete_policy_version,
    DeleteRole => delete_role,
    DeleteRolePermissionsBoundary => delete_role_permissions_boundary,
    DeleteRolePolicy => delete_role_policy,
    DeleteServiceLinkedRole => delete_service_linked_role,
    DeleteUser => delete_user,
    DeleteUserPermissionsBoundary => delete_user_permissions_boundary,
    DeleteUserPolicy => delete_user_policy,
    DetachRolePolicy => detach_role_policy,
    DetachUserPolicy => detach_user_policy,
    GetAccessKeyLastUsed => get_access_key_last_used,
    GetAccountSummary => get_account_summary,
    GetOpenIDConnectProvider => get_open_id_connect_provider,
    GetPolicy => get_policy,
    GetPolicyVersion => get_policy_version,
    GetRole => get_role,
    GetRolePolicy => get_role_policy,
    GetServiceLinkedRoleDeletionStatus => get_service_linked_role_deletion_status,
    GetUser => get_user,
    GetUserPolicy => get_user_policy,
    ListAccessKeys => list_access_keys,
    ListAccountAliases => list_account_aliases,
    ListAttachedRolePolicies => list_attached_role_policies,
    ListAttachedUserPolicies => list_attached_user_policies,
    ListEntitiesForPolicy => list_entities_for_policy,
    ListInstanceProfilesForRole => list_instance_profiles_for_role,
    ListOpenIDConnectProviderTags => list_open_id_connect_provider_tags,
    ListOpenIDConnectProviders => list_open_id_connect_providers,
    ListPolicies => list_policies,
    ListPolicyTags => list_policy_tags,
    ListPolicyVersions => list_policy_versions,
    ListRolePolicies => list_role_policies,
    ListRoleTags => list_role_tags,
    ListRoles => list_roles,
    ListUserPolicies => list_user_policies,
    ListUserTags => list_user_tags,
    ListUsers => list_users,
    PutRolePermissionsBoundary => put_role_permissions_boundary,
    PutRolePolicy => put_role_policy,
    PutUserPermissionsBoundary => put_user_permissions_boundary,
    PutUserPolicy => put_user_policy,
    RemoveClientIDFromOpenIDConnectProvider => remove_client_id_from_open_id_connect_provider,
    SetDefaultPolicyVersion => set_default_policy_version,
    SimulateCustomPolicy => simulate_custom_policy,
    SimulatePrincipalPolicy => simulate_principal_policy,
    TagOpenIDConnectProvider => tag_open_id_connect_provider,
    TagPolicy => tag_policy,
    TagRole => tag_role,
    TagUser => tag_user,
    UntagOpenIDConnectProvider => untag_open_id_connect_provider,
    UntagPolicy => untag_policy,
    UntagRole => untag_role,
    UntagUser => untag_user,
    UpdateAccessKey => update_access_key,
    UpdateAssumeRolePolicy => update_assume_role_policy,
    UpdateOpenIDConnectProviderThumbprint => update_open_id_connect_provider_thumbprint,
    UpdateRole => update_role,
    UpdateRoleDescription => update_role_description,
    UpdateUser => update_user,
}
