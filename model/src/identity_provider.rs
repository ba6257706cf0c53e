//! OpenID Connect providers: whose tokens an account takes for roles.
//!
//! Never fetches anything: a record says whom to ask. Source: IAM service model, `CreateOpenIDConnectProvider`; IAM User Guide, "Create an
//! OpenID Connect (OIDC) identity provider in IAM".

use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::refusal::Refusal;
use crate::tag::Tags;
use crate::time::Timestamp;

/// A provider of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityProvider {
    pub account: AccountId,
    /// The issuer without its scheme, which is always https: `token.actions.githubusercontent.com`. It makes the provider unique.
    pub url: IssuerUrl,
    /// Audiences whose tokens are taken, in the order in which they came.
    pub client_ids: Vec<String>,
    /// Hashes of certificates, 40 hexadecimal digits each.
    pub thumbprints: Vec<String>,
    pub created_at: Timestamp,
    pub tags: Tags,
}

impl IdentityProvider {
    /// `arn:aws:iam::<account>:oidc-provider/<url>`.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::{}:oidc-provider/{}", self.account, self.url.as_str())
    }
}

/// An issuer's URL without `https://`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IssuerUrl(String);

impl IssuerUrl {
    /// Of a URL as callers write it. It must begin with `https://`, and has neither query nor fragment nor user nor port.
    pub fn of_url(url: &str) -> Result<Self, Refusal> {
        let rest = url.strip_prefix("https://").ok_or_else(|| Refusal::invalid("Invalid Open ID Connect Provider URL"))?;
        Self::parse(rest)
    }

    /// The part after the scheme.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::invalid("Invalid Open ID Connect Provider URL");
        let host = text.split('/').next().unwrap_or_default();
        let named = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        let plain = text.bytes().all(|b| (0x21..=0x7e).contains(&b) && !b"?#@:\"<>\\^`{|}".contains(&b));
        if named && plain && text.len() <= 247 { Ok(Self(text.to_owned())) } else { Err(wrong()) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IssuerUrl {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl From<IssuerUrl> for String {
    fn from(url: IssuerUrl) -> String {
        url.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_https_url_without_query() {
        for good in ["https://token.actions.githubusercontent.com", "https://oidc.eks.us-east-1.amazonaws.com/id/ABC"] {
            assert_eq!(format!("https://{}", IssuerUrl::of_url(good).unwrap().as_str()), good);
        }
        for bad in [
            "",
            "http://a.example",
            "https://",
            "https:///x",
            "https://a.example?x=1",
            "https://a.example:444",
            "https://u@a.example",
        ] {
            assert!(IssuerUrl::of_url(bad).is_err(), "{bad}");
        }
    }
}
