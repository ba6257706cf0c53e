//! Services with their operations and revisions. Kept by `store`; committed only by `control`.

use crate::account::Scope;
use crate::arn::ServiceArn;
use crate::audit::AuditRow;
use crate::event::Event;
use crate::operation::{Operation, OperationKind};
use crate::port::Answer;
use crate::revision::{Revision, RevisionNumber};
use crate::service::{Service, ServiceId};
use crate::service_name::ServiceName;
use crate::vpc_ingress::VpcIngressArn;
use crate::wish::{Page, PageRequest};

/// Counts a service's commits. `Version(0)`: not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

/// A noun and the version that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    pub version: Version,
    pub value: T,
}

/// What belongs together, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceChange {
    pub service: Service,
    /// Begun or moved on.
    pub operation: Option<Operation>,
    /// Written for good.
    pub revision: Option<Revision>,
    pub events: Vec<Event>,
    /// Whenever a caller asked for the change.
    pub audit: Option<AuditRow>,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commit {
    /// Durable; this is the new version.
    Done(Version),
    /// Somebody else committed since the read: nothing was written. Read again and decide again.
    Stale,
    /// Another service that is not deleted has the name (or the host label): nothing was written.
    NameTaken,
    /// It begins a deletion, and this VPC ingress connection leads to the service: nothing was written.
    Bound(VpcIngressArn),
}

impl ServiceChange {
    /// Whether it begins the service's deletion.
    pub fn begins_deletion(&self) -> bool {
        self.operation.as_ref().is_some_and(|operation| operation.kind == OperationKind::Delete && operation.is_open())
    }
}

/// Services of every account and region.
pub trait Services: Send + Sync {
    /// Conditional on the version that was read (`Version(0)` for a new one). Durable when it answers.
    fn commit<'a>(&'a self, read: Version, change: &'a ServiceChange) -> Answer<'a, Commit>;

    /// Deleted ones are found as long as they are kept. An ARN whose name or scope differs from the stored one finds nothing.
    fn get<'a>(&'a self, arn: &'a ServiceArn) -> Answer<'a, Option<Versioned<Service>>>;

    fn by_id<'a>(&'a self, id: &'a ServiceId) -> Answer<'a, Option<Versioned<Service>>>;

    /// The one of this name that is not deleted.
    fn by_name<'a>(&'a self, scope: &'a Scope, name: &'a ServiceName) -> Answer<'a, Option<Versioned<Service>>>;

    /// Not deleted ones of a scope, newest first; no page repeats or loses one that stays.
    fn list<'a>(&'a self, scope: &'a Scope, page: &'a PageRequest) -> Answer<'a, Page<Service>>;

    /// Every service that is not deleted, of every scope: what boot resumes.
    fn kept(&self) -> Answer<'_, Vec<Service>>;

    /// Every service that is deleted and can still be described, of every scope.
    fn gone(&self) -> Answer<'_, Vec<Service>>;
}

/// Operations of a service. Kept as long as the service: Terraform reads them back as the state of a resource.
pub trait Operations: Send + Sync {
    /// Newest first.
    fn list<'a>(&'a self, service: &'a ServiceId, page: &'a PageRequest) -> Answer<'a, Page<Operation>>;
}

/// Revisions of a service, written by `Services::commit`.
pub trait Revisions: Send + Sync {
    fn get<'a>(&'a self, service: &'a ServiceId, number: RevisionNumber) -> Answer<'a, Option<Revision>>;

    /// Newest first.
    fn list<'a>(&'a self, service: &'a ServiceId, page: &'a PageRequest) -> Answer<'a, Page<Revision>>;
}
