//! Customer managed policies: policies of an account that roles and users attach, each with its last versions.
//!
//! AWS's own managed policies are data of the room that speaks AWS, and never here. Never evaluates one.
//! Source: IAM service model, `Policy`, `PolicyVersion`; IAM User Guide, "Versioning IAM policies".

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, text_noun};
use crate::refusal::Refusal;
use crate::tag::Tags;
use crate::time::Timestamp;

/// A policy of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedPolicy {
    pub account: AccountId,
    pub name: PolicyName,
    /// `/`, or `/…/`.
    pub path: String,
    /// `ANPA` and 17 upper-case letters and digits, drawn.
    pub id: String,
    pub description: Option<String>,
    pub created_at: Timestamp,
    /// When a version was last made, or another became the default.
    pub updated_at: Timestamp,
    pub tags: Tags,
    /// 1 to `limit::POLICY_VERSIONS`, the oldest first.
    pub versions: Vec<PolicyVersion>,
    /// Number of the version that is in force: one of `versions`.
    pub default_version: u32,
    /// The highest number ever given: those of deleted versions are not given again.
    pub version_last: u32,
}

/// A version of a policy. It is never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// 7 of `v7`.
    pub number: u32,
    /// The policy document, as it was sent.
    pub document: String,
    pub created_at: Timestamp,
}

impl ManagedPolicy {
    pub fn arn(&self) -> PolicyArn {
        PolicyArn::new(&self.account, &self.path, &self.name)
    }

    pub fn version(&self, number: u32) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// The version that is in force.
    pub fn in_force(&self) -> &PolicyVersion {
        self.version(self.default_version).expect("the default version is never taken away")
    }
}

/// A policy's name: 1 to 128 letters, digits and `_+=,.@-`. Source: IAM service model, `policyNameType`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PolicyName(String);

impl PolicyName {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b));
        if plain && (1..=128).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not a policy name: 1 to 128 letters, digits and _+=,.@-.")))
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

text_noun!(PolicyName);

/// `arn:aws:iam::<account>:policy/<path and name>` of an account's own policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PolicyArn(String);

impl PolicyArn {
    /// An ARN of AWS's own policies (account `aws`) is none of these.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::invalid(format!("'{text}' is not a policy ARN: expected arn:aws:iam::<account>:policy/<name>."));
        let rest = text.strip_prefix("arn:aws:iam::").ok_or_else(wrong)?;
        let (account, path_and_name) = rest.split_once(":policy/").ok_or_else(wrong)?;
        AccountId::parse(account).map_err(|_| wrong())?;
        let (path, name) = path_and_name.rsplit_once('/').unwrap_or(("", path_and_name));
        PolicyName::parse(name).map_err(|_| wrong())?;
        let printable = path.bytes().all(|b| (0x21..=0x7f).contains(&b));
        if printable && path.len() <= 512 { Ok(Self(text.to_owned())) } else { Err(wrong()) }
    }

    /// `path` begins and ends with a slash, and was checked when the policy was made.
    pub fn new(account: &AccountId, path: &str, name: &PolicyName) -> Self {
        Self(format!("arn:aws:iam::{account}:policy{path}{name}"))
    }

    /// The policy's name: what stands after the path.
    pub fn name(&self) -> PolicyName {
        PolicyName(self.0.rsplit('/').next().expect("parse() found a slash").to_owned())
    }

    /// The account the policy belongs to.
    pub fn account(&self) -> AccountId {
        AccountId::parse(&self.0[13..25]).expect("parse() checked the twelve digits after arn:aws:iam::")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_noun!(PolicyArn);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_arn_names_its_account_and_aws_has_none() {
        let policy = PolicyArn::parse("arn:aws:iam::123456789012:policy/team/Deploy").unwrap();
        assert_eq!((policy.account().as_str(), policy.name().as_str()), ("123456789012", "Deploy"));
        assert_eq!(PolicyArn::new(&policy.account(), "/team/", &policy.name()), policy);
        for bad in
            ["", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:policy/", "arn:aws:iam::123456789012:role/x"]
        {
            assert!(PolicyArn::parse(bad).is_err(), "{bad}");
        }
    }
}
