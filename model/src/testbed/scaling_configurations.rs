//! Auto scaling configurations in memory, in the ledger that has the services which use them.

use crate::account::Scope;
use crate::arn::ServiceArn;
use crate::audit::AuditRow;
use crate::port::{Answer, Granted, ScalingConfigurations};
use crate::refusal::Refusal;
use crate::scaling_configuration::{
    NewScaling, ScalingArn, ScalingConfiguration, ScalingExtent, ScalingFilter, ScalingRevision, ScalingView, chosen,
    default_place, deleted, latest, listed, meant, next, with_default,
};
use crate::service::Service;
use crate::tag::TagChange;
use crate::testbed::MemoryLedger;
use crate::testbed::ledger::{Tables, page, ready};
use crate::time::Timestamp;
use crate::wish::{Page, PageRequest};

impl Tables {
    fn kept(&self, scope: &Scope) -> Vec<ScalingRevision> {
        with_default(scope, self.scaling.iter().filter(|kept| kept.scope == *scope).cloned().collect())
    }

    fn scaling_default(&self, scope: &Scope) -> (String, u32) {
        default_place(self.scaling_default.get(scope).cloned())
    }

    fn users(&self, scope: &Scope, id: &str) -> Vec<&Service> {
        let uses = |service: &&Service| {
            service.scope == *scope && service.deleted_at().is_none() && service.configuration.scaling.id == id
        };
        let mut users: Vec<&Service> = self.services.values().map(|stored| &stored.value).filter(uses).collect();
        users.sort_by_key(|service| (service.created_at, &service.id));
        users
    }

    fn view(&self, revision: ScalingRevision) -> ScalingView {
        let latest = latest(&self.kept(&revision.scope), &revision.configuration.name) == Some(revision.configuration.revision);
        let in_use = !self.users(&revision.scope, &revision.configuration.id).is_empty();
        let (name, number) = self.scaling_default(&revision.scope);
        let is_default = revision.place() == (name.as_str(), number);
        ScalingView { latest, in_use, is_default, revision }
    }

    fn put(&mut self, revision: ScalingRevision, audit: &AuditRow) {
        self.audit.push(AuditRow { resource: revision.arn().to_string(), ..audit.clone() }.into());
        self.scaling.retain(|kept| (&kept.scope, kept.place()) != (&revision.scope, revision.place()));
        self.scaling.push(revision);
    }
}

impl ScalingConfigurations for MemoryLedger {
    fn create<'a>(&'a self, new: &'a NewScaling, audit: &'a AuditRow) -> Answer<'a, Granted<ScalingView>> {
        let mut tables = self.tables();
        let made = next(&tables.kept(&new.scope), new).map(|revision| {
            tables.put(revision.clone(), audit);
            tables.view(revision)
        });
        ready(made)
    }

    fn find<'a>(&'a self, arn: &'a ScalingArn) -> Answer<'a, Option<ScalingView>> {
        let tables = self.tables();
        ready(meant(&tables.kept(&arn.scope), arn).map(|revision| tables.view(revision.clone())))
    }

    fn default<'a>(&'a self, scope: &'a Scope) -> Answer<'a, ScalingConfiguration> {
        let tables = self.tables();
        let (name, number) = tables.scaling_default(scope);
        let kept = tables.kept(scope).into_iter().find(|kept| kept.place() == (name.as_str(), number));
        ready(kept.expect("the default is not deleted, and so not forgotten").configuration)
    }

    fn set_default<'a>(&'a self, arn: &'a ScalingArn, audit: &'a AuditRow) -> Answer<'a, Granted<ScalingView>> {
        let mut tables = self.tables();
        let revision = match chosen(&tables.kept(&arn.scope), arn) {
            Ok(revision) => revision.clone(),
            Err(refusal) => return ready(Err(refusal)),
        };
        let (name, number) = revision.place();
        tables.scaling_default.insert(arn.scope.clone(), (name.to_owned(), number));
        tables.audit.push(AuditRow { resource: revision.arn().to_string(), ..audit.clone() }.into());
        ready(Ok(tables.view(revision)))
    }

    fn list<'a>(&'a self, scope: &'a Scope, filter: &'a ScalingFilter, request: &'a PageRequest) -> Answer<'a, Page<ScalingView>> {
        let tables = self.tables();
        let after = request.after.as_deref().and_then(|key| key.split_once('/'));
        let after = after.map(|(name, number)| (name, number.parse::<u32>().expect("a key that was answered")));
        let listed = listed(&tables.kept(scope), filter).into_iter().filter(|kept| after.is_none_or(|after| kept.place() > after));
        let first = PageRequest { after: None, items_max: request.items_max };
        let key = |kept: &ScalingRevision| format!("{}/{}", kept.place().0, kept.place().1);
        let Page { items, next } = page(listed.collect(), &first, key);
        ready(Page { items: items.into_iter().map(|kept| tables.view(kept)).collect(), next })
    }

    fn delete<'a>(
        &'a self,
        arn: &'a ScalingArn,
        extent: ScalingExtent,
        at: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<ScalingView>> {
        let mut tables = self.tables();
        let in_use = |id: &str| Ok(!tables.users(&arn.scope, id).is_empty() || tables.is_returned_to(&arn.scope, id));
        let gone = match deleted(&tables.kept(&arn.scope), arn, extent, at, &tables.scaling_default(&arn.scope), in_use) {
            Ok(Ok(gone)) => gone,
            Ok(Err(refusal)) => return ready(Err(refusal)),
            Err(trouble) => return Box::pin(std::future::ready(Err(trouble))),
        };
        let shown = gone.last().cloned().expect("a deletion that is not refused takes something");
        for revision in gone {
            tables.put(revision, audit);
        }
        ready(Ok(tables.view(shown)))
    }

    fn change_tags<'a>(&'a self, arn: &'a ScalingArn, change: &'a TagChange, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut tables = self.tables();
        let changed: Result<ScalingRevision, Refusal> = match meant(&tables.kept(&arn.scope), arn) {
            None => Err(arn.not_found()),
            Some(found) => found.retagged(change),
        };
        ready(changed.map(|revision| tables.put(revision, audit)))
    }

    fn services<'a>(&'a self, revision: &'a ScalingRevision, request: &'a PageRequest) -> Answer<'a, Page<ServiceArn>> {
        let tables = self.tables();
        let users = tables.users(&revision.scope, &revision.configuration.id);
        let users = users.into_iter().map(Service::arn).collect();
        ready(page(users, request, |arn: &ServiceArn| arn.id.to_string()))
    }
}
