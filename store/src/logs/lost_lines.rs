//! Lines that cannot be read: what a reader sees in their place.
//!
//! A damaged block takes no other along: one line stands where its lines stood, with their first time and position, and says how many are missing.
//! Never hides them: a search tells of them even if it looks for a word.

use model::log_line::LogLine;
use model::time::Timestamp;

use crate::fault::Fault;
use crate::logs::segment::Spot;

/// A block that cannot be read, as the catalogue knows it.
pub(super) struct LostLines {
    pub spot: Spot,
    pub lines: u64,
    pub earliest: Timestamp,
}

impl LostLines {
    /// The line that stands for them. The log says it too, for the person who looks after the disk.
    pub(super) fn told(&self, fault: &Fault) -> LogLine {
        let Self { spot: Spot { segment, offset }, lines, earliest } = self;
        let cause = std::error::Error::source(fault).map_or_else(|| fault.to_string(), |cause| format!("{fault}: {cause}"));
        tracing::error!(segment, offset, lines, cause, "a block of log lines cannot be read");
        let text = format!("outrunner: {lines} lines are lost here: log segment {segment}, byte {offset}: {cause}");
        LogLine { at: *earliest, bytes: text.into_bytes() }
    }
}
