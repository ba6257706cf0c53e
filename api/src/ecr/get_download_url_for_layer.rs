//! GetDownloadUrlForLayer: parse, authorize, link, render. The link leads to the host that this call came to.
//! Never sends a layer: the registry does. Source of truth: the ECR API reference.

use super::{layer, repository::key};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};

/// Answers GetDownloadUrlForLayer.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetDownloadUrlForLayerResponse, Wrong> {
    let shape::GetDownloadUrlForLayerRequest { registry_id, repository_name, layer_digest } = call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let text = layer_digest.expect("validation refuses a call without a required member");
    let digest = layer::digest("layerDigest", &text)?;
    let link = call.ports.image_pushes.link(&key, &digest).await?;
    let path = link.map_err(|failure| layer::unlinked(&key, &digest, failure))?;
    Ok(shape::GetDownloadUrlForLayerResponse {
        download_url: Some(format!("{}{path}", call.reached_at())),
        layer_digest: Some(digest.to_string()),
    })
}
