//! BatchGetImage: parse, authorize, read, render. What is not to be had is a failure beside the others, never a fault.
//! Source of truth: the ECR API reference.

use super::{
    image_identifier::{self, Failed},
    repository::key,
};
use crate::{call::Call, fault::Wrong, limit, shape::ecr as shape};
use model::{
    refusal::{Refusal, RefusalKind},
    repository::RepositoryKey,
    repository_image::RepositoryImage,
    trouble::Trouble,
};

/// Answers BatchGetImage.
pub async fn answer(call: &Call<'_>) -> Result<shape::BatchGetImageResponse, Wrong> {
    let shape::BatchGetImageRequest { registry_id, repository_name, image_ids, accepted_media_types } = call.input()?;
    let asked = image_ids.expect("validation refuses a call without a required member");
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let parsed: Vec<_> = asked.iter().map(image_identifier::parse).collect();
    let ids: Vec<_> = parsed.iter().flatten().cloned().collect();
    let mut found = call.ports.repository_images.find(&key, &ids).await??.into_iter();
    let (mut images, mut failures, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (asked, parsed) in asked.iter().zip(parsed) {
        let mut next = || found.next().expect("as many answers as questions");
        let image = match parsed.and_then(|_| next().map_err(Failed::from)) {
            Ok(image) => image,
            Err(failed) => {
                failures.push(failed.render(asked));
                continue;
            }
        };
        let media_type = &image.manifest.media_type;
        if accepted_media_types.as_ref().is_some_and(|accepted| !accepted.contains(media_type)) {
            failures.push(Failed::unaccepted(media_type).render(asked));
            continue;
        }
        let Some(manifest) = manifest(call, &key, &image).await? else {
            failures.push(Failed::from(model::repository_image::ImageFailure::NotFound).render(asked));
            continue;
        };
        bytes += manifest.len();
        if bytes > limit::MANIFESTS_BYTES {
            let message =
                format!("These images' manifests have more than {} bytes: ask for fewer at once.", limit::MANIFESTS_BYTES);
            return Err(Refusal::new(RefusalKind::Quota, message).into());
        }
        images.push(render(&key, asked, image, manifest));
    }
    Ok(shape::BatchGetImageResponse { images: Some(images), failures: Some(failures) })
}

/// The manifest's text; nothing if it was removed since it was found.
async fn manifest(call: &Call<'_>, key: &RepositoryKey, image: &RepositoryImage) -> Result<Option<String>, Wrong> {
    let Some(mut body) = call.ports.blobs.read(key, &image.manifest.digest, None).await? else { return Ok(None) };
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await? {
        bytes.extend_from_slice(&piece);
    }
    // The registry keeps only what it could read as JSON.
    let text = String::from_utf8(bytes).map_err(|error| Trouble::lasting("reading a manifest", error))?;
    Ok(Some(text))
}

fn render(key: &RepositoryKey, asked: &shape::ImageIdentifier, image: RepositoryImage, manifest: String) -> shape::Image {
    shape::Image {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        image_id: Some(shape::ImageIdentifier {
            image_digest: Some(image.manifest.digest.to_string()),
            image_tag: asked.image_tag.clone(),
        }),
        image_manifest: Some(manifest),
        image_manifest_media_type: Some(image.manifest.media_type),
    }
}
