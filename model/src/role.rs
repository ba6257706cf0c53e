//! IAM roles: what an account keeps of one, and its ARN as services name it.
//!
//! Never evaluates a policy: the room that speaks AWS does. A role belongs to an account, not to a region.
//! Source: IAM service model, `Role`; App Runner service model, `RoleArn`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, text_noun};
use crate::refusal::Refusal;
use crate::tag::Tags;
use crate::time::Timestamp;

/// A role with everything that says what it may do: policies are part of it, so a change of one is a change of the role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    pub account: AccountId,
    pub name: RoleName,
    /// `/`, or `/…/`.
    pub path: String,
    /// `AROA` and 17 upper-case letters and digits, drawn: a role that is made again under the same name is another one.
    pub id: String,
    pub created_at: Timestamp,
    /// Who may take the role: a policy document, as it was sent.
    pub trust: String,
    pub description: Option<String>,
    /// Longest session, 3,600 to 43,200 seconds.
    pub session_max_seconds: u32,
    pub tags: Tags,
    /// Its own policies: documents, as they were sent, by name.
    pub inline: BTreeMap<String, String>,
    /// ARNs of managed policies, AWS's and the account's own.
    pub attached: BTreeSet<String>,
    /// ARN of the managed policy that bounds what all the others can allow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<String>,
}

impl Role {
    pub fn arn(&self) -> RoleArn {
        RoleArn::new(&self.account, &self.path, &self.name)
    }
}

/// A role's name: 1 to 64 letters, digits and `_+=,.@-`. Source: IAM service model, `roleNameType`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleName(String);

impl RoleName {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b));
        if plain && (1..=64).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not a role name: 1 to 64 letters, digits and _+=,.@-.")))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes it unique: IAM keeps the case of a name, and does not tell names apart by it.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

text_noun!(RoleName);

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

    /// `path` begins and ends with a slash, and was checked when the role was made.
    pub fn new(account: &AccountId, path: &str, name: &RoleName) -> Self {
        Self(format!("arn:aws:iam::{account}:role{path}{name}"))
    }

    /// The role's name: what stands after the path.
    pub fn name(&self) -> RoleName {
        let name = self.0.rsplit('/').next().expect("parse() found a slash");
        // A name of more than 64 characters is no role's: it is cut, and found nowhere.
        RoleName(name.chars().take(64).collect())
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
        assert_eq!(role.name().as_str(), "AppRunnerECRAccessRole");
        assert_eq!(RoleArn::new(&role.account(), "/service-role/", &role.name()), role);
        for bad in
            ["", "role", "arn:aws:iam::1:role/x", "arn:aws:iam::123456789012:user/someone", "arn:aws:iam::123456789012:role/a b"]
        {
            assert!(RoleArn::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn role_names_keep_the_models_pattern() {
        for good in ["a", "App_Runner+=,.@-1", &"x".repeat(64)] {
            assert!(RoleName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a/b", "é", &"x".repeat(65)] {
            assert!(RoleName::parse(bad).is_err(), "{bad}");
        }
    }
}
