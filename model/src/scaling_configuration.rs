//! How many instances a service has and how many requests each takes at once; revisions of it, kept by name.
//!
//! A revision never changes: what callers call an update is the next revision of the name. Rules here are pure functions over what is kept,
//! which every keeper of the port `ScalingConfigurations` uses inside its transaction. Source: App Runner API Reference.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::arn::split;
use crate::limit;
use crate::refusal::{Refusal, RefusalKind};
use crate::tag::{TagChange, Tags};
use crate::time::Timestamp;

/// An auto scaling configuration, pinned by a service at the moment it was named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingConfiguration {
    pub name: String,
    pub revision: u32,
    /// 32 hexadecimal digits.
    pub id: String,
    /// Requests that one instance takes at once, 1 to `limit::SCALING_CONCURRENCY`: a hard limit.
    pub concurrency_max: u32,
    /// Instances always provisioned, 1 to `limit::SCALING_INSTANCES`.
    pub instances_min: u16,
    /// Most instances: at least `instances_min`, at most `limit::SCALING_INSTANCES`.
    pub instances_max: u16,
    /// How a service named what it is pinned to. Always `Revision` where no service speaks.
    #[serde(default, skip_serializing_if = "ScalingNamed::is_by_revision")]
    pub named: ScalingNamed,
}

/// How a service named its auto scaling configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScalingNamed {
    /// By a revision, or not at all: it keeps that one.
    #[default]
    Revision,
    /// By the name alone: it is pinned to the revision that was the latest, and each update pins it anew. Source: App Runner Developer Guide.
    Name,
}

impl ScalingNamed {
    fn is_by_revision(&self) -> bool {
        *self == Self::Revision
    }
}

impl Default for ScalingConfiguration {
    fn default() -> Self {
        Self {
            name: "DefaultConfiguration".to_owned(),
            revision: 1,
            id: "00000000000000000000000000000001".to_owned(),
            concurrency_max: 100,
            instances_min: 1,
            instances_max: 25,
            named: ScalingNamed::Revision,
        }
    }
}

impl ScalingConfiguration {
    /// The full `name/revision/id` ARN, which is what answers always carry.
    pub fn arn(&self, scope: &Scope) -> String {
        let Self { name, revision, id, .. } = self;
        ScalingArn { scope: scope.clone(), name: name.clone(), revision: Some(*revision), id: Some(id.clone()) }.to_string()
    }

    /// Whether a text can be the name of one: 4 to 32 letters, digits, dashes and underscores, the first a letter or a digit.
    pub fn is_name(text: &str) -> bool {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        (4..=32).contains(&text.len()) && plain && begins
    }

    /// Holds the sizes against each other and against our own limits; App Runner's own (200 requests, 25 instances) are not ours.
    fn check(&self) -> Result<(), Refusal> {
        let Self { concurrency_max, instances_min, instances_max, .. } = self;
        if *concurrency_max > limit::SCALING_CONCURRENCY {
            return Err(Refusal::invalid(format!(
                "MaxConcurrency can be {} at most, not {concurrency_max}.",
                limit::SCALING_CONCURRENCY
            )));
        }
        if *instances_max > limit::SCALING_INSTANCES {
            return Err(Refusal::invalid(format!("MaxSize can be {} at most, not {instances_max}.", limit::SCALING_INSTANCES)));
        }
        if instances_min > instances_max {
            return Err(Refusal::invalid(format!("MinSize ({instances_min}) must not be greater than MaxSize ({instances_max}).")));
        }
        Ok(())
    }
}

/// `arn:aws:apprunner:<region>:<account>:autoscalingconfiguration/<name>[/<revision>[/<id>]]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScalingArn {
    pub scope: Scope,
    pub name: String,
    /// Absent: the latest active one.
    pub revision: Option<u32>,
    pub id: Option<String>,
}

impl ScalingArn {
    /// Parses the full ARN, or one that ends after the revision or after the name.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || {
            Refusal::invalid(format!(
                "'{text}' is not an auto scaling configuration ARN. It has the form \
                 arn:aws:apprunner:<region>:<account>:autoscalingconfiguration/<name>, with /<revision> or /<revision>/<id> behind it or without."
            ))
        };
        let (region, account, resource) = split(text, "apprunner").ok_or_else(wrong)?;
        let mut parts = resource.split('/');
        let (Some("autoscalingconfiguration"), Some(name)) = (parts.next(), parts.next()) else { return Err(wrong()) };
        let (revision, id, end) = (parts.next(), parts.next(), parts.next());
        let hex = |id: &str| id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !ScalingConfiguration::is_name(name) || id.is_some_and(|id| !hex(id)) || end.is_some() {
            return Err(wrong());
        }
        // Only the plain form of a number, so that one revision has one ARN.
        let number = |text: &str| text.parse().ok().filter(|number: &u32| *number > 0 && number.to_string() == text);
        Ok(Self {
            scope: Scope { account, region },
            name: name.to_owned(),
            revision: revision.map(|text| number(text).ok_or_else(wrong)).transpose()?,
            id: id.map(str::to_owned),
        })
    }

    /// The refusal of one that is not there. Exact text unconfirmed; the kind is confirmed.
    pub fn not_found(&self) -> Refusal {
        Refusal::not_found(format!("Auto scaling configuration with the provided ARN does not exist: {self}."))
    }
}

impl fmt::Display for ScalingArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { account, region } = &self.scope;
        write!(f, "arn:aws:apprunner:{region}:{account}:autoscalingconfiguration/{}", self.name)?;
        for part in self.revision.map(|revision| revision.to_string()).iter().chain(&self.id) {
            write!(f, "/{part}")?;
        }
        Ok(())
    }
}

/// Source of the words: Terraform takes them for a deletion that is done.
const DELETED: &str = "The auto scaling configuration you specified has been deleted.";

/// A revision as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingRevision {
    pub scope: Scope,
    pub configuration: ScalingConfiguration,
    /// Nothing for the default one: it is as old as the account, and nobody keeps when that was.
    pub created_at: Option<Timestamp>,
    /// Deleted ones stay describable for a while; their numbers are not given again meanwhile.
    pub deleted_at: Option<Timestamp>,
    pub tags: Tags,
}

/// A revision as a caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalingView {
    pub revision: ScalingRevision,
    /// The highest of its name that is not deleted.
    pub latest: bool,
    /// A service that is not deleted is configured with it.
    pub in_use: bool,
    /// The one of its scope that a service gets if it names none.
    pub is_default: bool,
}

/// What is asked of a name: its next revision. `configuration.revision` is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScaling {
    pub scope: Scope,
    pub configuration: ScalingConfiguration,
    pub tags: Tags,
    pub at: Timestamp,
}

/// How much a deletion takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalingExtent {
    /// The revision that the ARN means.
    Revision,
    /// Every revision of the name; the ARN must end with the name.
    Name,
}

/// What a list shows: never deleted ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScalingFilter {
    pub name: Option<String>,
    pub latest_only: bool,
}

impl ScalingRevision {
    /// `DefaultConfiguration` revision 1, which every scope has from the start.
    pub fn default_of(scope: &Scope) -> Self {
        let (scope, configuration) = (scope.clone(), ScalingConfiguration::default());
        Self { scope, configuration, created_at: None, deleted_at: None, tags: Tags::default() }
    }

    pub fn arn(&self) -> ScalingArn {
        let ScalingConfiguration { name, revision, id, .. } = &self.configuration;
        ScalingArn { scope: self.scope.clone(), name: name.clone(), revision: Some(*revision), id: Some(id.clone()) }
    }

    pub fn is_active(&self) -> bool {
        self.deleted_at.is_none()
    }

    /// The revision after a change of its tags. Our prefix means nothing here: it is for services.
    ///
    /// # Errors
    /// A refusal where it is deleted (`WrongState`), or would have too many tags (`Invalid`).
    pub fn retagged(&self, change: &TagChange) -> Result<Self, Refusal> {
        if !self.is_active() {
            return Err(Refusal::wrong_state("Tags of an auto scaling configuration that is deleted cannot be changed."));
        }
        Ok(Self { tags: self.tags.changed(change)?, ..self.clone() })
    }

    /// Where it stands in a list; also the key that a page begins after.
    pub fn place(&self) -> (&str, u32) {
        (&self.configuration.name, self.configuration.revision)
    }
}

/// What is kept of a scope, in the order of lists, with the revision that nobody had to write. `kept` may be all of it, or all of some names.
pub fn with_default(scope: &Scope, mut kept: Vec<ScalingRevision>) -> Vec<ScalingRevision> {
    let default = ScalingRevision::default_of(scope);
    if !kept.iter().any(|revision| revision.place() == default.place()) {
        kept.push(default);
    }
    kept.sort_by(|a, b| a.place().cmp(&b.place()));
    kept
}

/// Where the default of a scope stands: where somebody put it, or the one from the start.
pub fn default_place(chosen: Option<(String, u32)>) -> (String, u32) {
    let ScalingConfiguration { name, revision, .. } = ScalingConfiguration::default();
    chosen.unwrap_or((name, revision))
}

/// The revision that shall be the default from now on: services that are made later get it.
///
/// # Errors
/// A refusal where there is none (`NotFound`), or it is deleted (`Invalid`: no other fault is declared).
pub fn chosen<'a>(kept: &'a [ScalingRevision], arn: &ScalingArn) -> Result<&'a ScalingRevision, Refusal> {
    let found = meant(kept, arn).ok_or_else(|| arn.not_found())?;
    if found.is_active() { Ok(found) } else { Err(Refusal::invalid(DELETED)) }
}

/// The highest active revision of a name.
pub fn latest(kept: &[ScalingRevision], name: &str) -> Option<u32> {
    kept.iter().filter(|kept| kept.configuration.name == name && kept.is_active()).map(|kept| kept.configuration.revision).max()
}

/// The revision that an ARN means: deleted ones are found by their number only.
pub fn meant<'a>(kept: &'a [ScalingRevision], arn: &ScalingArn) -> Option<&'a ScalingRevision> {
    let revision = arn.revision.or_else(|| latest(kept, &arn.name))?;
    let is_meant = |kept: &&ScalingRevision| {
        kept.place() == (arn.name.as_str(), revision) && arn.id.as_ref().is_none_or(|id| *id == kept.configuration.id)
    };
    kept.iter().find(is_meant)
}

/// What a list shows of what is kept, in its order.
pub fn listed(kept: &[ScalingRevision], filter: &ScalingFilter) -> Vec<ScalingRevision> {
    let ScalingFilter { name, latest_only } = filter;
    let is_listed = |revision: &&ScalingRevision| {
        let own_name = &revision.configuration.name;
        revision.is_active()
            && name.as_ref().is_none_or(|name| name == own_name)
            && (!latest_only || latest(kept, own_name) == Some(revision.configuration.revision))
    };
    kept.iter().filter(is_listed).cloned().collect()
}

/// The next revision of a name. `kept` is all of the scope, deleted ones included.
///
/// # Errors
/// A refusal where the sizes do not go together (`Invalid`), or a limit is reached (`Quota`).
pub fn next(kept: &[ScalingRevision], new: &NewScaling) -> Result<ScalingRevision, Refusal> {
    let NewScaling { scope, configuration, tags, at } = new;
    configuration.check()?;
    let quota = |message: String| Err(Refusal::new(RefusalKind::Quota, message));
    if kept.len() >= limit::SCALING_KEPT {
        return quota("Too many auto scaling configurations were made and deleted within a day. Try again tomorrow.".to_owned());
    }
    let name = &configuration.name;
    let of_name = |kept: &&ScalingRevision| kept.configuration.name == *name;
    let active = kept.iter().filter(of_name).filter(|kept| kept.is_active()).count();
    if active >= limit::SCALING_REVISIONS {
        return quota(format!("'{name}' has {active} active revisions, which is the most. Delete one that no service uses."));
    }
    let names: std::collections::BTreeSet<&str> =
        kept.iter().filter(|kept| kept.is_active()).map(|kept| kept.configuration.name.as_str()).collect();
    if active == 0 && names.len() >= limit::SCALING_NAMES {
        return quota(format!(
            "There are {} auto scaling configurations, which is the most. Delete one that no service uses.",
            names.len()
        ));
    }
    let last = kept.iter().filter(of_name).map(|kept| kept.configuration.revision).max().unwrap_or(0);
    let configuration = ScalingConfiguration { revision: last + 1, ..configuration.clone() };
    Ok(ScalingRevision { scope: scope.clone(), configuration, created_at: Some(*at), deleted_at: None, tags: tags.clone() })
}

/// The revisions as a deletion leaves them; the last one is what the caller is shown. `in_use` is asked with an id.
///
/// # Errors
/// A refusal where there is none (`NotFound`), where it is deleted already, the default, or in use (`Invalid`: no other fault is declared).
pub fn deleted<E>(
    kept: &[ScalingRevision],
    arn: &ScalingArn,
    extent: ScalingExtent,
    at: Timestamp,
    (default_name, default_revision): &(String, u32),
    mut in_use: impl FnMut(&str) -> Result<bool, E>,
) -> Result<Result<Vec<ScalingRevision>, Refusal>, E> {
    let gone = match extent {
        ScalingExtent::Name if arn.revision.is_some() => {
            let words = "DeleteAllRevisions: the ARN must end with the name of the configuration, without a revision.";
            return Ok(Err(Refusal::invalid(words)));
        }
        ScalingExtent::Name => kept.iter().filter(|kept| kept.configuration.name == arn.name && kept.is_active()).collect(),
        ScalingExtent::Revision => Vec::from_iter(meant(kept, arn).filter(|kept| kept.is_active())),
    };
    if gone.is_empty() {
        let was_there =
            meant(kept, arn).is_some() || (arn.revision.is_none() && kept.iter().any(|kept| kept.configuration.name == arn.name));
        return Ok(Err(if was_there { Refusal::invalid(DELETED) } else { arn.not_found() }));
    }
    for revision in &gone {
        if revision.place() == (default_name, *default_revision) {
            let words = format!(
                "{} is the default of your account: services get it if they name none. It cannot be deleted.",
                revision.arn()
            );
            return Ok(Err(Refusal::invalid(words)));
        }
        if in_use(&revision.configuration.id)? {
            let words = format!("{} is used by a service. Give its services another one, then delete it.", revision.arn());
            return Ok(Err(Refusal::invalid(words)));
        }
    }
    Ok(Ok(gone.into_iter().map(|revision| ScalingRevision { deleted_at: Some(at), ..revision.clone() }).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountId, Region};
    use std::convert::Infallible;

    fn scope() -> Scope {
        Scope { account: AccountId::parse("000000000000").unwrap(), region: Region::parse("us-east-1").unwrap() }
    }

    fn new(name: &str) -> NewScaling {
        let configuration = ScalingConfiguration { name: name.to_owned(), id: "a".repeat(32), ..ScalingConfiguration::default() };
        NewScaling { scope: scope(), configuration, tags: Tags::default(), at: Timestamp::from_millis(5) }
    }

    fn kept(name: &str, count: usize) -> Vec<ScalingRevision> {
        let mut kept = with_default(&scope(), Vec::new());
        for _ in 0..count {
            let next = next(&kept, &new(name)).unwrap();
            kept.push(next);
        }
        kept
    }

    fn arn(tail: &str) -> ScalingArn {
        ScalingArn::parse(&format!("arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/{tail}")).unwrap()
    }

    #[test]
    fn an_arn_ends_after_name_revision_or_id_and_survives_a_round_trip() {
        for tail in ["mine", "mine/12", "mine/1/0123456789abcdef0123456789abcdef"] {
            assert!(arn(tail).to_string().ends_with(tail));
        }
        for bad in [
            "",
            "abc",
            "mine/",
            "mine/0",
            "mine/01",
            "mine/x",
            "mine/1/",
            "mine/1/xyz",
            "mine/1/0123456789abcdef0123456789abcdef/x",
            "-ine",
        ] {
            let text = format!("arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/{bad}");
            assert!(ScalingArn::parse(&text).is_err(), "{text}");
        }
        assert!(ScalingArn::parse("arn:aws:apprunner:us-east-1:000000000000:service/mine").is_err());
    }

    #[test]
    fn a_name_alone_means_its_latest_active_revision() {
        let mut kept = kept("mine", 3);
        assert_eq!(meant(&kept, &arn("mine")).unwrap().configuration.revision, 3);
        kept[3].deleted_at = Some(Timestamp::from_millis(9));
        assert_eq!(meant(&kept, &arn("mine")).unwrap().configuration.revision, 2);
        assert_eq!(meant(&kept, &arn("mine/3")).unwrap().configuration.revision, 3, "a deleted one is found by its number");
        assert_eq!(next(&kept, &new("mine")).unwrap().configuration.revision, 4, "numbers are not given again");
        assert_eq!(meant(&kept, &arn(&format!("mine/1/{}", "b".repeat(32)))), None);
        let names = |filter: ScalingFilter| {
            listed(&kept, &filter)
                .iter()
                .map(|kept| format!("{}/{}", kept.configuration.name, kept.configuration.revision))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(ScalingFilter { name: None, latest_only: true }), ["DefaultConfiguration/1", "mine/2"]);
        assert_eq!(names(ScalingFilter { name: Some("mine".to_owned()), latest_only: false }), ["mine/1", "mine/2"]);
    }

    #[test]
    fn the_default_is_what_was_chosen_and_only_that_one_cannot_go() {
        let mut kept = kept("mine", 2);
        let default = chosen(&kept, &arn("mine")).unwrap().place();
        assert_eq!(default, ("mine", 2));
        let default = default_place(Some((default.0.to_owned(), default.1)));
        let delete = |kept: &[ScalingRevision], tail: &str, extent| {
            let answer = deleted(kept, &arn(tail), extent, Timestamp::from_millis(9), &default, |_| Ok::<_, Infallible>(false));
            answer.unwrap().map(|gone| gone.len()).map_err(|refusal| refusal.kind)
        };
        assert_eq!(delete(&kept, "mine/2", ScalingExtent::Revision), Err(RefusalKind::Invalid));
        assert_eq!(delete(&kept, "mine", ScalingExtent::Name), Err(RefusalKind::Invalid));
        assert_eq!(delete(&kept, "mine/1", ScalingExtent::Revision), Ok(1));
        assert_eq!(
            delete(&kept, "DefaultConfiguration/1", ScalingExtent::Revision),
            Ok(1),
            "the first one is one like any other then"
        );
        kept[1].deleted_at = Some(Timestamp::from_millis(9));
        assert_eq!(chosen(&kept, &arn("mine/1")).unwrap_err().message, DELETED);
        assert_eq!(chosen(&kept, &arn("yours")).unwrap_err().kind, RefusalKind::NotFound);
        kept[0].deleted_at = Some(Timestamp::from_millis(9));
        assert_eq!(with_default(&scope(), kept.clone()), kept, "a deleted first one does not come back");
    }

    #[test]
    fn limits_are_told_as_quotas_and_bad_sizes_as_invalid() {
        let full = kept("mine", limit::SCALING_REVISIONS);
        assert_eq!(next(&full, &new("mine")).unwrap_err().kind, RefusalKind::Quota);
        let mut names = with_default(&scope(), Vec::new());
        while names.len() < limit::SCALING_NAMES {
            let more = next(&names, &new(&format!("name-{}", names.len()))).unwrap();
            names.push(more);
        }
        assert_eq!(next(&names, &new("another")).unwrap_err().kind, RefusalKind::Quota);
        assert!(next(&names, &new("name-1")).is_ok(), "a name that is there takes no more room");
        let one = next(&[], &new("mine")).unwrap();
        let gone = ScalingRevision { deleted_at: Some(Timestamp::from_millis(6)), ..one };
        let refusal = next(&vec![gone; limit::SCALING_KEPT], &new("mine")).unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Quota, "{refusal}");
        for (concurrency_max, instances_min, instances_max, words) in [
            (limit::SCALING_CONCURRENCY + 1, 1, 1, "MaxConcurrency"),
            (1, 1, limit::SCALING_INSTANCES + 1, "MaxSize can be"),
            (1, 3, 2, "MinSize (3)"),
        ] {
            let mut new = new("mine");
            new.configuration = ScalingConfiguration { concurrency_max, instances_min, instances_max, ..new.configuration };
            let refusal = next(&[], &new).unwrap_err();
            assert_eq!(refusal.kind, RefusalKind::Invalid);
            assert!(refusal.message.contains(words), "{refusal}");
        }
    }

    #[test]
    fn a_deletion_is_refused_whole_with_its_reason() {
        let kept = kept("mine", 2);
        let delete = |tail: &str, extent, used: bool| {
            let answer =
                deleted(&kept, &arn(tail), extent, Timestamp::from_millis(9), &default_place(None), |_| Ok::<_, Infallible>(used));
            answer.unwrap().map(|gone| gone.len()).map_err(|refusal| refusal.message)
        };
        assert_eq!(delete("mine", ScalingExtent::Revision, false), Ok(1));
        assert_eq!(delete("mine", ScalingExtent::Name, false), Ok(2));
        for (tail, extent, used, words) in [
            ("mine/1", ScalingExtent::Name, false, "must end with the name"),
            ("mine", ScalingExtent::Name, true, "is used by a service"),
            ("DefaultConfiguration", ScalingExtent::Revision, false, "cannot be deleted"),
            ("yours", ScalingExtent::Revision, false, "does not exist"),
            ("mine/9", ScalingExtent::Revision, false, "does not exist"),
        ] {
            let message = delete(tail, extent, used).unwrap_err();
            assert!(message.contains(words), "{message}");
        }
    }
}
