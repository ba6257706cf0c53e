//! The whole route table, as keepers change it one service at a time; published as snapshots.
//!
//! After a restart the edge still carries the last table. The first one of this platform is made of everything that boot finds, before any keeper
//! begins: a table that lacks a service would cut it off, and one service's trouble must not keep the others waiting.

use std::collections::{BTreeMap, BTreeSet, HashSet};
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
    table: Asked,
    doors: Vec<DoorRoute>,
    generation: u64,
    /// The generation of a service's last change, until it is known to be carried.
    changed: BTreeMap<ServiceId, u64>,
    /// What the edge is known to carry; nothing until the first publication.
    carried: Option<Carried>,
    /// When the first table of this platform was in force: instances that an earlier one unrouted were so at the latest then.
    since: Option<Timestamp>,
    /// When an instance left the table that the edge carries.
    unrouted: BTreeMap<InstanceName, Timestamp>,
    /// The instances of tables that were sent, with the generation of the last one, until a table that is as young is known to be carried: a publication
    /// that failed may have reached the edge, and who was in it gets requests.
    sent: BTreeMap<InstanceName, u64>,
}

/// Routes as keepers want them.
type Asked = BTreeMap<ServiceId, ServiceRoute>;

struct Carried {
    generation: u64,
    services: BTreeMap<ServiceId, BTreeSet<InstanceName>>,
    /// As they were asked for: with the hosts that they share with others.
    asked: Asked,
}

impl Routes {
    /// `generation` must be above every generation published before on this edge.
    pub fn new(board: Arc<dyn Board>, clock: Arc<dyn Clock>, doors: Vec<DoorRoute>, generation: u64) -> Self {
        let (table, changed, unrouted, sent) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let state = State { table, doors, generation, changed, carried: None, since: None, unrouted, sent };
        Self { board, clock, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds the route table")
    }

    /// Publishes the first table: the doors, and every service that boot found.
    pub async fn begin(&self, routes: Vec<ServiceRoute>) -> Result<(), Trouble> {
        let table = {
            let mut state = self.state();
            state.table = routes.into_iter().map(|route| (route.service.clone(), route)).collect();
            state.snapshot()
        };
        self.publish(table).await
    }

    /// Sets a service's route (`None`: its hosts are unknown) and publishes the table.
    pub async fn set(&self, service: &ServiceId, route: Option<ServiceRoute>) -> Result<(), Trouble> {
        let table = {
            let mut state = self.state();
            match route {
                Some(route) => state.table.insert(service.clone(), route),
                None => state.table.remove(service),
            };
            let table = state.snapshot();
            let at = state.generation;
            state.changed.insert(service.clone(), at);
            table
        };
        self.publish(table).await
    }

    async fn publish(&self, (table, asked): (RouteTable, Asked)) -> Result<(), Trouble> {
        self.board.publish(&table).await?;
        let now = self.clock.now();
        self.state().note_carried(&table, asked, now);
        Ok(())
    }

    /// What the edge carries for a service, as far as this platform knows. A publication that failed may have reached the edge, or will with the next
    /// service's table: until one has succeeded nobody knows.
    pub fn seen(&self, service: &ServiceId) -> RouteSeen {
        let state = self.state();
        match &state.carried {
            None => RouteSeen::Unknown,
            Some(carried) if state.changed.get(service).is_some_and(|at| *at > carried.generation) => RouteSeen::Unknown,
            Some(carried) => carried.services.get(service).map_or(RouteSeen::Absent, |names| RouteSeen::Carried(names.clone())),
        }
    }

    /// Whether the edge carries a service as in this route, instances apart: `seen` tells those. What a tag says may change at any time.
    pub fn agrees(&self, wanted: &ServiceRoute) -> bool {
        let state = self.state();
        let asked = state.carried.as_ref().and_then(|carried| carried.asked.get(&wanted.service));
        let bare = |route: &ServiceRoute| ServiceRoute { instances: Vec::new(), ..route.clone() };
        asked.is_some_and(|asked| bare(asked) == bare(wanted))
    }

    /// Since when the edge's table is without an instance; nothing if it is in the table, or nothing was published yet.
    pub fn unrouted_since(&self, instance: &InstanceName) -> Option<Timestamp> {
        let state = self.state();
        let carried = state.carried.as_ref()?;
        if carried.services.get(&instance.service).is_some_and(|names| names.contains(instance)) {
            return None;
        }
        state.unrouted.get(instance).copied().or(state.since)
    }

    /// An instance is gone for good.
    pub fn forget(&self, instance: &InstanceName) {
        self.state().unrouted.remove(instance);
    }
}

impl State {
    /// The table to publish, as a new generation, and what was asked for.
    fn snapshot(&mut self) -> (RouteTable, Asked) {
        self.generation += 1;
        let mut services: Vec<ServiceRoute> = self.table.values().cloned().collect();
        let shared = shared_hosts(&services, &self.doors);
        for route in &mut services {
            route.hosts.retain(|host| !shared.contains(host));
            self.sent.extend(route.instances.iter().map(|instance| (instance.name.clone(), self.generation)));
        }
        (RouteTable { generation: self.generation, services, doors: self.doors.clone() }, self.table.clone())
    }

    fn note_carried(&mut self, table: &RouteTable, asked: Asked, now: Timestamp) {
        if self.carried.as_ref().is_some_and(|carried| carried.generation >= table.generation) {
            return;
        }
        let names = |route: &ServiceRoute| route.instances.iter().map(|i| i.name.clone()).collect::<BTreeSet<_>>();
        let services: BTreeMap<ServiceId, BTreeSet<InstanceName>> =
            table.services.iter().map(|route| (route.service.clone(), names(route))).collect();
        let all: BTreeSet<&InstanceName> = services.values().flatten().collect();
        let before = self.carried.iter().flat_map(|carried| carried.services.values()).flatten();
        let sent = self.sent.iter().filter(|(_, at)| **at <= table.generation).map(|(name, _)| name);
        for name in before.chain(sent).filter(|name| !all.contains(name)) {
            self.unrouted.insert(name.clone(), now);
        }
        self.sent.retain(|_, at| *at > table.generation);
        self.unrouted.retain(|name, _| !all.contains(name));
        self.changed.retain(|_, at| *at > table.generation);
        self.since.get_or_insert(now);
        self.carried = Some(Carried { generation: table.generation, services, asked });
    }
}

/// A host that two services ask for leads to neither, and one of the platform's own to none: two services of one name in two regions have no short host,
/// rather than one of them by chance.
fn shared_hosts(services: &[ServiceRoute], doors: &[DoorRoute]) -> BTreeSet<String> {
    let mut seen: HashSet<&String> = doors.iter().flat_map(|door| &door.hosts).collect();
    services.iter().flat_map(|route| &route.hosts).filter(|host| !seen.insert(host)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddrV4;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use model::access_log::AccessLog;
    use model::certificate::CertificateTable;
    use model::port::Answer;
    use model::route_table::InstanceRoute;
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
            access_log: AccessLog::On,
        }
    }

    #[test]
    fn the_first_table_has_everything_that_boot_found_and_before_it_nothing_is_known() {
        let edge = Arc::new(MemoryEdge::default());
        let routes = Routes::new(edge.clone(), Arc::new(TurnedClock::at_millis(7)), Vec::new(), 40);
        assert_eq!(routes.seen(&service_id(1)), RouteSeen::Unknown);
        block_on(routes.begin(vec![route(1), route(2)])).unwrap();
        assert_eq!((edge.table().generation, edge.table().services.len()), (41, 2));
        assert_eq!(routes.seen(&service_id(1)), RouteSeen::Carried(BTreeSet::new()));
        assert_eq!(routes.seen(&service_id(3)), RouteSeen::Absent);
        let drained_before = InstanceName { service: service_id(1), revision: 1, slot: 0 };
        assert_eq!(routes.unrouted_since(&drained_before), Some(Timestamp::from_millis(7)), "an earlier platform's drain ends too");
    }

    /// An edge that carries every table, and says so only as long as it is told to.
    #[derive(Default)]
    struct Mumbling {
        edge: MemoryEdge,
        is_silent: AtomicBool,
    }

    impl Board for Mumbling {
        fn publish<'a>(&'a self, table: &'a RouteTable) -> Answer<'a, ()> {
            Box::pin(async move {
                self.edge.publish(table).await?;
                let is_silent = self.is_silent.load(Ordering::SeqCst);
                if is_silent { Err(Trouble::passing("publishing", "no answer")) } else { Ok(()) }
            })
        }

        fn publish_certificates<'a>(&'a self, table: &'a CertificateTable) -> Answer<'a, ()> {
            self.edge.publish_certificates(table)
        }
    }

    #[test]
    fn after_a_publication_that_failed_nobody_knows_what_is_carried_until_one_succeeds() {
        let edge = Arc::new(Mumbling::default());
        let routes = Routes::new(edge.clone(), Arc::new(TurnedClock::at_millis(7)), Vec::new(), 0);
        block_on(routes.begin(vec![route(1), route(2)])).unwrap();
        edge.is_silent.store(true, Ordering::SeqCst);
        block_on(routes.set(&service_id(1), None)).unwrap_err();
        assert_eq!(routes.seen(&service_id(1)), RouteSeen::Unknown, "it may be carried as before, or as was asked");
        assert_eq!(routes.seen(&service_id(2)), RouteSeen::Carried(BTreeSet::new()), "of this one both are the same");
        block_on(routes.set(&service_id(1), Some(route(1)))).unwrap_err();
        assert_eq!(
            routes.seen(&service_id(1)),
            RouteSeen::Unknown,
            "asked for as it was before, it may still be as it was asked for between"
        );
        edge.is_silent.store(false, Ordering::SeqCst);
        block_on(routes.set(&service_id(1), None)).unwrap();
        edge.is_silent.store(true, Ordering::SeqCst);
        block_on(routes.set(&service_id(1), Some(route(1)))).unwrap_err();
        edge.is_silent.store(false, Ordering::SeqCst);
        block_on(routes.set(&service_id(2), Some(route(2)))).unwrap();
        let carried = RouteSeen::Carried(BTreeSet::new());
        assert_eq!(routes.seen(&service_id(1)), carried, "the next table of whomever says it");
    }

    #[test]
    fn whoever_was_in_a_table_whose_publication_failed_drains_from_when_a_later_one_is_carried() {
        let (edge, clock) = (Arc::new(Mumbling::default()), Arc::new(TurnedClock::at_millis(7)));
        let routes = Routes::new(edge.clone(), clock.clone(), Vec::new(), 0);
        block_on(routes.begin(vec![route(1)])).unwrap();
        let name = InstanceName { service: service_id(1), revision: 1, slot: 0 };
        let instance = InstanceRoute { name: name.clone(), address: SocketAddrV4::new([10, 0, 0, 1].into(), 80) };
        edge.is_silent.store(true, Ordering::SeqCst);
        block_on(routes.set(&service_id(1), Some(ServiceRoute { instances: vec![instance], ..route(1) }))).unwrap_err();
        edge.is_silent.store(false, Ordering::SeqCst);
        clock.turn(Duration::from_secs(60));
        block_on(routes.set(&service_id(1), None)).unwrap();
        assert_eq!(routes.unrouted_since(&name), Some(Timestamp::from_millis(60_007)));
    }

    #[test]
    fn a_name_for_people_is_nobodys_while_two_services_have_it() {
        let edge = Arc::new(MemoryEdge::default());
        let door = DoorRoute { hosts: vec!["api.example".to_owned()], socket: "/a.sock".to_owned(), public: false };
        let routes = Routes::new(edge.clone(), Arc::new(TurnedClock::at_millis(7)), vec![door], 0);
        let named = |byte: u8, name: &str| {
            let mut route = route(byte);
            route.hosts.push(format!("{name}.example"));
            route
        };
        let hosts = || edge.table().services.into_iter().map(|route| route.hosts.join(" ")).collect::<Vec<_>>();
        block_on(routes.begin(vec![named(1, "shop"), named(2, "api")])).unwrap();
        assert_eq!(hosts(), ["1.example shop.example", "2.example"], "a door keeps its host");
        block_on(routes.set(&service_id(3), Some(named(3, "shop")))).unwrap();
        assert_eq!(hosts(), ["1.example", "2.example", "3.example"]);
        block_on(routes.set(&service_id(1), None)).unwrap();
        assert_eq!(hosts(), ["2.example", "3.example shop.example"], "who is left alone with it has it");
    }
}
