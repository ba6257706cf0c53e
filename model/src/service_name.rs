//! The name a caller gives a service.
//!
//! Source: App Runner service model, `ServiceName` (4 to 40 characters, `[A-Za-z0-9][A-Za-z0-9-_]{3,39}`).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::text_noun;
use crate::refusal::Refusal;

/// 4 to 40 letters, digits, dashes and underscores; the first is a letter or a digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceName(String);

impl ServiceName {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        if (4..=40).contains(&text.len()) && plain && begins {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!(
                "'{text}' is not a service name: 4 to 40 letters, digits, '-' and '_', beginning with a letter or a digit."
            )))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_noun!(ServiceName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_name_keeps_the_models_bounds() {
        for good in ["webs", "a-_1", &"a".repeat(40)] {
            assert!(ServiceName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "abc", "-abc", "_abc", "ab c", "a/bc", "abcé", &"a".repeat(41)] {
            assert!(ServiceName::parse(bad).is_err(), "{bad}");
        }
    }
}
