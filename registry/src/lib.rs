//! The registry's door: the OCI distribution API under `/v2/`, as ECR offers it.
//!
//! Speaks OCI and keeps nothing: blobs, manifests and tags live behind `model::port`. Never touches a file, SQL or an AWS
//! shape. Source of truth: the OCI distribution specification 1.1; the ECR User Guide for what ECR adds.

mod blob;
mod body;
mod crew;
mod denial;
mod door;
mod fault;
#[cfg(test)]
mod fault_golden;
mod host;
mod image_pushes;
mod layer_link;
pub mod limit;
mod login;
mod manifest;
mod manifest_document;
mod open_uploads;
mod query;
mod range;
mod reference;
mod referrer;
mod reply;
mod tag;
mod upload;

use std::sync::Arc;

use model::port::{Audit, Bell, Blobs, Clock, Dice, Gatekeeper, ImagePushes, ImageTags, Logins, Manifests, Repositories};
use model::secret::Secret;

pub use login::SignedLogins;

/// What the registry asks of the other rooms.
#[derive(Clone)]
pub struct Parts {
    pub repositories: Arc<dyn Repositories>,
    pub tags: Arc<dyn ImageTags>,
    pub manifests: Arc<dyn Manifests>,
    pub blobs: Arc<dyn Blobs>,
    /// Checks passwords: `SignedLogins` with the same key that ECR's `GetAuthorizationToken` issues by.
    pub logins: Arc<dyn Logins>,
    pub gatekeeper: Arc<dyn Gatekeeper>,
    /// What was denied is written down there.
    pub audit: Arc<dyn Audit>,
    /// Rung (`Ring::Pushes`) after a tag was made or moved.
    pub bell: Arc<dyn Bell>,
    pub clock: Arc<dyn Clock>,
    pub dice: Arc<dyn Dice>,
    /// What links to layers are signed with: at least 32 bytes that nobody can guess, and the same after a restart.
    pub link_key: Secret,
}

/// The two sides of one registry.
pub struct Doors {
    /// Routes `/v2`, `/v2/` and everything below; merge it with the other doors' routers.
    pub router: axum::Router,
    /// The same rules, uploads and limits for ECR's own operations.
    pub pushes: Arc<dyn ImagePushes>,
    /// How full it is.
    pub fullness: Fullness,
}

/// How full the registry is.
pub struct Fullness(Arc<door::Registry>);

impl Fullness {
    /// Of each of its queues: the name, how many there are in it, and how many there may be.
    #[must_use]
    pub fn queues(&self) -> [(&'static str, usize, usize); 2] {
        let (manifests, bodies) = self.0.held();
        [("registry manifests", manifests, limit::MANIFESTS_HELD), ("registry bodies sent", bodies, limit::BODIES_SENT)]
    }
}

/// Opens the registry.
///
/// Changing calls run to their end even when the client has gone; dropping both doors (and their clones) ends them.
pub fn open(parts: Parts) -> Doors {
    let registry = door::registry(parts);
    Doors {
        router: door::router(Arc::clone(&registry)),
        fullness: Fullness(Arc::clone(&registry)),
        pushes: Arc::new(image_pushes::Pushes(registry)),
    }
}
