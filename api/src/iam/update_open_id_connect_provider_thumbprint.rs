//! UpdateOpenIDConnectProviderThumbprint: parse, change. The whole list is replaced.
//! Source of truth: the IAM API reference.

use super::identity_provider;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{identity_provider::IdentityProvider, port::Facts};

/// Answers UpdateOpenIDConnectProviderThumbprint.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::UpdateOpenIDConnectProviderThumbprintRequest { open_id_connect_provider_arn, thumbprint_list } = call.input()?;
    let thumbprint_list = thumbprint_list.expect("validation refuses a call without a required member");
    identity_provider::change(call, open_id_connect_provider_arn, Facts::default(), |provider| {
        let after = IdentityProvider { thumbprints: thumbprint_list.clone(), ..provider.clone() };
        identity_provider::check(&after)?;
        Ok(after)
    })
    .await
}
