//! UploadLayerPart: parse, authorize, append, render. Parts come in order, each behind the last.
//! Source of truth: the ECR API reference.

use super::{layer, repository::key};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::image_push::LayerPart;

/// Answers UploadLayerPart.
pub async fn answer(call: &Call<'_>) -> Result<shape::UploadLayerPartResponse, Wrong> {
    let shape::UploadLayerPartRequest { registry_id, repository_name, upload_id, part_first_byte, part_last_byte, layer_part_blob } =
        call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let upload = layer::upload_id(upload_id);
    let byte = |number: Option<i64>| {
        let number = number.expect("validation refuses a call without a required member");
        u64::try_from(number).expect("the model's range is positive")
    };
    let part = LayerPart {
        first_byte: byte(part_first_byte),
        last_byte: byte(part_last_byte),
        bytes: layer_part_blob.expect("validation refuses a call without a required member").0.into(),
    };
    let appended = call.ports.image_pushes.append(&key, &upload, part, call.caller).await?;
    let received = appended.map_err(|failure| layer::wrong(&key, Some(&upload), failure))?;
    Ok(shape::UploadLayerPartResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        upload_id: Some(layer::written(&upload)),
        last_byte_received: Some(i64::try_from(received.saturating_sub(1)).unwrap_or(i64::MAX)),
    })
}
