//! DeleteOpenIDConnectProvider: parse, authorize, remove. Absence is success, on AWS too.
//! Source of truth: the IAM API reference.

use super::{identity_provider, policy};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::port::{Action, Facts};

/// Answers DeleteOpenIDConnectProvider.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::DeleteOpenIDConnectProviderRequest { open_id_connect_provider_arn } = call.input()?;
    let arn = open_id_connect_provider_arn.expect("validation refuses a call without a required member");
    let (account, url) = (call.caller.account(), identity_provider::url(&arn)?);
    let found = call.ports.identity_providers.get(account, &url).await?.filter(|found| found.arn() == arn);
    let facts = found.as_ref().map_or_else(Facts::default, |found| policy::facts(Facts::default(), &found.tags, None));
    call.authorize_with(Action { facts, ..call.action(arn.as_str()) }).await?;
    if found.is_some() {
        call.ports.identity_providers.remove(account, &url, &call.audit(arn)).await?;
    }
    Ok(())
}
