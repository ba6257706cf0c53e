//! What the operations on a repository's policy share.
//! Source of truth: the ECR API reference.

use super::repository::scope;
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::{audit::AuditRow, image_reference::RepositoryName, repository::RepositoryKey};

/// The repository that a call names, if the caller may do this to it.
///
/// # Errors
/// A refusal where it is no name; denied.
pub async fn key(call: &Call<'_>, registry_id: Option<&str>, repository_name: Option<String>) -> Result<RepositoryKey, Wrong> {
    let name = repository_name.expect("validation refuses a call without a required member");
    let key = RepositoryKey { scope: scope(registry_id, call.caller)?, name: RepositoryName::parse(&name)? };
    call.authorize(key.arn()).await?;
    Ok(key)
}

/// The row of a change of the policy.
pub fn audit(call: &Call<'_>, key: &RepositoryKey) -> AuditRow {
    AuditRow {
        at: call.ports.clock.now(),
        caller: call.caller.clone(),
        action: format!("ecr:{}", call.offered.operation().name),
        resource: key.arn(),
    }
}

/// The fault for a repository without a policy.
pub fn none(key: &RepositoryKey) -> Wrong {
    let words = format!(
        "Repository policy does not exist for the repository with name '{}' in the registry with id '{}'",
        key.name, key.scope.account
    );
    Wrong::Declared(shape::REPOSITORY_POLICY_NOT_FOUND_EXCEPTION, words)
}
