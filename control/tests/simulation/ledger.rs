//! The ledger of a world, and the books beside it: every commit is held against what was there before, and against what really runs and is carried.
//!
//! Never keeps anything that the ledger in memory does not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::account::Scope;
use model::arn::ServiceArn;
use model::event::PlacedEvent;
use model::instance::InstanceName;
use model::limit::{DRAIN_MARGIN, DRAIN_UNLIMITED};
use model::log_line::{LogCursor, LogLine, LogSource, LogStream, PlacedLine};
use model::log_scan::{LineReader, Scanned};
use model::log_search::{FoundLines, LogSearch};
use model::operation::{Operation, OperationId, OperationState, Outcome};
use model::port::{Answer, Commit, Events, Granted, LogLines, Operations, Revisions, ServiceChange, Services, Version, Versioned};
use model::revision::{Revision, RevisionNumber};
use model::service::{Phase, Service, ServiceId, Standing, Step};
use model::service_name::ServiceName;
use model::wish::{LogPosition, Page, PageRequest};

use super::engine::Running;
use super::world::World;

/// What is known of every service, for the checks alone.
#[derive(Default)]
pub struct Books {
    services: BTreeSet<ServiceId>,
    revisions: BTreeMap<(ServiceId, RevisionNumber), Revision>,
    ended: BTreeSet<OperationId>,
    /// The shortest drain that a service's tags have ever asked for.
    drains: BTreeMap<ServiceId, Duration>,
}

impl Books {
    pub fn knows(&self, service: &ServiceId) -> bool {
        self.services.contains(service)
    }

    pub fn revision(&self, name: &ServiceId, number: RevisionNumber) -> Option<&Revision> {
        self.revisions.get(&(name.clone(), number))
    }

    /// MaxSize of an instance's revision.
    pub fn instances_max(&self, name: &InstanceName) -> u16 {
        self.revision(&name.service, name.revision).map_or(0, |revision| revision.configuration.scaling.instances_max)
    }

    pub fn drain(&self, service: &ServiceId) -> Duration {
        self.drains.get(service).copied().unwrap_or_default()
    }

    fn note(&mut self, change: &ServiceChange) {
        let service = &change.service;
        self.services.insert(service.id.clone());
        if let Some(revision) = &change.revision {
            self.revisions.insert((service.id.clone(), revision.number), revision.clone());
        }
        let options = service.tags.service_options().unwrap_or_default();
        let drain = options.request_timeout.map_or(DRAIN_UNLIMITED, |timeout| timeout + DRAIN_MARGIN);
        let known = self.drains.entry(service.id.clone()).or_insert(drain);
        *known = drain.min(*known);
    }
}

fn rank(step: &Step) -> u8 {
    match step {
        Step::Resolving | Step::Retiring => 0,
        Step::Starting { .. } => 1,
        Step::Routing { .. } => 2,
        Step::RollingBack { .. } => 3,
    }
}

impl World {
    /// The instances of a revision that was about to be routed are gone: it starts as it did.
    fn begins_again(&self, service: &ServiceId, from: &Step, to: &Step) -> bool {
        let (Step::Routing { revision: before }, Step::Starting { revision, .. }) = (from, to) else { return false };
        let is_of_it = |name: &InstanceName| name.service == *service && name.revision == *revision;
        let is_gone = !self.machine().instances.iter().any(|(name, running)| is_of_it(name) && running.is_ready());
        if is_gone {
            self.count("a version started again");
        }
        revision == before && is_gone
    }

    /// What may never be written over what is there.
    fn look_at_commit(&self, before: Option<&Service>, change: &ServiceChange) {
        let name = &change.service.name;
        let begun = change.operation.as_ref().filter(|operation| operation.state == OperationState::InProgress);
        if begun.is_some() && change.audit.is_none() {
            self.broken(|| format!("{name}: an operation is begun, and nobody wrote down who asked for it"));
        }
        if let Some(operation) = &change.operation {
            let mut books = self.books();
            let was_over = books.ended.contains(&operation.id);
            if !operation.is_open() {
                books.ended.insert(operation.id.clone());
            }
            drop(books);
            if was_over {
                self.broken(|| format!("{name}: an operation that has ended is written again: {:?}", operation.state));
            }
        }
        let revisions = before.map_or(0, |before| before.revisions);
        let (wanted, written) = (change.service.revisions, change.revision.as_ref().map(|revision| revision.number));
        if wanted != revisions + u32::from(written.is_some()) || written.is_some_and(|number| number != revisions + 1) {
            self.broken(|| format!("{name}: revision {written:?} is written after {revisions}, and {wanted} are counted"));
        }
        let Some(before) = before else { return };
        match (&before.phase, &change.service.phase) {
            (Phase::Moving { operation: one, step: from, .. }, Phase::Moving { operation: next, step: to, .. }) => {
                let begins_again = self.begins_again(&change.service.id, from, to);
                if one.id != next.id || rank(to) < rank(from) && !begins_again {
                    self.broken(|| format!("{name}: {:?} {from:?} goes on as {:?} {to:?}", one.kind, next.kind));
                }
            }
            (Phase::Moving { operation, .. }, Phase::Still(standing)) => self.look_at_end(operation, standing, change),
            (Phase::Still(_), Phase::Moving { .. }) => {
                if begun.is_none() {
                    self.broken(|| format!("{name}: it moves, and no operation was begun"));
                }
            }
            (Phase::Still(one), Phase::Still(next)) => {
                if one != next {
                    self.broken(|| format!("{name}: {one:?} became {next:?} without an operation"));
                }
            }
        }
    }

    /// An operation ends: what it says is so.
    fn look_at_end(&self, operation: &Operation, standing: &Standing, change: &ServiceChange) {
        let service = &change.service;
        let ended = change.operation.as_ref().filter(|ended| ended.id == operation.id);
        let Some(Operation { state: OperationState::Ended { outcome, .. }, .. }) = ended else {
            return self.broken(|| format!("{}: it rests, and {:?} has not ended", service.name, operation.kind));
        };
        self.count(&format!("{:?} {}", operation.kind, word(outcome)));
        let route = self.table().services.into_iter().find(|route| route.service == service.id);
        let carried: Vec<InstanceName> = route.iter().flat_map(|route| &route.instances).map(|one| one.name.clone()).collect();
        match standing {
            Standing::Running { revision } => {
                let least = self.books().revision(&service.id, *revision).map_or(0, |one| one.configuration.scaling.instances_min);
                let is_enough = carried.len() >= usize::from(least) || *outcome != Outcome::Succeeded;
                if route.is_none() || !is_enough || carried.iter().any(|name| name.revision != *revision) {
                    let kind = operation.kind;
                    self.broken(|| format!("{}: {kind:?} {outcome:?}, and carried is {carried:?} of r{revision}", service.name));
                }
            }
            Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. } => {
                if route.is_some() {
                    self.broken(|| format!("{}: it is {standing:?}, and its hosts are routed", service.name));
                }
                // Nobody waits for the grace of a start that failed.
                let is_left = |one: &&Running| !one.is_asked || *outcome == Outcome::Succeeded;
                let machine = self.machine();
                let left: Vec<String> = (machine.instances.values().filter(|one| one.seen.name.service == service.id))
                    .filter(is_left)
                    .map(|one| format!("{} {:?}", one.seen.name.short(), one.seen.phase))
                    .collect();
                drop(machine);
                if !left.is_empty() {
                    self.broken(|| format!("{}: it is {standing:?}, and there are {left:?}", service.name));
                }
            }
        }
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Failed(_) => "failed",
        Outcome::RolledBack(_) => "was rolled back",
    }
}

impl Services for World {
    fn commit<'a>(&'a self, read: Version, change: &'a ServiceChange) -> Answer<'a, Commit> {
        Box::pin(async move {
            self.before("commit").await?;
            let before = self.ledger.by_id(&change.service.id).await?.map(|found| found.value);
            let committed = self.ledger.commit(read, change).await?;
            match committed {
                Commit::Done(_) => {
                    self.note("a commit", || format!("{} {:?}", change.service.name, change.service.phase));
                    self.books().note(change);
                    self.look_at_commit(before.as_ref(), change);
                }
                Commit::Stale => self.count("a commit was stale"),
                Commit::Bound(_) => self.count("a deletion was bound"),
                Commit::NameTaken => self.count("a name was taken"),
            }
            self.after("commit").await?;
            Ok(committed)
        })
    }

    fn get<'a>(&'a self, arn: &'a ServiceArn) -> Answer<'a, Option<Versioned<Service>>> {
        Box::pin(async move {
            self.before("read").await?;
            let found = Services::get(&*self.ledger, arn).await?;
            self.after("read").await?;
            Ok(found)
        })
    }

    fn by_id<'a>(&'a self, id: &'a ServiceId) -> Answer<'a, Option<Versioned<Service>>> {
        Box::pin(async move {
            self.before("read").await?;
            let found = self.ledger.by_id(id).await?;
            self.after("read").await?;
            Ok(found)
        })
    }

    fn by_name<'a>(&'a self, scope: &'a Scope, name: &'a ServiceName) -> Answer<'a, Option<Versioned<Service>>> {
        Box::pin(async move {
            self.before("read").await?;
            let found = self.ledger.by_name(scope, name).await?;
            self.after("read").await?;
            Ok(found)
        })
    }

    fn list<'a>(&'a self, scope: &'a Scope, page: &'a PageRequest) -> Answer<'a, Page<Service>> {
        Services::list(&*self.ledger, scope, page)
    }

    fn kept(&self) -> Answer<'_, Vec<Service>> {
        Box::pin(async move {
            self.before("read").await?;
            let kept = self.ledger.kept().await?;
            self.after("read").await?;
            Ok(kept)
        })
    }

    fn gone(&self) -> Answer<'_, Vec<Service>> {
        self.ledger.gone()
    }
}

impl Operations for World {
    fn list<'a>(&'a self, service: &'a ServiceId, page: &'a PageRequest) -> Answer<'a, Page<Operation>> {
        Operations::list(&*self.ledger, service, page)
    }
}

impl Revisions for World {
    fn get<'a>(&'a self, service: &'a ServiceId, number: RevisionNumber) -> Answer<'a, Option<Revision>> {
        Box::pin(async move {
            self.before("read").await?;
            Revisions::get(&*self.ledger, service, number).await
        })
    }

    fn list<'a>(&'a self, service: &'a ServiceId, page: &'a PageRequest) -> Answer<'a, Page<Revision>> {
        Box::pin(async move {
            self.before("read").await?;
            Revisions::list(&*self.ledger, service, page).await
        })
    }
}

impl Events for World {
    fn list<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>> {
        Events::list(&*self.ledger, service, after, events_max)
    }

    fn all<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>> {
        self.ledger.all(service, after, events_max)
    }
}

impl LogLines for World {
    fn append<'a>(
        &'a self,
        stream: &'a LogStream,
        lines: &'a [LogLine],
        from: &'a InstanceName,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("append").await?;
            self.logs.append(stream, lines, from, read, next).await?;
            self.after("append").await
        })
    }

    fn cursor<'a>(&'a self, from: &'a InstanceName) -> Answer<'a, LogCursor> {
        self.logs.cursor(from)
    }

    fn read<'a>(&'a self, scope: &'a Scope, group: &'a str, after: LogPosition, lines_max: u32) -> Answer<'a, Vec<PlacedLine>> {
        self.logs.read(scope, group, after, lines_max)
    }

    fn tail<'a>(&'a self, scope: &'a Scope, group: &'a str, lines: u32) -> Answer<'a, LogPosition> {
        self.logs.tail(scope, group, lines)
    }

    fn copy<'a>(
        &'a self,
        parts: &'a [(LogStream, Vec<LogLine>)],
        from: &'a LogSource,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("copy").await?;
            self.logs.copy(parts, from, read, next).await?;
            self.after("copy").await
        })
    }

    fn copied<'a>(&'a self, from: &'a LogSource) -> Answer<'a, LogCursor> {
        self.logs.copied(from)
    }

    fn receive<'a>(&'a self, stream: &'a LogStream, lines: &'a [LogLine]) -> Answer<'a, Granted<()>> {
        self.logs.receive(stream, lines)
    }

    fn find<'a>(&'a self, search: &'a LogSearch) -> Answer<'a, Granted<FoundLines>> {
        self.logs.find(search)
    }

    fn scan<'a>(&'a self, search: &'a LogSearch, reader: Arc<dyn LineReader>) -> Answer<'a, Granted<Scanned>> {
        self.logs.scan(search, reader)
    }
}
