//! What can be said of a scan: there is no scanner, so each one has failed, and says why. Clients that wait for its end see one.
//! Source of truth: the ECR API reference, `ImageScanStatus`.

use super::{image_identifier, repository::key};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::{refusal::Refusal, repository::RepositoryKey};

/// The reason that stands in every answer.
const NO_SCANNER: &str = "This platform has no scanner for images: nothing was looked at. Scan what you push before you push it.";

/// How every scan ends.
pub fn failed() -> shape::ImageScanStatus {
    shape::ImageScanStatus { status: Some("FAILED".to_owned()), description: Some(NO_SCANNER.to_owned()) }
}

/// The image that a call names, if the caller may ask and it is there; with its digest filled in.
///
/// # Errors
/// Denied; a refusal where repository or image are not there.
pub async fn image(
    call: &Call<'_>,
    registry_id: Option<&str>,
    repository_name: Option<String>,
    image_id: Option<shape::ImageIdentifier>,
) -> Result<(RepositoryKey, shape::ImageIdentifier), Wrong> {
    let mut asked = image_id.expect("validation refuses a call without a required member");
    let key = key(registry_id, repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let id = image_identifier::parse(&asked).map_err(|failed| Refusal::invalid(failed.into_reason()))?;
    let found = call.ports.repository_images.find(&key, &[id]).await??.remove(0);
    let image = found.map_err(|_| super::describe_images::not_found(&key, &asked))?;
    asked.image_digest = Some(image.manifest.digest.to_string());
    Ok((key, asked))
}
