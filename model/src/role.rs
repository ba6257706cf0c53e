//! IAM roles as services name them.
//!
//! Source: App Runner service model, `RoleArn`. Evaluating a role is not done here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, text_noun};
use crate::refusal::Refusal;

/// `arn:aws:iam::<account>:role/<path and name>`, 29 to 1024 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleArn(String);

impl RoleArn {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::invalid(format!("'{text}' is not a role ARN: expected arn:aws:iam::<account>:role/<name>."));
        let rest = text.strip_prefix("arn:aws:iam::").ok_or_else(wrong)?;
        let (account, name) = rest.split_once(":role/").ok_or_else(wrong)?;
        AccountId::parse(account).map_err(|_| wrong())?;
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&b));
        let named = !name.is_empty() && !name.ends_with('/');
        if plain && named && (29..=1024).contains(&text.len()) { Ok(Self(text.to_owned())) } else { Err(wrong()) }
    }

    /// The account the role belongs to.
    pub fn account(&self) -> AccountId {
        AccountId::parse(&self.0[13..25]).expect("parse() checked the twelve digits after arn:aws:iam::")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_noun!(RoleArn);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_arn_names_its_account() {
        let role = RoleArn::parse("arn:aws:iam::123456789012:role/service-role/AppRunnerECRAccessRole").unwrap();
        assert_eq!(role.account().as_str(), "123456789012");
        for bad in
            ["", "role", "arn:aws:iam::1:role/x", "arn:aws:iam::123456789012:user/someone", "arn:aws:iam::123456789012:role/a b"]
        {
            assert!(RoleArn::parse(bad).is_err(), "{bad}");
        }
    }
}
