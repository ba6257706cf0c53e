//! CompleteLayerUpload: parse, authorize, finish, render.
//! Source of truth: the ECR API reference.

use super::{layer, repository::key};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::{digest::Digest, image_push::PushFailure};

/// Answers CompleteLayerUpload.
pub async fn answer(call: &Call<'_>) -> Result<shape::CompleteLayerUploadResponse, Wrong> {
    let shape::CompleteLayerUploadRequest { registry_id, repository_name, upload_id, layer_digests } = call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let upload = layer::upload_id(upload_id);
    let said = layer_digests.expect("validation refuses a call without a required member");
    let said: Vec<Digest> = said.iter().map(|text| layer::digest("layerDigests", text)).collect::<Result<_, _>>()?;
    let (first, rest) = said.split_first().expect("validation refuses an empty list");
    // An upload is one layer, and a layer has one digest: of two that differ, one is wrong.
    if let Some(other) = rest.iter().find(|other| *other != first) {
        return Err(layer::wrong(&key, Some(&upload), PushFailure::LayerWrong(other.clone())));
    }
    let finished = call.ports.image_pushes.finish(&key, &upload, first, &call.audit(key.arn())).await?;
    finished.map_err(|failure| layer::wrong(&key, Some(&upload), failure))?;
    Ok(shape::CompleteLayerUploadResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        upload_id: Some(layer::written(&upload)),
        layer_digest: Some(first.to_string()),
    })
}
