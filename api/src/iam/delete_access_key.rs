//! DeleteAccessKey: parse, remove.
//! Source of truth: the IAM API reference.

use super::{access_key, user};
use crate::{call::Call, fault::Wrong, shape::iam as shape};

/// Answers DeleteAccessKey.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteAccessKeyRequest { access_key_id, user_name } = call.input()?;
    let id = access_key_id.expect("validation refuses a call without a required member");
    let owner = user::named_or_caller(call, user_name).await?;
    let key = access_key::of_owner(call, &owner, &id).await?;
    let _held = access_key::keep_one_of_root(call, &owner, &key).await?;
    call.ports.access_keys.remove(&id, &call.audit(owner.arn(call))).await?;
    Ok(())
}
