//! Which services have an instance made ahead: the few that were used most recently.
//!
//! Memory that nothing has to survive: after a restart, who has an instance made ahead counts as used. Never asks the front door for anything: it is told
//! what others read there anyway. Makes no instance: keepers do.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use model::demand::Demand;
use model::service::ServiceId;

/// The services that may have one, by their last use. As many as have a keeper, at most.
#[derive(Debug, Default)]
pub struct Spares {
    /// How many services have one. Zero: none is ever made.
    services_max: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    uses: u64,
    services: BTreeMap<ServiceId, LastUse>,
}

#[derive(Clone, Copy, Debug, Default)]
struct LastUse {
    /// Which of all uses; zero if there was none.
    nth: u64,
    /// Requests that had ended when they were counted last, if they were.
    requests: Option<u64>,
}

impl Spares {
    pub fn new(services_max: usize) -> Self {
        Self { services_max, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds the uses")
    }

    /// A service may have one. The first time it counts as the least recently used.
    pub fn join(&self, service: &ServiceId) {
        self.state().services.entry(service.clone()).or_default();
    }

    /// It may not any more.
    pub fn leave(&self, service: &ServiceId) {
        self.state().services.remove(service);
    }

    /// Somebody uses these now. Those that have not joined are passed over.
    pub fn used<'a>(&self, services: impl IntoIterator<Item = &'a ServiceId>) {
        let state = &mut *self.state();
        for service in services {
            state.touch(service);
        }
    }

    /// What the front door carries.
    pub fn note(&self, demand: &Demand) {
        let state = &mut *self.state();
        for (service, now) in &demand.services {
            let Some(last) = state.services.get_mut(service) else { continue };
            // The first count says nothing of when they were. Fewer than before: another front door has begun to count.
            let have_ended = last.requests.replace(now.requests).is_some_and(|before| now.requests > before);
            let is_used = now.in_flight > 0 || now.waiting > 0 || have_ended;
            if is_used {
                state.touch(service);
            }
        }
    }

    /// Whether a service is among the most recently used.
    pub fn has_place(&self, service: &ServiceId) -> bool {
        let state = self.state();
        let Some(own) = state.services.get(service) else { return false };
        let later = state.services.iter().filter(|(id, last)| (last.nth, *id) > (own.nth, service));
        later.count() < self.services_max
    }
}

impl State {
    fn touch(&mut self, service: &ServiceId) {
        if let Some(last) = self.services.get_mut(service) {
            self.uses += 1;
            last.nth = self.uses;
        }
    }
}

#[cfg(test)]
mod tests {
    use model::demand::ServiceDemand;
    use model::testbed::service_id;

    use super::*;

    fn placed(spares: &Spares) -> Vec<u8> {
        (1..=9).filter(|byte| spares.has_place(&service_id(*byte))).collect()
    }

    fn demand(services: &[(u8, u32, u64)]) -> Demand {
        let one = |(byte, in_flight, requests): &(u8, u32, u64)| {
            (service_id(*byte), ServiceDemand { in_flight: *in_flight, waiting: 0, requests: *requests })
        };
        Demand { services: services.iter().map(one).collect(), ..Demand::default() }
    }

    #[test]
    fn the_most_recently_used_have_a_place_and_whoever_leaves_makes_room() {
        let spares = Spares::new(2);
        for byte in [1, 2, 3] {
            spares.join(&service_id(byte));
            spares.used([&service_id(byte)]);
        }
        assert_eq!(placed(&spares), [2, 3]);
        spares.join(&service_id(2));
        spares.used([&service_id(1), &service_id(9)]);
        assert_eq!(placed(&spares), [1, 3], "to join again is no use, and who has not joined has no place");
        spares.leave(&service_id(3));
        assert_eq!(placed(&spares), [1, 2]);
        let none = Spares::default();
        none.join(&service_id(1));
        assert_eq!(placed(&none), []);
    }

    #[test]
    fn requests_that_are_carried_wait_or_have_ended_are_uses() {
        let spares = Spares::new(1);
        (1..=3).for_each(|byte| spares.join(&service_id(byte)));
        spares.used([&service_id(2)]);
        spares.note(&demand(&[(1, 0, 6), (2, 0, 0), (3, 0, 0)]));
        assert_eq!(placed(&spares), [2], "what was counted before says nothing of when it was");
        spares.note(&demand(&[(1, 0, 7), (2, 0, 0)]));
        assert_eq!(placed(&spares), [1]);
        spares.note(&demand(&[(1, 0, 7), (2, 1, 0)]));
        assert_eq!(placed(&spares), [2]);
        spares.note(&demand(&[(1, 0, 7), (3, 0, 1)]));
        assert_eq!(placed(&spares), [3]);
        spares.note(&demand(&[(1, 0, 2), (3, 0, 1)]));
        assert_eq!(placed(&spares), [3], "another front door counts from the beginning");
        spares.note(&demand(&[(1, 0, 3)]));
        assert_eq!(placed(&spares), [1]);
    }
}
