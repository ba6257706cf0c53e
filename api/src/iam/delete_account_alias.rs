//! DeleteAccountAlias: parse, authorize, remove.
//! Source of truth: the IAM API reference.

use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::refusal::Refusal;

/// Answers DeleteAccountAlias.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteAccountAliasRequest { account_alias } = call.input()?;
    let alias = account_alias.expect("validation refuses a call without a required member");
    call.authorize("*").await?;
    let account = call.caller.account();
    if call.ports.accounts.remove_alias(account, &alias, &call.audit(account.as_str())).await? {
        return Ok(());
    }
    Err(Refusal::not_found(format!("The account alias {alias} cannot be found.")).into())
}
