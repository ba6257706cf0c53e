//! ECR: one file for each operation. The registry's own door speaks OCI; this one speaks of repositories.
//! Source of truth: the ECR API reference.

pub mod create_repository;
pub mod delete_repository_policy;
pub mod describe_repositories;
pub mod get_authorization_token;
pub mod get_repository_policy;
mod repository;
mod repository_policy;
pub mod set_repository_policy;
