//! A front door in memory: it carries what is published, and its demand is set by the test.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::access_log::{AccessBatch, AccessRecord};
use crate::certificate::CertificateTable;
use crate::demand::{Demand, ServiceDemand};
use crate::instance::InstanceName;
use crate::log_line::LogCursor;
use crate::port::{AccessRecords, Answer, Board, Gauge};
use crate::route_table::RouteTable;
use crate::service::ServiceId;
use crate::testbed::ledger::ready;
use crate::trouble::Trouble;

/// An edge that never dies.
#[derive(Debug, Default)]
pub struct MemoryEdge(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    table: RouteTable,
    certificates: CertificateTable,
    in_flight: BTreeMap<InstanceName, u32>,
    waiting: BTreeMap<ServiceId, u32>,
    reads: u64,
    pending: AccessBatch,
    records: Vec<AccessRecord>,
    replaced: u64,
    silent: bool,
}

impl MemoryEdge {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics while it holds the edge")
    }

    /// The table in force.
    pub fn table(&self) -> RouteTable {
        self.state().table.clone()
    }

    pub fn certificates(&self) -> CertificateTable {
        self.state().certificates.clone()
    }

    /// Says how many requests an instance has in flight.
    pub fn carry(&self, instance: &InstanceName, in_flight: u32) {
        self.state().in_flight.insert(instance.clone(), in_flight);
    }

    /// Says how many requests of a service wait for a slot.
    pub fn hold(&self, service: &ServiceId, waiting: u32) {
        self.state().waiting.insert(service.clone(), waiting);
    }

    /// From now on it answers nobody who asks for the demand, or does so again.
    pub fn fall_silent(&self, silent: bool) {
        self.state().silent = silent;
    }

    /// How often the demand was asked for.
    pub fn reads(&self) -> u64 {
        self.state().reads
    }
}

impl MemoryEdge {
    /// It dies with all that was not fetched, and the next one takes its place.
    pub fn replace(&self) {
        let mut state = self.state();
        state.replaced += 1;
        (state.pending, state.records) = (AccessBatch::default(), Vec::new());
    }

    /// A request has ended.
    pub fn record(&self, record: AccessRecord) {
        self.state().records.push(record);
    }
}

impl AccessRecords for MemoryEdge {
    fn fetch(&self, have: LogCursor) -> Answer<'_, AccessBatch> {
        let mut state = self.state();
        let state = &mut *state;
        if state.pending.records.is_empty() || have == state.pending.next {
            let records = std::mem::take(&mut state.records);
            let run = 1 + state.replaced;
            let known = if have.run == run { have.offset } else { 0 };
            let next = LogCursor { run, segment: 0, offset: known + u64::from(!records.is_empty()) };
            state.pending = AccessBatch { records, next, ..AccessBatch::default() };
        }
        ready(state.pending.clone())
    }
}

impl Board for MemoryEdge {
    fn publish<'a>(&'a self, table: &'a RouteTable) -> Answer<'a, ()> {
        let mut state = self.state();
        if table.generation > state.table.generation {
            state.table = table.clone();
        }
        ready(())
    }

    fn publish_certificates<'a>(&'a self, table: &'a CertificateTable) -> Answer<'a, ()> {
        let mut state = self.state();
        if table.generation > state.certificates.generation {
            state.certificates = table.clone();
        }
        ready(())
    }
}

impl Gauge for MemoryEdge {
    fn read(&self) -> Answer<'_, Demand> {
        let mut state = self.state();
        state.reads += 1;
        if state.silent {
            let trouble = Trouble::passing("reading what is in flight", "the front door does not answer");
            return Box::pin(std::future::ready(Err(trouble)));
        }
        let instances: BTreeMap<_, _> =
            state.in_flight.iter().filter(|(_, n)| **n > 0).map(|(name, n)| (name.clone(), *n)).collect();
        let mut services: BTreeMap<ServiceId, ServiceDemand> = BTreeMap::new();
        for (name, in_flight) in &instances {
            services.entry(name.service.clone()).or_default().in_flight += in_flight;
        }
        for (service, waiting) in state.waiting.iter().filter(|(_, waiting)| **waiting > 0) {
            services.entry(service.clone()).or_default().waiting = *waiting;
        }
        ready(Demand { generation: state.table.generation, services, instances, is_partial: false })
    }
}
