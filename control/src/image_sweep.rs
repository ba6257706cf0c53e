//! Tells the engine which images may run again: the rest of what it has unpacked it may forget.
//!
//! Kept are, of every service that is not deleted, the revisions that its phase names, the newest, and the one before it: what a rollback, a resume or
//! the next start takes. What runs is the engine's own to know.

use std::collections::{BTreeSet, HashSet};

use model::lifecycle::Promise;
use model::revision::ImagePin;
use model::service::{Phase, Service, Step};
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::limit::COPY_KEPT;
use crate::ports::Ports;

/// One look at the ledger, handed to the engine.
pub async fn sweep_images(ports: &Ports) -> Result<(), Trouble> {
    let mut pins: HashSet<ImagePin> = HashSet::new();
    let services = ports.services.kept().await?;
    for service in &services {
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
    keep_copies(ports, &services, &pins).await?;
    ports.images.keep(&pins).await
}

/// Copies of foreign images that no service needs go, but not while one is looking for its image: it may find an old copy, and no revision says so yet.
async fn keep_copies(ports: &Ports, services: &[Service], pins: &[ImagePin]) -> Result<(), Trouble> {
    let is_resolving = |service: &Service| matches!(&service.phase, Phase::Moving { step: Step::Resolving, .. });
    if services.iter().any(is_resolving) {
        return Ok(());
    }
    let kept_millis = i64::try_from(COPY_KEPT.as_millis()).expect("a day");
    let before = Timestamp::from_millis(ports.clock.now().millis() - kept_millis);
    let gone = ports.image_copies.keep(pins, before).await?;
    if gone > 0 {
        tracing::info!(images = gone, "copies of foreign images that no service needs are removed");
    }
    Ok(())
}
