//! What is seen of a service right now: instances from the engine, requests from the edge, the route from the table.

use model::autoscale::{self, Window};
use model::instance::{InstanceName, InstancePhase, InstanceSeen};
use model::lifecycle::{Promise, RouteSeen, Seen, Sight, Spare};
use model::port::{Versioned, Woken};
use model::revision::Revision;
use model::service::{Service, ServiceId};
use model::tag::ServiceOptions;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::checkpoint::Breakage;
use crate::ports::Ports;

/// Reads a service and the revisions that its phase names.
pub(crate) async fn promise(ports: &Ports, id: &ServiceId) -> Result<Option<Versioned<Promise>>, Trouble> {
    let Some(Versioned { version, value: service }) = ports.services.by_id(id).await? else { return Ok(None) };
    let mut revisions = std::collections::BTreeMap::new();
    for number in Promise::revisions_named(&service.phase) {
        let revision = ports.revisions.get(id, number).await?;
        let revision = revision
            .ok_or_else(|| Trouble::lasting("reading a revision", format!("revision {number} of {id} is not in the ledger")))?;
        revisions.insert(number, revision);
    }
    let options = options(&service);
    Ok(Some(Versioned { version, value: Promise { service, revisions, options } }))
}

/// Tags were checked when they came in; what an older version let through has its default.
fn options(service: &Service) -> ServiceOptions {
    service.tags.service_options().unwrap_or_default()
}

/// Looks at everything that `plan` compares with the promise. `window` is what was wanted of late; `woken` says whether somebody rang for this look.
pub(super) async fn seen(
    ports: &Ports,
    id: &ServiceId,
    promise: &Promise,
    window: &mut Window,
    woken: Woken,
) -> Result<Seen, Trouble> {
    let route = ports.routes.seen(id);
    let instances = ports.engine.look(id).await?;
    let is_carried = |name: &InstanceName| match &route {
        RouteSeen::Carried(names) => names.contains(name),
        RouteSeen::Unknown | RouteSeen::Absent => false,
    };
    let drains = instances.iter().any(|instance| instance.phase == InstancePhase::Ready && !is_carried(&instance.name));
    let now = ports.clock.now();
    let scales = promise.routed().is_some_and(|revision| scales(revision, &instances, window, woken, now));
    // Asked for only where it decides something: a service at rest with its least is rung for as soon as a request has to wait.
    let asks = drains || scales;
    let demand = if asks { ports.gauge.read().await.inspect_err(|trouble| unanswered(id, trouble)).ok() } else { None };
    demand.iter().for_each(|demand| ports.spares.note(demand));
    let wanted = match promise.routed() {
        Some(revision) => {
            if let Some(demand) = demand.as_ref().filter(|_| scales) {
                let requests = demand.services.get(id).copied().unwrap_or_default();
                window.note(autoscale::wanted(&requests, &revision.configuration.scaling), now);
            }
            window.wanted(now)
        }
        None => {
            window.forget();
            0
        }
    };
    let sights = instances.into_iter().map(|instance| {
        let in_flight = match &demand {
            Some(_) if ports.checkpoints.is_broken(Breakage::Drain) => 0,
            Some(demand) => demand.in_flight(&instance.name),
            // Without an answer it may be busy.
            None => u32::from(asks),
        };
        let unrouted_since = ports.routes.unrouted_since(&instance.name);
        Sight { instance, in_flight, unrouted_since }
    });
    Ok(Seen { instances: sights.collect(), route, wanted, spare: Spare::Kept })
}

/// A front door that does not answer keeps nobody from mending what serves.
fn unanswered(id: &ServiceId, trouble: &Trouble) {
    tracing::warn!(service = %id, cause = %trouble.chain(), "what is in flight is not known; what was wanted of late holds");
}

/// Whether the demand may change how many instances of a revision run.
fn scales(revision: &Revision, instances: &[InstanceSeen], window: &mut Window, woken: Woken, now: Timestamp) -> bool {
    let scaling = &revision.configuration.scaling;
    if window.is_empty() {
        // A platform that comes back takes as many as it finds for wanted: they have a minute to show that they are.
        window.note(autoscale::clamped(standing(revision, instances), scaling), now);
    }
    scaling.instances_min < scaling.instances_max && (woken == Woken::Rung || window.wanted(now) > scaling.instances_min)
}

/// Instances of a revision that nobody has asked to end.
pub(crate) fn standing(revision: &Revision, instances: &[InstanceSeen]) -> u16 {
    let lives = |instance: &&InstanceSeen| match instance.phase {
        InstancePhase::Starting { .. } | InstancePhase::Ready | InstancePhase::Unwell { .. } | InstancePhase::Dormant(_) => true,
        InstancePhase::Exited(ref exit) => !exit.asked,
        InstancePhase::Created | InstancePhase::Stopping => false,
    };
    let of_it = instances.iter().filter(|instance| instance.name.revision == revision.number).filter(lives);
    u16::try_from(of_it.count()).unwrap_or(u16::MAX)
}
