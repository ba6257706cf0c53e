//! PutImageScanningConfiguration: parse, authorize, keep, render. It is kept for whoever reads it back: there is no scanner.
//! Source of truth: the ECR API reference.

use super::repository::key;
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::repository::RepositoryChange;

/// Answers PutImageScanningConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutImageScanningConfigurationResponse, Wrong> {
    let shape::PutImageScanningConfigurationRequest { registry_id, repository_name, image_scanning_configuration } =
        call.input()?;
    let wanted = image_scanning_configuration.expect("validation refuses a call without a required member");
    let shape::ImageScanningConfiguration { scan_on_push } = wanted;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let change = RepositoryChange::ScanOnPush(scan_on_push.unwrap_or(false));
    let repository = call.ports.repositories.change(&key, &change, &call.audit(key.arn())).await??;
    Ok(shape::PutImageScanningConfigurationResponse {
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        image_scanning_configuration: Some(shape::ImageScanningConfiguration { scan_on_push: Some(repository.scan_on_push) }),
    })
}
