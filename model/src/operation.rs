//! An operation: what a wish began and a caller can list.
//!
//! Source: App Runner service model, `OperationSummary`, `OperationStatus`; App Runner API Reference.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::text_noun;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// A version 4 UUID with dashes, 36 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperationId(String);

impl OperationId {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let shape = |(at, b): (usize, u8)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
        };
        if text.len() == 36 && text.bytes().enumerate().all(shape) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!("'{text}' is not an operation id.")))
        }
    }

    /// Makes a version 4 UUID of 16 random bytes.
    pub fn from_random(mut bytes: [u8; 16]) -> Self {
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        Self(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_noun!(OperationId);

/// Which wish began it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OperationKind {
    Create,
    Update,
    Deployment,
    Pause,
    Resume,
    Delete,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OperationState {
    InProgress,
    RollingBack,
    Ended { at: Timestamp, outcome: Outcome },
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Succeeded,
    /// Nothing to go back to.
    Failed(Failure),
    /// The version before serves again.
    RolledBack(Failure),
}

/// Why an operation failed: one or two sentences that say what happened, what we saw, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub message: String,
}

/// One operation of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub id: OperationId,
    pub kind: OperationKind,
    pub started_at: Timestamp,
    pub updated_at: Timestamp,
    pub state: OperationState,
}

impl Operation {
    pub fn begun(id: OperationId, kind: OperationKind, now: Timestamp) -> Self {
        Self { id, kind, started_at: now, updated_at: now, state: OperationState::InProgress }
    }

    pub fn with_state(&self, state: OperationState, now: Timestamp) -> Self {
        Self { state, updated_at: now, ..self.clone() }
    }

    pub fn is_open(&self) -> bool {
        match self.state {
            OperationState::InProgress | OperationState::RollingBack => true,
            OperationState::Ended { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_id_is_a_version_4_uuid_of_36_characters() {
        let id = OperationId::from_random([0xff; 16]);
        assert_eq!(id.as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(OperationId::parse(id.as_str()).unwrap(), id);
        assert!(OperationId::parse("ffffffffffff4fffbfffffffffffffff").is_err());
    }
}
