//! Who owns a noun and where it lives: account, region, and the two together as a scope.
//!
//! Every stored noun is keyed by a scope from day one. Source of truth: App Runner API Reference.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::time::Timestamp;

/// An AWS account number: exactly twelve digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

impl AccountId {
    /// Parses twelve digits; anything else is refused.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not an account number: it must be 12 digits.")))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An account that was made on the platform, beside the default one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub created_at: Timestamp,
}

/// A region name such as `us-east-1`: lower-case letters, digits and dashes, 3 to 32 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

impl Region {
    /// Parses a region name. It becomes a DNS label, so it may neither begin nor end with a dash.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if (3..=32).contains(&text.len()) && plain && !text.starts_with('-') && !text.ends_with('-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not a region name: expected something like us-east-1.")))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An account in a region: the key under which everything but IAM's nouns is stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scope {
    pub account: AccountId,
    pub region: Region,
}

macro_rules! text_noun {
    ($noun:ty) => {
        impl fmt::Display for $noun {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $noun {
            type Error = Refusal;
            fn try_from(text: String) -> Result<Self, Refusal> {
                Self::parse(&text)
            }
        }
        impl From<$noun> for String {
            fn from(noun: $noun) -> String {
                noun.0
            }
        }
    };
}
pub(crate) use text_noun;

text_noun!(AccountId);
text_noun!(Region);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_twelve_digits_and_a_region_is_a_dns_label() {
        assert!(AccountId::parse("000000000000").is_ok());
        assert!(AccountId::parse("00000000000").is_err());
        assert!(AccountId::parse("00000000000a").is_err());
        assert!(Region::parse("eu-west-3").is_ok());
        for bad in ["", "us", "-us-east-1", "us_east_1", "US-EAST-1", "us-east-1-"] {
            assert!(Region::parse(bad).is_err(), "{bad}");
        }
    }
}
