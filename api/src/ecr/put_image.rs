//! PutImage: parse, authorize, put, render. The same as a push of a manifest to the registry's door: its tag deploys, if a service follows it.
//! Never reads a manifest: the registry does. Source of truth: the ECR API reference.

use super::{layer, repository::key};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use bytes::Bytes;
use model::{
    image_push::{ImagePush, PushedImage},
    image_reference::ImageTag,
    refusal::Refusal,
};

/// Answers PutImage.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutImageResponse, Wrong> {
    let shape::PutImageRequest { registry_id, repository_name, image_manifest, image_manifest_media_type, image_tag, image_digest } =
        call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let text = image_manifest.expect("validation refuses a call without a required member");
    let tag = |text: &String| {
        ImageTag::parse(text).map_err(|refusal| Refusal::invalid(format!("Invalid parameter at 'imageTag': {}", refusal.message)))
    };
    let order = ImagePush {
        repository: key.clone(),
        manifest: Bytes::from(text.clone()),
        media_type: image_manifest_media_type,
        tag: image_tag.as_ref().map(tag).transpose()?,
        digest: image_digest.map(|text| layer::digest("imageDigest", &text)).transpose()?,
    };
    let put = call.ports.image_pushes.put(&order, &call.audit(key.arn())).await?;
    let PushedImage { digest, media_type } = put.map_err(|failure| layer::wrong(&key, None, failure))?;
    Ok(shape::PutImageResponse {
        image: Some(shape::Image {
            registry_id: Some(key.scope.account.to_string()),
            repository_name: Some(key.name.to_string()),
            image_id: Some(shape::ImageIdentifier { image_digest: Some(digest.to_string()), image_tag }),
            image_manifest: Some(text),
            image_manifest_media_type: Some(media_type),
        }),
    })
}
