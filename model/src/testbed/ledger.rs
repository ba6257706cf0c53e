//! Services, operations, revisions, events and the audit log in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::account::Scope;
use crate::arn::ServiceArn;
use crate::audit::{AuditEntry, AuditFound, AuditQuery, AuditRow, AuditedEvent};
use crate::custom_domain::CustomDomain;
use crate::event::{Event, PlacedEvent};
use crate::operation::Operation;
use crate::port::{Answer, Audit, Commit, Events, Operations, Revisions, ServiceChange, Services, Version, Versioned};
use crate::revision::{Revision, RevisionNumber};
use crate::scaling_configuration::ScalingRevision;
use crate::service::{Service, ServiceId};
use crate::service_name::ServiceName;
use crate::testbed::records::Shelves;
use crate::vpc_ingress::VpcIngress;
use crate::wish::{LogPosition, Page, PageRequest};

/// A ledger that forgets when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryLedger(Mutex<Tables>);

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) services: BTreeMap<ServiceId, Versioned<Service>>,
    /// In the order begun.
    operations: BTreeMap<ServiceId, Vec<Operation>>,
    revisions: BTreeMap<(ServiceId, RevisionNumber), Revision>,
    events: BTreeMap<ServiceId, Vec<Event>>,
    pub(super) audit: Vec<AuditEntry>,
    pub(super) scaling: Vec<ScalingRevision>,
    pub(super) ingress: Vec<VpcIngress>,
    /// In the order associated.
    pub(super) domains: Vec<CustomDomain>,
    /// Where somebody chose another default than the one from the start: name and revision.
    pub(super) scaling_default: BTreeMap<Scope, (String, u32)>,
    pub(super) shelves: Shelves,
}

impl MemoryLedger {
    pub(super) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().expect("no test panics while it holds the ledger")
    }
}

pub(super) fn ready<'a, T: Send + 'a>(value: T) -> Answer<'a, T> {
    Box::pin(std::future::ready(Ok(value)))
}

/// Cuts a page out of items in the byte order of their keys; the key that leads to it need not be there any more.
pub(super) fn page_by_key<T>(items: Vec<T>, request: &PageRequest, key: impl Fn(&T) -> String) -> Page<T> {
    let after = request.after.clone().unwrap_or_default();
    let items = items.into_iter().filter(|item| key(item) > after).collect();
    page(items, &PageRequest { after: None, items_max: request.items_max }, key)
}

/// Cuts a page out of items in their order; the key of the last one leads to the next page.
pub(super) fn page<T>(items: Vec<T>, request: &PageRequest, key: impl Fn(&T) -> String) -> Page<T> {
    let skipped = match &request.after {
        Some(after) => items.iter().position(|item| key(item) == *after).map_or(items.len(), |at| at + 1),
        None => 0,
    };
    let mut items: Vec<T> = items.into_iter().skip(skipped).collect();
    let most = request.items_max.map_or(usize::MAX, |n| n as usize);
    let more = items.len() > most;
    items.truncate(most);
    let next = if more { items.last().map(&key) } else { None };
    Page { items, next }
}

impl Tables {
    /// Whether a service under way may come back to a revision that names a resource, by the resource's id.
    pub(super) fn is_returned_to(&self, scope: &Scope, id: &str) -> bool {
        let mut services = self.services.values().map(|stored| &stored.value).filter(|service| service.scope == *scope);
        services.any(|service| {
            let from = service.phase.returns_to().and_then(|number| self.revisions.get(&(service.id.clone(), number)));
            from.is_some_and(|revision| revision.configuration.names(id))
        })
    }

    fn commit(&mut self, read: Version, change: &ServiceChange) -> Commit {
        let service = &change.service;
        let current = self.services.get(&service.id).map_or(Version(0), |stored| stored.version);
        if current != read {
            return Commit::Stale;
        }
        let taken = |other: &Service| {
            other.id != service.id
                && other.deleted_at().is_none()
                && ((other.scope == service.scope && other.name == service.name) || other.label == service.label)
        };
        if service.deleted_at().is_none() && self.services.values().any(|stored| taken(&stored.value)) {
            return Commit::NameTaken;
        }
        let leads_here = |ingress: &&VpcIngress| ingress.service == service.arn() && ingress.is_there(service.updated_at);
        if let Some(held) = self.ingress.iter().find(leads_here).filter(|_| change.begins_deletion()) {
            return Commit::Bound(held.arn());
        }
        let version = Version(current.0 + 1);
        self.services.insert(service.id.clone(), Versioned { version, value: service.clone() });
        if let Some(operation) = &change.operation {
            let operations = self.operations.entry(service.id.clone()).or_default();
            match operations.iter_mut().find(|kept| kept.id == operation.id) {
                Some(kept) => *kept = operation.clone(),
                None => operations.push(operation.clone()),
            }
        }
        if let Some(revision) = &change.revision {
            self.revisions.entry((service.id.clone(), revision.number)).or_insert_with(|| revision.clone());
        }
        self.events.entry(service.id.clone()).or_default().extend(change.events.iter().cloned());
        self.audit.extend(change.audit.clone().map(AuditEntry::from));
        Commit::Done(version)
    }
}

impl Tables {
    fn events_after(&self, service: &ServiceId, after: LogPosition) -> Vec<PlacedEvent> {
        let events = self.events.get(service).map(Vec::as_slice).unwrap_or_default().iter().cloned();
        let placed = (1..).zip(events).map(|(position, event)| PlacedEvent { position: LogPosition(position), event });
        placed.filter(|placed| placed.position > after).collect()
    }
}

impl Services for MemoryLedger {
    fn commit<'a>(&'a self, read: Version, change: &'a ServiceChange) -> Answer<'a, Commit> {
        ready(self.tables().commit(read, change))
    }

    fn get<'a>(&'a self, arn: &'a ServiceArn) -> Answer<'a, Option<Versioned<Service>>> {
        ready(self.tables().services.get(&arn.id).filter(|stored| stored.value.arn() == *arn).cloned())
    }

    fn by_id<'a>(&'a self, id: &'a ServiceId) -> Answer<'a, Option<Versioned<Service>>> {
        ready(self.tables().services.get(id).cloned())
    }

    fn by_name<'a>(&'a self, scope: &'a Scope, name: &'a ServiceName) -> Answer<'a, Option<Versioned<Service>>> {
        let tables = self.tables();
        let named = |stored: &&Versioned<Service>| {
            stored.value.scope == *scope && stored.value.name == *name && stored.value.deleted_at().is_none()
        };
        ready(tables.services.values().find(named).cloned())
    }

    fn list<'a>(&'a self, scope: &'a Scope, request: &'a PageRequest) -> Answer<'a, Page<Service>> {
        let tables = self.tables();
        let listed = |service: &&Service| service.scope == *scope && service.deleted_at().is_none();
        let mut services: Vec<Service> = tables.services.values().map(|stored| &stored.value).filter(listed).cloned().collect();
        services.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        // The one that leads to a page may be deleted by now: it still has its place.
        let is_meant = |service: &&Service| request.after.as_ref().is_some_and(|after| service.id.to_string() == *after);
        if let Some(after) = tables.services.values().map(|stored| &stored.value).find(is_meant) {
            services.retain(|service| (service.created_at, &service.id) < (after.created_at, &after.id));
        } else if request.after.is_some() {
            services.clear();
        }
        let request = PageRequest { after: None, ..request.clone() };
        ready(page(services, &request, |service| service.id.to_string()))
    }

    fn kept(&self) -> Answer<'_, Vec<Service>> {
        let tables = self.tables();
        ready(tables.services.values().map(|stored| stored.value.clone()).filter(|s| s.deleted_at().is_none()).collect())
    }

    fn gone(&self) -> Answer<'_, Vec<Service>> {
        let tables = self.tables();
        ready(tables.services.values().map(|stored| stored.value.clone()).filter(|s| s.deleted_at().is_some()).collect())
    }
}

impl Operations for MemoryLedger {
    fn list<'a>(&'a self, service: &'a ServiceId, request: &'a PageRequest) -> Answer<'a, Page<Operation>> {
        let operations = self.tables().operations.get(service).cloned().unwrap_or_default();
        ready(page(operations.into_iter().rev().collect(), request, |operation| operation.id.to_string()))
    }
}

impl Revisions for MemoryLedger {
    fn get<'a>(&'a self, service: &'a ServiceId, number: RevisionNumber) -> Answer<'a, Option<Revision>> {
        ready(self.tables().revisions.get(&(service.clone(), number)).cloned())
    }

    fn list<'a>(&'a self, service: &'a ServiceId, request: &'a PageRequest) -> Answer<'a, Page<Revision>> {
        let tables = self.tables();
        let of_it = tables.revisions.iter().rev().filter(|((id, _), _)| id == service).map(|(_, revision)| revision.clone());
        ready(page(of_it.collect(), request, |revision| revision.number.to_string()))
    }
}

impl Events for MemoryLedger {
    fn list<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>> {
        let placed = self.tables().events_after(service, after).into_iter().filter(|placed| placed.event.deployment.is_none());
        ready(placed.take(events_max as usize).collect())
    }

    fn all<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>> {
        ready(self.tables().events_after(service, after).into_iter().take(events_max as usize).collect())
    }
}

impl Audit for MemoryLedger {
    fn append<'a>(&'a self, row: &'a AuditRow) -> Answer<'a, ()> {
        self.tables().audit.push(row.clone().into());
        ready(())
    }

    fn append_all<'a>(&'a self, rows: &'a [AuditRow]) -> Answer<'a, ()> {
        self.tables().audit.extend(rows.iter().cloned().map(Into::into));
        ready(())
    }

    fn record<'a>(&'a self, entry: &'a AuditEntry) -> Answer<'a, ()> {
        self.tables().audit.push(entry.clone());
        ready(())
    }

    fn look_up<'a>(&'a self, query: &'a AuditQuery) -> Answer<'a, AuditFound> {
        let placed = (1_u64..).zip(self.tables().audit.clone());
        let mut events: Vec<AuditedEvent> = placed
            .map(|(position, entry)| AuditedEvent {
                position: LogPosition(position),
                id: format!("00000000-0000-4000-8000-{position:012x}"),
                entry,
            })
            .filter(|event| query.before.is_none_or(|before| event.position < before) && query.asks_for(event))
            .collect();
        events.reverse();
        let more = events.len() > query.events_max as usize;
        events.truncate(query.events_max as usize);
        let next = events.last().map(|event| event.position).filter(|_| more);
        ready(AuditFound { events, next })
    }

    fn list(&self, after: LogPosition, rows_max: u32) -> Answer<'_, Vec<(LogPosition, AuditRow)>> {
        let tables = self.tables();
        let placed = (1..).map(LogPosition).zip(tables.audit.iter().map(|entry| entry.row.clone()));
        ready(placed.filter(|(position, _)| *position > after).take(rows_max as usize).collect())
    }
}
