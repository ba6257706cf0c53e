//! InitiateLayerUpload: parse, authorize, begin, render.
//! Source of truth: the ECR API reference.

use super::{layer, repository::key};
use crate::{call::Call, fault::Wrong, limit, shape::ecr as shape};

/// Answers InitiateLayerUpload.
pub async fn answer(call: &Call<'_>) -> Result<shape::InitiateLayerUploadResponse, Wrong> {
    let shape::InitiateLayerUploadRequest { registry_id, repository_name } = call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let begun = call.ports.image_pushes.begin(&key, call.caller).await?;
    let upload = begun.map_err(|failure| layer::wrong(&key, None, failure))?;
    Ok(shape::InitiateLayerUploadResponse {
        upload_id: Some(layer::written(&upload)),
        part_size: Some(limit::LAYER_PART_BYTES_ADVISED),
    })
}
