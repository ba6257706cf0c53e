//! What is kept by name and of which nothing runs. Kept by `store`; services name it by its ARN.

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::connection::Connection;
use crate::observability_configuration::ObservabilityConfiguration;
use crate::port::{Answer, Granted};
use crate::record::{NewRecord, Noun, RecordArn, RecordFilter, RecordView};
use crate::tag::TagChange;
use crate::time::Timestamp;
use crate::vpc_connector::VpcConnector;
use crate::wish::{Page, PageRequest};

/// Records of one noun, of every account and region, by name. What is built in is there in every scope from the start, without a write. Changes are
/// decided by the rules of `record` inside the transaction that writes them. Of an audit row, `resource` is replaced: it becomes the full ARN of what
/// was changed.
pub trait Records<N: Noun>: Send + Sync {
    /// Writes the next revision of a name.
    fn create<'a>(&'a self, new: &'a NewRecord<N>, audit: &'a AuditRow) -> Answer<'a, Granted<RecordView<N>>>;

    /// The record that an ARN means. A deleted one is found by its number, if it has one, for at least an hour.
    fn find<'a>(&'a self, arn: &'a RecordArn<N>) -> Answer<'a, Option<RecordView<N>>>;

    /// Not deleted ones by name, then revision; no page repeats or loses one that stays.
    fn list<'a>(&'a self, scope: &'a Scope, filter: &'a RecordFilter, page: &'a PageRequest) -> Answer<'a, Page<RecordView<N>>>;

    /// Refused (`Invalid`) while a service that is not deleted is configured with it (`Configuration::names`), (`NotFound`) where it is not there
    /// or deleted. A service that names it at the same moment keeps what it named.
    fn delete<'a>(&'a self, arn: &'a RecordArn<N>, at: Timestamp, audit: &'a AuditRow) -> Answer<'a, Granted<RecordView<N>>>;

    /// Refuses (`NotFound`) what is not there, (`WrongState`) what is deleted, and too many tags.
    fn change_tags<'a>(&'a self, arn: &'a RecordArn<N>, change: &'a TagChange, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;
}

pub type ObservabilityConfigurations = dyn Records<ObservabilityConfiguration>;
pub type VpcConnectors = dyn Records<VpcConnector>;
pub type Connections = dyn Records<Connection>;
