//! Custom domains in memory, in the ledger that has the services to which they lead.

use crate::arn::ServiceArn;
use crate::audit::AuditRow;
use crate::custom_domain::{CustomDomain, admit, require_running, unknown};
use crate::port::{Answer, CustomDomains, Granted};
use crate::refusal::Refusal;
use crate::service::Service;
use crate::testbed::MemoryLedger;
use crate::testbed::ledger::{Tables, page, ready};
use crate::wish::{Page, PageRequest};

impl Tables {
    fn service_of(&self, arn: &ServiceArn) -> Option<&Service> {
        self.services.get(&arn.id).map(|stored| &stored.value).filter(|service| service.arn() == *arn)
    }

    /// Those of services that are not deleted.
    fn led(&self) -> impl Iterator<Item = (ServiceArn, &CustomDomain)> {
        self.domains.iter().filter_map(|domain| {
            let service = &self.services.get(&domain.service)?.value;
            service.deleted_at().is_none().then(|| (service.arn(), domain))
        })
    }

    fn associate(&mut self, arn: &ServiceArn, new: &CustomDomain, audit: &AuditRow) -> Result<CustomDomain, Refusal> {
        require_running(arn, self.service_of(arn))?;
        let names = new.names();
        let has_one = |held: &CustomDomain| held.names().iter().any(|name| names.contains(name));
        let holders: Vec<(ServiceArn, CustomDomain)> =
            self.led().filter(|(_, held)| has_one(held)).map(|(arn, held)| (arn, held.clone())).collect();
        let count = self.domains.iter().filter(|domain| domain.service == arn.id).count();
        admit(arn, new, &holders, count)?;
        self.domains.push(new.clone());
        self.audit.push(AuditRow { resource: arn.to_string(), ..audit.clone() }.into());
        Ok(new.clone())
    }

    fn disassociate(&mut self, arn: &ServiceArn, name: &str, audit: &AuditRow) -> Result<CustomDomain, Refusal> {
        require_running(arn, self.service_of(arn))?;
        let folded = name.to_ascii_lowercase();
        let is_it = |domain: &CustomDomain| domain.service == arn.id && domain.folded() == folded;
        let at = self.domains.iter().position(is_it).ok_or_else(|| unknown(name))?;
        self.audit.push(AuditRow { resource: arn.to_string(), ..audit.clone() }.into());
        Ok(self.domains.remove(at))
    }
}

impl CustomDomains for MemoryLedger {
    fn associate<'a>(
        &'a self,
        arn: &'a ServiceArn,
        new: &'a CustomDomain,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<CustomDomain>> {
        ready(self.tables().associate(arn, new, audit))
    }

    fn list<'a>(&'a self, arn: &'a ServiceArn, request: &'a PageRequest) -> Answer<'a, Page<CustomDomain>> {
        let tables = self.tables();
        let listed = tables.led().filter(|(of, _)| of == arn).map(|(_, domain)| domain.clone()).collect();
        ready(page(listed, request, CustomDomain::folded))
    }

    fn disassociate<'a>(&'a self, arn: &'a ServiceArn, name: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<CustomDomain>> {
        ready(self.tables().disassociate(arn, name, audit))
    }
}
