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

/// A page of what was found, in the order that it has, and the token of the next. Asked for with the caller's token and how many fit.
fn cut<T>(
    call: &Call<'_>,
    found: Vec<T>,
    (token, items_max): (Option<&str>, i32),
    key: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), Wrong> {
    let list = call.list("");
    let after = token.map(|token| list.after(token)).transpose().map_err(Wrong::Token)?;
    // By where it is in the list: what was removed meanwhile may have been the last one shown, so the place is kept beside the name.
    let skipped = match &after {
        None => 0,
        Some(after) => {
            let (place, name) = after.split_once(' ').unwrap_or(("0", after));
            let place = place.parse::<usize>().unwrap_or(0);
            found.iter().position(|item| key(item) == name).map_or(place, |at| at + 1)
        }
    };
    let items_max = usize::try_from(items_max).expect("the model's range is positive");
    let more = found.len() > skipped + items_max;
    let page: Vec<T> = found.into_iter().skip(skipped).take(items_max).collect();
    let last = page.last().filter(|_| more);
    let next = last.map(|last| list.token(&format!("{} {}", skipped + items_max - 1, key(last))));
    Ok((page, next))
}
