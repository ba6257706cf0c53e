//! Secrets Manager: one file for each operation, and one for what they share.
//! Never logs or audits a value. Source of truth: the Secrets Manager API reference.

pub mod batch_get_secret_value;
pub mod create_secret;
pub mod delete_resource_policy;
pub mod delete_secret;
pub mod describe_secret;
pub mod get_random_password;
pub mod get_resource_policy;
pub mod get_secret_value;
pub mod list_secret_version_ids;
pub mod list_secrets;
pub mod put_resource_policy;
pub mod put_secret_value;
pub mod restore_secret;
pub mod rotate_secret;
pub mod tag_resource;
pub mod untag_resource;
pub mod update_secret;
pub mod update_secret_version_stage;
pub mod validate_resource_policy;

mod filter;
pub mod secret;
mod unavailable;
mod value;

use crate::{answer::encode, call::Call, fault::Wrong, shape::secretsmanager::SecretsManagerOperation};
use bytes::Bytes;

/// Answers an operation of Secrets Manager.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: SecretsManagerOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        SecretsManagerOperation::BatchGetSecretValue => encode(call, &batch_get_secret_value::answer(call).await?),
        SecretsManagerOperation::CreateSecret => encode(call, &create_secret::answer(call).await?),
        SecretsManagerOperation::DeleteResourcePolicy => encode(call, &delete_resource_policy::answer(call).await?),
        SecretsManagerOperation::DeleteSecret => encode(call, &delete_secret::answer(call).await?),
        SecretsManagerOperation::DescribeSecret => encode(call, &describe_secret::answer(call).await?),
        SecretsManagerOperation::GetRandomPassword => encode(call, &get_random_password::answer(call).await?),
        SecretsManagerOperation::GetResourcePolicy => encode(call, &get_resource_policy::answer(call).await?),
        SecretsManagerOperation::GetSecretValue => encode(call, &get_secret_value::answer(call).await?),
        SecretsManagerOperation::ListSecretVersionIds => encode(call, &list_secret_version_ids::answer(call).await?),
        SecretsManagerOperation::ListSecrets => encode(call, &list_secrets::answer(call).await?),
        SecretsManagerOperation::PutResourcePolicy => encode(call, &put_resource_policy::answer(call).await?),
        SecretsManagerOperation::PutSecretValue => encode(call, &put_secret_value::answer(call).await?),
        SecretsManagerOperation::RestoreSecret => encode(call, &restore_secret::answer(call).await?),
        SecretsManagerOperation::RotateSecret => encode(call, &rotate_secret::answer(call).await?),
        SecretsManagerOperation::TagResource => encode(call, &tag_resource::answer(call).await?),
        SecretsManagerOperation::UntagResource => encode(call, &untag_resource::answer(call).await?),
        SecretsManagerOperation::UpdateSecret => encode(call, &update_secret::answer(call).await?),
        SecretsManagerOperation::UpdateSecretVersionStage => encode(call, &update_secret_version_stage::answer(call).await?),
        SecretsManagerOperation::ValidateResourcePolicy => encode(call, &validate_resource_policy::answer(call).await?),
    })
}
