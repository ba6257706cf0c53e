//! The front door of a world: puts tables in force when it comes to it, holds and carries requests, dies and comes back.
//!
//! Holds every table and every request against the promises: what is routed has been ready in this run, and nobody has asked it to end.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::time::Duration;

use model::certificate::CertificateTable;
use model::demand::{Demand, ServiceDemand};
use model::instance::InstanceName;
use model::port::{Answer, Board, Gauge, Ring, Services};
use model::route_table::{RouteTable, ServiceRoute};
use model::service::{Phase, ServiceId, Standing};
use model::testbed::block_on;

use super::scheduler::Group;
use super::world::World;

/// The front door.
#[derive(Default)]
pub struct Door {
    in_force: RouteTable,
    /// The newest that it was handed.
    newest: RouteTable,
    is_dead: bool,
    /// Counts the lives of the front door: what it carried dies with it.
    life: u64,
    /// Requests by instance, each with its number.
    carried: BTreeMap<InstanceName, BTreeSet<u64>>,
    waiting: BTreeMap<ServiceId, u32>,
    ended: BTreeMap<ServiceId, u64>,
    requests: u64,
    unrouted: BTreeMap<InstanceName, Duration>,
    /// The next table is of a boot that could not read everything.
    is_excused: bool,
    /// Counts changes that may let somebody go on.
    changes: u64,
    wakers: Vec<Waker>,
}

impl Door {
    fn route(&self, service: &ServiceId) -> Option<&ServiceRoute> {
        self.in_force.services.iter().find(|route| route.service == *service)
    }

    fn carries(&self, generation: u64) -> bool {
        !self.is_dead && self.in_force.generation >= generation
    }

    fn change(&mut self) -> Vec<Waker> {
        self.changes += 1;
        std::mem::take(&mut self.wakers)
    }

    fn in_flight(&self, name: &InstanceName) -> usize {
        self.carried.get(name).map_or(0, BTreeSet::len)
    }

    /// The least busy instance that has a slot free.
    fn free(&self, route: &ServiceRoute) -> Option<InstanceName> {
        let names = route.instances.iter().map(|instance| &instance.name);
        let free = names.filter(|name| self.in_flight(name) < route.concurrency_max as usize);
        free.min_by_key(|name| self.in_flight(name)).cloned()
    }
}

fn routed(table: &RouteTable) -> BTreeSet<InstanceName> {
    table.services.iter().flat_map(|route| &route.instances).map(|instance| instance.name.clone()).collect()
}

impl World {
    /// The table in force.
    pub fn table(&self) -> RouteTable {
        self.door().in_force.clone()
    }

    /// Whom requests of a service are sent to.
    pub fn carried(&self, service: &ServiceId) -> BTreeSet<InstanceName> {
        let door = self.door();
        door.route(service).iter().flat_map(|route| &route.instances).map(|instance| instance.name.clone()).collect()
    }

    /// Whether an instance is routed, how many requests it carries, and since when it is not routed.
    pub fn standing_at_door(&self, name: &InstanceName) -> (bool, usize, Duration) {
        let door = self.door();
        let is_routed = door.route(&name.service).is_some_and(|route| route.instances.iter().any(|one| one.name == *name));
        (is_routed, door.in_flight(name), door.unrouted.get(name).copied().unwrap_or_default())
    }

    /// The instance is gone, and its requests with it.
    pub fn lose_requests(&self, name: &InstanceName) {
        let wakers = {
            let mut door = self.door();
            door.carried.remove(name);
            door.change()
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Puts the newest table in force.
    fn apply(&self) {
        let (before, now, wakers) = {
            let mut door = self.door();
            if door.is_dead || door.newest.generation <= door.in_force.generation {
                return;
            }
            let newest = door.newest.clone();
            let before = std::mem::replace(&mut door.in_force, newest);
            let (before, now) = (routed(&before), routed(&door.in_force));
            let at = self.time.now();
            for name in before.difference(&now) {
                door.unrouted.insert(name.clone(), at);
            }
            (before, now, door.change())
        };
        self.note("a table", || now.iter().map(InstanceName::to_string).collect::<Vec<_>>().join(" "));
        for name in &now {
            self.look_at_route(name, if before.contains(name) { "stays routed" } else { "is routed" });
        }
        let is_excused = std::mem::take(&mut self.door().is_excused);
        if !is_excused {
            self.look_at_unrouted(&before, &now);
        }
        wakers.into_iter().for_each(Waker::wake);
    }

    /// The first table of the platform that boots may lack somebody whom it could not read about.
    pub fn excuse_table(&self) {
        self.door().is_excused = true;
    }

    /// What may never be: a service at rest that had somebody ready to serve it, and has nobody now.
    fn look_at_unrouted(&self, before: &BTreeSet<InstanceName>, now: &BTreeSet<InstanceName>) {
        let is_well = |name: &&InstanceName| {
            let machine = self.machine();
            machine.instances.get(*name).is_some_and(|one| one.is_ready() && !one.is_asked && one.ailing_at.is_none())
        };
        let is_served = |name: &InstanceName| now.iter().any(|other| other.service == name.service);
        for name in before.iter().filter(is_well).filter(|name| !is_served(name)) {
            let service = block_on(self.ledger.by_id(&name.service)).expect("memory").map(|found| found.value);
            if service.is_some_and(|service| matches!(service.phase, Phase::Still(Standing::Running { .. }))) {
                self.broken(|| format!("{name} serves, and its service has no route any more"));
            }
        }
    }

    /// Requests of a service that wait for a slot.
    pub fn waiting(&self, service: &ServiceId) -> u32 {
        self.door().waiting.get(service).copied().unwrap_or(0)
    }

    /// What may never be: a route to somebody who was not ready, or was asked to end.
    fn look_at_route(&self, name: &InstanceName, how: &str) {
        let wrong = match self.machine().instances.get(name) {
            // It vanished, and nobody knows yet.
            None => None,
            Some(one) if one.is_asked => Some(format!("{name} {how} after it was asked to end: {:?}", one.seen.phase)),
            Some(one) if !one.was_ready => Some(format!("{name} {how} and never was ready: {:?}", one.seen.phase)),
            Some(_) => None,
        };
        if let Some(wrong) = wrong {
            self.broken(|| wrong);
        }
    }

    /// The front door dies, with all that it carried.
    pub fn kill_door(&self) {
        self.note("the front door dies", String::new);
        self.count("the front door died");
        let wakers = {
            let mut door = self.door();
            door.is_dead = true;
            door.life += 1;
            door.carried.clear();
            door.waiting.clear();
            door.ended.clear();
            door.change()
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// The platform that keeps it starts another, and hands it the newest table.
    pub fn revive_door(&self) {
        if std::mem::take(&mut self.door().is_dead) {
            self.note("a new front door", String::new);
            let newest = {
                let mut door = self.door();
                door.in_force = RouteTable::default();
                door.newest.generation
            };
            if newest > 0 {
                self.apply();
            }
        }
    }

    /// A new platform adopts the front door, or starts one. What an earlier one had sent is in force by now, or never will be. Answers the generation.
    pub fn adopt_door(&self) -> u64 {
        if self.door().is_dead {
            let mut door = self.door();
            (door.in_force, door.newest, door.is_dead) = (RouteTable::default(), RouteTable::default(), false);
            return 0;
        }
        if self.chance.happens(500) {
            self.apply();
        }
        let mut door = self.door();
        door.newest = door.in_force.clone();
        door.in_force.generation
    }

    fn changes(&self) -> u64 {
        self.door().changes
    }

    /// Until something changed at the door since it was as `seen`, or it is so late.
    async fn changed(&self, seen: u64, until: Duration) {
        let mut is_set = false;
        poll_fn(move |context| {
            let mut door = self.door();
            if door.changes != seen || self.time.now() >= until {
                return Poll::Ready(());
            }
            door.wakers.push(context.waker().clone());
            if !std::mem::replace(&mut is_set, true) && until < Duration::MAX {
                self.time.wake_at(until, context.waker());
            }
            Poll::Pending
        })
        .await;
    }

    /// One request, from its first byte to its last.
    pub async fn request(&self, service: &ServiceId, lasts: Duration) {
        let until = self.time.now() + Duration::from_secs(30);
        let Some((name, number, life, lasts)) = self.claim(service, until, lasts).await else { return };
        self.count("a request was sent");
        self.look_at_route(&name, "is sent a request");
        self.sleep(lasts).await;
        let wakers = {
            let mut door = self.door();
            let is_there = door.life == life && door.carried.get_mut(&name).is_some_and(|numbers| numbers.remove(&number));
            if !is_there {
                return;
            }
            *door.ended.entry(service.clone()).or_default() += 1;
            door.change()
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits for a slot. Nothing: the request was answered otherwise.
    async fn claim(&self, service: &ServiceId, until: Duration, lasts: Duration) -> Option<(InstanceName, u64, u64, Duration)> {
        let life = self.door().life;
        let mut is_waiting = false;
        loop {
            let seen = self.changes();
            {
                let mut door = self.door();
                if door.life != life {
                    return None;
                }
                let route = door.route(service).cloned();
                let free = route.as_ref().filter(|_| !door.is_dead).and_then(|route| door.free(route));
                let is_late = self.time.now() >= until;
                if is_waiting && (free.is_some() || route.is_none() || is_late) {
                    *door.waiting.get_mut(service).expect("it was counted") -= 1;
                }
                if let (Some(name), Some(route)) = (free, &route) {
                    door.requests += 1;
                    let number = door.requests;
                    door.carried.entry(name.clone()).or_default().insert(number);
                    return Some((name, number, life, route.request_timeout.map_or(lasts, |most| lasts.min(most))));
                }
                if route.is_none() || is_late {
                    return None;
                }
                if !std::mem::replace(&mut is_waiting, true) {
                    *door.waiting.entry(service.clone()).or_default() += 1;
                }
            }
            model::port::Bell::ring(self, &Ring::Service(service.clone()));
            self.changed(seen, until).await;
        }
    }
}

impl Board for World {
    fn publish<'a>(&'a self, table: &'a RouteTable) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("publish").await?;
            {
                let mut door = self.door();
                if table.generation > door.newest.generation {
                    door.newest = table.clone();
                }
            }
            // It comes to it when it comes to it, whether or not anybody still waits.
            let (world, late) = (self.me(), self.is_stormy() && self.chance.happens(self.faults.slow));
            let late = if late { self.chance.millis(0, self.faults.slow_millis) } else { Duration::ZERO };
            self.time.spawn(Group::World, async move {
                world.sleep(late).await;
                world.apply();
            });
            let mut seen = self.changes();
            while !self.door().carries(table.generation) {
                self.changed(seen, Duration::MAX).await;
                seen = self.changes();
            }
            self.after("publish").await
        })
    }

    fn publish_certificates<'a>(&'a self, _: &'a CertificateTable) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl Gauge for World {
    fn read(&self) -> Answer<'_, Demand> {
        Box::pin(async move {
            self.before("gauge").await?;
            let demand = {
                let door = self.door();
                let instances: BTreeMap<InstanceName, u32> = door
                    .carried
                    .iter()
                    .map(|(name, numbers)| (name.clone(), u32::try_from(numbers.len()).expect("few")))
                    .filter(|(_, count)| *count > 0)
                    .collect();
                let mut services: BTreeMap<ServiceId, ServiceDemand> = BTreeMap::new();
                for route in &door.in_force.services {
                    let waiting = door.waiting.get(&route.service).copied().unwrap_or(0);
                    let requests = door.ended.get(&route.service).copied().unwrap_or(0);
                    let demand = ServiceDemand { in_flight: 0, waiting, requests };
                    services.insert(route.service.clone(), demand);
                }
                for (name, count) in &instances {
                    services.entry(name.service.clone()).or_default().in_flight += count;
                }
                Demand { generation: door.in_force.generation, services, instances, is_partial: false }
            };
            self.after("gauge").await?;
            Ok(demand)
        })
    }
}
