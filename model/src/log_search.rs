//! A search through the lines of a group, by stream, time and pattern, and what it finds.
//!
//! Lines come in the order they were taken over; a reader that wants them by time sorts what it holds.

use crate::log_group::LogGroupKey;
use crate::log_line::LogLine;
use crate::log_pattern::LogPattern;
use crate::time::Timestamp;
use crate::wish::LogPosition;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSearch {
    pub group: LogGroupKey,
    pub streams: Streams,
    /// The first moment that is meant.
    pub from: Option<Timestamp>,
    /// The first moment that is not meant any more.
    pub until: Option<Timestamp>,
    pub pattern: LogPattern,
    pub way: Way,
    /// The store has a limit of its own; a search that stops early says so.
    pub lines_max: u32,
}

/// Which streams of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Streams {
    All,
    Prefix(String),
    /// Any of several.
    Prefixes(Vec<String>),
    Named(Vec<String>),
}

impl Streams {
    pub fn accept(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Prefix(prefix) => name.starts_with(prefix),
            Self::Prefixes(prefixes) => prefixes.iter().any(|prefix| name.starts_with(prefix)),
            Self::Named(names) => names.iter().any(|known| known == name),
        }
    }
}

/// Where a search begins, and towards which end it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Behind a position, towards the newest.
    Forward { after: LogPosition },
    /// Before a position (nothing: from the newest on), towards the oldest.
    Backward { before: Option<LogPosition> },
}

impl LogSearch {
    /// Whether a line is meant, apart from the way.
    pub fn accepts(&self, stream: &str, line: &LogLine) -> bool {
        self.streams.accept(stream) && self.accepts_in_stream(line.at, &line.bytes)
    }

    /// The same of a line of a stream that is meant.
    pub fn accepts_in_stream(&self, at: Timestamp, bytes: &[u8]) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until) && self.pattern.accepts(bytes)
    }
}

/// A line that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLine {
    pub position: LogPosition,
    pub stream: String,
    pub line: LogLine,
    /// When it was taken over.
    pub ingested_at: Timestamp,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLines {
    /// By position, the lowest first, whichever way was searched.
    pub lines: Vec<FoundLine>,
    /// The search stopped at a limit behind this position (or before it, on the way back). Nothing: everything was looked at.
    pub stopped_at: Option<LogPosition>,
}
