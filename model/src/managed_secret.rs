//! Secrets of Secrets Manager: names, versions and the labels that say which version is which.
//!
//! Never holds a value. Source: Secrets Manager API reference and User Guide, "What's in a secret".

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::arn::split;
use crate::limit;
use crate::refusal::{Refusal, RefusalKind};
use crate::sealed_noun::SealedNoun;
use crate::tag::Tags;
use crate::time::Timestamp;

/// The label of the version that is meant unless another is named.
pub const CURRENT: &str = "AWSCURRENT";
/// The label of the one that was current before.
pub const PREVIOUS: &str = "AWSPREVIOUS";

/// A secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedSecret {
    pub scope: Scope,
    pub name: String,
    /// Six letters and digits, drawn: one that is made again under the same name has another ARN.
    pub suffix: String,
    pub description: Option<String>,
    pub tags: Tags,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// When it goes, and when that was asked for.
    pub deletion: Option<Deletion>,
    /// By version id.
    pub versions: BTreeMap<String, SecretVersion>,
}

/// A deletion that can still be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
}

/// A version of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretVersion {
    pub created_at: Timestamp,
    pub form: ValueForm,
    /// Without one it is deprecated, and may go.
    pub stages: BTreeSet<String>,
}

/// Which member of a call carries a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValueForm {
    /// `SecretString`
    Text,
    /// `SecretBinary`
    Binary,
}

/// How a caller names a secret: its name, its ARN, or its ARN without the six characters at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretId {
    pub scope: Scope,
    /// The whole of what follows `:secret:`, or the name.
    rest: String,
    is_arn: bool,
}

/// Which version of a secret is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionPick {
    pub id: Option<String>,
    pub stage: Option<String>,
}

impl SecretId {
    /// Reads what a caller in `scope` wrote.
    ///
    /// # Errors
    /// A refusal where it begins like an ARN and is none of a secret.
    pub fn parse(text: &str, scope: &Scope) -> Result<Self, Refusal> {
        if !text.starts_with("arn:") {
            return Ok(Self { scope: scope.clone(), rest: text.to_owned(), is_arn: false });
        }
        let parts = split(text, "secretsmanager");
        let found = parts.and_then(|(region, account, rest)| Some((Scope { account, region }, rest.strip_prefix("secret:")?)));
        let (scope, rest) = found.filter(|(_, rest)| !rest.is_empty() && !rest.contains(':')).ok_or_else(|| {
            Refusal::invalid(
                "Invalid secret ARN. It has the form arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>.",
            )
        })?;
        Ok(Self { scope, rest: rest.to_owned(), is_arn: true })
    }

    /// The names under which it may be, the likelier first.
    pub fn names(&self) -> Vec<&str> {
        let whole = self.rest.len().checked_sub(7).filter(|_| self.is_arn).and_then(|at| self.rest.split_at_checked(at));
        let whole = whole.filter(|(name, suffix)| !name.is_empty() && suffix.starts_with('-')).map(|(name, _)| name);
        whole.into_iter().chain([&*self.rest]).collect()
    }

    /// Whether it means this secret, which has one of the names.
    pub fn means(&self, secret: &ManagedSecret) -> bool {
        self.rest == secret.name || (self.is_arn && self.rest == format!("{}-{}", secret.name, secret.suffix))
    }
}

/// The ARN as it was written, for policies about secrets that are not there.
impl fmt::Display for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { account, region } = &self.scope;
        write!(f, "arn:aws:secretsmanager:{region}:{account}:secret:{}", self.rest)
    }
}

impl ManagedSecret {
    /// Refuses what is no name of a secret. Source: Secrets Manager API reference, CreateSecret, `Name`.
    pub fn check_name(name: &str) -> Result<(), Refusal> {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+=.@-".contains(&b));
        if plain && (1..=limit::SECRET_NAME_CHARS).contains(&name.len()) {
            return Ok(());
        }
        Err(Refusal::invalid(
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
        ))
    }

    pub fn arn(&self) -> String {
        let Scope { account, region } = &self.scope;
        format!("arn:aws:secretsmanager:{region}:{account}:secret:{}-{}", self.name, self.suffix)
    }

    /// The version that has a label.
    pub fn staged(&self, stage: &str) -> Option<(&String, &SecretVersion)> {
        self.versions.iter().find(|(_, version)| version.stages.contains(stage))
    }

    /// The version that a caller means; `None` where there is none.
    ///
    /// # Errors
    /// A refusal where id and label speak of two.
    pub fn picked(&self, pick: &VersionPick) -> Result<Option<(&String, &SecretVersion)>, Refusal> {
        match (&pick.id, &pick.stage) {
            (Some(id), stage) => {
                let found = self.versions.get_key_value(id);
                match (found, stage) {
                    (Some((_, version)), Some(stage)) if !version.stages.contains(stage) => {
                        Err(Refusal::invalid("You provided a VersionStage that is not associated to the provided VersionId."))
                    }
                    (found, _) => Ok(found),
                }
            }
            (None, stage) => Ok(self.staged(stage.as_deref().unwrap_or(CURRENT))),
        }
    }

    /// Refuses what cannot be done to a secret that is about to go. Source of the words: Secrets Manager, InvalidRequestException.
    pub fn refuse_deleted(&self) -> Result<(), Refusal> {
        match self.deletion {
            None => Ok(()),
            Some(_) => {
                Err(Refusal::wrong_state("You can't perform this operation on the secret because it was marked for deletion."))
            }
        }
    }

    /// The secret with one more version, which takes these labels from others. Without labels it becomes the current one.
    ///
    /// # Errors
    /// A refusal where labels would be more than a secret can have.
    pub fn with_version(&self, id: &str, form: ValueForm, stages: BTreeSet<String>, now: Timestamp) -> Result<Self, Refusal> {
        let mut after = Self { changed_at: now, ..self.clone() };
        let mut stages = stages;
        if stages.is_empty() || self.staged(CURRENT).is_none() {
            stages.insert(CURRENT.to_owned());
        }
        after.versions.insert(id.to_owned(), SecretVersion { created_at: now, form, stages: BTreeSet::new() });
        for stage in &stages {
            after.give(stage, id);
        }
        let labels: usize = after.versions.values().map(|version| version.stages.len()).sum();
        if labels > limit::SECRET_STAGES {
            let words = format!("A secret can have {} staging labels at most.", limit::SECRET_STAGES);
            return Err(Refusal::new(RefusalKind::Quota, words));
        }
        after.forget_deprecated();
        Ok(after)
    }

    /// Moves a label, or takes it away. Source: Secrets Manager API reference, UpdateSecretVersionStage.
    ///
    /// # Errors
    /// A refusal where the versions are not as the caller says, or the current one would be none.
    pub fn with_stage(&self, stage: &str, from: Option<&str>, to: Option<&str>, now: Timestamp) -> Result<Self, Refusal> {
        let holder = self.staged(stage).map(|(id, _)| id.as_str());
        if let Some(id) = from.into_iter().chain(to).find(|id| !self.versions.contains_key(*id)) {
            return Err(Refusal::not_found(format!("Secrets Manager can't find the specified secret version: {id}")));
        }
        if from.is_some() && holder != from {
            return Err(Refusal::invalid(format!(
                "The parameter RemoveFromVersionId can't be used: staging label {stage} is not attached to that version."
            )));
        }
        if let Some(holder) = holder.filter(|holder| from.is_none() && to.is_some_and(|to| to != *holder)) {
            return Err(Refusal::invalid(format!(
                "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version {holder}, so you \
                 must explicitly reference that version in RemoveFromVersionId."
            )));
        }
        if stage == CURRENT && to.is_none() {
            return Err(Refusal::invalid(
                "You can only move staging label AWSCURRENT to a different secret version. It can't be removed.",
            ));
        }
        let mut after = Self { changed_at: now, ..self.clone() };
        match to {
            Some(to) => after.give(stage, to),
            None => after.take(stage),
        }
        Ok(after)
    }

    fn take(&mut self, stage: &str) {
        for version in self.versions.values_mut() {
            version.stages.remove(stage);
        }
    }

    /// Gives a label to a version, from whichever has it. Who was current is previous then.
    fn give(&mut self, stage: &str, id: &str) {
        let before = self.staged(stage).map(|(id, _)| id.clone());
        self.take(stage);
        if let Some(version) = self.versions.get_mut(id) {
            version.stages.insert(stage.to_owned());
        }
        if let Some(before) = before.filter(|before| stage == CURRENT && before != id) {
            self.take(PREVIOUS);
            if let Some(version) = self.versions.get_mut(&before) {
                version.stages.insert(PREVIOUS.to_owned());
            }
        }
    }

    /// The oldest without a label go beyond what is kept.
    fn forget_deprecated(&mut self) {
        while self.versions.len() > limit::SECRET_VERSIONS {
            let deprecated = self.versions.iter().filter(|(_, version)| version.stages.is_empty());
            let Some(oldest) = deprecated.min_by_key(|(id, version)| (version.created_at, (*id).clone())).map(|(id, _)| id.clone())
            else {
                return;
            };
            self.versions.remove(&oldest);
        }
    }

    /// The secret as it goes after a window, in days.
    pub fn going(&self, days: u32, now: Timestamp) -> Self {
        let due_at = now.plus(Duration::from_secs(u64::from(days) * 24 * 3600));
        Self { deletion: Some(Deletion { asked_at: now, due_at }), ..self.clone() }
    }
}

impl SealedNoun for ManagedSecret {
    const KIND: &'static str = "managed_secret";
    const MAX: usize = limit::SECRETS;

    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn version_keys(&self) -> Vec<String> {
        self.versions.keys().cloned().collect()
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.deletion.map(|deletion| deletion.due_at)
    }

    fn taken(&self) -> Refusal {
        // Source of the words: Secrets Manager, ResourceExistsException.
        Refusal::new(RefusalKind::AlreadyExists, format!("The operation failed because the secret {} already exists.", self.name))
    }

    fn too_many() -> Refusal {
        Refusal::new(RefusalKind::Quota, format!("You've exceeded the maximum of {} secrets.", limit::SECRETS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testbed::{managed_secret, scope};

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn stages(secret: &ManagedSecret, id: &str) -> String {
        secret.versions.get(id).map_or("-".to_owned(), |version| version.stages.iter().cloned().collect::<Vec<_>>().join("+"))
    }

    fn put(secret: &ManagedSecret, id: &str, labels: &[&str], millis: i64) -> ManagedSecret {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        secret.with_version(id, ValueForm::Text, labels, at(millis)).unwrap()
    }

    #[test]
    fn the_current_version_becomes_the_previous_one_and_what_has_no_label_goes_when_there_are_too_many() {
        let one = put(&managed_secret("db"), "a", &["mine"], 1);
        assert_eq!(stages(&one, "a"), "AWSCURRENT+mine", "the first one is current whatever it is called");
        let two = put(&one, "b", &[], 2);
        assert_eq!((stages(&two, "a"), stages(&two, "b")), ("AWSPREVIOUS+mine".to_owned(), "AWSCURRENT".to_owned()));
        let pending = put(&two, "c", &["AWSPENDING"], 3);
        assert_eq!((stages(&pending, "b"), stages(&pending, "c")), ("AWSCURRENT".to_owned(), "AWSPENDING".to_owned()));
        let finished = pending.with_stage(CURRENT, Some("b"), Some("c"), at(4)).unwrap();
        assert_eq!((stages(&finished, "b"), stages(&finished, "c")), (PREVIOUS.to_owned(), "AWSCURRENT+AWSPENDING".to_owned()));
        let mut many = finished;
        for n in 0..2 * limit::SECRET_VERSIONS {
            many = put(&many, &format!("n{n:03}"), &[], 10 + i64::try_from(n).unwrap());
        }
        assert_eq!(many.versions.len(), limit::SECRET_VERSIONS);
        assert_eq!(stages(&many, "a"), "mine", "a label keeps it");
        assert_eq!(stages(&many, "b"), "-");
        let labels: Vec<String> = (0..limit::SECRET_STAGES).map(|n| n.to_string()).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        assert_eq!(many.with_version("x", ValueForm::Text, labels, at(1)).unwrap_err().kind, RefusalKind::Quota);
    }

    #[test]
    fn a_label_is_only_moved_by_who_knows_where_it_is() {
        let secret = put(&put(&managed_secret("db"), "a", &[], 1), "b", &[], 2);
        for (stage, from, to) in [
            (CURRENT, None, Some("a")),
            (CURRENT, Some("a"), Some("b")),
            (CURRENT, Some("b"), None),
            (CURRENT, Some("b"), Some("none")),
            ("mine", Some("a"), Some("b")),
        ] {
            assert!(secret.with_stage(stage, from, to, at(3)).is_err(), "{stage} {from:?} {to:?}");
        }
        assert_eq!(stages(&secret.with_stage("mine", None, Some("a"), at(3)).unwrap(), "a"), "AWSPREVIOUS+mine");
        assert_eq!(stages(&secret.with_stage(PREVIOUS, Some("a"), None, at(3)).unwrap(), "a"), "");
    }

    #[test]
    fn a_secret_is_named_by_its_name_its_arn_and_its_arn_without_the_end() {
        let secret = managed_secret("app/db-abcdef");
        let whole = secret.arn();
        let foreign = whole.replace(&secret.suffix, "zzzzzz");
        for (text, means) in
            [("app/db-abcdef", true), (&whole, true), (&whole[..whole.len() - 7], true), (&foreign, false), ("app/db", false)]
        {
            let id = SecretId::parse(text, &scope()).unwrap();
            let found = id.names().contains(&secret.name.as_str()) && id.means(&secret);
            assert_eq!(found, means, "{text}");
        }
        for bad in [
            "arn:aws:s3:::x",
            "arn:aws:secretsmanager:us-east-1:000000000000:secret:",
            "arn:aws:secretsmanager:us-east-1:1:secret:x",
        ] {
            assert!(SecretId::parse(bad, &scope()).is_err(), "{bad}");
        }
        assert!(ManagedSecret::check_name("prod/App_1+=.@-").is_ok());
        for bad in ["", "a b", "a:b", "é", &"x".repeat(limit::SECRET_NAME_CHARS + 1)] {
            assert!(ManagedSecret::check_name(bad).is_err(), "{bad}");
        }
    }
}
