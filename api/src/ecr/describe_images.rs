//! DescribeImages: parse, authorize, ask, render. Either named ones, or a page of all.
//! Source of truth: the ECR API reference.

use super::{
    image_identifier,
    image_list::{Wanted, page_of, wanted},
    repository::key,
};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::{
    digest::Digest,
    image_reference::ImageTag,
    refusal::Refusal,
    repository::{Manifest, RepositoryKey},
    repository_image::RepositoryImage,
    wish::Page,
};

/// Answers DescribeImages.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeImagesResponse, Wrong> {
    let shape::DescribeImagesRequest { registry_id, repository_name, image_ids, next_token, max_results, filter } = call.input()?;
    let shape::DescribeImagesFilter { tag_status, image_status } = filter.unwrap_or_default();
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let wanted = wanted(tag_status.as_deref(), image_status.as_deref());
    match image_ids {
        Some(_) if next_token.is_some() || max_results.is_some() => {
            Err(Refusal::invalid("nextToken and maxResults cannot be used with imageIds.").into())
        }
        Some(ids) => named(call, &key, &ids, wanted).await,
        None => all(call, &key, next_token.as_deref(), max_results, wanted).await,
    }
}

/// One that is not there fails the whole call.
async fn named(
    call: &Call<'_>,
    key: &RepositoryKey,
    asked: &[shape::ImageIdentifier],
    wanted: Wanted,
) -> Result<shape::DescribeImagesResponse, Wrong> {
    let mut ids = Vec::with_capacity(asked.len());
    for identifier in asked {
        let failed = |failed: image_identifier::Failed| Refusal::invalid(failed.into_reason());
        ids.push(image_identifier::parse(identifier).map_err(failed)?);
    }
    let found = call.ports.repository_images.find(key, &ids).await??;
    let mut details = Vec::with_capacity(found.len());
    for (identifier, found) in asked.iter().zip(found) {
        let image = found.map_err(|_| not_found(key, identifier))?;
        if wanted.active && wanted.tags.admits(image.tags.len()) {
            details.push(render(key, image));
        }
    }
    Ok(shape::DescribeImagesResponse { image_details: Some(details), next_token: None })
}

async fn all(
    call: &Call<'_>,
    key: &RepositoryKey,
    next_token: Option<&str>,
    max_results: Option<i32>,
    wanted: Wanted,
) -> Result<shape::DescribeImagesResponse, Wrong> {
    let parameters = wanted.parameters(key);
    let page = page_of(call, &parameters, next_token, max_results)?;
    let Page { items, next } = call.ports.repository_images.list(key, wanted.tags, &page).await??;
    if !wanted.active {
        return Ok(shape::DescribeImagesResponse { image_details: Some(Vec::new()), next_token: None });
    }
    Ok(shape::DescribeImagesResponse {
        image_details: Some(items.into_iter().map(|image| render(key, image)).collect()),
        next_token: next.map(|after| call.list(&parameters).token(&after)),
    })
}

/// Source: ECR, ImageNotFoundException.
pub(super) fn not_found(key: &RepositoryKey, asked: &shape::ImageIdentifier) -> Wrong {
    let text = |member: &Option<String>| member.clone().unwrap_or_else(|| "null".to_owned());
    let message = format!(
        "The image with imageId {{imageDigest:'{}', imageTag:'{}'}} does not exist within the repository with name '{}' in the registry with id '{}'",
        text(&asked.image_digest),
        text(&asked.image_tag),
        key.name,
        key.scope.account
    );
    Wrong::Declared(shape::IMAGE_NOT_FOUND_EXCEPTION, message)
}

fn render(key: &RepositoryKey, image: RepositoryImage) -> shape::ImageDetail {
    let RepositoryImage { manifest, tags, size_bytes } = image;
    let Manifest { digest, media_type, size_bytes: _, pushed_at, references: _, subject, artifact_type, image_bytes: _ } = manifest;
    let tags: Vec<String> = tags.iter().map(ImageTag::to_string).collect();
    shape::ImageDetail {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        image_digest: Some(digest.to_string()),
        image_tags: Some(tags).filter(|tags| !tags.is_empty()),
        image_size_in_bytes: Some(i64::try_from(size_bytes).unwrap_or(i64::MAX)),
        image_pushed_at: Some(pushed_at.seconds()),
        image_scan_status: None,
        image_scan_findings_summary: None,
        image_manifest_media_type: Some(media_type),
        artifact_media_type: artifact_type,
        last_recorded_pull_time: None, // pulls are not recorded
        subject_manifest_digest: subject.as_ref().map(Digest::to_string),
        image_status: Some("ACTIVE".to_owned()),
        last_archived_at: None,
        last_activated_at: None,
    }
}
