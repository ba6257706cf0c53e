//! Reading through the lines of a group where they stand: whoever reads is given them one after another, and copies what he keeps.
//!
//! For readers that look at far more lines than they keep. A search that wants the lines themselves is in `log_search`.

use crate::time::Timestamp;
use crate::wish::LogPosition;

/// A line as it stands in the store.
#[derive(Clone, Copy, Debug)]
pub struct ScannedLine<'a> {
    pub position: LogPosition,
    pub at: Timestamp,
    pub bytes: &'a [u8],
}

/// What lines that are given together have in common.
#[derive(Clone, Copy, Debug)]
pub struct ScannedPart<'a> {
    pub stream: &'a str,
    /// When they were taken over.
    pub ingested_at: Timestamp,
}

/// Whether a reader wants more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    More,
    /// All that were given were read.
    Enough,
    /// Those up to this one were read, and the others of those that were given are still to be read.
    EnoughAt(LogPosition),
}

/// Who reads.
pub trait LineReader: Send + Sync {
    /// Some lines of one stream, in order. Called where it may take its time, and never twice at once.
    fn read<'b>(&self, part: ScannedPart<'b>, lines: &mut (dyn Iterator<Item = ScannedLine<'b>> + '_)) -> Reading;
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Lines that were looked at, those included that the search is not for.
    pub lines: u64,
    pub bytes: u64,
    /// It stopped behind this position, at a limit or because the reader had enough. Nothing: everything was looked at.
    pub stopped_at: Option<LogPosition>,
}
