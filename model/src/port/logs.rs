//! Events of services and lines of instances. Kept by `store`.

use crate::account::Scope;
use crate::event::PlacedEvent;
use crate::instance::InstanceName;
use crate::log_line::{LogCursor, LogLine, LogStream, PlacedLine};
use crate::port::Answer;
use crate::service::ServiceId;
use crate::wish::LogPosition;

/// Events, written by `Services::commit`.
pub trait Events: Send + Sync {
    /// In the order they happened, after a position.
    fn list<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>>;
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

    /// Lines of a group (all streams) after a position, in the order they came.
    fn read<'a>(&'a self, scope: &'a Scope, group: &'a str, after: LogPosition, lines_max: u32) -> Answer<'a, Vec<PlacedLine>>;

    /// The position of the group's line that has `lines` lines after it, to begin a "last lines" reading; zero if there are fewer.
    fn tail<'a>(&'a self, scope: &'a Scope, group: &'a str, lines: u32) -> Answer<'a, LogPosition>;
}
