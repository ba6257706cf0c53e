//! An OpenID Connect provider as IAM's operations find, change and check it.
//! Never fetches anything: it is a record. Source of truth: the IAM API reference, `CreateOpenIDConnectProvider`; the words are IAM's own.

use super::policy;
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{
    identity_provider::{IdentityProvider, IssuerUrl},
    port::{Action, Facts},
    refusal::{Refusal, RefusalKind},
};

/// The provider that a call names, if the caller may do this to it.
///
/// # Errors
/// `InvalidInput` where it has not the form of such an ARN; denied, before anything is said of the provider; `NoSuchEntity`.
pub async fn find(call: &Call<'_>, arn: Option<String>, facts: Facts) -> Result<IdentityProvider, Wrong> {
    let arn = arn.expect("validation refuses a call without a required member");
    let account = call.caller.account();
    let url = url(&arn)?;
    let own = arn.starts_with(&format!("arn:aws:iam::{account}:"));
    let found = if own { call.ports.identity_providers.get(account, &url).await? } else { None };
    let facts = found.as_ref().map_or_else(|| facts.clone(), |found| policy::facts(facts.clone(), &found.tags, None));
    call.authorize_with(Action { facts, ..call.action(arn.as_str()) }).await?;
    found.ok_or_else(|| Refusal::not_found(format!("OpenIDConnect Provider not found for arn {arn}")).into())
}

/// The URL in an ARN, whatever its account.
pub fn url(arn: &str) -> Result<IssuerUrl, Refusal> {
    let wrong = || Refusal::invalid(format!("Invalid ARN: {arn}"));
    let text = arn.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(":oidc-provider/")).map(|(_, url)| url);
    IssuerUrl::parse(text.ok_or_else(wrong)?).map_err(|_| wrong())
}

/// Changes the provider that a call names.
///
/// # Errors
/// As `find` and `change`; throttled where others change it all the time.
pub async fn change(
    call: &Call<'_>,
    arn: Option<String>,
    facts: Facts,
    change: impl Fn(&IdentityProvider) -> Result<IdentityProvider, Wrong>,
) -> Result<(), Wrong> {
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let before = find(call, arn.clone(), facts.clone()).await?;
        let after = change(&before)?;
        if after == before || call.ports.identity_providers.change(&before, &after, &call.audit(before.arn())).await? {
            return Ok(());
        }
    }
    Err(Refusal::new(RefusalKind::Throttled, "The provider is changed by many calls at once. Try again.").into())
}

/// Refuses more audiences or thumbprints than IAM takes, and a thumbprint that is none.
///
/// # Errors
/// `LimitExceeded`, `InvalidInput`.
pub fn check(provider: &IdentityProvider) -> Result<(), Wrong> {
    let exceeded = |words: String| Err(Wrong::Declared(shape::LIMIT_EXCEEDED_EXCEPTION, words));
    if provider.client_ids.len() > limit::PROVIDER_CLIENT_IDS {
        return exceeded(format!("Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {}", limit::PROVIDER_CLIENT_IDS));
    }
    if provider.thumbprints.len() > limit::PROVIDER_THUMBPRINTS {
        return Err(
            Refusal::invalid(format!("Thumbprint list must contain fewer than {} entries.", limit::PROVIDER_THUMBPRINTS)).into()
        );
    }
    let hexadecimal = |text: &String| text.bytes().all(|b| b.is_ascii_hexdigit());
    match provider.thumbprints.iter().find(|text| !hexadecimal(text)) {
        Some(wrong) => Err(Refusal::invalid(format!("Invalid thumbprint: '{wrong}' is not 40 hexadecimal digits.")).into()),
        None => Ok(()),
    }
}
