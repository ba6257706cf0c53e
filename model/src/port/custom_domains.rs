//! Custom domains. Kept by `store`, in the ledger that has the services to which they lead.

use crate::arn::ServiceArn;
use crate::audit::AuditRow;
use crate::custom_domain::CustomDomain;
use crate::port::{Answer, Granted};
use crate::wish::{Page, PageRequest};

/// Custom domains of every service. Changes are decided by the rules of `custom_domain` inside the transaction that writes them. Those of a deleted
/// service are not there any more.
pub trait CustomDomains: Send + Sync {
    fn associate<'a>(
        &'a self,
        arn: &'a ServiceArn,
        new: &'a CustomDomain,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<CustomDomain>>;

    /// In the order they were made; no page repeats or loses one that stays.
    fn list<'a>(&'a self, arn: &'a ServiceArn, page: &'a PageRequest) -> Answer<'a, Page<CustomDomain>>;

    /// Takes it away and answers what it was. Its name is compared without regard to case.
    fn disassociate<'a>(&'a self, arn: &'a ServiceArn, name: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<CustomDomain>>;
}
