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
mod operation;
mod policy;
pub mod put_role_policy;
mod role;
pub mod tag_role;
mod tags;
pub mod untag_role;
pub mod update_assume_role_policy;
pub mod update_role;

pub use operation::IamOperation;
pub use policy::check as check_policy;
pub use role::iso;
