//! The structure `Repository`, and the account that a call means.
//! Source of truth: the ECR API reference.

use super::tag_mutability;
use crate::shape::ecr as shape;
use model::{
    account::{AccountId, Region, Scope},
    caller::Caller,
    image_reference::RepositoryName,
    refusal::Refusal,
    repository::{Repository, RepositoryKey},
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

/// The repository that a call names.
///
/// # Errors
/// A refusal where the registry is no account.
pub fn key(registry_id: Option<&str>, name: Option<String>, caller: &Caller) -> Result<RepositoryKey, Refusal> {
    let name = name.expect("validation refuses a call without a required member");
    Ok(RepositoryKey { scope: scope(registry_id, caller)?, name: RepositoryName::parse(&name)? })
}

/// The repository that an ARN names.
///
/// # Errors
/// A refusal where it is not a repository's ARN, or one of another region than the call was signed for.
pub fn key_of_arn(arn: Option<String>, caller: &Caller) -> Result<RepositoryKey, Refusal> {
    let arn = arn.expect("validation refuses a call without a required member");
    let wrong = || {
        let form = "arn:aws:ecr:<region>:<account>:repository/<name>";
        Refusal::invalid(format!("Invalid parameter at 'resourceArn': '{arn}' is not the ARN of a repository: expected {form}."))
    };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", "aws", "ecr", region, account, resource] = parts.as_slice() else { return Err(wrong()) };
    let name = resource.strip_prefix("repository/").ok_or_else(wrong)?;
    let parsed = || {
        let scope = Scope { account: AccountId::parse(account).ok()?, region: Region::parse(region).ok()? };
        Some(RepositoryKey { scope, name: RepositoryName::parse(name).ok()? })
    };
    let key = parsed().ok_or_else(wrong)?;
    if key.scope.region != *caller.region() {
        return Err(Refusal::invalid(format!(
            "Invalid parameter at 'resourceArn': '{arn}' is in another region than {}, where this call goes.",
            caller.region()
        )));
    }
    Ok(key)
}

/// Writes a repository.
pub fn render(repository: &Repository) -> shape::Repository {
    let Repository { key, created_at, tag_mutability, tags: _, policy: _, lifecycle: _, scan_on_push } = repository;
    let (mutability, filters) = tag_mutability::render(tag_mutability);
    shape::Repository {
        repository_arn: Some(key.arn()),
        registry_id: Some(key.scope.account.to_string()),
        repository_name: Some(key.name.to_string()),
        repository_uri: Some(key.uri()),
        created_at: Some(created_at.seconds()),
        image_tag_mutability: Some(mutability),
        image_tag_mutability_exclusion_filters: filters,
        image_scanning_configuration: Some(shape::ImageScanningConfiguration { scan_on_push: Some(*scan_on_push) }),
        encryption_configuration: Some(shape::EncryptionConfiguration {
            encryption_type: Some("AES256".to_owned()),
            kms_key: None,
        }),
    }
}
