//! Groups of log lines and their streams, as their owners see them: names, when they were made, how long their lines are kept.
//!
//! Never holds a line. Source: CloudWatch Logs API Reference (names, retention); App Runner Developer Guide (which groups there are).

use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::limit::TAGS;
use crate::refusal::{Refusal, RefusalKind};
use crate::tag::Tags;
use crate::time::Timestamp;

/// What a group is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogGroupKey {
    pub scope: Scope,
    pub name: String,
}

impl LogGroupKey {
    /// `arn:aws:logs:<region>:<account>:log-group:<name>`, without the `:*` that some answers add.
    pub fn arn(&self) -> String {
        format!("arn:aws:logs:{}:{}:log-group:{}", self.scope.region, self.scope.account, self.name)
    }

    /// What a call on the whole group is authorized on: `arn:aws:logs:<region>:<account>:log-group:<name>:log-stream:`, which policies
    /// mean by the `:*` at their end. Source: CloudWatch Logs' own AccessDeniedException. Operations of tags ask for [`Self::arn`].
    pub fn action_arn(&self) -> String {
        self.stream_arn("")
    }

    /// `arn:aws:logs:<region>:<account>:log-group:<name>:log-stream:<stream>`.
    pub fn stream_arn(&self, stream: &str) -> String {
        format!("{}:log-stream:{stream}", self.arn())
    }

    /// The refusal of a group that is not there. Source: CloudWatch Logs, ResourceNotFoundException.
    pub fn not_found(&self) -> Refusal {
        Refusal::not_found("The specified log group does not exist.")
    }

    /// The refusal of a stream that is not there.
    pub fn stream_not_found(&self) -> Refusal {
        Refusal::not_found("The specified log stream does not exist.")
    }

    /// A group's tags with some more, and some less.
    ///
    /// # Errors
    /// Refused (`Quota`) where they would be more than `limit::TAGS`.
    pub fn retagged(&self, tags: Tags, given: &Tags, taken: &[String]) -> Result<Tags, Refusal> {
        let mut tags = tags;
        tags.0.extend(given.0.iter().map(|(key, value)| (key.clone(), value.clone())));
        tags.0.retain(|key, _| !taken.contains(key));
        if tags.0.len() > TAGS {
            let message = format!("The log group {} would have {} tags; it can have {TAGS} at most.", self.name, tags.0.len());
            return Err(Refusal::new(RefusalKind::Quota, message));
        }
        Ok(tags)
    }

    /// The refusal of a second group of this name. Source: CloudWatch Logs, ResourceAlreadyExistsException.
    pub fn taken(&self) -> Refusal {
        Refusal::new(RefusalKind::AlreadyExists, "The specified log group already exists")
    }

    /// The refusal of a second stream of one name.
    pub fn stream_taken(&self) -> Refusal {
        Refusal::new(RefusalKind::AlreadyExists, "The specified log stream already exists")
    }
}

/// How long lines are kept, in days: one of the numbers that CloudWatch Logs knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct RetentionDays(u32);

/// Source: CloudWatch Logs API Reference, PutRetentionPolicy.
const RETENTIONS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

impl RetentionDays {
    pub fn parse(days: i64) -> Result<Self, Refusal> {
        let known = u32::try_from(days).ok().filter(|days| RETENTIONS.contains(days));
        known.map(Self).ok_or_else(|| {
            let all = RETENTIONS.map(|days| days.to_string()).join(", ");
            Refusal::invalid(format!("{days} is not a number of days that log lines can be kept: choose one of {all}."))
        })
    }

    pub fn days(self) -> u32 {
        self.0
    }

    /// Lines before this moment have been kept long enough.
    pub fn cutoff(self, now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.millis() - i64::from(self.0) * 24 * 3_600_000)
    }
}

impl TryFrom<u32> for RetentionDays {
    type Error = Refusal;

    fn try_from(days: u32) -> Result<Self, Refusal> {
        Self::parse(days.into())
    }
}

impl From<RetentionDays> for u32 {
    fn from(retention: RetentionDays) -> Self {
        retention.0
    }
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogGroup {
    pub key: LogGroupKey,
    pub created_at: Timestamp,
    /// `None`: lines are kept until all lines together take too much room.
    pub retention: Option<RetentionDays>,
    /// Bytes on the disk, compressed.
    pub stored_bytes: u64,
    pub tags: Tags,
}

/// A stream of a group. A stream that never had a line has no times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogStreamSummary {
    pub name: String,
    pub created_at: Timestamp,
    /// Of its oldest kept line, or an older one that went a short while ago.
    pub first_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
    pub ingested_at: Option<Timestamp>,
}

/// Which groups of a scope are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupNames {
    All,
    Prefix(String),
    /// Anywhere in the name; upper and lower case differ.
    Containing(String),
}

impl GroupNames {
    pub fn accept(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Prefix(prefix) => name.starts_with(prefix),
            Self::Containing(part) => name.contains(part),
        }
    }
}

/// Streams of a group, in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamList {
    pub prefix: String,
    pub order: StreamOrder,
    pub direction: Direction,
}

/// What streams are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamOrder {
    Name,
    /// By the time of the newest line; those without one first.
    LastLine,
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountId, Region};

    #[test]
    fn only_the_numbers_of_days_that_cloudwatch_knows_are_a_retention() {
        assert_eq!(RetentionDays::parse(7).unwrap().days(), 7);
        for wrong in [0, -1, 2, 4, 3654, i64::MAX] {
            assert!(RetentionDays::parse(wrong).unwrap_err().message.contains("3653"), "{wrong}");
        }
        let now = Timestamp::from_millis(100 * 24 * 3_600_000);
        assert_eq!(RetentionDays::parse(90).unwrap().cutoff(now).millis(), 10 * 24 * 3_600_000);
    }

    #[test]
    fn a_group_has_so_many_tags_and_one_that_is_given_anew_does_not_count_twice() {
        let (account, region) = ("000000000000", "us-east-1");
        let scope = Scope { account: AccountId::parse(account).unwrap(), region: Region::parse(region).unwrap() };
        let key = LogGroupKey { scope, name: "g".to_owned() };
        let many = |from: usize, to: usize| Tags((from..to).map(|n| (format!("k{n}"), "v".to_owned())).collect());
        let full = key.retagged(many(0, 20), &many(0, TAGS), &[]).unwrap();
        assert_eq!(full.0.len(), TAGS);
        assert_eq!(key.retagged(full.clone(), &many(0, TAGS + 1), &[]).unwrap_err().kind, RefusalKind::Quota);
        assert_eq!(key.retagged(full, &Tags::default(), &["k0".to_owned(), "nobody".to_owned()]).unwrap().0.len(), TAGS - 1);
    }
}
