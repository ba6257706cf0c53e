//! When a keeper makes an instance ahead: for a service that is used, has been still for a while, and has not just failed to have one.
//!
//! Keeps nothing that has to survive. Never makes one itself: `plan` says so.

use std::time::Duration;

use model::instance::InstanceName;
use model::instance::InstancePhase::Created;
use model::lifecycle::{Promise, Seen, Sight, Spare};
use model::service::{Phase, Standing};
use model::time::Timestamp;

use crate::limit::{SPARE_AFTER, SPARE_PAUSE, SPARE_PAUSE_MAX};
use crate::spares::Spares;

/// What a keeper remembers of it.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// Whether the service was running, and nothing else, at the last look.
    ran: Option<bool>,
    /// When something was done for it last.
    moved_at: Option<Timestamp>,
    /// How long until it has been still for long enough, if that is what it takes.
    due_in: Option<Duration>,
    tried: Option<Tried>,
}

#[derive(Debug)]
struct Tried {
    name: InstanceName,
    at: Timestamp,
    /// In a row, without one that waited.
    times: u32,
}

impl Ahead {
    /// Whether the service may have one now. `seen` says that one may be kept. Where no more may run, it takes nobody's place.
    pub(super) fn look(&mut self, spares: &Spares, promise: &Promise, seen: &Seen, now: Timestamp) -> Spare {
        let id = &promise.service.id;
        let runs = matches!(promise.service.phase, Phase::Still(Standing::Running { .. }));
        let ran = self.ran.replace(runs);
        self.due_in = None;
        let Some(name) = promise.spare(seen) else {
            spares.leave(id);
            return Spare::Unwanted;
        };
        let is_made = seen.instances.iter().any(|Sight { instance, .. }| instance.name == name && instance.phase == Created);
        spares.join(id);
        if (runs && ran == Some(false)) || (ran.is_none() && is_made) {
            spares.used([id]);
        }
        if !spares.has_place(id) {
            return Spare::Unwanted;
        }
        if is_made {
            self.tried.iter_mut().for_each(|tried| tried.times = 0);
        }
        if is_made || !runs || !self.may_try(&name, now) {
            return Spare::Kept;
        }
        self.due_in = self.still_for(now);
        if self.due_in.is_none() { Spare::Wanted } else { Spare::Kept }
    }

    /// Something is done for the service: it is not still. Of what is made ahead, each try counts.
    pub(super) fn moved(&mut self, creates: Option<&InstanceName>, now: Timestamp) {
        self.moved_at = Some(now);
        let Some(name) = creates else { return };
        let times = self.tried.take_if(|tried| tried.name == *name).map_or(0, |tried| tried.times);
        self.tried = Some(Tried { name: name.clone(), at: now, times: times.saturating_add(1) });
    }

    /// How long a keeper may rest that would rest so long.
    pub(super) fn rest(&self, rest: Duration) -> Duration {
        self.due_in.map_or(rest, |due_in| due_in.min(rest))
    }

    /// For how long it has to stay still yet, if at all. A clock that was set back holds nothing up for longer.
    fn still_for(&mut self, now: Timestamp) -> Option<Duration> {
        let moved_at = self.moved_at.map_or(now, |at| at.min(now));
        self.moved_at = Some(moved_at);
        SPARE_AFTER.checked_sub(now.since(moved_at)).filter(|left| !left.is_zero())
    }

    /// One that failed, or went, is not made again at once.
    fn may_try(&mut self, name: &InstanceName, now: Timestamp) -> bool {
        let Some(tried) = self.tried.as_mut().filter(|tried| tried.name == *name) else { return true };
        tried.at = tried.at.min(now);
        let doublings = tried.times.saturating_sub(1);
        let pause = SPARE_PAUSE.saturating_mul(1u32.checked_shl(doublings).unwrap_or(u32::MAX)).min(SPARE_PAUSE_MAX);
        now.since(tried.at) >= pause
    }
}
