//! Auto scaling configurations. Kept by `store`; what they are for is pinned by each service.

use crate::account::Scope;
use crate::arn::ServiceArn;
use crate::audit::AuditRow;
use crate::port::{Answer, Granted};
use crate::scaling_configuration::{
    NewScaling, ScalingArn, ScalingConfiguration, ScalingExtent, ScalingFilter, ScalingRevision, ScalingView,
};
use crate::tag::TagChange;
use crate::time::Timestamp;
use crate::wish::{Page, PageRequest};

/// Revisions of every account and region, by name. Every scope has `DefaultConfiguration` revision 1 from the start, without a write.
/// Changes are decided by the rules of `scaling_configuration` inside the transaction that writes them. Of an audit row, `resource` is
/// replaced: it becomes the full ARN of what was changed.
pub trait ScalingConfigurations: Send + Sync {
    /// Writes the next revision of a name.
    fn create<'a>(&'a self, new: &'a NewScaling, audit: &'a AuditRow) -> Answer<'a, Granted<ScalingView>>;

    /// The revision that an ARN means. A deleted one is found by its number for at least an hour.
    fn find<'a>(&'a self, arn: &'a ScalingArn) -> Answer<'a, Option<ScalingView>>;

    /// What a service of this scope gets if it names none: always one, and never a deleted one.
    fn default<'a>(&'a self, scope: &'a Scope) -> Answer<'a, ScalingConfiguration>;

    /// Makes what an ARN means the default of its scope, and the one before no default, at once. Refuses (`NotFound`) what is not there, and
    /// (`Invalid`) what is deleted.
    fn set_default<'a>(&'a self, arn: &'a ScalingArn, audit: &'a AuditRow) -> Answer<'a, Granted<ScalingView>>;

    /// Not deleted ones by name, then revision; no page repeats or loses one that stays.
    fn list<'a>(&'a self, scope: &'a Scope, filter: &'a ScalingFilter, page: &'a PageRequest) -> Answer<'a, Page<ScalingView>>;

    /// All or nothing; a row for each revision. Answers the highest revision of those that went. A service that names a revision at the same
    /// moment keeps what it pinned.
    fn delete<'a>(
        &'a self,
        arn: &'a ScalingArn,
        extent: ScalingExtent,
        at: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<ScalingView>>;

    /// Refuses (`NotFound`) what is not there, (`WrongState`) what is deleted, and too many tags.
    fn change_tags<'a>(&'a self, arn: &'a ScalingArn, change: &'a TagChange, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// The services that are configured with a revision, deleted ones left out, in the order they were made.
    fn services<'a>(&'a self, revision: &'a ScalingRevision, page: &'a PageRequest) -> Answer<'a, Page<ServiceArn>>;
}
