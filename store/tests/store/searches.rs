//! Searches and scans read the blocks that they must, and work for a bounded time.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use model::instance::InstanceName;
use model::log_group::LogGroupKey;
use model::log_line::{LogCursor, LogLine, LogStream};
use model::log_pattern::LogPattern;
use model::log_scan::{LineReader, Reading, Scanned, ScannedLine, ScannedPart};
use model::log_search::{FoundLines, LogSearch, Streams, Way};
use model::port::LogLines;
use model::testbed::{scope, service_id};
use model::time::Timestamp;
use model::wish::LogPosition;
use store::Store;
use store::limit::{LOG_LINE_BYTES, LOG_SCAN_BYTES};

use crate::rig::Rig;

fn line(at: i64, bytes: impl Into<Bytes>) -> LogLine {
    LogLine { at: Timestamp::from_millis(at), bytes: bytes.into() }
}

async fn append(store: &Store, slot: u16, lines: &[LogLine], read: u64) {
    let stream = LogStream { scope: scope(), group: "g".to_owned(), stream: format!("instance/{slot}") };
    let from = InstanceName { service: service_id(1), revision: 1, slot };
    let cursor = |offset| LogCursor { offset, ..LogCursor::default() };
    LogLines::append(store, &stream, lines, &from, cursor(read), cursor(read + 1)).await.unwrap();
}

fn search() -> LogSearch {
    LogSearch {
        group: LogGroupKey { scope: scope(), name: "g".to_owned() },
        streams: Streams::All,
        from: None,
        until: None,
        pattern: LogPattern::default(),
        way: Way::Forward { after: LogPosition(0) },
        lines_max: 100,
    }
}

fn texts(found: &FoundLines) -> Vec<String> {
    found.lines.iter().map(|found| String::from_utf8_lossy(&found.line.bytes).into_owned()).collect()
}

#[tokio::test]
async fn blocks_of_other_times_and_streams_are_not_read() {
    let rig = Rig::new();
    let store = rig.open();
    append(&store, 0, &[line(10, "damaged")], 0).await;
    append(&store, 0, &[line(20, "b"), line(30, "c")], 1).await;
    append(&store, 1, &[line(10, "d")], 0).await;
    let segment = rig.files("logs/segments").remove(0);
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[25] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let all = texts(&store.find(&search()).await.unwrap().unwrap());
    assert!(all[0].contains("1 lines are lost here"), "the first block is damaged: {all:?}");
    let at = |millis| Some(Timestamp::from_millis(millis));
    for (search, expected) in [
        (LogSearch { from: at(11), ..search() }, vec!["b", "c"]),
        (LogSearch { streams: Streams::Prefix("instance/1".to_owned()), ..search() }, vec!["d"]),
        (LogSearch { streams: Streams::Named(vec!["instance/1".to_owned()]), until: at(11), ..search() }, vec!["d"]),
        (LogSearch { way: Way::Backward { before: None }, lines_max: 2, from: at(11), ..search() }, vec!["b", "c"]),
    ] {
        assert_eq!(texts(&store.find(&search).await.unwrap().unwrap()), expected, "{search:?}");
    }
}

#[tokio::test]
async fn a_search_that_finds_nothing_stops_after_a_while_and_goes_on_from_there() {
    let rig = Rig::new();
    let store = rig.open();
    let large: Vec<_> = (0..LOG_SCAN_BYTES / LOG_LINE_BYTES + 4).map(|n| line(n as i64, vec![b'z'; LOG_LINE_BYTES])).collect();
    append(&store, 0, &large, 0).await;
    append(&store, 0, &[line(1_000, "a needle")], 1).await;
    let needle = LogSearch { pattern: LogPattern::parse("needle").unwrap(), ..search() };
    let found = store.find(&needle).await.unwrap().unwrap();
    assert!(found.lines.is_empty());
    let after = found.stopped_at.expect("it stopped before the end");
    let found = store.find(&LogSearch { way: Way::Forward { after }, ..needle }).await.unwrap().unwrap();
    assert_eq!((texts(&found), found.stopped_at), (vec!["a needle".to_owned()], None));
}

/// Keeps how each line begins.
#[derive(Default)]
struct Beginnings(Mutex<Vec<String>>);

impl LineReader for Beginnings {
    fn read<'b>(&self, _: ScannedPart<'b>, lines: &mut (dyn Iterator<Item = ScannedLine<'b>> + '_)) -> Reading {
        let begins = |line: ScannedLine<'_>| String::from_utf8_lossy(&line.bytes[..line.bytes.len().min(8)]).into_owned();
        self.0.lock().unwrap().extend(lines.map(begins));
        Reading::More
    }
}

async fn scan(store: &Store, search: &LogSearch) -> (Vec<String>, Scanned) {
    let reader = Arc::new(Beginnings::default());
    let scanned = store.scan(search, reader.clone()).await.unwrap().unwrap();
    let begun = std::mem::take(&mut *reader.0.lock().unwrap());
    (begun, scanned)
}

#[tokio::test]
async fn a_scan_stops_after_a_while_and_goes_on_from_there() {
    let rig = Rig::new();
    let store = rig.open();
    let count = LOG_SCAN_BYTES / LOG_LINE_BYTES + 4;
    let large: Vec<_> = (0..count).map(|n| line(n as i64, vec![b'z'; LOG_LINE_BYTES])).collect();
    append(&store, 0, &large, 0).await;
    append(&store, 0, &[line(1_000, "the last")], 1).await;
    let (first, scanned) = scan(&store, &search()).await;
    let after = scanned.stopped_at.expect("it stopped before the end");
    assert!(
        first.len() < count && scanned.bytes >= LOG_SCAN_BYTES as u64 && scanned.bytes < 2 * LOG_SCAN_BYTES as u64,
        "{scanned:?}"
    );
    assert_eq!(scanned.lines, first.len() as u64);
    let (rest, scanned) = scan(&store, &LogSearch { way: Way::Forward { after }, ..search() }).await;
    assert_eq!(
        (rest.len(), rest.last().map(String::as_str), scanned.stopped_at),
        (count + 1 - first.len(), Some("the last"), None)
    );
}

#[tokio::test]
async fn a_scan_says_that_lines_are_lost_and_reads_the_others() {
    let rig = Rig::new();
    let store = rig.open();
    append(&store, 0, &[line(10, "damaged")], 0).await;
    append(&store, 0, &[line(20, "b"), line(30, "c")], 1).await;
    let segment = rig.files("logs/segments").remove(0);
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[25] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let (found, scanned) = scan(&store, &search()).await;
    assert_eq!((&found[1..], scanned.lines, scanned.stopped_at), (["b".to_owned(), "c".to_owned()].as_slice(), 2, None));
    assert_ne!(found[0], "damaged");
}
