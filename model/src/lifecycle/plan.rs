//! What to do next, from what we promised and what we see. Same inputs, same answer.
//!
//! A route is published before success is said, and unpublished before an instance is stopped: an instance is only stopped once the edge's own
//! table is seen to be without it.

use std::time::Duration;

use crate::instance::{InstanceName, InstancePhase, InstanceSeen};
use crate::lifecycle::{Promise, RouteSeen, Seen, Sight, Spare, Targets};
use crate::limit;
use crate::service::{Phase, Step};
use crate::time::Timestamp;

/// One thing to do. Performing it twice is performing it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Find out which image the reference means, and unpack it; `absorb_image` takes the answer.
    Resolve,
    /// Begins it, whether or not it was made ahead.
    Start(InstanceName),
    /// Makes it ahead. If that fails, nobody lacks anything.
    Create(InstanceName),
    /// From whatever rest.
    Wake(InstanceName),
    /// Make the edge carry exactly this.
    Publish(RouteSeen),
    /// Begins its end and does not wait for it.
    Stop {
        name: InstanceName,
        grace: Duration,
    },
    Discard(InstanceName),
}

/// Effects in the order to perform them, and when to look again without a bell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub effects: Vec<Effect>,
    pub look_again: Duration,
}

/// Compares promise with sight.
pub fn plan(promise: &Promise, seen: &Seen, now: Timestamp) -> Plan {
    let targets = Targets::of(&promise.service.phase);
    let mut effects = Vec::new();
    let route = wanted_route(promise, seen);
    if seen.route != route {
        effects.push(Effect::Publish(route.clone()));
    }
    let wanted: Vec<InstanceName> = targets.run.iter().flat_map(|revision| promise.wanted(*revision, seen)).collect();
    // A name that vanished is begun once nobody is sent to it any more: requests would come before it is ready.
    let is_free = |name: &&InstanceName| seen.of(name).is_none() && !is_in(&seen.route, name);
    effects.extend(wanted.iter().filter(is_free).cloned().map(Effect::Start));
    let spare = promise.spare(seen);
    for sight in &seen.instances {
        let InstanceSeen { name, phase, .. } = &sight.instance;
        let effect = if wanted.contains(name) {
            mend(promise, seen, sight, now)
        } else if spare.as_ref() == Some(name) && *phase == InstancePhase::Created {
            None
        } else if is_in(&route, name) {
            // It serves on in the place of one that is missing.
            None
        } else {
            retire(promise, seen, sight, now)
        };
        effects.extend(effect);
    }
    // Last: it may take long, or fail for troubles of ours, and what serves must not wait for it.
    if let Phase::Moving { step: Step::Resolving, .. } = &promise.service.phase {
        effects.push(Effect::Resolve);
    }
    // One that is made ahead and has no effect waits, as it shall.
    let is_settled = |phase: &InstancePhase| super::is_ready(phase) || *phase == InstancePhase::Created;
    let settled = effects.is_empty() && seen.instances.iter().all(|sight| is_settled(&sight.instance.phase));
    // Only at rest: nothing that somebody waits for shall be slower for it.
    if settled && seen.spare == Spare::Wanted && matches!(promise.service.phase, Phase::Still(_)) {
        effects.extend(spare.filter(|name| seen.of(name).is_none()).map(Effect::Create));
    }
    let look_again = match &promise.service.phase {
        Phase::Still(_) if settled && is_scaled_out(promise, seen) => limit::LOOK_AGAIN_SCALED,
        // Where there is a route, a request may come, and its bell may be lost.
        Phase::Still(_) if settled && seen.instances.is_empty() && promise.routed().is_none() => limit::LOOK_AGAIN_EMPTY,
        Phase::Still(_) if settled => limit::LOOK_AGAIN_STILL,
        Phase::Still(_) | Phase::Moving { .. } => limit::LOOK_AGAIN_MOVING,
    };
    Plan { effects, look_again }
}

/// What the edge shall carry for a service, by what runs now: as many as are wanted, lowest slots first. While one of those is missing, one that is
/// not wanted any more serves on in its place.
pub fn wanted_route(promise: &Promise, seen: &Seen) -> RouteSeen {
    match Targets::of(&promise.service.phase).route {
        Some(revision) => {
            let wanted = usize::from(promise.count(revision, seen));
            RouteSeen::Carried(seen.ready(revision).into_iter().take(wanted).collect())
        }
        None => RouteSeen::Absent,
    }
}

/// Whether more instances are wanted than the least.
fn is_scaled_out(promise: &Promise, seen: &Seen) -> bool {
    promise.routed().is_some_and(|revision| promise.count(revision.number, seen) > revision.configuration.scaling.instances_min)
}

/// A wanted instance that was made ahead is begun, one that rests is woken, one that ended is started again after a pause; one that never gets
/// healthy is ended, and replaced at once: it had the pause before, to get healthy after all. (While a revision starts for the first time, `absorb` gives up at the first exit, so nothing is mended there.)
fn mend(promise: &Promise, seen: &Seen, sight: &Sight, now: Timestamp) -> Option<Effect> {
    let name = &sight.instance.name;
    let grace = promise.options.stop_grace;
    match &sight.instance.phase {
        InstancePhase::Ready | InstancePhase::Stopping => None,
        InstancePhase::Created => Some(Effect::Start(name.clone())),
        InstancePhase::Dormant(_) => Some(Effect::Wake(name.clone())),
        InstancePhase::Unwell { .. } => (!is_in(&seen.route, name)).then(|| Effect::Stop { name: name.clone(), grace }),
        InstancePhase::Starting { .. } => {
            let patience = promise.options.startup_timeout + restart_pause(promise.service.exits);
            let overdue = now.since(sight.instance.started_at) >= patience;
            overdue.then(|| Effect::Stop { name: name.clone(), grace })
        }
        InstancePhase::Exited(exit) => {
            // An end in the future means that the clock was set back: nobody waits until it has caught up.
            let rested = now < exit.at || now.since(exit.at) >= restart_pause(promise.service.exits);
            (rested && !is_in(&seen.route, name)).then(|| Effect::Discard(name.clone()))
        }
    }
}

/// An instance that nobody wants any more is drained, stopped and discarded, in this order.
fn retire(promise: &Promise, seen: &Seen, sight: &Sight, now: Timestamp) -> Option<Effect> {
    let name = &sight.instance.name;
    if is_in(&seen.route, name) {
        return None;
    }
    match &sight.instance.phase {
        InstancePhase::Stopping => None,
        InstancePhase::Exited(_) => Some(Effect::Discard(name.clone())),
        InstancePhase::Created | InstancePhase::Starting { .. } | InstancePhase::Unwell { .. } | InstancePhase::Dormant(_) => {
            Some(Effect::Stop { name: name.clone(), grace: promise.options.stop_grace })
        }
        InstancePhase::Ready => {
            let drain_max = promise.options.request_timeout.map_or(limit::DRAIN_UNLIMITED, |t| t + limit::DRAIN_MARGIN);
            let overdue = sight.unrouted_since.is_some_and(|since| now.since(since) >= drain_max);
            (sight.in_flight == 0 || overdue).then(|| Effect::Stop { name: name.clone(), grace: promise.options.stop_grace })
        }
    }
}

/// Doubles with every exit.
fn restart_pause(exits: u32) -> Duration {
    let pause = limit::RESTART_PAUSE.saturating_mul(1u32.checked_shl(exits).unwrap_or(u32::MAX));
    pause.min(limit::RESTART_PAUSE_MAX)
}

/// Whether a route leads to an instance, or may: as long as it is unknown it may lead to each.
fn is_in(route: &RouteSeen, name: &InstanceName) -> bool {
    match route {
        RouteSeen::Unknown => true,
        RouteSeen::Absent => false,
        RouteSeen::Carried(carried) => carried.contains(name),
    }
}
