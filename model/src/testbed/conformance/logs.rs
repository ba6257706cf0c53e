//! Log lines: kept once, in order, with the cursor that says so.

use crate::instance::InstanceName;
use crate::log_line::{LogCursor, LogLine, LogStream};
use crate::port::LogLines;
use crate::testbed::{scope, service_id};
use crate::time::Timestamp;
use crate::wish::LogPosition;

fn lines(texts: &[&str]) -> Vec<LogLine> {
    texts.iter().map(|text| LogLine { at: Timestamp::from_millis(7), bytes: (*text).to_owned().into() }).collect()
}

fn cursor(run: u64, segment: u64, offset: u64) -> LogCursor {
    LogCursor { run, segment, offset }
}

/// All promises of the port.
pub async fn logs(logs: &dyn LogLines) {
    let name = |slot| InstanceName { service: service_id(1), revision: 1, slot };
    let stream =
        |group: &str, slot: u16| LogStream { scope: scope(), group: group.to_owned(), stream: format!("instance/r1-{slot}") };
    let texts = |read: &[crate::log_line::PlacedLine]| {
        read.iter().map(|placed| String::from_utf8_lossy(&placed.line.bytes).into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(logs.cursor(&name(0)).await.unwrap(), LogCursor::default());
    let start = LogCursor::default();
    logs.append(&stream("g", 0), &lines(&["a", "b"]), &name(0), start, cursor(1, 0, 20)).await.unwrap();
    assert_eq!(logs.cursor(&name(0)).await.unwrap(), cursor(1, 0, 20));
    logs.append(&stream("g", 0), &lines(&["a", "b"]), &name(0), start, cursor(1, 0, 20)).await.unwrap();
    logs.append(&stream("g", 0), &lines(&["a"]), &name(0), start, cursor(1, 0, 10)).await.unwrap();
    logs.append(&stream("g", 0), &lines(&["a", "b", "x"]), &name(0), start, cursor(1, 0, 30)).await.unwrap();
    assert_eq!(logs.cursor(&name(0)).await.unwrap(), cursor(1, 0, 20), "a batch read from further back is here in part already");
    logs.append(&stream("g", 1), &lines(&["c"]), &name(1), start, cursor(1, 0, 10)).await.unwrap();
    logs.append(&stream("other", 0), &lines(&["elsewhere"]), &name(2), start, cursor(1, 0, 10)).await.unwrap();
    logs.append(&stream("g", 0), &lines(&["d", "\u{0}\u{fffd}"]), &name(0), cursor(1, 0, 20), cursor(2, 0, 5)).await.unwrap();
    let all = logs.read(&scope(), "g", LogPosition(0), 100).await.unwrap();
    assert_eq!(texts(&all), ["a", "b", "c", "d", "\u{0}\u{fffd}"], "each line once, in the order they came");
    assert_eq!(all[2].stream, "instance/r1-1");
    assert!(all.windows(2).all(|pair| pair[0].position < pair[1].position), "positions grow");
    let some = logs.read(&scope(), "g", all[0].position, 2).await.unwrap();
    assert_eq!(texts(&some), ["b", "c"]);
    assert!(logs.read(&scope(), "g", all[4].position, 9).await.unwrap().is_empty());
    assert!(logs.read(&scope(), "nobody", LogPosition(0), 9).await.unwrap().is_empty());
    let after = logs.tail(&scope(), "g", 2).await.unwrap();
    assert_eq!(texts(&logs.read(&scope(), "g", after, 9).await.unwrap()), ["d", "\u{0}\u{fffd}"]);
    let after = logs.tail(&scope(), "g", 5_000).await.unwrap();
    assert_eq!(logs.read(&scope(), "g", after, 9).await.unwrap().len(), 5);
}
