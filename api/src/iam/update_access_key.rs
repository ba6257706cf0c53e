//! UpdateAccessKey: parse, change. An inactive key signs nothing from the next call on.
//! Source of truth: the IAM API reference.

use super::{access_key, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{caller::KeyStatus, refusal::Refusal};

/// Answers UpdateAccessKey.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::UpdateAccessKeyRequest { access_key_id, status, user_name } = call.input()?;
    let id = access_key_id.expect("validation refuses a call without a required member");
    let status = match status.as_deref() {
        Some("Active") => KeyStatus::Active,
        Some("Inactive") => KeyStatus::Inactive,
        // The model knows Expired, which is for AWS to say.
        Some(_) | None => return Err(Refusal::invalid("Status must be Active or Inactive.").into()),
    };
    let owner = user::named_or_caller(call, user_name).await?;
    let key = access_key::of_owner(call, &owner, &id).await?;
    let _held = match status {
        KeyStatus::Active => None,
        KeyStatus::Inactive => access_key::keep_one_of_root(call, &owner, &key).await?,
    };
    call.ports.access_keys.set_status(&id, status, &call.audit(owner.arn(call))).await?;
    Ok(())
}
