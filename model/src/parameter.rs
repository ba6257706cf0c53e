//! Parameters of Systems Manager's Parameter Store: names, versions and labels.
//!
//! Never holds a value. Source: Systems Manager API reference and User Guide, "Parameter Store".

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::arn::split;
use crate::limit;
use crate::refusal::{Refusal, RefusalKind};
use crate::sealed_noun::SealedNoun;
use crate::tag::Tags;
use crate::time::Timestamp;

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub scope: Scope,
    pub name: String,
    pub tags: Tags,
    /// The highest version ever written.
    pub latest: u64,
    pub versions: BTreeMap<u64, ParameterVersion>,
}

/// A version with everything that it was written with, its value apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterVersion {
    pub at: Timestamp,
    /// The ARN of who wrote it.
    pub by: String,
    pub kind: ParameterKind,
    pub tier: ParameterTier,
    pub description: Option<String>,
    pub allowed_pattern: Option<String>,
    pub labels: BTreeSet<String>,
}

/// What a value is. Values of all kinds are sealed; only `SecureString` has to be asked for in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterKind {
    String,
    StringList,
    SecureString,
}

/// How large a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterTier {
    Standard,
    Advanced,
}

/// How a caller names a parameter, perhaps with one of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterPick {
    pub scope: Scope,
    /// The names under which it may be, the likelier first: an ARN does not tell `x` from `/x`.
    pub names: Vec<String>,
    /// A version's number or label, as it was written after the colon.
    pub selector: Option<String>,
}

impl ParameterKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::StringList => "StringList",
            Self::SecureString => "SecureString",
        }
    }
}

impl ParameterTier {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::Advanced => "Advanced",
        }
    }

    /// Bytes that a value may have.
    pub const fn value_bytes_max(self) -> usize {
        match self {
            Self::Standard => limit::PARAMETER_BYTES,
            Self::Advanced => limit::PARAMETER_ADVANCED_BYTES,
        }
    }
}

impl ParameterPick {
    /// Reads `name`, `name:version`, `name:label`, or an ARN of a parameter with the same endings.
    ///
    /// # Errors
    /// A refusal where it begins like an ARN and is none of a parameter.
    pub fn parse(text: &str, scope: &Scope) -> Result<Self, Refusal> {
        let halves = |text: &str| match text.split_once(':') {
            Some((name, selector)) => (name.to_owned(), Some(selector.to_owned())),
            None => (text.to_owned(), None),
        };
        if !text.starts_with("arn:") {
            let (name, selector) = halves(text.trim());
            return Ok(Self { scope: scope.clone(), names: vec![name], selector });
        }
        let found = split(text, "ssm");
        let found = found.and_then(|(region, account, rest)| Some((Scope { account, region }, rest.strip_prefix("parameter/")?)));
        let (scope, rest) = found.filter(|(_, rest)| !rest.is_empty()).ok_or_else(|| {
            Refusal::invalid("Invalid parameter ARN. It has the form arn:aws:ssm:<region>:<account>:parameter/<name>.")
        })?;
        let (name, selector) = halves(rest);
        let rooted = format!("/{name}");
        let names = if name.contains('/') { vec![rooted] } else { vec![name, rooted] };
        Ok(Self { scope, names, selector })
    }
}

/// AWS's sentence for a name with other characters, a version's `:3` among them. Source: Systems Manager, PutParameter, ValidationException.
pub const NAME_WORDS: &str = "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). If formed as a path, it can \
                              consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the \
                              following 3 symbols .-_";

/// The ARN of a name.
pub fn arn_of(scope: &Scope, name: &str) -> String {
    let Scope { account, region } = scope;
    format!("arn:aws:ssm:{region}:{account}:parameter/{}", name.strip_prefix('/').unwrap_or(name))
}

impl Parameter {
    /// Refuses what is no name for a new parameter. Levels are refused apart: they have a fault of their own.
    /// Source: Systems Manager API reference, PutParameter, `Name`.
    pub fn check_name(name: &str) -> Result<(), Refusal> {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-/".contains(&b));
        if !plain {
            return Err(Refusal::invalid(NAME_WORDS));
        }
        if name.is_empty() || name.len() > limit::PARAMETER_NAME_CHARS || name.ends_with('/') || name.contains("//") {
            return Err(Refusal::invalid(format!(
                "Parameter name: can't be empty, has at most {} characters, no empty level, and does not end with '/'.",
                limit::PARAMETER_NAME_CHARS
            )));
        }
        if name.contains('/') && !name.starts_with('/') {
            return Err(Refusal::invalid(format!(
                "Parameter name must be a fully qualified name: one with levels begins with '/', such as '/{name}'."
            )));
        }
        let first = name.trim_start_matches('/').split('/').next().unwrap_or_default().to_ascii_lowercase();
        if first.starts_with("aws") || first.starts_with("ssm") {
            return Err(Refusal::invalid(NAME_WORDS));
        }
        Ok(())
    }

    /// How many levels a name has.
    pub fn levels(name: &str) -> usize {
        name.split('/').filter(|level| !level.is_empty()).count()
    }

    pub fn arn(&self) -> String {
        arn_of(&self.scope, &self.name)
    }

    /// The newest version, with its number.
    pub fn newest(&self) -> (u64, &ParameterVersion) {
        let (number, version) =
            self.versions.last_key_value().expect("a parameter is written with a version, and the newest stays");
        (*number, version)
    }

    /// The version that a selector means.
    pub fn selected(&self, selector: Option<&str>) -> Option<(u64, &ParameterVersion)> {
        let Some(selector) = selector else { return Some(self.newest()) };
        // A label never begins with a digit.
        if let Ok(number) = selector.parse::<u64>() {
            return self.versions.get(&number).map(|version| (number, version));
        }
        self.versions.iter().find(|(_, version)| version.labels.contains(selector)).map(|(number, version)| (*number, version))
    }

    /// The parameter with one more version. The oldest goes when there are too many; `None` where a label keeps it.
    pub fn with_version(&self, version: ParameterVersion) -> Option<Self> {
        let mut after = self.clone();
        after.latest += 1;
        after.versions.insert(after.latest, version);
        while after.versions.len() > limit::PARAMETER_VERSIONS {
            let (_, oldest) = after.versions.pop_first()?;
            if !oldest.labels.is_empty() {
                return None;
            }
        }
        Some(after)
    }

    /// The parameter with labels at a version, taken from others. `None` where the version would have too many.
    pub fn with_labels(&self, number: u64, labels: &BTreeSet<String>) -> Option<Self> {
        let mut after = self.clone();
        after.versions.values_mut().for_each(|version| version.labels.retain(|label| !labels.contains(label)));
        let version = after.versions.get_mut(&number)?;
        version.labels.extend(labels.iter().cloned());
        (version.labels.len() <= limit::PARAMETER_LABELS).then_some(after)
    }

    /// Whether this can be a label. Source: Systems Manager User Guide, "Working with parameter labels".
    pub fn is_label(text: &str) -> bool {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
        let lower = text.to_ascii_lowercase();
        let begins_well =
            !text.starts_with(|first: char| first.is_ascii_digit()) && !lower.starts_with("aws") && !lower.starts_with("ssm");
        plain && begins_well && (1..=limit::PARAMETER_LABEL_CHARS).contains(&text.len())
    }
}

impl SealedNoun for Parameter {
    const KIND: &'static str = "parameter";
    const MAX: usize = limit::PARAMETERS;

    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn version_keys(&self) -> Vec<String> {
        self.versions.keys().map(u64::to_string).collect()
    }

    fn due_at(&self) -> Option<Timestamp> {
        None
    }

    fn taken(&self) -> Refusal {
        // Source of the words: Systems Manager, ParameterAlreadyExists.
        let words = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
        Refusal::new(RefusalKind::AlreadyExists, words)
    }

    fn too_many() -> Refusal {
        Refusal::new(
            RefusalKind::Quota,
            format!("You have exceeded the number of parameters for this account: {}.", limit::PARAMETERS),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testbed::{parameter, scope};

    #[test]
    fn names_have_levels_and_reserved_beginnings() {
        for good in ["x", "/x", "/prod/db_1/url.a-b", "/x/aws"] {
            assert!(Parameter::check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a/b", "/a/", "//a", "aws", "/AWS/x", "ssmthing", "é", &"x".repeat(limit::PARAMETER_NAME_CHARS + 1)]
        {
            assert!(Parameter::check_name(bad).is_err(), "{bad}");
        }
        assert_eq!((Parameter::levels("/a/b"), Parameter::levels("x")), (2, 1));
    }

    #[test]
    fn a_parameter_is_named_by_its_name_and_its_arn_with_and_without_a_version() {
        let names = |text: &str| {
            let ParameterPick { names, selector, .. } = ParameterPick::parse(text, &scope()).unwrap();
            (names.join(" "), selector.unwrap_or_default())
        };
        assert_eq!(names("/a/b:3"), ("/a/b".to_owned(), "3".to_owned()));
        assert_eq!(names("arn:aws:ssm:us-east-1:000000000000:parameter/a/b:live"), ("/a/b".to_owned(), "live".to_owned()));
        assert_eq!(names("arn:aws:ssm:us-east-1:000000000000:parameter/a").0, "a /a");
        assert_eq!(arn_of(&scope(), "/a/b"), "arn:aws:ssm:us-east-1:000000000000:parameter/a/b");
        assert!(ParameterPick::parse("arn:aws:ssm:us-east-1:000000000000:document/a", &scope()).is_err());
    }

    #[test]
    fn the_oldest_version_goes_unless_a_label_keeps_it() {
        let mut many = parameter("x");
        let version = many.newest().1.clone();
        for _ in 0..limit::PARAMETER_VERSIONS {
            many = many.with_version(version.clone()).unwrap();
        }
        assert_eq!((many.versions.len(), many.selected(Some("1")), many.newest().0), (limit::PARAMETER_VERSIONS, None, 101));
        let label = BTreeSet::from(["live".to_owned()]);
        let kept = many.with_labels(2, &label).unwrap();
        assert_eq!(kept.selected(Some("live")).map(|(number, _)| number), Some(2));
        assert_eq!(kept.with_version(version), None);
        let moved = kept.with_labels(3, &label).unwrap();
        assert_eq!(moved.selected(Some("live")).map(|(number, _)| number), Some(3), "a label is at one version");
        let labels = (0..=limit::PARAMETER_LABELS).map(|n| format!("l{n}")).collect();
        assert_eq!(moved.with_labels(3, &labels), None);
        assert!(
            Parameter::is_label("live.1")
                && !Parameter::is_label("1live")
                && !Parameter::is_label("awsx")
                && !Parameter::is_label("")
        );
    }
}
