//! StartImageScan: parse, authorize, look whether the image is there, render. The scan has failed when the call returns.
//! Source of truth: the ECR API reference.

use super::image_scan::{failed, image};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};

/// Answers StartImageScan.
pub async fn answer(call: &Call<'_>) -> Result<shape::StartImageScanResponse, Wrong> {
    let shape::StartImageScanRequest { registry_id, repository_name, image_id } = call.input()?;
    let (key, image_id) = image(call, registry_id.as_deref(), repository_name, image_id).await?;
    Ok(shape::StartImageScanResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        image_id: Some(image_id),
        image_scan_status: Some(failed()),
    })
}
