//! Steps a platform and holds what nobody may ever see against every single step: a route to an instance that is not ready, a stop of one that is routed or
//! busy, more instances than may be.

use std::collections::BTreeMap;
use std::time::Duration;

use model::instance::{InstanceName, InstancePhase, InstanceSeen};
use model::limit::{LOOK_AGAIN_EMPTY, LOOK_AGAIN_STILL};
use model::port::{Clock, Engine, Gauge};
use model::service::Phase;

use super::{Platform, World, block_on};

/// What is true between two steps.
pub struct Guard<'a> {
    world: &'a World,
    /// Most instances of one revision; those that are asked to end are as many again at most.
    instances_max: usize,
}

impl<'a> Guard<'a> {
    pub fn new(world: &'a World, instances_max: usize) -> Self {
        Self { world, instances_max }
    }

    /// Every instance there is, of every service.
    pub fn seen(&self) -> Vec<InstanceSeen> {
        let mut services: Vec<_> = self.world.instances().into_iter().map(|name| name.service).collect();
        services.dedup();
        services.iter().flat_map(|service| block_on(self.world.engine.look(service)).unwrap()).collect()
    }

    pub fn routed(&self) -> Vec<InstanceName> {
        self.world.edge.table().services.iter().flat_map(|service| &service.instances).map(|i| i.name.clone()).collect()
    }

    /// `r1-0 r1-1`, those that requests are sent to.
    pub fn routed_names(&self) -> String {
        self.routed().iter().map(InstanceName::short).collect::<Vec<_>>().join(" ")
    }

    /// The same of all that are there, whatever their phase.
    pub fn names(&self) -> String {
        self.world.instances().iter().map(InstanceName::short).collect::<Vec<_>>().join(" ")
    }

    pub fn step(&self, platform: &mut Platform) {
        let (before, routed) = (self.seen(), self.routed());
        let busy = block_on(self.world.edge.read()).unwrap().instances;
        let began = self.world.clock.now();
        platform.step();
        let ready: Vec<_> = before.iter().filter(|seen| seen.phase == InstancePhase::Ready).map(|seen| &seen.name).collect();
        for name in self.routed().iter().filter(|name| !routed.contains(name)) {
            assert!(ready.contains(&name), "{} is routed and was not ready: {before:?}", name.short());
        }
        // Those that live, and all.
        let mut count: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        for seen in self.seen() {
            let (living, all) = count.entry(seen.name.revision).or_default();
            *living += usize::from(!is_ending(&seen.phase));
            *all += 1;
            let lived = before.iter().any(|old| old.name == seen.name && !is_ending(&old.phase));
            if lived && is_ending(&seen.phase) {
                let name = seen.name.short();
                assert!(!routed.contains(&seen.name), "{name} was stopped while it was routed");
                assert_eq!(busy.get(&seen.name), None, "{name} was stopped while it was busy");
            }
        }
        let may_be = |(living, all): &(usize, usize)| *living <= self.instances_max && *all <= 2 * self.instances_max;
        assert!(count.values().all(may_be), "{count:?} at once");
        // A step may wait, and no longer than the slow sweep: where nothing is that could serve, and nobody asked for anything.
        let is_empty = self.seen().is_empty() && self.routed().is_empty() && matches!(self.world.service().phase, Phase::Still(_));
        let at_most = if is_empty { LOOK_AGAIN_EMPTY } else { LOOK_AGAIN_STILL };
        assert!(self.world.clock.now().since(began) <= at_most, "one step took too long");
    }

    /// Steps until it is so, or for so long at most; answers how long it took.
    pub fn until(&self, platform: &mut Platform, at_most: Duration, is: impl Fn(&Self) -> bool) -> Duration {
        let began = self.world.clock.now();
        loop {
            let took = self.world.clock.now().since(began);
            if is(self) {
                return took;
            }
            assert!(took <= at_most, "not in {at_most:?}: {:?} {:?}", self.seen(), self.world.events(&self.world.service()));
            self.step(platform);
        }
    }

    /// Steps for so long, in virtual time.
    pub fn pass(&self, platform: &mut Platform, time: Duration) {
        let began = self.world.clock.now();
        while self.world.clock.now().since(began) < time {
            self.step(platform);
        }
    }
}

fn is_ending(phase: &InstancePhase) -> bool {
    match phase {
        InstancePhase::Stopping => true,
        InstancePhase::Exited(exit) => exit.asked,
        InstancePhase::Created
        | InstancePhase::Starting { .. }
        | InstancePhase::Ready
        | InstancePhase::Unwell { .. }
        | InstancePhase::Dormant(_) => false,
    }
}
