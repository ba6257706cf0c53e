//! ListOpenIDConnectProviders: ask, render. It has no pages.
//! Source of truth: the IAM API reference.

use crate::{call::Call, fault::Wrong, shape::iam as shape};

/// Answers ListOpenIDConnectProviders.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListOpenIDConnectProvidersResponse, Wrong> {
    call.authorize("*").await?;
    let found = call.ports.identity_providers.list(call.caller.account()).await?;
    let row = |arn: String| shape::OpenIDConnectProviderListEntry { arn: Some(arn) };
    let list = found.iter().map(|provider| row(provider.arn())).collect();
    Ok(shape::ListOpenIDConnectProvidersResponse { open_id_connect_provider_list: Some(list) })
}
