//! A revision: a configuration with its image pinned. Never changed once written.

use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::configuration::Configuration;
use crate::digest::Digest;
use crate::image_reference::RepositoryName;
use crate::operation::OperationId;
use crate::time::Timestamp;

/// Counts up from 1 within a service.
pub type RevisionNumber = u32;

/// An image that cannot move: a manifest (or an index) in a repository, by digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImagePin {
    pub scope: Scope,
    pub repository: RepositoryName,
    pub digest: Digest,
}

/// What was deployed, for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    pub number: RevisionNumber,
    pub created_at: Timestamp,
    pub configuration: Configuration,
    pub image: ImagePin,
    /// Which operation wrote it; unknown of those that an older program wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationId>,
    /// The earlier revision that it brings back, if it is a rollback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<RevisionNumber>,
}

/// A revision as a caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionView {
    pub revision: Revision,
    /// Whether it is the one that serves, or will when a paused service is resumed.
    pub is_current: bool,
    /// Whether its image is still here, and the values of its secrets are, so that the service can go back to it.
    pub is_kept: bool,
}
