//! The name of an image in our registry, as callers write it.
//!
//! Source of truth: App Runner service model, `ImageIdentifier`; ECR service model, `RepositoryName`; the distribution
//! specification for tags (`[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Region, Scope, text_noun};
use crate::digest::Digest;
use crate::refusal::Refusal;

/// A repository's name: 2 to 256 characters, path parts of lower-case letters and digits with single separators.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryName(String);

impl RepositoryName {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if (2..=256).contains(&text.len()) && text.split('/').all(is_path_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!(
                "'{text}' is not a repository name: 2 to 256 lower-case letters and digits, with '.', '_', '__', '-' and '/' between them."
            )))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_path_part(part: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let mut separators = part.split(|c: char| c.is_ascii() && plain(c as u8)).filter(|s| !s.is_empty());
    let ends = part.bytes().next().is_some_and(plain) && part.bytes().last().is_some_and(plain);
    ends && separators.all(|s| matches!(s, "." | "_" | "__") || s.bytes().all(|b| b == b'-'))
}

/// A tag: 1 to 128 letters, digits, `_`, `.` and `-`; the first is not a separator.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageTag(String);

impl ImageTag {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        if text.len() <= 128 && plain && begins {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not an image tag: 1 to 128 letters, digits, '_', '.' and '-'.")))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_noun!(RepositoryName);
text_noun!(ImageTag);

/// Which image of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pick {
    /// Moves with every push.
    Tag(ImageTag),
    /// Never moves.
    Digest(Digest),
}

/// An image in our own registry: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>[:tag|@digest]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImageReference {
    pub scope: Scope,
    pub repository: RepositoryName,
    pub pick: Pick,
}

impl ImageReference {
    /// Parses an `ImageIdentifier` of type `ECR`. Neither tag nor digest means the tag `latest` (Docker's convention).
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || {
            Refusal::invalid(format!(
                "'{text}' is not an image of this registry. \
                 It has the form <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>."
            ))
        };
        let (host, path) = text.split_once('/').ok_or_else(wrong)?;
        let (account, rest) = host.split_once(".dkr.ecr.").ok_or_else(wrong)?;
        let region = rest.strip_suffix(".amazonaws.com").ok_or_else(wrong)?;
        let scope =
            Scope { account: AccountId::parse(account).map_err(|_| wrong())?, region: Region::parse(region).map_err(|_| wrong())? };
        let (repository, pick) = Self::split_path(path)?;
        Ok(Self { scope, repository, pick })
    }

    /// Splits `<repository>[:tag|@digest]`.
    pub fn split_path(path: &str) -> Result<(RepositoryName, Pick), Refusal> {
        if let Some((repository, digest)) = path.split_once('@') {
            return Ok((RepositoryName::parse(repository)?, Pick::Digest(Digest::parse(digest)?)));
        }
        let (repository, tag) = path.split_once(':').unwrap_or((path, "latest"));
        Ok((RepositoryName::parse(repository)?, Pick::Tag(ImageTag::parse(tag)?)))
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { account, region } = &self.scope;
        write!(f, "{account}.dkr.ecr.{region}.amazonaws.com/{}", self.repository)?;
        match &self.pick {
            Pick::Tag(tag) => write!(f, ":{tag}"),
            Pick::Digest(digest) => write!(f, "@{digest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repository_names_keep_the_ecr_pattern() {
        for good in ["ab", "hello", "team/web-app", "a.b", "a__b", "a---b", "0/1"] {
            assert!(RepositoryName::parse(good).is_ok(), "{good}");
        }
        for bad in ["a", "A", "a/", "/a", "a//b", "a..b", "a_-b", "a___b", "-a", "a-", "../etc", "a/../b", "a b", &"a".repeat(257)]
        {
            assert!(RepositoryName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_image_reference_survives_a_round_trip_and_latest_is_understood() {
        let hello = "000000000000.dkr.ecr.us-east-1.amazonaws.com/team/hello";
        assert_eq!(ImageReference::parse(hello).unwrap().to_string(), format!("{hello}:latest"));
        for pick in [":v1".to_owned(), format!("@sha256:{}", "0".repeat(64))] {
            let text = format!("{hello}{pick}");
            assert_eq!(ImageReference::parse(&text).unwrap().to_string(), text);
        }
        for bad in [
            "",
            "hello",
            "public.ecr.aws/x/y:1",
            "1.dkr.ecr.us-east-1.amazonaws.com/hello",
            &format!("{hello}:"),
            &format!("{hello}:../x"),
        ] {
            assert!(ImageReference::parse(bad).is_err(), "{bad}");
        }
    }
}
