//! AddClientIDToOpenIDConnectProvider: parse, change. What is there already stays so.
//! Source of truth: the IAM API reference.

use super::identity_provider;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::port::Facts;

/// Answers AddClientIDToOpenIDConnectProvider.
pub async fn answer(call: &Call<'_>) -> Result<(), Wrong> {
    let shape::AddClientIDToOpenIDConnectProviderRequest { client_id, open_id_connect_provider_arn } = call.input()?;
    let client_id = client_id.expect("validation refuses a call without a required member");
    identity_provider::change(call, open_id_connect_provider_arn, Facts::default(), |provider| {
        let mut after = provider.clone();
        if !after.client_ids.contains(&client_id) {
            after.client_ids.push(client_id.clone());
        }
        identity_provider::check(&after)?;
        Ok(after)
    })
    .await
}
