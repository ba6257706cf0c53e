//! RemoveClientIDFromOpenIDConnectProvider: parse, change. What is not there is no matter.
//! Source of truth: the IAM API reference.

use super::identity_provider;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::port::Facts;

/// Answers RemoveClientIDFromOpenIDConnectProvider.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::RemoveClientIDFromOpenIDConnectProviderRequest { client_id, open_id_connect_provider_arn } = call.input()?;
    let client_id = client_id.expect("validation refuses a call without a required member");
    identity_provider::change(call, open_id_connect_provider_arn, Facts::default(), |provider| {
        let mut after = provider.clone();
        after.client_ids.retain(|kept| *kept != client_id);
        Ok(after)
    })
    .await
}
