//! A service's life as three pure functions: `admit` answers a wish, `absorb` writes down what was seen, `plan` says what to do next.
//!
//! `plan` takes no event: it compares what was promised with what is seen, so the path after a crash is the path of every day.
//!
//! ```text
//!             Create                          (image known)          (all ready)         (edge carries it)
//!   nothing ─────────▶ Resolving ──────────────▶ Starting ─────────────▶ Routing ───────────▶ Still(Running)
//!                          │ no such image          │ exited, time-out      │ ended again         │  Update, Deploy: Resolving
//!                          ▼                        ▼                       ▼                     │  Pause, Delete: Retiring
//!                      RollingBack ◀────────────────┴───────────────────────┘                     ▼
//!                          │ new instances gone                                     Retiring ─▶ Still(Paused | Deleted)
//!                          ▼                                                                     Resume: Starting
//!            Still(what it was, or CreateFailed)
//! ```
//!
//! One step goes back: instances that are gone in `Routing` without having ended (the machine lost its power) are started again.

mod absorb;
mod admit;
mod plan;
mod push;
mod roll_back;
mod secret_change;
mod words;

#[cfg(test)]
pub(crate) mod bench;

use std::collections::{BTreeMap, BTreeSet};

use crate::autoscale::clamped;
use crate::event::Event;
use crate::instance::{InstanceName, InstancePhase, InstanceSeen};
use crate::operation::Operation;
use crate::revision::{Revision, RevisionNumber};
use crate::service::{Phase, Service, Standing, Step};
use crate::tag::ServiceOptions;
use crate::time::Timestamp;

pub use absorb::{absorb, absorb_exit, absorb_full, absorb_image, give_up};
pub use admit::{Admission, FreshIds, admit, admit_create};
pub use plan::{Effect, Plan, plan, wanted_route};
pub use push::{Pushed, admit_push};
pub use roll_back::{admit_roll_back, before, cancel, kept_revisions, revisions_with_secrets};
pub use secret_change::admit_secret_change;

/// What we promised: a service, and those of its revisions that its phase names.
#[derive(Clone, Debug)]
pub struct Promise {
    pub service: Service,
    pub revisions: BTreeMap<RevisionNumber, Revision>,
    pub options: ServiceOptions,
}

/// What we see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub instances: Vec<Sight>,
    pub route: RouteSeen,
    /// Instances that the requests of late want; each revision's own least and most hold all the same.
    pub wanted: u16,
    pub spare: Spare,
}

/// Whether a service may have an instance made ahead, for the next burst or loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spare {
    /// Others are used more: one that is there goes.
    Unwanted,
    /// One that is there stays, and none is made now.
    Kept,
    /// If none is there, one is made.
    Wanted,
}

/// An instance, with what the edge says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    pub instance: InstanceSeen,
    /// Requests in flight, read after the last table was applied.
    pub in_flight: u32,
    /// Since when the edge's table is without it; nothing if it is in the table, or never was.
    pub unrouted_since: Option<Timestamp>,
}

/// What the edge carries for a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteSeen {
    /// This platform has not published yet, or its last publication failed: the edge may carry what was published before, or what was asked for last.
    Unknown,
    /// The service's hosts are not in the table: they answer 404.
    Absent,
    /// Its hosts lead to these; to none means that requests are held.
    Carried(BTreeSet<InstanceName>),
}

/// What a change of phase writes, apart from who asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub service: Service,
    pub operation: Option<Operation>,
    pub revision: Option<Revision>,
    pub events: Vec<Event>,
}

/// Which revisions shall have instances, and which of them is routed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Targets {
    run: Vec<RevisionNumber>,
    route: Option<RevisionNumber>,
}

impl Targets {
    fn of(phase: &Phase) -> Self {
        match phase {
            Phase::Still(standing) => Self::serving(standing_revision(standing)),
            Phase::Moving { from, step, .. } => {
                let before = from.as_ref().and_then(standing_revision);
                match step {
                    Step::Resolving | Step::RollingBack { .. } => Self::serving(before),
                    Step::Starting { revision, .. } => Self { run: before.into_iter().chain([*revision]).collect(), route: before },
                    Step::Routing { revision } => Self::serving(Some(*revision)),
                    Step::Retiring => Self::serving(None),
                }
            }
        }
    }

    fn serving(revision: Option<RevisionNumber>) -> Self {
        Self { run: revision.into_iter().collect(), route: revision }
    }
}

/// The revision that carries traffic while a service rests so.
fn standing_revision(standing: &Standing) -> Option<RevisionNumber> {
    match standing {
        Standing::Running { revision } => Some(*revision),
        Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. } => None,
    }
}

impl Promise {
    /// The revisions that `phase` names: what a keeper must read to make a promise of a service.
    pub fn revisions_named(phase: &Phase) -> BTreeSet<RevisionNumber> {
        let Targets { run, route } = Targets::of(phase);
        let resting = |standing: &Standing| match standing {
            Standing::Running { revision } | Standing::Paused { revision } => Some(*revision),
            Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. } => None,
        };
        let rests_at = match phase {
            Phase::Still(standing) => resting(standing),
            Phase::Moving { from, .. } => from.as_ref().and_then(resting),
        };
        run.into_iter().chain(route).chain(rests_at).collect()
    }

    /// The revision that requests are sent to, if any is.
    pub fn routed(&self) -> Option<&Revision> {
        self.revisions.get(&Targets::of(&self.service.phase).route?)
    }

    /// How many instances shall run of a revision. A new one starts with as many as the old one has: its capacity must not be less.
    fn count(&self, revision: RevisionNumber, seen: &Seen) -> u16 {
        self.revisions.get(&revision).map_or(0, |revision| clamped(seen.wanted, &revision.configuration.scaling))
    }

    /// The instances that shall run of a revision.
    fn wanted(&self, revision: RevisionNumber, seen: &Seen) -> Vec<InstanceName> {
        self.first(self.count(revision, seen), revision, seen)
    }

    /// The first so many of a revision: those that live, lowest slots first, then new ones in the lowest slots. One that was asked to end is none of them,
    /// and another takes its place at once: nobody waits for its grace. Of all together there are never more than twice the most that may run.
    fn first(&self, count: u16, revision: RevisionNumber, seen: &Seen) -> Vec<InstanceName> {
        let count = usize::from(count);
        let of_it = seen.instances.iter().map(|sight| &sight.instance).filter(|instance| instance.name.revision == revision);
        let (mut living, mut ending) = (BTreeSet::new(), BTreeSet::new());
        for instance in of_it {
            match life(&instance.phase) {
                Life::Ahead => false,
                Life::Lives => living.insert(instance.name.slot),
                Life::Ends => ending.insert(instance.name.slot),
            };
        }
        let most = self.revisions.get(&revision).map_or(0, |revision| usize::from(revision.configuration.scaling.instances_max));
        let room = (2 * most.max(count)).saturating_sub(living.len() + ending.len());
        let free = (0..u16::MAX).filter(|slot| !living.contains(slot) && !ending.contains(slot)).take(room);
        let slots = living.iter().copied().chain(free).take(count);
        slots.map(|slot| InstanceName { service: self.service.id.clone(), revision, slot }).collect()
    }

    /// The one that is made ahead of what serves: the next to start when more are wanted. None where no more may run.
    pub fn spare(&self, seen: &Seen) -> Option<InstanceName> {
        let routed = self.routed().filter(|_| seen.spare != Spare::Unwanted)?;
        let count = self.count(routed.number, seen);
        let is_allowed = count < routed.configuration.scaling.instances_max;
        // Where one drains on it is the next, and none is made.
        is_allowed.then(|| self.first(count + 1, routed.number, seen).into_iter().nth(usize::from(count)))?
    }

    /// Whether an instance shall run.
    fn is_wanted(&self, name: &InstanceName, seen: &Seen) -> bool {
        let Targets { run, .. } = Targets::of(&self.service.phase);
        run.contains(&name.revision) && self.wanted(name.revision, seen).contains(name)
    }
}

impl Seen {
    fn of(&self, name: &InstanceName) -> Option<&InstanceSeen> {
        self.instances.iter().map(|sight| &sight.instance).find(|instance| instance.name == *name)
    }

    fn ready(&self, revision: RevisionNumber) -> BTreeSet<InstanceName> {
        let ready = |instance: &&InstanceSeen| instance.name.revision == revision && is_ready(&instance.phase);
        self.instances.iter().map(|sight| &sight.instance).filter(ready).map(|i| i.name.clone()).collect()
    }
}

/// What an instance's slot is good for.
enum Life {
    /// Made and not begun: as good as a free one.
    Ahead,
    /// Also one that ended by itself, until it is discarded: its slot has to wait.
    Lives,
    /// Asked to end.
    Ends,
}

fn life(phase: &InstancePhase) -> Life {
    match phase {
        InstancePhase::Created => Life::Ahead,
        InstancePhase::Starting { .. } | InstancePhase::Ready | InstancePhase::Unwell { .. } | InstancePhase::Dormant(_) => {
            Life::Lives
        }
        InstancePhase::Stopping => Life::Ends,
        InstancePhase::Exited(exit) if exit.asked => Life::Ends,
        InstancePhase::Exited(_) => Life::Lives,
    }
}

fn is_ready(phase: &InstancePhase) -> bool {
    match phase {
        InstancePhase::Ready => true,
        InstancePhase::Created
        | InstancePhase::Starting { .. }
        | InstancePhase::Unwell { .. }
        | InstancePhase::Dormant(_)
        | InstancePhase::Stopping
        | InstancePhase::Exited(_) => false,
    }
}
