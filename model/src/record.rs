//! What App Runner keeps by name and of which nothing runs: observability configurations, VPC connectors, connections. Revisions never change.
//!
//! One set of rules for all of them, pure functions over what is kept, which every keeper of the port `Records` uses inside its transaction. What
//! tells the nouns apart stands in `Noun`. Never decides whether a service uses one: that is asked. Source: App Runner API Reference.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::arn::split;
use crate::limit;
use crate::refusal::{Refusal, RefusalKind};
use crate::tag::{TagChange, Tags};
use crate::time::Timestamp;

/// The name of what every scope has from the start, where there is such a thing.
pub const BUILT_IN_NAME: &str = "DefaultConfiguration";
const BUILT_IN_ID: &str = "00000000000000000000000000000001";

/// What is kept under a name, apart from name and revision.
pub trait Noun: Clone + fmt::Debug + PartialEq + Eq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// As its ARN spells it.
    const RESOURCE: &'static str;
    /// As our sentences name it, in small letters.
    const TITLE: &'static str;
    /// Characters of a name; the least is 4.
    const NAME_CHARS: usize;
    const FORM: Form;

    /// What every scope has from the start as revision 1 of `DefaultConfiguration`; its name is reserved then, and it is never deleted.
    fn built_in() -> Option<Self> {
        None
    }
}

/// How revisions of a name live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Many are active; an ARN may end after the name or the revision, and the name alone means the highest active one.
    Revisions,
    /// One is active, and only the full ARN names it; a deleted one stays describable.
    OneRevision,
    /// One is active, and its ARN has no revision; a deleted one is gone.
    Unnumbered,
}

/// `arn:aws:apprunner:<region>:<account>:<resource>/<name>[/<revision>[/<id>]]`, without the revision for what is not numbered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String", bound = "N: Noun")]
pub struct RecordArn<N> {
    pub scope: Scope,
    pub name: String,
    /// Absent: the latest active one, or not numbered.
    pub revision: Option<u32>,
    /// 32 hexadecimal digits.
    pub id: Option<String>,
    noun: PhantomData<fn() -> N>,
}

/// A revision as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "N: Noun")]
pub struct Record<N> {
    pub scope: Scope,
    pub name: String,
    /// Counts up within a name, also where no ARN shows it.
    pub revision: u32,
    /// 32 hexadecimal digits.
    pub id: String,
    pub noun: N,
    /// Nothing for the built-in one: it is as old as the account, and nobody keeps when that was.
    pub created_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    pub tags: Tags,
}

/// A revision as a caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView<N> {
    pub record: Record<N>,
    /// The highest of its name that is not deleted.
    pub latest: bool,
}

/// What is asked of a name: its next revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord<N> {
    pub scope: Scope,
    pub name: String,
    /// 32 hexadecimal digits, drawn.
    pub id: String,
    pub noun: N,
    pub tags: Tags,
    pub at: Timestamp,
}

/// What a list shows: never deleted ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    pub name: Option<String>,
    pub latest_only: bool,
}

/// Whether a text can be the name of one: letters, digits, dashes and underscores, at least 4, the first a letter or a digit.
fn is_name(text: &str, chars_max: usize) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    (4..=chars_max).contains(&text.len()) && plain && begins
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

impl<N: Noun> RecordArn<N> {
    /// Parses the forms that this noun has. Any other partition, service or resource type is refused with a sentence that shows the form.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::read(text).ok_or_else(|| {
            let tail = match N::FORM {
                Form::Revisions => "<name>, with /<revision> or /<revision>/<id> behind it or without",
                Form::OneRevision => "<name>/<revision>/<id>",
                Form::Unnumbered => "<name>/<id>",
            };
            let (title, resource) = (N::TITLE, N::RESOURCE);
            Refusal::invalid(format!(
                "'{text}' is not the ARN of a {title}. It has the form arn:aws:apprunner:<region>:<account>:{resource}/{tail}."
            ))
        })
    }

    fn read(text: &str) -> Option<Self> {
        let (region, account, resource) = split(text, "apprunner")?;
        let parts: Vec<&str> = resource.split('/').collect();
        let (name, revision, id) = match (N::FORM, parts.as_slice()) {
            (Form::Revisions | Form::Unnumbered, [_, name]) => (name, None, None),
            (Form::Revisions, [_, name, revision]) => (name, Some(revision), None),
            (Form::Revisions | Form::OneRevision, [_, name, revision, id]) => (name, Some(revision), Some(id)),
            (Form::Unnumbered, [_, name, id]) => (name, None, Some(id)),
            (Form::Revisions | Form::OneRevision | Form::Unnumbered, _) => return None,
        };
        if parts[0] != N::RESOURCE || !is_name(name, N::NAME_CHARS) || id.is_some_and(|id| !is_id(id)) {
            return None;
        }
        // Only the plain form of a number, so that one revision has one ARN.
        let number = |text: &&str| text.parse().ok().filter(|number: &u32| *number > 0 && number.to_string() == **text);
        let revision = match revision {
            None => None,
            Some(text) => Some(number(text)?),
        };
        let (name, id) = ((*name).to_owned(), id.map(|id| (*id).to_owned()));
        Some(Self { scope: Scope { account, region }, name, revision, id, noun: PhantomData })
    }

    /// The refusal of one that is not there. Exact text unconfirmed; the kind is confirmed.
    pub fn not_found(&self) -> Refusal {
        let title = N::TITLE;
        Refusal::not_found(format!("There is no {title} with the provided ARN: {self}."))
    }
}

impl<N: Noun> fmt::Display for RecordArn<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { account, region } = &self.scope;
        write!(f, "arn:aws:apprunner:{region}:{account}:{}/{}", N::RESOURCE, self.name)?;
        for part in self.revision.map(|revision| revision.to_string()).iter().chain(&self.id) {
            write!(f, "/{part}")?;
        }
        Ok(())
    }
}

impl<N: Noun> TryFrom<String> for RecordArn<N> {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl<N: Noun> From<RecordArn<N>> for String {
    fn from(arn: RecordArn<N>) -> Self {
        arn.to_string()
    }
}

impl<N: Noun> Record<N> {
    /// What every scope has from the start, if this noun has such a thing.
    pub fn built_in_of(scope: &Scope) -> Option<Self> {
        let (name, id) = (BUILT_IN_NAME.to_owned(), BUILT_IN_ID.to_owned());
        let tags = Tags::default();
        N::built_in().map(|noun| Self {
            scope: scope.clone(),
            name,
            revision: 1,
            id,
            noun,
            created_at: None,
            deleted_at: None,
            tags,
        })
    }

    /// The full ARN, which is what answers always carry.
    pub fn arn(&self) -> RecordArn<N> {
        let revision = match N::FORM {
            Form::Revisions | Form::OneRevision => Some(self.revision),
            Form::Unnumbered => None,
        };
        RecordArn { scope: self.scope.clone(), name: self.name.clone(), revision, id: Some(self.id.clone()), noun: PhantomData }
    }

    pub fn is_active(&self) -> bool {
        self.deleted_at.is_none()
    }

    /// Where it stands in a list; also the key that a page begins after.
    pub fn place(&self) -> (&str, u32) {
        (&self.name, self.revision)
    }

    /// The record after a change of its tags. Our prefix means nothing here: it is for services.
    ///
    /// # Errors
    /// A refusal where it is deleted (`WrongState`), or would have too many tags (`Invalid`).
    pub fn retagged(&self, change: &TagChange) -> Result<Self, Refusal> {
        if !self.is_active() {
            return Err(Refusal::wrong_state(format!("Tags of a {} that is deleted cannot be changed.", N::TITLE)));
        }
        Ok(Self { tags: self.tags.changed(change)?, ..self.clone() })
    }
}

/// What is kept of a scope, in the order of lists, with what nobody had to write.
pub fn with_built_in<N: Noun>(scope: &Scope, mut kept: Vec<Record<N>>) -> Vec<Record<N>> {
    let built_in = Record::built_in_of(scope);
    kept.extend(built_in.filter(|built_in| !kept.iter().any(|record| record.place() == built_in.place())));
    kept.sort_by(|a, b| a.place().cmp(&b.place()));
    kept
}

/// The highest active revision of a name.
pub fn latest<N: Noun>(kept: &[Record<N>], name: &str) -> Option<u32> {
    kept.iter().filter(|kept| kept.name == name && kept.is_active()).map(|kept| kept.revision).max()
}

/// The record that an ARN means: deleted ones are found by their number, where there are numbers.
pub fn meant<'a, N: Noun>(kept: &'a [Record<N>], arn: &RecordArn<N>) -> Option<&'a Record<N>> {
    let numbered = arn.revision.is_some() && N::FORM != Form::Unnumbered;
    let is_meant = |kept: &&Record<N>| {
        kept.name == arn.name
            && arn.revision.is_none_or(|revision| revision == kept.revision)
            && arn.id.as_ref().is_none_or(|id| *id == kept.id)
            && (numbered || kept.is_active())
    };
    kept.iter().filter(is_meant).max_by_key(|kept| kept.revision)
}

/// As a caller sees it, among all that is kept of its name.
pub fn seen<N: Noun>(kept: &[Record<N>], record: Record<N>) -> RecordView<N> {
    RecordView { latest: latest(kept, &record.name) == Some(record.revision), record }
}

/// What a list shows of what is kept, in its order, behind a place.
pub fn listed<N: Noun>(kept: &[Record<N>], filter: &RecordFilter, after: Option<(&str, u32)>) -> Vec<Record<N>> {
    let RecordFilter { name, latest_only } = filter;
    let is_listed = |record: &&Record<N>| {
        record.is_active()
            && name.as_ref().is_none_or(|name| *name == record.name)
            && (!latest_only || latest(kept, &record.name) == Some(record.revision))
            && after.is_none_or(|after| record.place() > after)
    };
    kept.iter().filter(is_listed).cloned().collect()
}

/// How much of one noun a scope has, what nobody had to write included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordCounts {
    /// Deleted ones included.
    pub kept: usize,
    /// Names of which a revision is active.
    pub names: usize,
}

impl RecordCounts {
    /// Of all of a scope.
    pub fn of<N: Noun>(kept: &[Record<N>]) -> Self {
        let active = kept.iter().filter(|kept| kept.is_active()).map(|kept| kept.name.as_str());
        Self { kept: kept.len(), names: active.collect::<BTreeSet<&str>>().len() }
    }
}

/// The next revision of a name. `kept` is all of the scope, deleted ones included.
///
/// # Errors
/// As [`next_of_name`].
pub fn next<N: Noun>(kept: &[Record<N>], new: &NewRecord<N>) -> Result<Record<N>, Refusal> {
    next_of_name(kept, RecordCounts::of(kept), new)
}

/// The next revision of a name. `kept` is at least all of that name, deleted ones included; `counts` are of the scope.
///
/// # Errors
/// A refusal where the name is reserved (`Invalid`) or taken (`AlreadyExists`), or a limit is reached (`Quota`).
pub fn next_of_name<N: Noun>(kept: &[Record<N>], counts: RecordCounts, new: &NewRecord<N>) -> Result<Record<N>, Refusal> {
    let NewRecord { scope, name, id, noun, tags, at } = new;
    let title = N::TITLE;
    if N::built_in().is_some() && name == BUILT_IN_NAME {
        return Err(Refusal::invalid(format!("The name {BUILT_IN_NAME} is reserved: choose another one for your {title}.")));
    }
    let quota = |message: String| Err(Refusal::new(RefusalKind::Quota, message));
    if counts.kept >= limit::RECORDS_KEPT {
        return quota(format!("Too many {title}s were made and deleted within a day. Try again tomorrow."));
    }
    let of_name = |kept: &&Record<N>| kept.name == *name;
    let active = kept.iter().filter(of_name).filter(|kept| kept.is_active()).count();
    match N::FORM {
        Form::Revisions if active >= limit::RECORD_REVISIONS => {
            return quota(format!("'{name}' has {active} active revisions, which is the most. Delete one that no service uses."));
        }
        // The kind is unconfirmed for a VPC connector, whose later versions may have more revisions.
        Form::OneRevision | Form::Unnumbered if active > 0 => {
            let words = format!("A {title} with the name '{name}' exists already. Choose another name, or delete it first.");
            return Err(Refusal::new(RefusalKind::AlreadyExists, words));
        }
        Form::Revisions | Form::OneRevision | Form::Unnumbered => {}
    }
    if active == 0 && counts.names >= limit::RECORD_NAMES {
        return quota(format!("There are {} {title}s, which is the most. Delete one that no service uses.", counts.names));
    }
    let revision = kept.iter().filter(of_name).map(|kept| kept.revision).max().unwrap_or(0) + 1;
    let (scope, name, id, noun, tags) = (scope.clone(), name.clone(), id.clone(), noun.clone(), tags.clone());
    Ok(Record { scope, name, revision, id, noun, created_at: Some(*at), deleted_at: None, tags })
}

/// The record as a deletion leaves it. `in_use` is asked with an id.
///
/// # Errors
/// A refusal where there is none or it is deleted already (`NotFound`: clients take that for done, and the kind is unconfirmed), where it is
/// built in, or in use (`Invalid`: no other fault is declared).
pub fn deleted<N: Noun, E>(
    kept: &[Record<N>],
    arn: &RecordArn<N>,
    at: Timestamp,
    in_use: impl FnOnce(&str) -> Result<bool, E>,
) -> Result<Result<Record<N>, Refusal>, E> {
    let Some(record) = meant(kept, arn).filter(|record| record.is_active()) else { return Ok(Err(arn.not_found())) };
    let whole = record.arn();
    if N::built_in().is_some() && record.name == BUILT_IN_NAME {
        return Ok(Err(Refusal::invalid(format!("{whole} is there for every account. It cannot be deleted."))));
    }
    if in_use(&record.id)? {
        let words = format!("{whole} is used by a service. Take it out of the service's configuration, then delete it.");
        return Ok(Err(Refusal::invalid(words)));
    }
    Ok(Ok(Record { deleted_at: Some(at), ..record.clone() }))
}

#[cfg(test)]
mod tests;
