//! Log lines over restarts, torn files, damage, and limits.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use model::instance::InstanceName;
use model::log_group::LogGroupKey;
use model::log_line::{LogCursor, LogLine, LogStream};
use model::log_pattern::LogPattern;
use model::log_search::{LogSearch, Streams, Way};
use model::port::LogLines;
use model::testbed::{scope, service_id};
use model::time::Timestamp;
use model::wish::LogPosition;
use store::Store;
use store::limit::{LOG_BLOCK_BYTES, LOG_LINE_BYTES, LOG_READ_BYTES, LOG_READ_LINES};

use crate::rig::Rig;

fn instance(slot: u16) -> InstanceName {
    InstanceName { service: service_id(1), revision: 1, slot }
}

fn stream(slot: u16) -> LogStream {
    LogStream { scope: scope(), group: "g".to_owned(), stream: format!("instance/r1-{slot}") }
}

fn cursor(offset: u64) -> LogCursor {
    LogCursor { run: 0, segment: 0, offset }
}

fn line(text: impl Into<Bytes>) -> LogLine {
    LogLine { at: Timestamp::from_millis(1), bytes: text.into() }
}

async fn append(store: &Store, slot: u16, texts: &[&str], read: u64, next: u64) {
    let lines: Vec<_> = texts.iter().map(|text| line((*text).to_owned())).collect();
    LogLines::append(store, &stream(slot), &lines, &instance(slot), cursor(read), cursor(next)).await.unwrap();
}

async fn texts(store: &Store) -> Vec<String> {
    let lines = LogLines::read(store, &scope(), "g", LogPosition(0), 1_000).await.unwrap();
    lines.into_iter().map(|placed| String::from_utf8(placed.line.bytes.to_vec()).unwrap()).collect()
}

#[tokio::test]
async fn lines_cursors_and_positions_go_on_after_a_restart() {
    let rig = Rig::new();
    let store = rig.open();
    append(&store, 0, &["a", "b"], 0, 10).await;
    drop(store);
    let store = rig.open();
    assert_eq!(store.cursor(&instance(0)).await.unwrap(), cursor(10));
    append(&store, 0, &["a", "b"], 0, 10).await;
    append(&store, 0, &["c"], 10, 15).await;
    assert_eq!(texts(&store).await, ["a", "b", "c"]);
    let last = LogLines::read(&store, &scope(), "g", LogPosition(2), 9).await.unwrap();
    assert_eq!(last[0].position, LogPosition(3));
    append(&store, 0, &[], 15, 20).await;
    assert_eq!(store.cursor(&instance(0)).await.unwrap(), cursor(20), "a cursor moves over frames without lines");
}

#[tokio::test]
async fn lines_that_two_read_at_once_are_kept_once() {
    let rig = Rig::new();
    let store = rig.open();
    let (some, more): (&[&str], &[&str]) = (&["a", "b"], &["a", "b", "c"]);
    tokio::join!(append(&store, 0, some, 0, 10), append(&store, 0, more, 0, 15));
    // Who was faster is open; the slower one must read again, from where the faster one came.
    let (kept, faster) = (texts(&store).await, store.cursor(&instance(0)).await.unwrap());
    assert!((kept == some && faster == cursor(10)) || (kept == more && faster == cursor(15)), "{kept:?} {faster:?}");
    append(&store, 0, &["c"], 10, 15).await;
    assert_eq!(texts(&store).await, more);
}

#[tokio::test]
async fn a_torn_tail_is_cut_off_and_nothing_of_it_is_ever_read() {
    let rig = Rig::new();
    let store = rig.open();
    append(&store, 0, &["a"], 0, 10).await;
    drop(store);
    let segment = rig.files("logs/segments").remove(0);
    let whole = std::fs::metadata(&segment).unwrap().len();
    std::fs::OpenOptions::new().append(true).open(&segment).unwrap().write_all(b"ORB1 half a block").unwrap();
    let store = rig.open();
    assert_eq!(std::fs::metadata(&segment).unwrap().len(), whole);
    assert_eq!(texts(&store).await, ["a"]);
    append(&store, 0, &["b"], 10, 20).await;
    assert_eq!(texts(&store).await, ["a", "b"]);
}

fn search(pattern: &str) -> LogSearch {
    LogSearch {
        group: LogGroupKey { scope: scope(), name: "g".to_owned() },
        streams: Streams::All,
        from: None,
        until: None,
        pattern: LogPattern::parse(pattern).unwrap(),
        way: Way::Forward { after: LogPosition(0) },
        lines_max: 10,
    }
}

#[tokio::test]
async fn of_a_damaged_block_its_own_lines_are_lost_and_a_line_says_so_in_their_place() {
    let rig = Rig::new();
    let store = rig.open();
    append(&store, 0, &["a", "b"], 0, 10).await;
    append(&store, 0, &["c"], 10, 20).await;
    let segment = rig.files("logs/segments").remove(0);
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[25] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let lost = "outrunner: 2 lines are lost here: log segment 1, byte 0: a block of log lines is damaged: its checksum is wrong";
    assert_eq!(texts(&store).await, [lost, "c"]);
    let middle = LogLines::read(&store, &scope(), "g", LogPosition(1), 9).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&middle[0].line.bytes), lost, "who reads on from the middle is told");
    assert_eq!(middle[0].position, LogPosition(2), "and once");
    let rest = LogLines::read(&store, &scope(), "g", LogPosition(2), 9).await.unwrap();
    assert_eq!((rest.len(), rest[0].position, &rest[0].line), (1, LogPosition(3), &line("c")));
    let found = store.find(&search("c")).await.unwrap().unwrap().lines;
    let found: Vec<_> = found.iter().map(|found| String::from_utf8_lossy(&found.line.bytes)).collect();
    assert_eq!(found, [lost, "c"], "what is looked for may have stood there");
    append(&store, 0, &["d"], 20, 30).await;
    assert_eq!(texts(&store).await, [lost, "c", "d"]);
}

#[tokio::test]
async fn of_a_segment_that_is_gone_every_block_says_so_and_new_lines_are_kept() {
    let rig = Rig::new();
    let store = rig.open();
    append(&store, 0, &["a"], 0, 10).await;
    drop(store);
    std::fs::remove_file(rig.files("logs/segments").remove(0)).unwrap();
    let store = rig.open();
    append(&store, 0, &["b"], 10, 20).await;
    let texts = texts(&store).await;
    assert!(texts[0].starts_with("outrunner: 1 lines are lost here: log segment 1, byte 0: "), "{texts:?}");
    assert_eq!(texts[1..], ["b"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn instances_that_print_at_once_share_a_group_without_gaps() {
    let rig = Rig::new();
    let store = Arc::new(rig.open());
    let print = |slot: u16| {
        let store = store.clone();
        async move {
            for n in 1..=20 {
                append(&store, slot, &["x", "y"], n - 1, n).await;
            }
        }
    };
    #[expect(clippy::disallowed_methods, reason = "the test is the owner of these printers")]
    let printers: Vec<_> = (0..6).map(|slot| tokio::spawn(print(slot))).collect();
    for printer in printers {
        printer.await.unwrap();
    }
    let lines = LogLines::read(&*store, &scope(), "g", LogPosition(0), 1_000).await.unwrap();
    let positions: Vec<_> = lines.iter().map(|line| line.position.0).collect();
    assert_eq!(positions, (1..=240).collect::<Vec<_>>());
    for slot in 0..6 {
        let own = lines.iter().filter(|line| line.stream == format!("instance/r1-{slot}"));
        let own: Vec<_> = own.map(|line| line.line.bytes[0]).collect();
        assert_eq!(own, b"xy".repeat(20), "a stream keeps its order");
    }
}

#[tokio::test]
async fn an_answer_has_a_limit_in_lines_and_in_bytes_and_reading_goes_on_behind_it() {
    let rig = Rig::new();
    let store = rig.open();
    let many: Vec<_> = (0..LOG_READ_LINES + 5).map(|n| line(n.to_string())).collect();
    LogLines::append(&store, &stream(0), &many, &instance(0), cursor(0), cursor(1)).await.unwrap();
    let first = LogLines::read(&store, &scope(), "g", LogPosition(0), u32::MAX).await.unwrap();
    assert_eq!(first.len(), LOG_READ_LINES as usize);
    let rest = LogLines::read(&store, &scope(), "g", first.last().unwrap().position, u32::MAX).await.unwrap();
    assert_eq!(rest.len(), 5);
    let large = vec![line(vec![b'z'; LOG_LINE_BYTES / 3]); 3 * (LOG_READ_BYTES / LOG_LINE_BYTES) + 2];
    LogLines::append(&store, &stream(0), &large, &instance(0), cursor(1), cursor(2)).await.unwrap();
    let after = rest.last().unwrap().position;
    let some = LogLines::read(&store, &scope(), "g", after, u32::MAX).await.unwrap();
    let bytes: usize = some.iter().map(|placed| placed.line.bytes.len()).sum();
    assert!(some.len() < large.len() && bytes >= LOG_READ_BYTES, "{} lines, {bytes} bytes", some.len());
    assert!(bytes <= LOG_READ_BYTES + LOG_BLOCK_BYTES + LOG_LINE_BYTES, "{bytes} bytes");
    let rest = LogLines::read(&store, &scope(), "g", some.last().unwrap().position, u32::MAX).await.unwrap();
    assert_eq!(some.len() + rest.len(), large.len());
    assert!(LogLines::read(&store, &scope(), "g", LogPosition(0), 0).await.unwrap().is_empty());
    assert!(LogLines::read(&store, &scope(), "g", LogPosition(u64::MAX), 9).await.unwrap().is_empty());
}
