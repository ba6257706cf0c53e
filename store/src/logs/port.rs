//! The port `LogLines`.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Transaction;

use model::account::Scope;
use model::instance::InstanceName;
use model::log_group::LogGroupKey;
use model::log_line::{LogCursor, LogLine, LogSource, LogStream, PlacedLine};
use model::log_scan::{LineReader, Scanned};
use model::log_search::{FoundLines, LogSearch};
use model::port::{Answer, Granted, LogLines};
use model::trouble::Trouble;
use model::wish::LogPosition;

use crate::Store;
use crate::blocking::blocking;
use crate::database::Ending;
use crate::fault::Fault;
use crate::limit::{LOG_READ_BYTES, LOG_READ_LINES};
use crate::logs::block::{self, Block};
use crate::logs::catalogue::{self, Birth, CursorRow};
use crate::logs::lost_lines::LostLines;
use crate::logs::segment::{SegmentReader, Segments};
use crate::logs::{scan, search};

impl LogLines for Store {
    fn append<'a>(
        &'a self,
        stream: &'a LogStream,
        lines: &'a [LogLine],
        from: &'a InstanceName,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()> {
        Box::pin(self.keep_lines(vec![(stream, lines)], from.into(), Move { read, next }))
    }

    fn cursor<'a>(&'a self, from: &'a InstanceName) -> Answer<'a, LogCursor> {
        Box::pin(self.kept_cursor(from.into()))
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
                let group = catalogue::group(snapshot, &scope, &group)?;
                Ok(LogPosition(group.map_or(Ok(0), |group| catalogue::tail(snapshot, &group, lines))?))
            };
            self.0.logs.catalogue.read("looking for the last log lines", work).await
        })
    }

    fn copy<'a>(
        &'a self,
        parts: &'a [(LogStream, Vec<LogLine>)],
        from: &'a LogSource,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()> {
        let parts = parts.iter().map(|(stream, lines)| (stream, lines.as_slice())).collect();
        Box::pin(self.keep_lines(parts, from.into(), Move { read, next }))
    }

    fn copied<'a>(&'a self, from: &'a LogSource) -> Answer<'a, LogCursor> {
        Box::pin(self.kept_cursor(from.into()))
    }

    fn receive<'a>(&'a self, stream: &'a LogStream, lines: &'a [LogLine]) -> Answer<'a, Granted<()>> {
        let stream = stream.clone();
        Box::pin(async move {
            let doing = "keeping a caller's log lines";
            let turn = self.0.logs.encoding.acquire().await.expect("the semaphore is never closed");
            let lines = lines.to_vec();
            let blocks = blocking(move || block::encode(&lines)).await.map_err(|fault| fault.while_doing(doing))?;
            drop(turn);
            let (writing, birth) = (self.0.logs.writing.clone(), self.0.logs.birth(self.0.clock.now()));
            let work = move |transaction: &Transaction<'_>| {
                let key = LogGroupKey { scope: stream.scope.clone(), name: stream.group.clone() };
                let Some(group) = catalogue::group(transaction, &stream.scope, &stream.group)? else {
                    return Ok(Ending::RollBack(Err(key.not_found())));
                };
                if catalogue::stream(transaction, &group, &stream.stream)?.is_none() {
                    return Ok(Ending::RollBack(Err(key.stream_not_found())));
                }
                let mut segments = writing.lock().expect("only this thread locks it");
                write(transaction, &mut segments, &[(stream, blocks)], birth)?;
                Ok(Ending::Commit(Ok(())))
            };
            self.0.logs.catalogue.write(doing, work).await
        })
    }

    fn find<'a>(&'a self, search: &'a LogSearch) -> Answer<'a, Granted<FoundLines>> {
        let (search, segments, now) = (search.clone(), self.0.logs.segments.clone(), self.0.clock.now());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| search::find(snapshot, &segments, &search, now);
            self.0.logs.catalogue.read("looking for log lines", work).await
        })
    }

    fn scan<'a>(&'a self, search: &'a LogSearch, reader: Arc<dyn LineReader>) -> Answer<'a, Granted<Scanned>> {
        let (search, segments, now) = (search.clone(), self.0.logs.segments.clone(), self.0.clock.now());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| scan::scan(snapshot, &segments, &search, &*reader, now);
            self.0.logs.catalogue.read("reading through log lines", work).await
        })
    }
}

impl Store {
    async fn kept_cursor(&self, row: CursorRow) -> Result<LogCursor, Trouble> {
        self.0.logs.catalogue.find("reading a log cursor", |snapshot| catalogue::cursor(snapshot, &row)).await
    }

    async fn keep_lines(&self, parts: Vec<(&LogStream, &[LogLine])>, row: CursorRow, cursor: Move) -> Result<(), Trouble> {
        let doing = "keeping log lines";
        // Compressed here, not on the writer's thread: others' lines need not wait for it.
        let turn = self.0.logs.encoding.acquire().await.expect("the semaphore is never closed");
        // Handles: the lines' bytes are shared.
        let parts: Vec<_> = parts.into_iter().map(|(stream, lines)| (stream.clone(), lines.to_vec())).collect();
        let encode = move || {
            let parts = parts.into_iter().map(|(stream, lines)| Ok((stream, block::encode(&lines)?)));
            parts.collect::<Result<Vec<_>, Fault>>()
        };
        let parts = blocking(encode).await.map_err(|fault| fault.while_doing(doing))?;
        drop(turn);
        let (writing, birth) = (self.0.logs.writing.clone(), self.0.logs.birth(self.0.clock.now()));
        let work = move |transaction: &Transaction<'_>| {
            if catalogue::cursor(transaction, &row)? != cursor.read {
                // Somebody else was faster: some of these lines are here already.
                return Ok(Ending::RollBack(()));
            }
            let mut segments = writing.lock().expect("only this thread locks it");
            write(transaction, &mut segments, &parts, birth)?;
            catalogue::keep_cursor(transaction, &row, cursor.next)?;
            Ok(Ending::Commit(()))
        };
        self.0.logs.catalogue.write(doing, work).await
    }
}

/// A source's cursor as it was when lines were read, and behind them.
struct Move {
    read: LogCursor,
    next: LogCursor,
}

/// Writes and syncs the blocks of all streams at once, then their rows.
fn write(
    transaction: &Transaction<'_>,
    segments: &mut Segments,
    parts: &[(LogStream, Vec<Block>)],
    birth: Birth,
) -> Result<(), Fault> {
    let blocks = parts.iter().flat_map(|(_, blocks)| blocks);
    let bytes = blocks.map(|block| block.bytes.as_slice()).collect::<Vec<_>>().concat();
    if bytes.is_empty() {
        return Ok(());
    }
    let mut spot = segments.write(&bytes)?;
    for (stream, blocks) in parts.iter().filter(|(_, blocks)| !blocks.is_empty()) {
        let group = catalogue::group_or_new(transaction, &stream.scope, &stream.group, birth)?;
        let stream = catalogue::stream_or_new(transaction, &group, &stream.stream, birth)?;
        catalogue::add(transaction, &group, stream, blocks, spot, birth.now)?;
        spot.offset += blocks.iter().map(|block| block.bytes.len() as u64).sum::<u64>();
    }
    Ok(())
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
        let (from, lines) = match reader.lines(entry.spot, entry.length) {
            Ok(lines) => (entry.first_position, lines),
            Err(fault) => {
                let lost = LostLines { spot: entry.spot, lines: entry.lines, earliest: entry.earliest };
                (entry.first_position + entry.lines.saturating_sub(1), vec![lost.told(fault)?])
            }
        };
        for (position, line) in (from..).zip(lines) {
            if position > after.0 && placed.len() < lines_max {
                bytes += line.bytes.len();
                placed.push(PlacedLine { position: LogPosition(position), stream: entry.stream.clone(), line });
            }
        }
        Ok(placed.len() < lines_max && bytes < LOG_READ_BYTES)
    })?;
    Ok(placed)
}
