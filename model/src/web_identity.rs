//! Somebody whom an outside issuer's token speaks for, and the keys by which such a token is known.
//!
//! Never holds a token: it is a password as long as it lasts. Never verifies one: that takes arithmetic, which other rooms have.
//! Source: STS API reference, `AssumeRoleWithWebIdentity`; RFC 7517 and RFC 7518 for the keys.

use serde::{Deserialize, Serialize};

/// What stands before the issuer in a provider's ARN.
const PROVIDER: &str = ":oidc-provider/";

/// Who a verified token speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WebIdentity {
    /// The ARN of the provider that vouches for it: `arn:aws:iam::<account>:oidc-provider/<issuer>`.
    pub provider: String,
    /// The token's `sub`.
    pub subject: String,
    /// The audience of the token that the provider's client ids have.
    pub audience: String,
}

impl WebIdentity {
    /// The issuer without its scheme: what its condition keys begin with.
    pub fn issuer(&self) -> &str {
        self.provider.split_once(PROVIDER).map_or(self.provider.as_str(), |(_, issuer)| issuer)
    }

    /// As CloudTrail calls it: `<provider>:<audience>:<subject>`. Source: CloudTrail User Guide, "userIdentity element", `WebIdentityUser`.
    pub fn user_id(&self) -> String {
        format!("{}:{}:{}", self.provider, self.audience, self.subject)
    }
}

/// A public key that an issuer signs tokens with, of the kinds that AWS takes tokens of: no other is of use to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerKey {
    /// How a token's header names it. An issuer with one key may leave it out.
    pub id: Option<String>,
    /// The one algorithm that it is for, if the issuer says so: `RS256`.
    pub algorithm: Option<String>,
    pub numbers: KeyNumbers,
}

/// What a key is made of: big-endian numbers, base64url without padding, as the issuer wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyNumbers {
    /// Modulus and exponent.
    Rsa { n: String, e: String },
    /// A point on a curve of NIST's: `P-256`.
    Ec { curve: String, x: String, y: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_says_its_issuer_and_a_name_for_the_log() {
        let identity = WebIdentity {
            provider: "arn:aws:iam::000000000000:oidc-provider/oidc.example/id/7".to_owned(),
            subject: "repo:octo/web:ref:refs/heads/main".to_owned(),
            audience: "sts.amazonaws.com".to_owned(),
        };
        assert_eq!(identity.issuer(), "oidc.example/id/7");
        assert!(identity.user_id().ends_with("oidc.example/id/7:sts.amazonaws.com:repo:octo/web:ref:refs/heads/main"));
    }
}
