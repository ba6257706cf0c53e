//! Log lines, their groups and streams in memory.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::instance::InstanceName;
use crate::log_group::{Direction, GroupNames, LogGroup, LogGroupKey, LogStreamSummary, RetentionDays, StreamList, StreamOrder};
use crate::log_line::{LogCursor, LogLine, LogSource, LogStream, PlacedLine};
use crate::log_scan::{LineReader, Reading, Scanned, ScannedLine, ScannedPart};
use crate::log_search::{FoundLine, FoundLines, LogSearch, Way};
use crate::port::{Answer, Granted, LogGroups, LogLines};
use crate::refusal::Refusal;
use crate::tag::Tags;
use crate::testbed::ledger::{page, page_by_key, ready};
use crate::time::Timestamp;
use crate::wish::{LogPosition, Page, PageRequest};

/// Lines that are forgotten when it is dropped. What is too old is found all the same: nobody tells it the time.
#[derive(Debug, Default)]
pub struct MemoryLogs(Mutex<Tables>, AtomicBool);

#[derive(Debug, Default)]
struct Tables {
    groups: BTreeMap<LogGroupKey, Group>,
    cursors: BTreeMap<InstanceName, LogCursor>,
    copied: BTreeMap<LogSource, LogCursor>,
}

#[derive(Debug, Default)]
struct Group {
    created_at: Option<Timestamp>,
    retention: Option<RetentionDays>,
    tags: Tags,
    streams: BTreeMap<String, Timestamp>,
    lines: Vec<FoundLine>,
    last_position: u64,
}

impl Group {
    fn push(&mut self, stream: &str, lines: &[LogLine]) {
        let ingested_at = lines.iter().map(|line| line.at).max().unwrap_or(Timestamp::from_millis(0));
        self.created_at.get_or_insert(ingested_at);
        self.streams.entry(stream.to_owned()).or_insert(ingested_at);
        for line in lines {
            self.last_position += 1;
            let position = LogPosition(self.last_position);
            self.lines.push(FoundLine { position, stream: stream.to_owned(), line: line.clone(), ingested_at });
        }
    }

    fn group(&self, key: &LogGroupKey) -> LogGroup {
        LogGroup {
            key: key.clone(),
            created_at: self.created_at.unwrap_or(Timestamp::from_millis(0)),
            retention: self.retention,
            stored_bytes: self.lines.iter().map(|found| found.line.bytes.len() as u64).sum(),
            tags: self.tags.clone(),
        }
    }

    fn stream(&self, name: &str, created_at: Timestamp) -> LogStreamSummary {
        let of_it = || self.lines.iter().filter(|found| found.stream == name);
        LogStreamSummary {
            name: name.to_owned(),
            created_at,
            first_at: of_it().map(|found| found.line.at).min(),
            last_at: of_it().map(|found| found.line.at).max(),
            ingested_at: of_it().map(|found| found.ingested_at).max(),
        }
    }
}

impl Tables {
    fn keep(&mut self, stream: &LogStream, lines: &[LogLine]) {
        if !lines.is_empty() {
            self.groups.entry(key(stream)).or_default().push(&stream.stream, lines);
        }
    }

    /// The group, to be changed, or the refusal.
    fn group(&mut self, key: &LogGroupKey) -> Granted<&mut Group> {
        self.groups.get_mut(key).ok_or_else(|| key.not_found())
    }
}

fn key(stream: &LogStream) -> LogGroupKey {
    LogGroupKey { scope: stream.scope.clone(), name: stream.group.clone() }
}

impl MemoryLogs {
    /// Lets no scan begin, or lets them.
    pub fn hold_scans(&self, held: bool) {
        self.1.store(held, Ordering::Relaxed);
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().expect("no test panics while it holds the lines")
    }

    fn of_group(&self, scope: &Scope, group: &str) -> Vec<PlacedLine> {
        let key = LogGroupKey { scope: scope.clone(), name: group.to_owned() };
        let tables = self.tables();
        let lines = tables.groups.get(&key).map(|group| group.lines.as_slice()).unwrap_or_default();
        let placed =
            |found: &FoundLine| PlacedLine { position: found.position, stream: found.stream.clone(), line: found.line.clone() };
        lines.iter().map(placed).collect()
    }
}

impl LogLines for MemoryLogs {
    fn append<'a>(
        &'a self,
        stream: &'a LogStream,
        lines: &'a [LogLine],
        from: &'a InstanceName,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()> {
        let mut tables = self.tables();
        if tables.cursors.get(from).copied().unwrap_or_default() == read {
            tables.cursors.insert(from.clone(), next);
            tables.keep(stream, lines);
        }
        ready(())
    }

    fn cursor<'a>(&'a self, from: &'a InstanceName) -> Answer<'a, LogCursor> {
        ready(self.tables().cursors.get(from).copied().unwrap_or_default())
    }

    fn read<'a>(&'a self, scope: &'a Scope, group: &'a str, after: LogPosition, lines_max: u32) -> Answer<'a, Vec<PlacedLine>> {
        let lines = self.of_group(scope, group).into_iter().filter(|line| line.position > after);
        ready(lines.take(lines_max as usize).collect())
    }

    fn tail<'a>(&'a self, scope: &'a Scope, group: &'a str, lines: u32) -> Answer<'a, LogPosition> {
        let placed = self.of_group(scope, group);
        let before = placed.len().checked_sub(lines as usize + 1);
        ready(before.map_or(LogPosition(0), |at| placed[at].position))
    }

    fn copy<'a>(
        &'a self,
        parts: &'a [(LogStream, Vec<LogLine>)],
        from: &'a LogSource,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()> {
        let mut tables = self.tables();
        if tables.copied.get(from).copied().unwrap_or_default() == read {
            tables.copied.insert(from.clone(), next);
            for (stream, lines) in parts {
                tables.keep(stream, lines);
            }
        }
        ready(())
    }

    fn copied<'a>(&'a self, from: &'a LogSource) -> Answer<'a, LogCursor> {
        ready(self.tables().copied.get(from).copied().unwrap_or_default())
    }

    fn receive<'a>(&'a self, stream: &'a LogStream, lines: &'a [LogLine]) -> Answer<'a, Granted<()>> {
        let (key, mut tables) = (key(stream), self.tables());
        let put = tables.group(&key).and_then(|group| match group.streams.contains_key(&stream.stream) {
            true => {
                group.push(&stream.stream, lines);
                Ok(())
            }
            false => Err(key.stream_not_found()),
        });
        ready(put)
    }

    fn find<'a>(&'a self, search: &'a LogSearch) -> Answer<'a, Granted<FoundLines>> {
        let mut tables = self.tables();
        ready(tables.group(&search.group).map(|group| find(&group.lines, search)))
    }

    fn scan<'a>(&'a self, search: &'a LogSearch, reader: Arc<dyn LineReader>) -> Answer<'a, Granted<Scanned>> {
        Box::pin(async move {
            poll_fn(|context| {
                if self.1.load(Ordering::Relaxed) {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(())
            })
            .await;
            let mut tables = self.tables();
            Ok(tables.group(&search.group).map(|group| scan(&group.lines, search, &*reader)))
        })
    }
}

/// Gives at most so many lines before it stops: callers must go on by themselves.
const SCANNED_AT_ONCE: usize = 100;

fn scan(lines: &[FoundLine], search: &LogSearch, reader: &dyn LineReader) -> Scanned {
    let Way::Forward { after } = search.way else { panic!("a scan goes forward") };
    let mut scanned = Scanned::default();
    let mut rest = lines.iter().filter(|found| found.position > after && search.streams.accept(&found.stream)).peekable();
    while let Some(found) = rest.next() {
        let FoundLine { position, stream, line, ingested_at } = found;
        scanned.lines += 1;
        scanned.bytes += line.bytes.len() as u64 + 1;
        let part = ScannedPart { stream, ingested_at: *ingested_at };
        let meant = search.accepts(stream, line).then_some(ScannedLine { position: *position, at: line.at, bytes: &line.bytes });
        let reading = reader.read(part, &mut meant.into_iter());
        if reading != Reading::More || (scanned.lines as usize >= SCANNED_AT_ONCE && rest.peek().is_some()) {
            scanned.stopped_at = Some(*position);
            break;
        }
    }
    scanned
}

fn find(lines: &[FoundLine], search: &LogSearch) -> FoundLines {
    let most = search.lines_max as usize;
    let meant = |found: &&FoundLine| search.accepts(&found.stream, &found.line);
    let (mut found, more): (Vec<FoundLine>, bool) = match search.way {
        Way::Forward { after } => {
            let mut rest = lines.iter().filter(|found| found.position > after).filter(meant);
            (rest.by_ref().take(most).cloned().collect(), rest.next().is_some())
        }
        Way::Backward { before } => {
            let earlier = |found: &&FoundLine| before.is_none_or(|before| found.position < before);
            let mut rest = lines.iter().rev().filter(earlier).filter(meant);
            (rest.by_ref().take(most).cloned().collect(), rest.next().is_some())
        }
    };
    let stopped_at = if more { found.last().map(|found| found.position) } else { None };
    found.sort_by_key(|found| found.position);
    FoundLines { lines: found, stopped_at }
}

impl LogGroups for MemoryLogs {
    fn create<'a>(&'a self, group: &'a LogGroupKey, tags: &'a Tags, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut tables = self.tables();
        if tables.groups.contains_key(group) {
            return ready(Err(group.taken()));
        }
        let new = Group { created_at: Some(audit.at), tags: tags.clone(), ..Group::default() };
        tables.groups.insert(group.clone(), new);
        ready(Ok(()))
    }

    fn delete<'a>(&'a self, group: &'a LogGroupKey, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        ready(self.tables().groups.remove(group).map(|_| ()).ok_or_else(|| group.not_found()))
    }

    fn get<'a>(&'a self, group: &'a LogGroupKey) -> Answer<'a, Option<LogGroup>> {
        ready(self.tables().groups.get(group).map(|found| found.group(group)))
    }

    fn list<'a>(&'a self, scope: &'a Scope, names: &'a GroupNames, request: &'a PageRequest) -> Answer<'a, Page<LogGroup>> {
        let tables = self.tables();
        let meant = |(key, _): &(&LogGroupKey, &Group)| key.scope == *scope && names.accept(&key.name);
        let groups = tables.groups.iter().filter(meant).map(|(key, group)| group.group(key)).collect();
        ready(page_by_key(groups, request, |group: &LogGroup| group.key.name.clone()))
    }

    fn set_retention<'a>(
        &'a self,
        group: &'a LogGroupKey,
        retention: Option<RetentionDays>,
        _: &'a AuditRow,
    ) -> Answer<'a, Granted<()>> {
        ready(self.tables().group(group).map(|found| found.retention = retention))
    }

    fn tag<'a>(&'a self, group: &'a LogGroupKey, given: &'a Tags, taken: &'a [String], _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        ready(self.tables().group(group).and_then(|found| {
            found.tags = group.retagged(found.tags.clone(), given, taken)?;
            Ok(())
        }))
    }

    fn create_stream<'a>(&'a self, group: &'a LogGroupKey, stream: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let taken = || -> Granted<()> { Err(group.stream_taken()) };
        ready(self.tables().group(group).and_then(|found| match found.streams.contains_key(stream) {
            true => taken(),
            false => {
                found.streams.insert(stream.to_owned(), audit.at);
                Ok(())
            }
        }))
    }

    fn delete_stream<'a>(&'a self, group: &'a LogGroupKey, stream: &'a str, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let missing = || -> Refusal { group.stream_not_found() };
        ready(self.tables().group(group).and_then(|found| {
            found.lines.retain(|line| line.stream != stream);
            found.streams.remove(stream).map(|_| ()).ok_or_else(missing)
        }))
    }

    fn streams<'a>(
        &'a self,
        group: &'a LogGroupKey,
        list: &'a StreamList,
        request: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<LogStreamSummary>>> {
        ready(self.tables().group(group).map(|found| {
            let meant = found.streams.iter().filter(|(name, _)| name.starts_with(&list.prefix));
            let mut streams: Vec<_> = meant.map(|(name, created_at)| found.stream(name, *created_at)).collect();
            if list.order == StreamOrder::LastLine {
                streams.sort_by_key(|stream| stream.last_at);
            }
            if list.direction == Direction::Descending {
                streams.reverse();
            }
            page(streams, request, |stream| stream.name.clone())
        }))
    }
}
