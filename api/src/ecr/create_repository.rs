//! CreateRepository: parse, authorize, create, render.
//! Source of truth: the ECR API reference.

use super::repository::{render, scope};
use crate::{call::Call, fault::Wrong, limit, shape::ecr as shape};
use model::{
    audit::AuditRow,
    image_reference::RepositoryName,
    refusal::Refusal,
    repository::{Repository, RepositoryKey, TagMutability},
    tag::Tags,
};
use std::collections::BTreeMap;

/// Answers CreateRepository.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateRepositoryResponse, Wrong> {
    let request: shape::CreateRepositoryRequest = call.input()?;
    refuse_unavailable(&request)?;
    let shape::CreateRepositoryRequest {
        registry_id,
        repository_name,
        tags,
        image_tag_mutability,
        image_tag_mutability_exclusion_filters: _, // refused above
        image_scanning_configuration: _,
        encryption_configuration: _,
    } = request;
    let name = repository_name.expect("validation refuses a call without a required member");
    let key = RepositoryKey { scope: scope(registry_id.as_deref(), call.caller)?, name: RepositoryName::parse(&name)? };
    call.authorize(key.arn()).await?;
    if tags.is_some() {
        call.authorize_action("ecr:TagResource", key.arn()).await?;
    }
    let now = call.ports.clock.now();
    let repository = Repository {
        created_at: now,
        tag_mutability: match image_tag_mutability.as_deref() {
            Some("IMMUTABLE") => TagMutability::Immutable,
            _ => TagMutability::Mutable, // absent or MUTABLE: the other two are refused above
        },
        tags: parse_tags(tags.unwrap_or_default())?,
        policy: None,
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
    if request.image_tag_mutability.as_deref().is_some_and(|value| value.ends_with("_WITH_EXCLUSION")) {
        members.push("imageTagMutability with exclusions");
    }
    if request.image_tag_mutability_exclusion_filters.is_some() {
        members.push("imageTagMutabilityExclusionFilters");
    }
    let scanning = request.image_scanning_configuration.as_ref();
    if scanning.is_some_and(|scanning| scanning.scan_on_push == Some(true)) {
        members.push("imageScanningConfiguration.scanOnPush true");
    }
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

/// ECR's model has no constraints for tags and two faults of their own.
fn parse_tags(tags: Vec<shape::Tag>) -> Result<Tags, Wrong> {
    let wrong = |message: String| Wrong::Declared(shape::INVALID_TAG_PARAMETER_EXCEPTION, message);
    let mut map = BTreeMap::new();
    for shape::Tag { key, value } in tags {
        let key = key.expect("validation refuses a tag without a required member");
        let value = value.expect("validation refuses a tag without a required member");
        let length = key.chars().count();
        if length == 0 || length > limit::REPOSITORY_TAG_KEY_CHARS || key.starts_with("aws:") {
            return Err(wrong(format!(
                "A tag key has 1 to {} characters and does not begin with 'aws:'.",
                limit::REPOSITORY_TAG_KEY_CHARS
            )));
        }
        if value.chars().count() > limit::REPOSITORY_TAG_VALUE_CHARS {
            return Err(wrong(format!(
                "The value of tag '{key}' is longer than {} characters.",
                limit::REPOSITORY_TAG_VALUE_CHARS
            )));
        }
        if map.insert(key.clone(), value).is_some() {
            return Err(wrong(format!("The tag key '{key}' occurs twice.")));
        }
    }
    if map.len() > model::limit::TAGS {
        let message = format!("A repository can have {} tags at most.", model::limit::TAGS);
        return Err(Wrong::Declared(shape::TOO_MANY_TAGS_EXCEPTION, message));
    }
    Ok(Tags(map))
}
