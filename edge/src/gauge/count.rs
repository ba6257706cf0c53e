//! The front door's half of the gauge: takes the snapshot, and gathers the bells that carrying cores ring.
//! Never sends anything: the conversation does. Source of truth: `model::demand::Demand`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use model::demand::{Demand, ServiceDemand};
use model::service::ServiceId;
use tokio::sync::Notify;

use crate::routing::{Leaving, Routes};

/// Services for which a bell rang and was not carried to the platform yet: each at most once, so never more than there are.
#[derive(Default)]
pub struct Rings {
    rung: Mutex<Vec<Arc<Bell>>>,
    notify: Notify,
}

struct Bell {
    service: ServiceId,
    rung: AtomicBool,
}

impl Rings {
    /// Waits until a bell has rung.
    pub async fn rung(&self) {
        self.notify.notified().await;
    }

    /// Takes what rang.
    pub fn take(&self) -> Vec<ServiceId> {
        let rung = std::mem::take(&mut *self.rung.lock().expect("nothing under this lock can panic"));
        rung.iter()
            .map(|bell| {
                bell.rung.store(false, Ordering::Release);
                bell.service.clone()
            })
            .collect()
    }
}

/// Rings one service's bell. Costs one atomic while the last ring was not carried on.
pub struct Cord {
    bell: Arc<Bell>,
    rings: Arc<Rings>,
}

impl Cord {
    /// A cord for one service.
    pub fn new(service: ServiceId, rings: Arc<Rings>) -> Self {
        Self { bell: Arc::new(Bell { service, rung: AtomicBool::new(false) }), rings }
    }

    /// Rings.
    pub fn pull(&self) {
        if !self.bell.rung.swap(true, Ordering::AcqRel) {
            self.rings.rung.lock().expect("nothing under this lock can panic").push(Arc::clone(&self.bell));
            self.rings.notify.notify_one();
        }
    }
}

/// Reads all counts, and takes those who are empty now out of `leaving`.
pub fn count(routes: &Routes, leaving: &mut Leaving) -> Demand {
    leaving.retain(|(_, seat)| seat.in_flight() > 0);
    let mut demand = Demand { generation: routes.generation(), ..Demand::default() };
    for service in routes.services() {
        let mut now = ServiceDemand {
            in_flight: 0,
            waiting: u32::try_from(service.line.waiting()).unwrap_or(u32::MAX),
            requests: service.ended(),
        };
        for seat in service.line.seats().iter() {
            let in_flight = seat.in_flight();
            now.in_flight += in_flight;
            if in_flight > 0 {
                *demand.instances.entry(seat.payload.route.name.clone()).or_default() += in_flight;
            }
        }
        if now != ServiceDemand::default() {
            demand.services.insert(service.id.clone(), now);
        }
    }
    for (service, seat) in leaving.iter() {
        let in_flight = seat.in_flight();
        *demand.instances.entry(seat.payload.route.name.clone()).or_default() += in_flight;
        let now = demand.services.entry(service.id.clone()).or_default();
        now.in_flight += in_flight;
        now.requests = service.ended();
    }
    demand
}
