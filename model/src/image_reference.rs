//! The name of an image, as callers write it: in our registry, or in another one (see `foreign_image`).
//!
//! Source of truth: App Runner service model, `ImageIdentifier`; ECR service model, `RepositoryName`; the distribution
//! specification for tags (`[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Region, Scope, text_noun};
use crate::digest::Digest;
use crate::foreign_image::{ForeignImage, ForeignRepository, RegistryHost};
use crate::refusal::Refusal;

/// A repository's name: 2 to 256 characters, path parts of lower-case letters and digits with single separators. Or, of the platform's own making,
/// the place of what was copied from another registry: no caller can write that name.
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

    /// Where the platform keeps what it copied from a repository of another registry: `~docker.io/library/nginx`. `parse` refuses it, so neither
    /// a call nor a push reaches it.
    pub fn of_copies(registry: &RegistryHost, repository: &ForeignRepository) -> Self {
        Self(format!("{COPIES}{registry}/{repository}"))
    }

    /// Whether the platform keeps copies there.
    pub fn is_of_copies(&self) -> bool {
        self.0.starts_with(COPIES)
    }

    /// Reads what was stored: a name that a caller wrote, or one of the platform's own. Never for what a caller sends.
    pub fn stored(text: &str) -> Result<Self, Refusal> {
        match text.strip_prefix(COPIES).and_then(|rest| rest.split_once('/')) {
            Some((registry, repository)) => {
                Ok(Self::of_copies(&RegistryHost::parse(registry)?, &ForeignRepository::parse(repository)?))
            }
            None => Self::parse(text),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Stands behind every letter that a name may have, so lists end before it.
const COPIES: char = '~';

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RepositoryName {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::stored(&text)
    }
}

impl From<RepositoryName> for String {
    fn from(name: RepositoryName) -> String {
        name.0
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
pub(crate) fn is_path_part(part: &str) -> bool {
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

text_noun!(ImageTag);

/// Which image of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pick {
    /// Moves with every push.
    Tag(ImageTag),
    /// Never moves.
    Digest(Digest),
}

/// Which image a service runs. In stored documents the members tell which of the two it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ImageReference {
    /// Of a repository that this platform keeps (or stands in for, if it pulls from the real ECR).
    Own(OwnImage),
    /// Of any other registry.
    Foreign(ForeignImage),
}

/// An image in our own registry: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>[:tag|@digest]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OwnImage {
    pub scope: Scope,
    pub repository: RepositoryName,
    pub pick: Pick,
}

impl ImageReference {
    /// Parses an `ImageIdentifier` of type `ECR`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        OwnImage::parse(text).map(Self::Own)
    }

    /// The image of our own registry, if it is one.
    pub fn own(&self) -> Option<&OwnImage> {
        match self {
            Self::Own(own) => Some(own),
            Self::Foreign(_) => None,
        }
    }

    /// Whether a push can start a deployment for a service of this account: the image is of its own repository. Source: App Runner Developer Guide,
    /// automatic deployment.
    pub fn is_followed_by(&self, account: &AccountId) -> bool {
        self.own().is_some_and(|own| own.scope.account == *account)
    }
}

impl OwnImage {
    /// Neither tag nor digest means the tag `latest` (Docker's convention).
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || {
            Refusal::invalid(format!(
                "'{text}' is not an image of this registry. \
                 It has the form <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>."
            ))
        };
        let (host, path) = text.split_once('/').ok_or_else(wrong)?;
        let scope = scope_of(host).ok_or_else(wrong)?;
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

    /// The same image as the real ECR knows it.
    pub fn at_ecr(&self) -> ForeignImage {
        let Scope { account, region } = &self.scope;
        let registry = RegistryHost::parse(&format!("{account}.dkr.ecr.{region}.amazonaws.com"));
        ForeignImage {
            registry: registry.expect("an account and a region are labels of a host name"),
            repository: ForeignRepository::parse(self.repository.as_str())
                .expect("ECR's names are narrower than other registries'"),
            pick: self.pick.clone(),
        }
    }
}

/// The account and region of a registry's host name in ECR's form.
pub fn scope_of(host: &str) -> Option<Scope> {
    let (account, rest) = host.split_once(".dkr.ecr.")?;
    let region = rest.strip_suffix(".amazonaws.com")?;
    Some(Scope { account: AccountId::parse(account).ok()?, region: Region::parse(region).ok()? })
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(own) => own.fmt(f),
            Self::Foreign(foreign) => foreign.fmt(f),
        }
    }
}

impl fmt::Display for OwnImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { account, region } = &self.scope;
        write!(f, "{account}.dkr.ecr.{region}.amazonaws.com/{}{}", self.repository, self.pick)
    }
}

/// With its separator: `:v1`, `@sha256:…`.
impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => write!(f, ":{tag}"),
            Self::Digest(digest) => write!(f, "@{digest}"),
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

    #[test]
    fn no_caller_can_write_the_name_of_a_place_for_copies() {
        let copies = RepositoryName::of_copies(
            &RegistryHost::parse("registry.local:5000").unwrap(),
            &ForeignRepository::parse("library/nginx").unwrap(),
        );
        assert!(copies.is_of_copies());
        assert_eq!(copies.as_str(), "~registry.local:5000/library/nginx");
        assert!(RepositoryName::parse(copies.as_str()).is_err());
        assert_eq!(RepositoryName::try_from(copies.to_string()).unwrap(), copies, "what was stored is read");
        for bad in ["~", "~x", "~/x", "~docker.io/", "~docker.io/../x", "~~docker.io/x"] {
            assert!(RepositoryName::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
