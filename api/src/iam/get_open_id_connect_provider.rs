//! GetOpenIDConnectProvider: parse, ask, render. Its URL is answered without the scheme, as IAM answers it.
//! Source of truth: the IAM API reference.

use super::{identity_provider, role::iso, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::port::Facts;

/// Answers GetOpenIDConnectProvider.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetOpenIDConnectProviderResponse, Wrong> {
    let shape::GetOpenIDConnectProviderRequest { open_id_connect_provider_arn } = call.input()?;
    let found = identity_provider::find(call, open_id_connect_provider_arn, Facts::default()).await?;
    Ok(shape::GetOpenIDConnectProviderResponse {
        client_id_list: Some(found.client_ids),
        create_date: Some(iso(found.created_at)),
        tags: Some(tags::render(&found.tags)),
        thumbprint_list: Some(found.thumbprints),
        url: Some(found.url.as_str().to_owned()),
    })
}
