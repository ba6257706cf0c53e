//! Where a host leads: the route table as the carrying cores read it, without a lock.
//! Never mutates a table in place; what must outlive a table (counts, queues, pools) is carried over by name, or a swap would
//! reset the counts and break the hard limit. Source of truth: `model::route_table`.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use model::route_table::{DoorRoute, InstanceRoute, RouteTable, ServiceRoute};
use model::service::ServiceId;

use crate::access_log::Note;
use crate::complaint::Complaints;
use crate::gauge::Cord;
use crate::gauge::Rings;
use crate::host::lower_case;
use crate::limit::SHUN_TIME;
use crate::slot::{Line, Occupant, Seat};
use crate::upstream::{Place, Pool};

/// An instance, as the payload of its seat.
pub struct Upstream {
    pub route: InstanceRoute,
    pub pool: Arc<Pool>,
    cord: Arc<Cord>,
    began: Instant,
    /// Milliseconds after `began`; 0 is never.
    shunned_until: AtomicU64,
}

impl Upstream {
    /// Passed over for a moment: it refused a connection.
    pub fn shun(&self) {
        let until = self.began.elapsed() + SHUN_TIME;
        self.shunned_until.store(u64::try_from(until.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Occupant for Upstream {
    fn emptied(&self) {
        self.cord.pull();
    }

    fn shunned(&self) -> bool {
        let until = self.shunned_until.load(Ordering::Relaxed);
        until != 0 && self.began.elapsed() < Duration::from_millis(until)
    }
}

/// A service, for as long as any table names it.
pub struct Service {
    pub id: ServiceId,
    pub line: Arc<Line<Upstream>>,
    pub cord: Arc<Cord>,
    pub complaints: Complaints,
    /// Requests that wait because instances refused connections.
    pub waiting_refused: AtomicU32,
    ended: AtomicU64,
    /// Of a hundred requests so many are noted.
    access_percent: AtomicU8,
}

impl Service {
    /// Of a hundred requests so many are noted.
    pub fn access_percent(&self) -> u8 {
        self.access_percent.load(Ordering::Relaxed)
    }

    /// Requests that ended, whatever the answer.
    pub fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }
}

/// Counts a request of a service when it ends, and puts down what was noted of it.
pub struct Counted {
    pub service: Arc<Service>,
    pub note: Option<Box<Note>>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.service.ended.fetch_add(1, Ordering::Relaxed);
        if let Some(note) = self.note.take() {
            note.end(&self.service);
        }
    }
}

/// One of the platform's own doors.
pub struct Door {
    pub pool: Arc<Pool>,
    /// Requests that wait for it to listen.
    pub waiting: AtomicU32,
}

/// Where one host leads.
#[derive(Clone)]
pub enum Route {
    Service { service: Arc<Service>, hold_max: Duration, request_timeout: Option<Duration> },
    Door { door: Arc<Door>, public: bool },
}

/// One table, ready to be read.
#[derive(Default)]
struct Routing {
    generation: u64,
    hosts: HashMap<String, Route>,
    services: HashMap<ServiceId, Arc<Service>>,
    doors: HashMap<String, Arc<Door>>,
}

/// The table in force.
pub struct Routes {
    now: ArcSwap<Routing>,
    rings: Arc<Rings>,
    cores: usize,
    began: Instant,
}

/// Seats that no table names any more and that still carry something, with their services: who comes back before they are empty
/// must find the same line, or a slot that comes free would be offered to nobody.
pub type Leaving = Vec<(Arc<Service>, Arc<Seat<Upstream>>)>;

impl Routes {
    /// No host leads anywhere.
    pub fn new(cores: usize, rings: Arc<Rings>) -> Self {
        Self { now: ArcSwap::default(), rings, cores, began: Instant::now() }
    }

    /// Where a host leads. `name` as [`crate::host::routing_name`] gives it.
    pub fn find(&self, name: &str) -> Option<Route> {
        self.now.load().hosts.get(name).cloned()
    }

    /// The generation in force; 0 before the first.
    pub fn generation(&self) -> u64 {
        self.now.load().generation
    }

    /// The services that the table names.
    pub fn services(&self) -> Vec<Arc<Service>> {
        self.now.load().services.values().cloned().collect()
    }

    /// Puts a table in force. Called by one thread, never by a carrying core: a large table takes milliseconds. `leaving` is that
    /// thread's list of seats that still carry something; seats that come back are taken out of it again.
    pub fn apply(&self, table: RouteTable, leaving: &mut Leaving) {
        let before = self.now.load_full();
        let mut next = Routing { generation: table.generation, ..Routing::default() };
        for route in table.services {
            self.apply_service(&before, &mut next, route, leaving);
        }
        for route in table.doors {
            self.apply_door(&before, &mut next, route);
        }
        let next = Arc::new(next);
        self.now.store(Arc::clone(&next));
        for (id, service) in &before.services {
            if !next.services.contains_key(id) {
                set(service, Vec::new(), 0, 0, leaving);
                // Should it come back, it may get another line, and nobody would ever serve this one.
                service.line.dismiss();
            }
        }
    }

    fn apply_service(&self, before: &Routing, next: &mut Routing, route: ServiceRoute, leaving: &mut Leaving) {
        let left = leaving.iter().map(|(service, _)| service).find(|service| service.id == route.service);
        let service = match before.services.get(&route.service).or(left) {
            Some(service) => Arc::clone(service),
            None => self.service(route.service.clone()),
        };
        service.access_percent.store(route.access_log.percent(), Ordering::Relaxed);
        let known = service.line.seats();
        let seats: Vec<_> = route
            .instances
            .into_iter()
            .map(|instance| {
                let is_it = |seat: &&Arc<Seat<Upstream>>| seat.payload.route == instance;
                match known.iter().chain(leaving.iter().map(|(_, seat)| seat)).find(is_it) {
                    Some(seat) => Arc::clone(seat),
                    None => self.seat(instance, &service),
                }
            })
            .collect();
        leaving.retain(|(_, old)| !seats.iter().any(|seat| Arc::ptr_eq(old, seat)));
        set(&service, seats, route.concurrency_max, route.hold_queue_max as usize, leaving);
        for host in route.hosts {
            let route =
                Route::Service { service: Arc::clone(&service), hold_max: route.hold_max, request_timeout: route.request_timeout };
            next.hosts.insert(lower_case(&host).into_owned(), route);
        }
        next.services.insert(route.service, service);
    }

    fn apply_door(&self, before: &Routing, next: &mut Routing, route: DoorRoute) {
        let door = match before.doors.get(&route.socket).or_else(|| next.doors.get(&route.socket)) {
            Some(door) => Arc::clone(door),
            None => Arc::new(Door {
                pool: Arc::new(Pool::new(Place::Unix(PathBuf::from(&route.socket)), self.cores)),
                waiting: AtomicU32::new(0),
            }),
        };
        for host in route.hosts {
            let route = Route::Door { door: Arc::clone(&door), public: route.public };
            next.hosts.insert(lower_case(&host).into_owned(), route);
        }
        next.doors.insert(route.socket, door);
    }

    fn service(&self, id: ServiceId) -> Arc<Service> {
        Arc::new(Service {
            cord: Arc::new(Cord::new(id.clone(), Arc::clone(&self.rings))),
            line: Arc::new(Line::new(0, 0)),
            complaints: Complaints::new(),
            waiting_refused: AtomicU32::new(0),
            ended: AtomicU64::new(0),
            access_percent: AtomicU8::new(0),
            id,
        })
    }

    fn seat(&self, route: InstanceRoute, service: &Service) -> Arc<Seat<Upstream>> {
        Arc::new(Seat::new(Upstream {
            pool: Arc::new(Pool::new(Place::Tcp(route.address), self.cores)),
            cord: Arc::clone(&service.cord),
            began: self.began,
            shunned_until: AtomicU64::new(0),
            route,
        }))
    }
}

/// Gives a service its seats, and closes those that it had and has no more.
fn set(service: &Arc<Service>, seats: Vec<Arc<Seat<Upstream>>>, limit: u32, waiting_max: usize, leaving: &mut Leaving) {
    let before = service.line.seats();
    for seat in &seats {
        seat.payload.pool.open();
        seat.open();
    }
    service.line.set(seats.clone(), limit, waiting_max);
    for old in before.iter().filter(|old| !seats.iter().any(|seat| Arc::ptr_eq(old, seat))) {
        let in_flight = old.close();
        old.payload.pool.close();
        if in_flight > 0 {
            leaving.push((Arc::clone(service), Arc::clone(old)));
        }
    }
}
