//! CreateRepository: parse, authorize, create, render.
//! Source of truth: the ECR API reference.

use super::{
    repository::{key, render},
    tag, tag_mutability,
};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::{audit::AuditRow, refusal::Refusal, repository::Repository};

/// Answers CreateRepository.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateRepositoryResponse, Wrong> {
    let request: shape::CreateRepositoryRequest = call.input()?;
    refuse_unavailable(&request)?;
    let shape::CreateRepositoryRequest {
        registry_id,
        repository_name,
        tags,
        image_tag_mutability,
        image_tag_mutability_exclusion_filters,
        image_scanning_configuration,
        encryption_configuration: _, // refused above
    } = request;
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    if tags.is_some() {
        call.authorize_action("ecr:TagResource", key.arn()).await?;
    }
    let now = call.ports.clock.now();
    let repository = Repository {
        created_at: now,
        tag_mutability: tag_mutability::parse(image_tag_mutability.as_deref(), image_tag_mutability_exclusion_filters)?,
        tags: tag::parse(tags.unwrap_or_default())?,
        policy: None,
        lifecycle: None,
        scan_on_push: image_scanning_configuration.and_then(|scanning| scanning.scan_on_push).unwrap_or(false),
        key,
    };
    let audit = AuditRow {
        at: now,
        caller: call.caller.clone(),
        action: "ecr:CreateRepository".to_owned(),
        resource: repository.key.arn(),
    };
    call.ports.repositories.create(&repository, &audit).await??;
    Ok(shape::CreateRepositoryResponse { repository: Some(render(&repository)) })
}

/// Refuses what this version cannot honour, by name.
fn refuse_unavailable(request: &shape::CreateRepositoryRequest) -> Result<(), Refusal> {
    let mut members = Vec::new();
    let encryption = request.encryption_configuration.as_ref();
    if encryption.is_some_and(|encryption| encryption.encryption_type.as_deref() != Some("AES256") || encryption.kms_key.is_some())
    {
        members.push("encryptionConfiguration other than AES256");
    }
    if members.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(format!("Not available in this version of Outrunner: {}.", members.join(", "))))
}
