//! A service: its identity, what it is asked to run, and where it stands. The status on the wire is computed from `Phase`, never stored.
//!
//! Source of truth: App Runner API Reference.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{Scope, text_noun};
use crate::arn::ServiceArn;
use crate::configuration::Configuration;
use crate::digest::Digest;
use crate::instance::InstanceName;
use crate::operation::{Failure, Operation};
use crate::refusal::Refusal;
use crate::revision::RevisionNumber;
use crate::service_name::ServiceName;
use crate::tag::Tags;
use crate::time::Timestamp;

/// 32 lower-case hexadecimal digits. Safe as a file name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceId(String);

impl ServiceId {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if text.len() == 32 && plain {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not a service id: expected 32 hexadecimal digits.")))
        }
    }

    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(bytes.iter().map(|b| format!("{b:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first label of a service's host: ten lower-case letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostLabel(String);

impl HostLabel {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() == 10 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not a host label: expected 10 lower-case letters and digits.")))
        }
    }

    /// A label of random bytes. 52 bits, so a collision is a bug of the dice, and the ledger refuses it.
    pub fn from_random(bytes: [u8; 10]) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        Self(bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_noun!(ServiceId);
text_noun!(HostLabel);

/// A service as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub scope: Scope,
    pub name: ServiceName,
    pub id: ServiceId,
    pub label: HostLabel,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub tags: Tags,
    /// What the caller asked for last; a rolled-back update puts the old one back.
    pub configuration: Configuration,
    /// The highest revision ever written.
    pub revisions: RevisionNumber,
    pub phase: Phase,
    /// What the watched tag pointed at when it was last deployed, tried or passed over: another push is one that points it elsewhere.
    pub push_noticed: Option<Digest>,
    /// The versions of its secrets that were last deployed or tried because they had changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets_noticed: Option<BTreeMap<String, String>>,
    /// Serving instances that ended one soon after the other: how long the next one waits before it is started again.
    #[serde(default)]
    pub exits: u32,
    /// Instances whose full disks somebody was told of.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub full_noticed: BTreeSet<InstanceName>,
}

/// At rest, or with one operation under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The only phase in which a wish can begin.
    Still(Standing),
    /// `from` is where a rollback returns to; nothing for a service that is being created.
    Moving { from: Option<Standing>, operation: Operation, step: Step },
}

impl Phase {
    /// The revision that a rollback of the operation under way returns to: what it names is in use as long as that can be.
    pub fn returns_to(&self) -> Option<RevisionNumber> {
        match self {
            Self::Moving { from: Some(Standing::Running { revision } | Standing::Paused { revision }), .. } => Some(*revision),
            Self::Moving {
                from: Some(Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. }) | None, ..
            }
            | Self::Still(_) => None,
        }
    }
}

/// Where a service rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    Running { revision: RevisionNumber },
    Paused { revision: RevisionNumber },
    CreateFailed,
    DeleteFailed,
    Deleted { at: Timestamp },
}

/// How far an operation is. Steps move forward, but from `Routing` to `Starting` of the same revision, when the machine took its instances with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Finding out which image the reference means, and unpacking it.
    Resolving,
    /// The revision is written; its instances start beside what serves now.
    Starting { revision: RevisionNumber, since: Timestamp, warned: bool },
    /// Its instances are ready; the route moves to them.
    Routing { revision: RevisionNumber },
    /// Nothing shall be routed and nothing shall run.
    Retiring,
    /// It failed; the new instances go, what served before serves on.
    RollingBack { failure: Failure },
}

/// The status on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceStatus {
    OperationInProgress,
    Running,
    Paused,
    CreateFailed,
    DeleteFailed,
    Deleted,
}

impl Service {
    pub fn arn(&self) -> ServiceArn {
        ServiceArn { scope: self.scope.clone(), name: self.name.clone(), id: self.id.clone() }
    }

    pub fn status(&self) -> ServiceStatus {
        match &self.phase {
            Phase::Moving { .. } => ServiceStatus::OperationInProgress,
            Phase::Still(standing) => match standing {
                Standing::Running { .. } => ServiceStatus::Running,
                Standing::Paused { .. } => ServiceStatus::Paused,
                Standing::CreateFailed => ServiceStatus::CreateFailed,
                Standing::DeleteFailed => ServiceStatus::DeleteFailed,
                Standing::Deleted { .. } => ServiceStatus::Deleted,
            },
        }
    }

    /// When it was deleted, if it was.
    pub fn deleted_at(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Still(Standing::Deleted { at }) => Some(*at),
            Phase::Still(Standing::Running { .. } | Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed)
            | Phase::Moving { .. } => None,
        }
    }

    /// The host that answers for the service: `<label>.<region>.<domain>`, without a port.
    pub fn host(&self, domain: &str) -> String {
        format!("{}.{}.{domain}", self.label, self.scope.region)
    }
}
