//! Records in memory, in the ledger that has the services which name them.

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::connection::Connection;
use crate::observability_configuration::ObservabilityConfiguration;
use crate::port::{Answer, Granted, Records};
use crate::record::{
    NewRecord, Noun, Record, RecordArn, RecordFilter, RecordView, deleted, listed, meant, next, seen, with_built_in,
};
use crate::tag::TagChange;
use crate::testbed::MemoryLedger;
use crate::testbed::ledger::{Tables, page, ready};
use crate::time::Timestamp;
use crate::vpc_connector::VpcConnector;
use crate::wish::{Page, PageRequest};

/// Where the ledger in memory has the records of each noun.
#[derive(Debug, Default)]
pub(super) struct Shelves {
    observability: Vec<Record<ObservabilityConfiguration>>,
    vpc_connectors: Vec<Record<VpcConnector>>,
    connections: Vec<Record<Connection>>,
}

trait Shelved: Noun {
    fn shelf(shelves: &mut Shelves) -> &mut Vec<Record<Self>>;
}

impl Shelved for ObservabilityConfiguration {
    fn shelf(shelves: &mut Shelves) -> &mut Vec<Record<Self>> {
        &mut shelves.observability
    }
}

impl Shelved for VpcConnector {
    fn shelf(shelves: &mut Shelves) -> &mut Vec<Record<Self>> {
        &mut shelves.vpc_connectors
    }
}

impl Shelved for Connection {
    fn shelf(shelves: &mut Shelves) -> &mut Vec<Record<Self>> {
        &mut shelves.connections
    }
}

impl Tables {
    fn records<N: Shelved>(&mut self, scope: &Scope) -> Vec<Record<N>> {
        with_built_in(scope, N::shelf(&mut self.shelves).iter().filter(|kept| kept.scope == *scope).cloned().collect())
    }

    /// Writes a record, and answers with what a caller sees of it then.
    fn shelve<N: Shelved>(&mut self, record: Record<N>, audit: &AuditRow) -> RecordView<N> {
        self.audit.push(AuditRow { resource: record.arn().to_string(), ..audit.clone() }.into());
        let shelf = N::shelf(&mut self.shelves);
        shelf.retain(|kept| (&kept.scope, kept.place()) != (&record.scope, record.place()));
        shelf.push(record.clone());
        seen(&self.records(&record.scope.clone()), record)
    }

    fn is_named(&self, scope: &Scope, id: &str) -> bool {
        let mut services = self.services.values().map(|stored| &stored.value);
        services.any(|service| service.scope == *scope && service.deleted_at().is_none() && service.configuration.names(id))
    }
}

impl<N: Shelved> Records<N> for MemoryLedger {
    fn create<'a>(&'a self, new: &'a NewRecord<N>, audit: &'a AuditRow) -> Answer<'a, Granted<RecordView<N>>> {
        let mut tables = self.tables();
        let made = next(&tables.records(&new.scope), new);
        ready(made.map(|record| tables.shelve(record, audit)))
    }

    fn find<'a>(&'a self, arn: &'a RecordArn<N>) -> Answer<'a, Option<RecordView<N>>> {
        let kept = self.tables().records(&arn.scope);
        ready(meant(&kept, arn).map(|record| seen(&kept, record.clone())))
    }

    fn list<'a>(&'a self, scope: &'a Scope, filter: &'a RecordFilter, request: &'a PageRequest) -> Answer<'a, Page<RecordView<N>>> {
        let kept = self.tables().records(scope);
        let after = request.after.as_deref().and_then(|key| key.split_once('/'));
        let after = after.map(|(name, number)| (name, number.parse().expect("a key that was answered")));
        let first = PageRequest { after: None, items_max: request.items_max };
        let Page { items, next } = page(listed(&kept, filter, after), &first, |kept| format!("{}/{}", kept.name, kept.revision));
        ready(Page { items: items.into_iter().map(|record| seen(&kept, record)).collect(), next })
    }

    fn delete<'a>(&'a self, arn: &'a RecordArn<N>, at: Timestamp, audit: &'a AuditRow) -> Answer<'a, Granted<RecordView<N>>> {
        let mut tables = self.tables();
        let kept = tables.records(&arn.scope);
        match deleted(&kept, arn, at, |id| Ok(tables.is_named(&arn.scope, id) || tables.is_returned_to(&arn.scope, id))) {
            Ok(granted) => ready(granted.map(|record| tables.shelve(record, audit))),
            Err(trouble) => Box::pin(std::future::ready(Err(trouble))),
        }
    }

    fn change_tags<'a>(&'a self, arn: &'a RecordArn<N>, change: &'a TagChange, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut tables = self.tables();
        let changed = match meant(&tables.records(&arn.scope), arn) {
            None => Err(arn.not_found()),
            Some(found) => found.retagged(change),
        };
        ready(changed.map(|record| drop(tables.shelve(record, audit))))
    }
}
