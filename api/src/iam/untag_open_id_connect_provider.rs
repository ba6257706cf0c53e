//! UntagOpenIDConnectProvider: parse, change. A key that is not there is no matter.
//! Source of truth: the IAM API reference.

use super::{identity_provider, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{identity_provider::IdentityProvider, port::Facts};

/// Answers UntagOpenIDConnectProvider.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::UntagOpenIDConnectProviderRequest { open_id_connect_provider_arn, tag_keys } = call.input()?;
    let keys = tag_keys.expect("validation refuses a call without a required member");
    identity_provider::change(call, open_id_connect_provider_arn, Facts::default().tag_keys(keys.iter().cloned()), |provider| {
        Ok(IdentityProvider { tags: tags::removed(&provider.tags, &keys), ..provider.clone() })
    })
    .await
}
