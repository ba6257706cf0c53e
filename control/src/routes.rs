//! The whole route table, as keepers change it one service at a time; published as snapshots.
//!
//! After a restart the edge still carries the last table. Nothing is published before every service that boot found has said its part: a table
//! that lacks a service would cut it off.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use model::instance::InstanceName;
use model::lifecycle::RouteSeen;
use model::port::{Board, Clock};
use model::route_table::{DoorRoute, RouteTable, ServiceRoute};
use model::service::ServiceId;
use model::time::Timestamp;
use model::trouble::Trouble;

/// The table and what the edge has of it.
pub struct Routes {
    board: Arc<dyn Board>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    /// What we want carried; its generation is that of the last change.
    table: BTreeMap<ServiceId, ServiceRoute>,
    doors: Vec<DoorRoute>,
    generation: u64,
    /// What the edge is known to carry; nothing until the first publication.
    carried: Option<Carried>,
    /// Services that boot found and that have not said their part yet.
    expected: BTreeSet<ServiceId>,
    /// When an instance left the table that the edge carries.
    unrouted: BTreeMap<InstanceName, Timestamp>,
}

struct Carried {
    generation: u64,
    services: BTreeMap<ServiceId, BTreeSet<InstanceName>>,
}

impl Routes {
    /// `generation` must be above every generation published before on this edge. `expected` are the services that boot found.
    pub fn new(
        board: Arc<dyn Board>,
        clock: Arc<dyn Clock>,
        doors: Vec<DoorRoute>,
        generation: u64,
        expected: impl IntoIterator<Item = ServiceId>,
    ) -> Self {
        let state = State {
            table: BTreeMap::new(),
            doors,
            generation,
            carried: None,
            expected: expected.into_iter().collect(),
            unrouted: BTreeMap::new(),
        };
        Self { board, clock, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds the route table")
    }

    /// Sets a service's route (`None`: its hosts are unknown) and publishes the table, unless others are still expected: then the last of them does.
    pub async fn set(&self, service: &ServiceId, route: Option<ServiceRoute>) -> Result<(), Trouble> {
        let table = {
            let mut state = self.state();
            match route {
                Some(route) => state.table.insert(service.clone(), route),
                None => state.table.remove(service),
            };
            state.expected.remove(service);
            state.snapshot()
        };
        self.publish(table).await
    }

    /// Publishes the doors of a platform that has no service yet.
    pub async fn publish_doors(&self) -> Result<(), Trouble> {
        let table = self.state().snapshot();
        self.publish(table).await
    }

    async fn publish(&self, table: Option<RouteTable>) -> Result<(), Trouble> {
        let Some(table) = table else { return Ok(()) };
        self.board.publish(&table).await?;
        let now = self.clock.now();
        self.state().note_carried(&table, now);
        Ok(())
    }

    /// What the edge carries for a service, as far as this platform knows.
    pub fn seen(&self, service: &ServiceId) -> RouteSeen {
        match &self.state().carried {
            None => RouteSeen::Unknown,
            Some(carried) => carried.services.get(service).map_or(RouteSeen::Absent, |names| RouteSeen::Carried(names.clone())),
        }
    }

    /// Since when the edge's table is without an instance that was in it.
    pub fn unrouted_since(&self, instance: &InstanceName) -> Option<Timestamp> {
        self.state().unrouted.get(instance).copied()
    }

    /// An instance is gone for good.
    pub fn forget(&self, instance: &InstanceName) {
        self.state().unrouted.remove(instance);
    }
}

impl State {
    /// The table to publish, as a new generation; nothing while somebody is expected.
    fn snapshot(&mut self) -> Option<RouteTable> {
        if !self.expected.is_empty() {
            return None;
        }
        self.generation += 1;
        let services = self.table.values().cloned().collect();
        Some(RouteTable { generation: self.generation, services, doors: self.doors.clone() })
    }

    fn note_carried(&mut self, table: &RouteTable, now: Timestamp) {
        if self.carried.as_ref().is_some_and(|carried| carried.generation >= table.generation) {
            return;
        }
        let names = |route: &ServiceRoute| route.instances.iter().map(|i| i.name.clone()).collect::<BTreeSet<_>>();
        let services: BTreeMap<ServiceId, BTreeSet<InstanceName>> =
            table.services.iter().map(|route| (route.service.clone(), names(route))).collect();
        let all: BTreeSet<&InstanceName> = services.values().flatten().collect();
        if let Some(before) = &self.carried {
            for name in before.services.values().flatten().filter(|name| !all.contains(name)) {
                self.unrouted.entry(name.clone()).or_insert(now);
            }
        }
        self.unrouted.retain(|name, _| !all.contains(name));
        self.carried = Some(Carried { generation: table.generation, services });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::testbed::{MemoryEdge, TurnedClock, block_on, service_id};

    use super::*;

    fn route(byte: u8) -> ServiceRoute {
        ServiceRoute {
            service: service_id(byte),
            hosts: vec![format!("{byte}.example")],
            instances: Vec::new(),
            concurrency_max: 100,
            hold_queue_max: 10,
            hold_max: Duration::from_secs(1),
            request_timeout: None,
        }
    }

    #[test]
    fn nothing_is_published_before_every_service_found_at_boot_has_said_its_part() {
        let edge = Arc::new(MemoryEdge::default());
        let found = [service_id(1), service_id(2)];
        let routes = Routes::new(edge.clone(), Arc::new(TurnedClock::default()), Vec::new(), 40, found.clone());
        block_on(routes.set(&found[0], Some(route(1)))).unwrap();
        assert_eq!((edge.table().generation, routes.seen(&found[0])), (0, RouteSeen::Unknown));
        block_on(routes.set(&found[1], None)).unwrap();
        assert_eq!((edge.table().generation, edge.table().services.len()), (41, 1));
        assert_eq!(routes.seen(&found[0]), RouteSeen::Carried(BTreeSet::new()));
        assert_eq!(routes.seen(&found[1]), RouteSeen::Absent);
    }
}
