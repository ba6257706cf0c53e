//! Searches read the blocks that they must, and work for a bounded time.

use model::instance::InstanceName;
use model::log_group::LogGroupKey;
use model::log_line::{LogCursor, LogLine, LogStream};
use model::log_pattern::LogPattern;
use model::log_search::{FoundLines, LogSearch, Streams, Way};
use model::port::LogLines;
use model::testbed::{scope, service_id};
use model::time::Timestamp;
use model::wish::LogPosition;
use store::Store;
use store::limit::{LOG_LINE_BYTES, LOG_SCAN_BYTES};

use crate::rig::Rig;

fn line(at: i64, bytes: impl Into<Vec<u8>>) -> LogLine {
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
