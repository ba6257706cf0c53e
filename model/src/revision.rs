//! A revision: a configuration with its image pinned. Never changed once written.

use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::configuration::Configuration;
use crate::digest::Digest;
use crate::image_reference::RepositoryName;
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
}
