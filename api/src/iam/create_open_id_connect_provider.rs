//! CreateOpenIDConnectProvider: parse, authorize, create, render. Its certificate is not fetched for a thumbprint.
//! Source of truth: the IAM API reference.

use super::{identity_provider, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{
    identity_provider::{IdentityProvider, IssuerUrl},
    port::{Action, Facts},
    tag::Tags,
};

/// Answers CreateOpenIDConnectProvider.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateOpenIDConnectProviderResponse, Wrong> {
    let shape::CreateOpenIDConnectProviderRequest { client_id_list, tags, thumbprint_list, url } = call.input()?;
    let url = IssuerUrl::of_url(&url.expect("validation refuses a call without a required member"))?;
    let tagged = tags.is_some();
    let made = IdentityProvider {
        account: call.caller.account().clone(),
        url,
        client_ids: unique(client_id_list.unwrap_or_default()),
        thumbprints: thumbprint_list.unwrap_or_default(),
        created_at: call.ports.clock.now(),
        tags: tags::added(&Tags::default(), tags.unwrap_or_default(), "provider")?,
    };
    let facts = Facts::default().request_tags(&made.tags);
    call.authorize_with(Action { facts: facts.clone(), ..call.action(made.arn()) }).await?;
    if tagged {
        call.authorize_with(Action { facts, ..Action::new("iam:TagOpenIDConnectProvider", made.arn()) }).await?;
    }
    identity_provider::check(&made)?;
    call.ports.identity_providers.create(&made, &call.audit(made.arn())).await??;
    let tags = (!made.tags.0.is_empty()).then(|| tags::render(&made.tags));
    Ok(shape::CreateOpenIDConnectProviderResponse { open_id_connect_provider_arn: Some(made.arn()), tags })
}

/// Each once, in the order in which they came.
fn unique(texts: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    for text in texts {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}
