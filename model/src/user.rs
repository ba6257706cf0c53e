//! IAM users: what an account keeps of one, and its ARN.
//!
//! Never evaluates a policy: the room that speaks AWS does. Keys are nouns of their own (`caller`). A user belongs to an account, not to a
//! region. Source: IAM service model, `User`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, text_noun};
use crate::refusal::Refusal;
use crate::tag::Tags;
use crate::time::Timestamp;

/// A user with everything that says what it may do: policies are part of it, so a change of one is a change of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub account: AccountId,
    pub name: UserName,
    /// `/`, or `/…/`.
    pub path: String,
    /// `AIDA` and 17 upper-case letters and digits, drawn: it stays when the user is renamed, and a user that is made again under the same name
    /// has another one.
    pub id: String,
    pub created_at: Timestamp,
    pub tags: Tags,
    /// Its own policies: documents, as they were sent, by name.
    pub inline: BTreeMap<String, String>,
    /// ARNs of managed policies, AWS's and the account's own.
    pub attached: BTreeSet<String>,
    /// ARN of the managed policy that bounds what all the others can allow.
    pub boundary: Option<String>,
}

impl User {
    pub fn arn(&self) -> UserArn {
        UserArn::new(&self.account, &self.path, &self.name)
    }
}

/// A user's name: 1 to 64 letters, digits and `_+=,.@-`. Source: IAM service model, `userNameType`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserName(String);

impl UserName {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b));
        if plain && (1..=64).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not a user name: 1 to 64 letters, digits and _+=,.@-.")))
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

text_noun!(UserName);

/// `arn:aws:iam::<account>:user/<path and name>`. A path may have every printable ASCII character.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserArn(String);

impl UserArn {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::invalid(format!("'{text}' is not a user ARN: expected arn:aws:iam::<account>:user/<name>."));
        let rest = text.strip_prefix("arn:aws:iam::").ok_or_else(wrong)?;
        let (account, path_and_name) = rest.split_once(":user/").ok_or_else(wrong)?;
        AccountId::parse(account).map_err(|_| wrong())?;
        let (path, name) = path_and_name.rsplit_once('/').unwrap_or(("", path_and_name));
        UserName::parse(name).map_err(|_| wrong())?;
        let printable = path.bytes().all(|b| (0x21..=0x7f).contains(&b));
        if printable && path.len() <= 512 { Ok(Self(text.to_owned())) } else { Err(wrong()) }
    }

    /// `path` begins and ends with a slash, and was checked when the user was made.
    pub fn new(account: &AccountId, path: &str, name: &UserName) -> Self {
        Self(format!("arn:aws:iam::{account}:user{path}{name}"))
    }

    /// The user's name: what stands after the path.
    pub fn name(&self) -> UserName {
        UserName(self.0.rsplit('/').next().expect("parse() found a slash").to_owned())
    }

    /// The account the user belongs to.
    pub fn account(&self) -> AccountId {
        AccountId::parse(&self.0[13..25]).expect("parse() checked the twelve digits after arn:aws:iam::")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_noun!(UserArn);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_arn_names_its_account_and_its_user() {
        let user = UserArn::parse("arn:aws:iam::123456789012:user/team/a/ann@example.com").unwrap();
        assert_eq!(user.account().as_str(), "123456789012");
        assert_eq!(user.name().as_str(), "ann@example.com");
        assert_eq!(UserArn::new(&user.account(), "/team/a/", &user.name()), user);
        for bad in ["", "ann", "arn:aws:iam::1:user/x", "arn:aws:iam::123456789012:role/x", "arn:aws:iam::123456789012:user/a b"] {
            assert!(UserArn::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn user_names_keep_the_models_pattern() {
        for good in ["a", "Ann_1+=,.@-", &"x".repeat(64)] {
            assert!(UserName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a/b", "é", &"x".repeat(65)] {
            assert!(UserName::parse(bad).is_err(), "{bad}");
        }
    }
}
