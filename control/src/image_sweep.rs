//! Says which images may run again: of those the store keeps the platform's own copies, and the engine what it has unpacked. The rest may go.
//!
//! Kept are, of every service that is not deleted, the revisions that its phase names, the newest, and the one before it: what a rollback, a resume or
//! the next start takes. What runs is the engine's own to know.

use std::collections::{BTreeSet, HashSet};

use model::lifecycle::Promise;
use model::revision::ImagePin;
use model::service::{Phase, Service, Step};
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::ports::Ports;

/// One look at the ledger, told to the store and the engine.
pub async fn sweep_images(ports: &Ports) -> Result<(), Trouble> {
    // What is pinned from now on may be for a revision that this look does not see.
    let mut before = ports.clock.now();
    let mut pins: HashSet<ImagePin> = HashSet::new();
    for service in ports.services.kept().await? {
        before = before.min(resolving_since(&service).unwrap_or(before));
        let newest = service.revisions;
        let mut numbers: BTreeSet<_> = Promise::revisions_named(&service.phase);
        numbers.extend([newest, newest.saturating_sub(1)]);
        numbers.remove(&0);
        for number in numbers {
            if let Some(revision) = ports.revisions.get(&service.id, number).await? {
                pins.insert(revision.image);
            }
        }
    }
    let pins: Vec<ImagePin> = pins.into_iter().collect();
    ports.pinned_images.keep(&pins, before).await?;
    ports.images.keep(&pins).await
}

/// Since when a service may have an image pinned that no revision names yet.
fn resolving_since(service: &Service) -> Option<Timestamp> {
    match &service.phase {
        Phase::Moving { operation, step: Step::Resolving, .. } => Some(operation.started_at),
        Phase::Moving {
            step: Step::Starting { .. } | Step::Routing { .. } | Step::Retiring | Step::RollingBack { .. }, ..
        }
        | Phase::Still(_) => None,
    }
}
