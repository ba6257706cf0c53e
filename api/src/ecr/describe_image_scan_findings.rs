//! DescribeImageScanFindings: parse, authorize, look whether the image is there, render. There are never findings.
//! Source of truth: the ECR API reference.

use super::image_scan::{failed, image};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::refusal::Refusal;

/// Answers DescribeImageScanFindings.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeImageScanFindingsResponse, Wrong> {
    let shape::DescribeImageScanFindingsRequest { registry_id, repository_name, image_id, next_token, max_results: _ } =
        call.input()?;
    let (key, image_id) = image(call, registry_id.as_deref(), repository_name, image_id).await?;
    if next_token.is_some() {
        return Err(Refusal::invalid("The next token is not valid. Use the one that the same call returned.").into());
    }
    Ok(shape::DescribeImageScanFindingsResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        image_id: Some(image_id),
        image_scan_status: Some(failed()),
        image_scan_findings: None,
        next_token: None,
    })
}
