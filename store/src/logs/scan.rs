//! Scans: a reader is given the lines of blocks where they were decompressed.
//!
//! Works for a bounded time, as a search does: a caller goes on from where it stopped. Never copies a line.

use std::path::Path;

use rusqlite::Transaction;

use model::log_scan::{LineReader, Reading, Scanned, ScannedLine, ScannedPart};
use model::log_search::{LogSearch, Way};
use model::port::Granted;
use model::time::Timestamp;
use model::wish::LogPosition;

use crate::fault::Fault;
use crate::limit::LOG_SCAN_BYTES;
use crate::logs::block::Opened;
use crate::logs::catalogue;
use crate::logs::lost_lines::LostLines;
use crate::logs::search::{self, Entry, Scan};
use crate::logs::segment::SegmentReader;

pub(super) fn scan(
    snapshot: &Transaction<'_>,
    segments: &Path,
    search: &LogSearch,
    reader: &dyn LineReader,
    now: Timestamp,
) -> Result<Granted<Scanned>, Fault> {
    let Some(group) = catalogue::group(snapshot, &search.group.scope, &search.group.name)? else {
        return Ok(Err(search.group.not_found()));
    };
    let Way::Forward { after } = search.way else { unreachable!("a scan goes forward, which its port says") };
    let search = search::within_retention(search, &group, now);
    let mut scanning = Scanning { search: &search, after, reader, scanned: Scanned::default() };
    if let Scan::Blocks { column, ordinal } = search::one_stream(snapshot, &group, &search.streams)? {
        let mut files = SegmentReader::new(segments);
        search::blocks(snapshot, column, ordinal, &search, |entry| {
            let last = LogPosition(entry.first_position + entry.lines.saturating_sub(1));
            let reading = scanning.read(&mut files, &entry)?;
            scanning.scanned.stopped_at = match reading {
                Reading::EnoughAt(position) => Some(position),
                Reading::Enough => Some(last),
                Reading::More => (scanning.scanned.bytes >= LOG_SCAN_BYTES as u64).then_some(last),
            };
            Ok(scanning.scanned.stopped_at.is_none())
        })?;
    }
    Ok(Ok(scanning.scanned))
}

struct Scanning<'a> {
    search: &'a LogSearch,
    after: LogPosition,
    reader: &'a dyn LineReader,
    scanned: Scanned,
}

impl Scanning<'_> {
    fn read(&mut self, files: &mut SegmentReader<'_>, entry: &Entry) -> Result<Reading, Fault> {
        let part = ScannedPart { stream: &entry.stream, ingested_at: entry.ingested_at };
        match files.opened(entry.spot, entry.length) {
            Ok(opened) => Ok(self.read_lines(part, entry, &opened)),
            Err(fault) => {
                let lost = LostLines { spot: entry.spot, lines: entry.lines, earliest: entry.earliest }.told(fault)?;
                // It stands at the block's end. Whoever reads through lines must know that some are missing, whatever he looks for.
                let position = LogPosition(entry.first_position + entry.lines.saturating_sub(1));
                self.scanned.bytes += lost.bytes.len() as u64 + 1;
                let line = (position > self.after).then_some(ScannedLine { position, at: lost.at, bytes: &lost.bytes });
                Ok(self.reader.read(part, &mut line.into_iter()))
            }
        }
    }

    fn read_lines(&mut self, part: ScannedPart<'_>, entry: &Entry, opened: &Opened) -> Reading {
        let (mut lines, mut bytes) = (0, 0);
        let placed = (entry.first_position..).map(LogPosition).zip(opened.lines()).filter_map(|(position, line)| {
            if position <= self.after {
                return None;
            }
            lines += 1;
            bytes += line.bytes.len() as u64 + 1;
            self.search.accepts_in_stream(line.at, line.bytes).then_some(ScannedLine { position, at: line.at, bytes: line.bytes })
        });
        let reading = self.reader.read(part, &mut { placed });
        self.scanned.lines += lines;
        self.scanned.bytes += bytes;
        reading
    }
}
