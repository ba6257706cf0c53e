//! Tells the engine which images may run again: the rest of what it has unpacked it may forget.
//!
//! Kept are, of every service that is not deleted, the revisions that its phase names, the newest, and the one before it: what a rollback, a resume or
//! the next start takes. What runs is the engine's own to know.

use std::collections::{BTreeSet, HashSet};

use model::lifecycle::Promise;
use model::revision::ImagePin;
use model::trouble::Trouble;

use crate::ports::Ports;

/// One look at the ledger, handed to the engine.
pub async fn sweep_images(ports: &Ports) -> Result<(), Trouble> {
    let mut pins: HashSet<ImagePin> = HashSet::new();
    for service in ports.services.kept().await? {
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
    ports.images.keep(&pins).await
}
