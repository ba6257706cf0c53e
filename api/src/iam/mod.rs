//! IAM: one file for each operation. Its nouns belong to an account: the region that a call was signed for says nothing.
//! Source of truth: the IAM API reference.

pub mod attach_role_policy;
pub mod create_role;
pub mod delete_role;
pub mod delete_role_policy;
pub mod detach_role_policy;
pub mod get_policy;
pub mod get_policy_version;
pub mod get_role;
pub mod get_role_policy;
pub mod list_attached_role_policies;
pub mod list_instance_profiles_for_role;
pub mod list_policies;
pub mod list_policy_versions;
pub mod list_role_policies;
pub mod list_role_tags;
pub mod list_roles;
mod marker;
mod policy;
pub mod put_role_policy;
mod role;
pub mod simulate_custom_policy;
pub mod simulate_principal_policy;
mod simulation;
pub mod tag_role;
mod tags;
pub mod untag_role;
pub mod update_assume_role_policy;
pub mod update_role;

pub use policy::check as check_policy;
pub use role::iso;

use crate::{answer::encode, call::Call, fault::Wrong, shape::iam::IamOperation};
use bytes::Bytes;

/// Answers an operation of IAM.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: IamOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        IamOperation::AttachRolePolicy => encode(call, &attach_role_policy::answer(call).await?),
        IamOperation::CreateRole => encode(call, &create_role::answer(call).await?),
        IamOperation::DeleteRole => encode(call, &delete_role::answer(call).await?),
        IamOperation::DeleteRolePolicy => encode(call, &delete_role_policy::answer(call).await?),
        IamOperation::DetachRolePolicy => encode(call, &detach_role_policy::answer(call).await?),
        IamOperation::GetPolicy => encode(call, &get_policy::answer(call).await?),
        IamOperation::GetPolicyVersion => encode(call, &get_policy_version::answer(call).await?),
        IamOperation::GetRole => encode(call, &get_role::answer(call).await?),
        IamOperation::GetRolePolicy => encode(call, &get_role_policy::answer(call).await?),
        IamOperation::ListAttachedRolePolicies => encode(call, &list_attached_role_policies::answer(call).await?),
        IamOperation::ListInstanceProfilesForRole => encode(call, &list_instance_profiles_for_role::answer(call).await?),
        IamOperation::ListPolicies => encode(call, &list_policies::answer(call).await?),
        IamOperation::ListPolicyVersions => encode(call, &list_policy_versions::answer(call).await?),
        IamOperation::ListRolePolicies => encode(call, &list_role_policies::answer(call).await?),
        IamOperation::ListRoleTags => encode(call, &list_role_tags::answer(call).await?),
        IamOperation::ListRoles => encode(call, &list_roles::answer(call).await?),
        IamOperation::PutRolePolicy => encode(call, &put_role_policy::answer(call).await?),
        IamOperation::SimulateCustomPolicy => encode(call, &simulate_custom_policy::answer(call).await?),
        IamOperation::SimulatePrincipalPolicy => encode(call, &simulate_principal_policy::answer(call).await?),
        IamOperation::TagRole => encode(call, &tag_role::answer(call).await?),
        IamOperation::UntagRole => encode(call, &untag_role::answer(call).await?),
        IamOperation::UpdateAssumeRolePolicy => encode(call, &update_assume_role_policy::answer(call).await?),
        IamOperation::UpdateRole => encode(call, &update_role::answer(call).await?),
    })
}
