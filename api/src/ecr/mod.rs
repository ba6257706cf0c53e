//! ECR: one file for each operation. The registry's own door speaks OCI; this one speaks of repositories and images.
//! Source of truth: the ECR API reference.

pub mod batch_check_layer_availability;
pub mod batch_delete_image;
pub mod batch_get_image;
pub mod complete_layer_upload;
pub mod create_repository;
pub mod delete_lifecycle_policy;
pub mod delete_repository;
pub mod delete_repository_policy;
pub mod describe_image_scan_findings;
pub mod describe_images;
pub mod describe_registry;
pub mod describe_repositories;
pub mod get_authorization_token;
pub mod get_download_url_for_layer;
pub mod get_lifecycle_policy;
pub mod get_repository_policy;
pub mod initiate_layer_upload;
pub mod list_images;
pub mod list_tags_for_resource;
pub mod put_image;
pub mod put_image_scanning_configuration;
pub mod put_image_tag_mutability;
pub mod put_lifecycle_policy;
pub mod set_repository_policy;
pub mod start_image_scan;
pub mod tag_resource;
pub mod untag_resource;
pub mod upload_layer_part;

mod image_identifier;
mod image_list;
mod image_scan;
mod layer;
mod lifecycle_policy;
mod repository;
mod repository_policy;
mod tag;
mod tag_mutability;

use crate::{answer::encode, call::Call, fault::Wrong, shape::ecr::EcrOperation};
use bytes::Bytes;

/// Answers an operation of ECR.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: EcrOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        EcrOperation::BatchCheckLayerAvailability => encode(call, &batch_check_layer_availability::answer(call).await?),
        EcrOperation::CompleteLayerUpload => encode(call, &complete_layer_upload::answer(call).await?),
        EcrOperation::GetDownloadUrlForLayer => encode(call, &get_download_url_for_layer::answer(call).await?),
        EcrOperation::InitiateLayerUpload => encode(call, &initiate_layer_upload::answer(call).await?),
        EcrOperation::PutImage => encode(call, &put_image::answer(call).await?),
        EcrOperation::UploadLayerPart => encode(call, &upload_layer_part::answer(call).await?),
        EcrOperation::DescribeRegistry => encode(call, &describe_registry::answer(call).await?),
        EcrOperation::PutImageScanningConfiguration => encode(call, &put_image_scanning_configuration::answer(call).await?),
        EcrOperation::DescribeImageScanFindings => encode(call, &describe_image_scan_findings::answer(call).await?),
        EcrOperation::StartImageScan => encode(call, &start_image_scan::answer(call).await?),
        EcrOperation::DeleteLifecyclePolicy => encode(call, &delete_lifecycle_policy::answer(call).await?),
        EcrOperation::GetLifecyclePolicy => encode(call, &get_lifecycle_policy::answer(call).await?),
        EcrOperation::PutLifecyclePolicy => encode(call, &put_lifecycle_policy::answer(call).await?),
        EcrOperation::BatchDeleteImage => encode(call, &batch_delete_image::answer(call).await?),
        EcrOperation::BatchGetImage => encode(call, &batch_get_image::answer(call).await?),
        EcrOperation::CreateRepository => encode(call, &create_repository::answer(call).await?),
        EcrOperation::DeleteRepository => encode(call, &delete_repository::answer(call).await?),
        EcrOperation::DeleteRepositoryPolicy => encode(call, &delete_repository_policy::answer(call).await?),
        EcrOperation::DescribeImages => encode(call, &describe_images::answer(call).await?),
        EcrOperation::DescribeRepositories => encode(call, &describe_repositories::answer(call).await?),
        EcrOperation::GetAuthorizationToken => encode(call, &get_authorization_token::answer(call).await?),
        EcrOperation::GetRepositoryPolicy => encode(call, &get_repository_policy::answer(call).await?),
        EcrOperation::ListImages => encode(call, &list_images::answer(call).await?),
        EcrOperation::ListTagsForResource => encode(call, &list_tags_for_resource::answer(call).await?),
        EcrOperation::PutImageTagMutability => encode(call, &put_image_tag_mutability::answer(call).await?),
        EcrOperation::SetRepositoryPolicy => encode(call, &set_repository_policy::answer(call).await?),
        EcrOperation::TagResource => encode(call, &tag_resource::answer(call).await?),
        EcrOperation::UntagResource => encode(call, &untag_resource::answer(call).await?),
    })
}
