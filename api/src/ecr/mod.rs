//! ECR: one file for each operation. The registry's own door speaks OCI; this one speaks of repositories and images.
//! Source of truth: the ECR API reference.

pub mod batch_delete_image;
pub mod batch_get_image;
pub mod create_repository;
pub mod delete_repository;
pub mod delete_repository_policy;
pub mod describe_images;
pub mod describe_repositories;
pub mod get_authorization_token;
pub mod get_repository_policy;
pub mod list_images;
pub mod list_tags_for_resource;
pub mod put_image_tag_mutability;
pub mod set_repository_policy;
pub mod tag_resource;
pub mod untag_resource;

mod image_identifier;
mod image_list;
mod repository;
mod repository_policy;
mod tag;
