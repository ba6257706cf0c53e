//! TagOpenIDConnectProvider: parse, change. A key that is there gets the new value.
//! Source of truth: the IAM API reference.

use super::{identity_provider, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{identity_provider::IdentityProvider, port::Facts, tag::Tags};

/// Answers TagOpenIDConnectProvider.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::TagOpenIDConnectProviderRequest { open_id_connect_provider_arn, tags } = call.input()?;
    let tags = tags.expect("validation refuses a call without a required member");
    let facts = Facts::default().request_tags(&tags::added(&Tags::default(), tags.clone(), "provider")?);
    identity_provider::change(call, open_id_connect_provider_arn, facts, |provider| {
        Ok(IdentityProvider { tags: tags::added(&provider.tags, tags.clone(), "provider")?, ..provider.clone() })
    })
    .await
}
