//! BatchCheckLayerAvailability: parse, authorize, look, render. What is not there is unavailable; what is no digest is a failure beside the others.
//! Source of truth: the ECR API reference, `LayerAvailability`, `LayerFailureCode`.

use super::repository::key;
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::{digest::Digest, port::BlobInfo};

/// Answers BatchCheckLayerAvailability.
pub async fn answer(call: &Call<'_>) -> Result<shape::BatchCheckLayerAvailabilityResponse, Wrong> {
    let shape::BatchCheckLayerAvailabilityRequest { registry_id, repository_name, layer_digests } = call.input()?;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let asked = layer_digests.expect("validation refuses a call without a required member");
    let (mut digests, mut failures) = (Vec::new(), Vec::new());
    for text in asked {
        match Digest::parse(&text) {
            Ok(digest) => digests.push(digest),
            Err(_) => failures.push(failure(text)),
        }
    }
    let found = call.ports.image_pushes.layers(&key, &digests, call.caller).await??;
    let layers = digests.iter().zip(found).map(|(digest, found)| render(digest, found)).collect();
    Ok(shape::BatchCheckLayerAvailabilityResponse { layers: Some(layers), failures: Some(failures) })
}

fn render(digest: &Digest, found: Option<BlobInfo>) -> shape::Layer {
    shape::Layer {
        layer_digest: Some(digest.to_string()),
        layer_availability: Some(if found.is_some() { "AVAILABLE" } else { "UNAVAILABLE" }.to_owned()),
        layer_size: found.map(|info| i64::try_from(info.size_bytes).unwrap_or(i64::MAX)),
        // Only the manifests that name a layer say what it is, and they may differ.
        media_type: None,
    }
}

fn failure(text: String) -> shape::LayerFailure {
    let (code, reason) = if text.is_empty() {
        ("MissingLayerDigest", "Invalid request parameters: the layer digest is missing")
    } else {
        ("InvalidLayerDigest", "Invalid request parameters: a layer digest is sha256: and 64 hexadecimal digits in lower case")
    };
    shape::LayerFailure { layer_digest: Some(text), failure_code: Some(code.to_owned()), failure_reason: Some(reason.to_owned()) }
}
