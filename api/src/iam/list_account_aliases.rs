//! ListAccountAliases: ask, render. An account has one or none.
//! Source of truth: the IAM API reference.

use crate::{call::Call, fault::Wrong, shape::iam as shape};

/// Answers ListAccountAliases.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListAccountAliasesResponse, Wrong> {
    // One item is one page, whatever Marker and MaxItems say.
    let shape::ListAccountAliasesRequest { marker: _, max_items: _ } = call.input()?;
    call.authorize("*").await?;
    let alias = call.ports.accounts.alias(call.caller.account()).await?;
    Ok(shape::ListAccountAliasesResponse { account_aliases: alias.into_iter().collect(), is_truncated: Some(false), marker: None })
}
