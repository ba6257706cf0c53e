//! The port `LogLines`.

use std::path::Path;

use rusqlite::Transaction;

use model::account::Scope;
use model::instance::InstanceName;
use model::log_line::{LogCursor, LogLine, LogStream, PlacedLine};
use model::port::{Answer, LogLines};
use model::wish::LogPosition;

use crate::Store;
use crate::blocking::blocking;
use crate::database::Ending;
use crate::fault::Fault;
use crate::limit::{LOG_READ_BYTES, LOG_READ_LINES};
use crate::logs::block::{self, Block};
use crate::logs::catalogue;
use crate::logs::segment::{SegmentReader, Segments};

impl LogLines for Store {
    fn append<'a>(
        &'a self,
        stream: &'a LogStream,
        lines: &'a [LogLine],
        from: &'a InstanceName,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let doing = "keeping log lines";
            // Compressed here, not on the writer's thread: others' lines need not wait for it.
            let copy = lines.to_vec();
            let blocks = blocking(move || block::encode(&copy)).await.map_err(|fault| fault.while_doing(doing))?;
            let (stream, from, writing) = (stream.clone(), from.clone(), self.0.logs.writing.clone());
            let work = move |transaction: &Transaction<'_>| {
                let mut segments = writing.lock().expect("only this thread locks it");
                append(transaction, &mut segments, &stream, &blocks, &from, Move { read, next })
            };
            self.0.logs.catalogue.write(doing, work).await
        })
    }

    fn cursor<'a>(&'a self, from: &'a InstanceName) -> Answer<'a, LogCursor> {
        let from = from.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| catalogue::cursor(snapshot, &from);
            self.0.logs.catalogue.read("reading a log cursor", work).await
        })
    }

    fn read<'a>(&'a self, scope: &'a Scope, group: &'a str, after: LogPosition, lines_max: u32) -> Answer<'a, Vec<PlacedLine>> {
        let (scope, group, segments) = (scope.clone(), group.to_owned(), self.0.logs.segments.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| read(snapshot, &segments, &scope, &group, after, lines_max);
            self.0.logs.catalogue.read("reading log lines", work).await
        })
    }

    fn tail<'a>(&'a self, scope: &'a Scope, group: &'a str, lines: u32) -> Answer<'a, LogPosition> {
        let (scope, group) = (scope.clone(), group.to_owned());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let last = catalogue::group(snapshot, &scope, &group)?.map_or(0, |group| group.last_position);
                Ok(LogPosition(last.saturating_sub(u64::from(lines))))
            };
            self.0.logs.catalogue.read("looking for the last log lines", work).await
        })
    }
}

/// An instance's cursor as it was when lines were read, and behind them.
struct Move {
    read: LogCursor,
    next: LogCursor,
}

fn append(
    transaction: &Transaction<'_>,
    segments: &mut Segments,
    stream: &LogStream,
    blocks: &[Block],
    from: &InstanceName,
    cursor: Move,
) -> Result<Ending<()>, Fault> {
    if catalogue::cursor(transaction, from)? != cursor.read {
        // Somebody else was faster: some of these lines are here already.
        return Ok(Ending::RollBack(()));
    }
    if !blocks.is_empty() {
        let bytes: Vec<u8> = blocks.iter().flat_map(|block| block.bytes.iter().copied()).collect();
        let group = catalogue::group_or_new(transaction, &stream.scope, &stream.group)?;
        let stream = catalogue::stream_or_new(transaction, &group, &stream.stream)?;
        let spot = segments.write(&bytes)?;
        catalogue::add(transaction, &group, stream, blocks, spot)?;
    }
    catalogue::keep_cursor(transaction, from, cursor.next)?;
    Ok(Ending::Commit(()))
}

/// At most `LOG_READ_LINES` lines, and at most one block more than `LOG_READ_BYTES`; the caller goes on from the last position.
fn read(
    snapshot: &Transaction<'_>,
    segments: &Path,
    scope: &Scope,
    group: &str,
    after: LogPosition,
    lines_max: u32,
) -> Result<Vec<PlacedLine>, Fault> {
    let lines_max = lines_max.min(LOG_READ_LINES) as usize;
    let mut placed = Vec::new();
    let Some(group) = catalogue::group(snapshot, scope, group)? else { return Ok(placed) };
    if after.0 >= group.last_position || lines_max == 0 {
        return Ok(placed);
    }
    let mut reader = SegmentReader::new(segments);
    let mut bytes = 0;
    catalogue::after(snapshot, &group, after.0, |entry| {
        let lines = reader.read(entry.spot, entry.length).and_then(|bytes| block::decode(&bytes));
        let lines = lines.map_err(|fault| entry.spot.name_in(fault))?;
        for (position, line) in (entry.first_position..).zip(lines) {
            if position > after.0 && placed.len() < lines_max {
                bytes += line.bytes.len();
                placed.push(PlacedLine { position: LogPosition(position), stream: entry.stream.clone(), line });
            }
        }
        Ok(placed.len() < lines_max && bytes < LOG_READ_BYTES)
    })?;
    Ok(placed)
}
