//! CreateAccountAlias: parse, authorize, set. The alias that was there is replaced.
//! Source of truth: the IAM API reference.

use crate::{call::Call, fault::Wrong, shape::iam as shape};

/// Answers CreateAccountAlias.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::CreateAccountAliasRequest { account_alias } = call.input()?;
    let alias = account_alias.expect("validation refuses a call without a required member");
    call.authorize("*").await?;
    let account = call.caller.account();
    call.ports.accounts.set_alias(account, &alias, &call.audit(account.as_str())).await??;
    Ok(())
}
