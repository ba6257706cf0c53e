//! Says which images may run again: of those the store keeps the platform's own copies, and the engine what it has unpacked. The rest may go.
//!
//! Kept are, of every service that is not deleted, the revisions that its phase names and the newest few: what a rollback, a resume or the next start
//! takes. Unpacked are only those of the newest two, and what the phase names. What runs is the engine's own to know.

use std::collections::{BTreeSet, HashSet};

use model::lifecycle::{Promise, kept_revisions};
use model::revision::ImagePin;
use model::service::{Phase, Service, Step};
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::limit::COPY_KEPT;
use crate::ports::Ports;

/// One look at the ledger, told to the store and the engine.
pub async fn sweep_images(ports: &Ports) -> Result<(), Trouble> {
    // What is pinned from now on may be for a revision that this look does not see.
    let sweep = ports.pin_dates.sweep(&*ports.clock);
    let mut before = sweep.before;
    let (mut pins, mut unpacked): (HashSet<ImagePin>, HashSet<ImagePin>) = Default::default();
    let services = ports.services.kept().await?;
    for service in &services {
        before = before.min(resolving_since(service).unwrap_or(before));
        let newest = service.revisions;
        let mut numbers: BTreeSet<_> = Promise::revisions_named(&service.phase);
        numbers.extend([newest, newest.saturating_sub(1)]);
        for number in kept_revisions(service) {
            if let Some(revision) = ports.revisions.get(&service.id, number).await? {
                if numbers.contains(&number) {
                    unpacked.insert(revision.image.clone());
                }
                pins.insert(revision.image);
            }
        }
    }
    let (pins, unpacked): (Vec<ImagePin>, Vec<ImagePin>) = (pins.into_iter().collect(), unpacked.into_iter().collect());
    ports.pinned_images.keep(&pins, before).await?;
    drop(sweep);
    keep_copies(ports, &pins).await?;
    ports.images.keep(&unpacked).await
}

/// Copies of foreign images that no service needs go. One that a service finds while no revision says so yet was touched, and is pinned after that.
async fn keep_copies(ports: &Ports, pins: &[ImagePin]) -> Result<(), Trouble> {
    let kept_millis = i64::try_from(COPY_KEPT.as_millis()).expect("a day");
    let before = Timestamp::from_millis(ports.clock.now().millis() - kept_millis);
    let gone = ports.image_copies.keep(pins, before).await?;
    if gone > 0 {
        tracing::info!(images = gone, "copies of foreign images that no service needs are removed");
    }
    Ok(())
}

/// Since when a service may have an image pinned that no revision names yet. The pin is never dated earlier: whoever sets the clock back must not make it
/// look like one of before.
pub(crate) fn resolving_since(service: &Service) -> Option<Timestamp> {
    match &service.phase {
        Phase::Moving { operation, step: Step::Resolving, .. } => Some(operation.started_at),
        Phase::Moving {
            step: Step::Starting { .. } | Step::Routing { .. } | Step::Retiring | Step::RollingBack { .. }, ..
        }
        | Phase::Still(_) => None,
    }
}
