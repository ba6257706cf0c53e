//! Searches: which blocks a search must read, and which of their lines it is for.
//!
//! The catalogue knows each block's stream and times, so blocks of others and of other times are not read. Works for a bounded time: a caller goes on
//! from where a search stopped.

use std::path::Path;

use bytes::Bytes;
use rusqlite::{Row, Transaction, params};

use model::log_group::RetentionDays;
use model::log_line::LogLine;
use model::log_search::{FoundLine, FoundLines, LogSearch, Streams, Way};
use model::port::Granted;
use model::time::Timestamp;
use model::wish::LogPosition;

use crate::fault::Fault;
use crate::limit::{LOG_READ_BYTES, LOG_READ_LINES, LOG_SCAN_BYTES};
use crate::logs::block::Opened;
use crate::logs::catalogue::{self, Group};
use crate::logs::lost_lines::LostLines;
use crate::logs::segment::{SegmentReader, Spot};

pub(super) fn find(
    snapshot: &Transaction<'_>,
    segments: &Path,
    search: &LogSearch,
    now: Timestamp,
) -> Result<Granted<FoundLines>, Fault> {
    let Some(group) = catalogue::group(snapshot, &search.group.scope, &search.group.name)? else {
        return Ok(Err(search.group.not_found()));
    };
    let search = within_retention(search, &group, now);
    let mut finding = Finding { search: &search, lines: Vec::new(), found_bytes: 0, scanned_bytes: 0 };
    let stopped_at = match one_stream(snapshot, &group, &search.streams)? {
        Scan::Nothing => None,
        Scan::Blocks { column, ordinal } => {
            let mut reader = SegmentReader::new(segments);
            let mut stopped_at = None;
            blocks(snapshot, column, ordinal, &search, |entry| {
                stopped_at = finding.look(&mut reader, entry)?;
                Ok(stopped_at.is_none())
            })?;
            stopped_at
        }
    };
    let mut lines = finding.lines;
    lines.sort_by_key(|found| found.position);
    Ok(Ok(FoundLines { lines, stopped_at }))
}

/// The same search, without what has been kept for long enough.
pub(super) fn within_retention(search: &LogSearch, group: &Group, now: Timestamp) -> LogSearch {
    let kept_from = group.retention_days.and_then(|days| RetentionDays::parse(days).ok()).map(|days| days.cutoff(now));
    LogSearch { from: search.from.max(kept_from), ..search.clone() }
}

/// A block as a search sees it.
pub(super) struct Entry {
    pub first_position: u64,
    pub lines: u64,
    pub stream: String,
    pub spot: Spot,
    pub length: usize,
    pub ingested_at: Timestamp,
    pub earliest: Timestamp,
}

/// Where blocks are looked for.
pub(super) enum Scan {
    Nothing,
    Blocks { column: &'static str, ordinal: i64 },
}

/// One stream has an index of its own.
pub(super) fn one_stream(snapshot: &Transaction<'_>, group: &Group, streams: &Streams) -> Result<Scan, Fault> {
    let all = Scan::Blocks { column: "log_group", ordinal: group.ordinal };
    Ok(match streams {
        Streams::All | Streams::Prefix(_) | Streams::Prefixes(_) => all,
        Streams::Named(names) => match names.as_slice() {
            [name] => match catalogue::stream(snapshot, group, name)? {
                Some(ordinal) => Scan::Blocks { column: "log_stream", ordinal },
                None => Scan::Nothing,
            },
            _ => all,
        },
    })
}

/// Gives the blocks that may hold what is searched for, on the search's way, to `each` until it says false.
pub(super) fn blocks(
    snapshot: &Transaction<'_>,
    column: &str,
    ordinal: i64,
    search: &LogSearch,
    mut each: impl FnMut(Entry) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    // The block that holds the next line is the last one that begins at it or before.
    let (condition, order, position) = match search.way {
        Way::Forward { after } => (
            format!(
                "first_position >= coalesce(
                     (SELECT max(first_position) FROM log_block WHERE log_block.{column} = ?1 AND first_position <= ?2), 0)"
            ),
            "ASC",
            after.0.saturating_add(1),
        ),
        Way::Backward { before } => ("first_position < ?2".to_owned(), "DESC", before.map_or(u64::MAX, |before| before.0)),
    };
    let mut statement = snapshot.prepare_cached(&format!(
        "SELECT first_position, lines, name, segment, offset_bytes, length_bytes, log_block.ingested_ms, earliest_ms
         FROM log_block JOIN log_stream ON log_stream.ordinal = log_block.log_stream
         WHERE log_block.{column} = ?1 AND latest_ms >= ?3 AND earliest_ms <= ?4 AND {condition} ORDER BY first_position {order}"
    ))?;
    let from = search.from.map_or(i64::MIN, Timestamp::millis);
    let last = search.until.map_or(i64::MAX, |until| until.millis().saturating_sub(1));
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![ordinal, position, from, last])?;
    while let Some(row) = rows.next()? {
        let entry = entry(row)?;
        if search.streams.accept(&entry.stream) && !each(entry)? {
            break;
        }
    }
    Ok(())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        first_position: row.get(0)?,
        lines: row.get(1)?,
        stream: row.get(2)?,
        spot: Spot { segment: row.get(3)?, offset: row.get(4)? },
        length: row.get(5)?,
        ingested_at: Timestamp::from_millis(row.get(6)?),
        earliest: Timestamp::from_millis(row.get(7)?),
    })
}

/// What was found so far, and the work that it took.
struct Finding<'a> {
    search: &'a LogSearch,
    lines: Vec<FoundLine>,
    found_bytes: usize,
    scanned_bytes: usize,
}

impl Finding<'_> {
    /// Looks at one block. Answers where the search stops, if it does.
    fn look(&mut self, reader: &mut SegmentReader<'_>, entry: Entry) -> Result<Option<LogPosition>, Fault> {
        let stopped_at = match reader.opened(entry.spot, entry.length) {
            Ok(opened) => self.look_at_lines(&entry, &opened),
            Err(fault) => {
                let lost = LostLines { spot: entry.spot, lines: entry.lines, earliest: entry.earliest }.told(fault)?;
                self.scanned_bytes += lost.bytes.len() + 1;
                // Read forward it stands at the block's end, so that whoever goes on behind it does not meet it again.
                let position = LogPosition(match self.search.way {
                    Way::Forward { .. } => entry.first_position + entry.lines.saturating_sub(1),
                    Way::Backward { .. } => entry.first_position,
                });
                // Whoever looks for a word must know that it may have stood there.
                if self.is_on_the_way(position) { self.find(&entry, position, lost) } else { None }
            }
        };
        if stopped_at.is_some() {
            return Ok(stopped_at);
        }
        let enough = self.found_bytes >= LOG_READ_BYTES || self.scanned_bytes >= LOG_SCAN_BYTES;
        Ok(enough.then_some(match self.search.way {
            Way::Forward { .. } => LogPosition(entry.first_position + entry.lines - 1),
            Way::Backward { .. } => LogPosition(entry.first_position),
        }))
    }

    /// Lines are copied out of their block when they are found, not before.
    fn look_at_lines(&mut self, entry: &Entry, opened: &Opened) -> Option<LogPosition> {
        let mut found = Vec::new();
        for (position, line) in (entry.first_position..).map(LogPosition).zip(opened.lines()) {
            self.scanned_bytes += line.bytes.len() + 1;
            if self.is_on_the_way(position) && self.search.accepts_in_stream(line.at, line.bytes) {
                found.push((position, line));
            }
        }
        if matches!(self.search.way, Way::Backward { .. }) {
            found.reverse();
        }
        found.into_iter().find_map(|(position, line)| {
            self.find(entry, position, LogLine { at: line.at, bytes: Bytes::copy_from_slice(line.bytes) })
        })
    }

    fn is_on_the_way(&self, position: LogPosition) -> bool {
        match self.search.way {
            Way::Forward { after } => position > after,
            Way::Backward { before } => before.is_none_or(|before| position < before),
        }
    }

    /// Keeps a line. Answers where the search stops, if that was the last one wanted.
    fn find(&mut self, entry: &Entry, position: LogPosition, line: LogLine) -> Option<LogPosition> {
        self.found_bytes += line.bytes.len();
        self.lines.push(FoundLine { position, stream: entry.stream.clone(), line, ingested_at: entry.ingested_at });
        let lines_max = self.search.lines_max.min(LOG_READ_LINES) as usize;
        (self.lines.len() >= lines_max).then_some(position)
    }
}
