//! Events of services, lines of instances, and the groups that lines are kept in. Kept by `store`.

use std::sync::Arc;

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::event::PlacedEvent;
use crate::instance::InstanceName;
use crate::log_group::{GroupNames, LogGroup, LogGroupKey, LogStreamSummary, RetentionDays, StreamList};
use crate::log_line::{LogCursor, LogLine, LogSource, LogStream, PlacedLine};
use crate::log_scan::{LineReader, Scanned};
use crate::log_search::{FoundLines, LogSearch};
use crate::port::{Answer, Granted};
use crate::service::ServiceId;
use crate::tag::Tags;
use crate::wish::{LogPosition, Page, PageRequest};

/// Events, written by `Services::commit`.
pub trait Events: Send + Sync {
    /// Those of the stream `events`, in the order they happened, after a position.
    fn list<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>>;

    /// Those of every stream, deployments' too.
    fn all<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>>;
}

/// Lines by group and stream.
pub trait LogLines: Send + Sync {
    /// Keeps lines and the cursor behind them together: after a crash either both are there or neither. The lines were read after
    /// `read`; if that is not the kept cursor (any more), somebody else was faster: nothing is written. Durable when it answers.
    fn append<'a>(
        &'a self,
        stream: &'a LogStream,
        lines: &'a [LogLine],
        from: &'a InstanceName,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()>;

    /// How far an instance's output has been taken over; zero if never.
    fn cursor<'a>(&'a self, from: &'a InstanceName) -> Answer<'a, LogCursor>;

    /// Lines of a group (all streams) after a position, in the order they came. Where lines cannot be read any more, one line says how many.
    fn read<'a>(&'a self, scope: &'a Scope, group: &'a str, after: LogPosition, lines_max: u32) -> Answer<'a, Vec<PlacedLine>>;

    /// The position of the group's line that has `lines` lines after it, to begin a "last lines" reading; zero if there are fewer.
    fn tail<'a>(&'a self, scope: &'a Scope, group: &'a str, lines: u32) -> Answer<'a, LogPosition>;

    /// Keeps lines of several streams and a source's cursor together, under the promises of `append`.
    fn copy<'a>(
        &'a self,
        parts: &'a [(LogStream, Vec<LogLine>)],
        from: &'a LogSource,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()>;

    /// How far a source has been copied; zero if never.
    fn copied<'a>(&'a self, from: &'a LogSource) -> Answer<'a, LogCursor>;

    /// Keeps lines that a caller sends to a stream that is there. Durable when it answers.
    fn receive<'a>(&'a self, stream: &'a LogStream, lines: &'a [LogLine]) -> Answer<'a, Granted<()>>;

    /// Looks for lines. Lines that have been kept for longer than their group says are not found, and neither is one in a group that is not
    /// there (which is refused) or in streams that are not.
    fn find<'a>(&'a self, search: &'a LogSearch) -> Answer<'a, Granted<FoundLines>>;

    /// Gives the lines that a search is for to a reader, by position, under the promises of `find`; the search goes forward, and has no most lines. The
    /// store stops after a while, and the caller goes on from there.
    fn scan<'a>(&'a self, search: &'a LogSearch, reader: Arc<dyn LineReader>) -> Answer<'a, Granted<Scanned>>;
}

/// Groups and their streams. Those of services are made by the first line, the others by their owners.
pub trait LogGroups: Send + Sync {
    /// Refused where there is one of this name.
    fn create<'a>(&'a self, group: &'a LogGroupKey, tags: &'a Tags, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// With its streams and lines. The next line of a service that still runs makes it anew.
    fn delete<'a>(&'a self, group: &'a LogGroupKey, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    fn get<'a>(&'a self, group: &'a LogGroupKey) -> Answer<'a, Option<LogGroup>>;

    /// By name, in byte order.
    fn list<'a>(&'a self, scope: &'a Scope, names: &'a GroupNames, page: &'a PageRequest) -> Answer<'a, Page<LogGroup>>;

    /// `None`: lines are kept for good. Acts on lines that are there already.
    fn set_retention<'a>(
        &'a self,
        group: &'a LogGroupKey,
        retention: Option<RetentionDays>,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>>;

    /// Gives a group tags, and takes others away; refused (`Quota`) where it would have more than it may.
    fn tag<'a>(
        &'a self,
        group: &'a LogGroupKey,
        given: &'a Tags,
        taken: &'a [String],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>>;

    /// Refused where the group is not there, or has a stream of this name.
    fn create_stream<'a>(&'a self, group: &'a LogGroupKey, stream: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// With its lines.
    fn delete_stream<'a>(&'a self, group: &'a LogGroupKey, stream: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// Refused where the group is not there.
    fn streams<'a>(
        &'a self,
        group: &'a LogGroupKey,
        list: &'a StreamList,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<LogStreamSummary>>>;
}
