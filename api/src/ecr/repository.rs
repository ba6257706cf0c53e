//! The structure `Repository`, and the account that a call means.
//! Source of truth: the ECR API reference.

use crate::shape::ecr as shape;
use model::{
    account::{AccountId, Scope},
    caller::Caller,
    refusal::Refusal,
    repository::{Repository, TagMutability},
};

/// The caller's region in the registry that a call names; absent means the caller's own.
///
/// # Errors
/// A refusal where it is no account.
pub fn scope(registry_id: Option<&str>, caller: &Caller) -> Result<Scope, Refusal> {
    let mut scope = caller.scope.clone();
    if let Some(registry_id) = registry_id {
        scope.account = AccountId::parse(registry_id)?;
    }
    Ok(scope)
}

/// Writes a repository.
pub fn render(repository: &Repository) -> shape::Repository {
    let Repository { key, created_at, tag_mutability, tags: _, policy: _ } = repository;
    let mutability = match tag_mutability {
        TagMutability::Mutable => "MUTABLE",
        TagMutability::Immutable => "IMMUTABLE",
    };
    shape::Repository {
        repository_arn: Some(key.arn()),
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        repository_uri: Some(key.uri()),
        created_at: Some(created_at.seconds()),
        image_tag_mutability: Some(mutability.to_owned()),
        image_tag_mutability_exclusion_filters: None,
        image_scanning_configuration: Some(shape::ImageScanningConfiguration { scan_on_push: Some(false) }),
        encryption_configuration: Some(shape::EncryptionConfiguration {
            encryption_type: Some("AES256".to_owned()),
            kms_key: None,
        }),
    }
}
