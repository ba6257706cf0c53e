//! VPC ingress connections in memory, in the ledger that has the services to which they lead.

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::port::{Answer, Granted, VpcIngressConnections};
use crate::tag::TagChange;
use crate::testbed::MemoryLedger;
use crate::testbed::ledger::{Tables, page_by_key, ready};
use crate::time::Timestamp;
use crate::vpc_ingress::{IngressChange, IngressFilter, VpcIngress, VpcIngressArn, admit};
use crate::wish::{Page, PageRequest};

impl Tables {
    fn ingress(&self, arn: &VpcIngressArn) -> Option<&VpcIngress> {
        self.ingress.iter().find(|kept| kept.arn() == *arn)
    }

    fn put_ingress(&mut self, ingress: VpcIngress, audit: &AuditRow) {
        self.audit.push(AuditRow { resource: ingress.arn().to_string(), ..audit.clone() }.into());
        self.ingress.retain(|kept| kept.id != ingress.id);
        self.ingress.push(ingress);
    }
}

impl VpcIngressConnections for MemoryLedger {
    fn create<'a>(&'a self, new: &'a VpcIngress, audit: &'a AuditRow) -> Answer<'a, Granted<VpcIngress>> {
        let mut tables = self.tables();
        let kept: Vec<VpcIngress> = tables.ingress.iter().filter(|kept| kept.scope == new.scope).cloned().collect();
        let service = tables.services.values().map(|stored| &stored.value).find(|service| service.arn() == new.service);
        let admitted = admit(&kept, kept.len(), service, new, new.asked_at);
        ready(admitted.map(|()| {
            tables.put_ingress(new.clone(), audit);
            new.clone()
        }))
    }

    fn find<'a>(&'a self, arn: &'a VpcIngressArn) -> Answer<'a, Option<VpcIngress>> {
        ready(self.tables().ingress(arn).cloned())
    }

    fn list<'a>(
        &'a self,
        scope: &'a Scope,
        filter: &'a IngressFilter,
        now: Timestamp,
        page: &'a PageRequest,
    ) -> Answer<'a, Page<VpcIngress>> {
        let tables = self.tables();
        let mut listed: Vec<VpcIngress> =
            tables.ingress.iter().filter(|kept| kept.scope == *scope && kept.is_listed(filter, now)).cloned().collect();
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        ready(page_by_key(listed, page, |ingress| ingress.name.clone()))
    }

    fn change<'a>(
        &'a self,
        arn: &'a VpcIngressArn,
        change: &'a IngressChange,
        now: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<VpcIngress>> {
        let mut tables = self.tables();
        let changed = tables.ingress(arn).ok_or_else(|| arn.not_found()).and_then(|kept| kept.changed(change, now));
        ready(changed.inspect(|changed| tables.put_ingress(changed.clone(), audit)))
    }

    fn change_tags<'a>(
        &'a self,
        arn: &'a VpcIngressArn,
        change: &'a TagChange,
        now: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>> {
        let mut tables = self.tables();
        let changed = tables.ingress(arn).ok_or_else(|| arn.not_found()).and_then(|kept| kept.retagged(change, now));
        ready(changed.map(|changed| tables.put_ingress(changed, audit)))
    }
}
