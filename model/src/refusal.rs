//! What the caller must mend. Carries the words the caller reads; each door turns the kind into its protocol's fault.
//!
//! Never carries our own troubles (see `trouble`) and never a secret.

use serde::{Deserialize, Serialize};

/// Why a call is refused, apart from the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RefusalKind {
    /// The input is wrong, or says something that this version cannot do.
    Invalid,
    /// What the call names does not exist in this account and region.
    NotFound,
    /// What the call would create is there already.
    AlreadyExists,
    /// Right input, wrong moment: the resource's present state does not allow it.
    WrongState,
    /// A quota is used up.
    Quota,
    /// The caller may not do this.
    Denied,
    /// Too many calls; the caller may try again later.
    Throttled,
}

/// A refused call: what is wrong and what to do, in a sentence the caller reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct Refusal {
    pub kind: RefusalKind,
    pub message: String,
}

impl Refusal {
    pub fn new(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Invalid, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::NotFound, message)
    }

    pub fn wrong_state(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::WrongState, message)
    }
}
