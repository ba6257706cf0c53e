//! VPC ingress connections. Kept by `store`, in the ledger that has the services to which they lead.

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::port::{Answer, Granted};
use crate::tag::TagChange;
use crate::time::Timestamp;
use crate::vpc_ingress::{IngressChange, IngressFilter, VpcIngress, VpcIngressArn};
use crate::wish::{Page, PageRequest};

/// VPC ingress connections of every account and region. Changes are decided by the rules of `vpc_ingress` inside the transaction that writes them;
/// `now` is when they are asked. While one is there, no deletion of its service is committed (`Commit::Bound`).
pub trait VpcIngressConnections: Send + Sync {
    /// Asked at its `asked_at`.
    fn create<'a>(&'a self, new: &'a VpcIngress, audit: &'a AuditRow) -> Answer<'a, Granted<VpcIngress>>;

    /// Deleted ones are found for at least an hour.
    fn find<'a>(&'a self, arn: &'a VpcIngressArn) -> Answer<'a, Option<VpcIngress>>;

    /// Those that are there, by name; no page repeats or loses one that stays.
    fn list<'a>(
        &'a self,
        scope: &'a Scope,
        filter: &'a IngressFilter,
        now: Timestamp,
        page: &'a PageRequest,
    ) -> Answer<'a, Page<VpcIngress>>;

    fn change<'a>(
        &'a self,
        arn: &'a VpcIngressArn,
        change: &'a IngressChange,
        now: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<VpcIngress>>;

    fn change_tags<'a>(
        &'a self,
        arn: &'a VpcIngressArn,
        change: &'a TagChange,
        now: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>>;
}
