//! GetAccessKeyInfo: whose account a key is of. Keys of sessions are not kept: only the caller's own is known.
//! Source of truth: the STS API reference.

use crate::{call::Call, fault::Wrong, shape::sts as shape};
use model::refusal::Refusal;

/// Answers GetAccessKeyInfo.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetAccessKeyInfoResponse, Wrong> {
    let shape::GetAccessKeyInfoRequest { access_key_id } = call.input()?;
    let id = access_key_id.expect("validation refuses a call without a required member");
    call.authorize("*").await?;
    let own = (id == call.caller.access_key_id).then(|| call.caller.account().clone());
    let account = match own {
        Some(account) => Some(account),
        None => call.ports.access_keys.find(&id).await?.map(|key| key.account),
    };
    let unknown = || Refusal::invalid(format!("The access key {id} is not known here: keys of sessions are not kept."));
    Ok(shape::GetAccessKeyInfoResponse { account: Some(account.ok_or_else(unknown)?.to_string()) })
}
