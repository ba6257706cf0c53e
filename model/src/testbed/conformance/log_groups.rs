//! Groups and streams of log lines, and searches in them.

use std::sync::{Arc, Mutex};

use crate::audit::AuditRow;
use crate::instance::InstanceName;
use crate::limit::TAGS;
use crate::log_group::{Direction, GroupNames, LogGroupKey, RetentionDays, StreamList, StreamOrder};
use crate::log_line::{LogCursor, LogLine, LogSource, LogStream};
use crate::log_pattern::LogPattern;
use crate::log_scan::{LineReader, Reading, ScannedLine, ScannedPart};
use crate::log_search::{FoundLines, LogSearch, Streams, Way};
use crate::port::{Granted, LogGroups, LogLines};
use crate::refusal::RefusalKind;
use crate::tag::Tags;
use crate::testbed::{caller, scope, service_id};
use crate::time::Timestamp;
use crate::wish::{LogPosition, PageRequest};

fn key(name: &str) -> LogGroupKey {
    LogGroupKey { scope: scope(), name: name.to_owned() }
}

fn stream(group: &str, stream: &str) -> LogStream {
    LogStream { scope: scope(), group: group.to_owned(), stream: stream.to_owned() }
}

fn row(at: i64) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(at), caller: caller(), action: "logs:Test".to_owned(), resource: "*".to_owned() }
}

fn line(at: i64, text: &str) -> LogLine {
    LogLine { at: Timestamp::from_millis(at), bytes: text.to_owned().into() }
}

fn everything() -> PageRequest {
    PageRequest { after: None, items_max: None }
}

fn cursor(offset: u64) -> LogCursor {
    LogCursor { run: 1, segment: 0, offset }
}

/// A search for everything in a group, from its beginning.
fn search(group: &str) -> LogSearch {
    LogSearch {
        group: key(group),
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

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Granted<T>, kind: RefusalKind) {
    assert_eq!(answer.expect_err("it must be refused").kind, kind);
}

/// All promises of both ports but those of `logs`.
pub async fn log_groups(groups: &dyn LogGroups, lines: &dyn LogLines) {
    groups_are_made_and_found(groups).await;
    streams_are_made_and_found(groups, lines).await;
    copies_are_kept_once(groups, lines).await;
    tags_are_given_and_taken(groups).await;
    searches(lines).await;
    scans(lines).await;
    what_is_deleted_is_gone(groups, lines).await;
}

async fn groups_are_made_and_found(groups: &dyn LogGroups) {
    let tags = Tags([("team".to_owned(), "web".to_owned())].into());
    groups.create(&key("b/one"), &tags, &row(5)).await.unwrap().unwrap();
    refused(groups.create(&key("b/one"), &Tags::default(), &row(6)).await.unwrap(), RefusalKind::AlreadyExists);
    for name in ["a", "b/two", "c"] {
        groups.create(&key(name), &Tags::default(), &row(6)).await.unwrap().unwrap();
    }
    let made = groups.get(&key("b/one")).await.unwrap().expect("it was made");
    assert_eq!((made.created_at.millis(), made.tags, made.stored_bytes), (5, tags, 0));
    assert!(groups.get(&key("b")).await.unwrap().is_none());
    let names = |names: GroupNames, page: PageRequest| async move {
        let found = groups.list(&scope(), &names, &page).await.unwrap();
        (found.items.into_iter().map(|group| group.key.name).collect::<Vec<_>>(), found.next)
    };
    assert_eq!(names(GroupNames::All, everything()).await.0, ["a", "b/one", "b/two", "c"]);
    assert_eq!(names(GroupNames::Prefix("b".to_owned()), everything()).await.0, ["b/one", "b/two"]);
    assert_eq!(names(GroupNames::Containing("w".to_owned()), everything()).await.0, ["b/two"]);
    let (first, next) = names(GroupNames::All, PageRequest { after: None, items_max: Some(3) }).await;
    assert_eq!((first.len(), next.is_some()), (3, true));
    assert_eq!(names(GroupNames::All, PageRequest { after: next, items_max: Some(3) }).await, (vec!["c".to_owned()], None));

    let week = RetentionDays::parse(7).expect("it is known");
    groups.set_retention(&key("a"), Some(week), &row(7)).await.unwrap().unwrap();
    assert_eq!(groups.get(&key("a")).await.unwrap().expect("made").retention, Some(week));
    groups.set_retention(&key("a"), None, &row(7)).await.unwrap().unwrap();
    assert_eq!(groups.get(&key("a")).await.unwrap().expect("made").retention, None);
    refused(groups.set_retention(&key("nobody"), None, &row(7)).await.unwrap(), RefusalKind::NotFound);
}

async fn tags_are_given_and_taken(groups: &dyn LogGroups) {
    let tags = |pairs: &[(&str, &str)]| Tags(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect());
    let of = async |name| groups.get(&key(name)).await.unwrap().expect("made").tags;
    groups.tag(&key("b/one"), &tags(&[("a", "1"), ("team", "api")]), &[], &row(7)).await.unwrap().unwrap();
    assert_eq!(of("b/one").await, tags(&[("a", "1"), ("team", "api")]), "a value is replaced, the others stay");
    groups.tag(&key("b/one"), &Tags::default(), &["a".to_owned(), "nobody".to_owned()], &row(7)).await.unwrap().unwrap();
    assert_eq!(of("b/one").await, tags(&[("team", "api")]));
    let many = Tags((0..TAGS).map(|n| (format!("k{n}"), String::new())).collect());
    refused(groups.tag(&key("b/one"), &many, &[], &row(7)).await.unwrap(), RefusalKind::Quota);
    assert_eq!(of("b/one").await, tags(&[("team", "api")]), "all of it or nothing");
    groups.tag(&key("b/two"), &many, &[], &row(7)).await.unwrap().unwrap();
    groups.tag(&key("b/one"), &Tags::default(), &["team".to_owned()], &row(7)).await.unwrap().unwrap();
    assert_eq!(of("b/one").await, Tags::default());
    refused(groups.tag(&key("nobody"), &many, &[], &row(7)).await.unwrap(), RefusalKind::NotFound);
}

async fn streams_are_made_and_found(groups: &dyn LogGroups, lines: &dyn LogLines) {
    for name in ["s1", "s2", "t"] {
        groups.create_stream(&key("a"), name, &row(8)).await.unwrap().unwrap();
    }
    refused(groups.create_stream(&key("a"), "t", &row(8)).await.unwrap(), RefusalKind::AlreadyExists);
    refused(groups.create_stream(&key("nobody"), "t", &row(8)).await.unwrap(), RefusalKind::NotFound);
    refused(lines.receive(&stream("a", "nobody"), &[line(1, "x")]).await.unwrap(), RefusalKind::NotFound);
    refused(lines.receive(&stream("nobody", "s1"), &[line(1, "x")]).await.unwrap(), RefusalKind::NotFound);
    lines.receive(&stream("a", "s2"), &[line(20, "x"), line(10, "y")]).await.unwrap().unwrap();
    lines.receive(&stream("a", "s1"), &[line(30, "z")]).await.unwrap().unwrap();
    let list = |prefix: &str, order, direction| StreamList { prefix: prefix.to_owned(), order, direction };
    let names = |list: StreamList, page: PageRequest| async move {
        let found = groups.streams(&key("a"), &list, &page).await.unwrap().unwrap();
        (found.items.into_iter().map(|stream| stream.name).collect::<Vec<_>>(), found.next)
    };
    use Direction::{Ascending, Descending};
    use StreamOrder::{LastLine, Name};
    assert_eq!(names(list("", Name, Ascending), everything()).await.0, ["s1", "s2", "t"]);
    assert_eq!(names(list("s", Name, Descending), everything()).await.0, ["s2", "s1"]);
    assert_eq!(names(list("", LastLine, Ascending), everything()).await.0, ["t", "s2", "s1"]);
    for order in [Name, LastLine] {
        for direction in [Ascending, Descending] {
            let all = names(list("", order, direction), everything()).await.0;
            let (mut read, mut after) = (Vec::new(), None);
            loop {
                let (some, next) = names(list("", order, direction), PageRequest { after, items_max: Some(1) }).await;
                read.extend(some);
                after = next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(read, all, "page by page, {order:?} {direction:?}");
        }
    }
    let found = groups.streams(&key("a"), &list("s2", Name, Ascending), &everything()).await.unwrap().unwrap().items;
    let millis = |at: Option<Timestamp>| at.map(Timestamp::millis);
    assert_eq!((millis(found[0].first_at), millis(found[0].last_at), found[0].created_at.millis()), (Some(10), Some(20), 8));
    assert!(found[0].ingested_at.is_some());
    refused(groups.streams(&key("nobody"), &list("", Name, Ascending), &everything()).await.unwrap(), RefusalKind::NotFound);
}

async fn copies_are_kept_once(groups: &dyn LogGroups, lines: &dyn LogLines) {
    let (events, door) = (LogSource::Events(service_id(1)), LogSource::FrontDoor);
    assert_eq!(lines.copied(&events).await.unwrap(), LogCursor::default());
    let parts = [(stream("copies", "events"), vec![line(1, "a")]), (stream("copies/2", "deployment/1"), vec![line(2, "b")])];
    lines.copy(&parts, &events, LogCursor::default(), cursor(4)).await.unwrap();
    lines.copy(&parts, &events, LogCursor::default(), cursor(4)).await.unwrap();
    assert_eq!(lines.copied(&events).await.unwrap(), cursor(4));
    assert_eq!(lines.copied(&door).await.unwrap(), LogCursor::default(), "each source has its own");
    for (group, text) in [("copies", "a"), ("copies/2", "b")] {
        assert_eq!(texts(&lines.find(&search(group)).await.unwrap().unwrap()), [text]);
        assert!(groups.get(&key(group)).await.unwrap().is_some(), "the first line made it");
    }
    let of_instance = InstanceName { service: service_id(1), revision: 1, slot: 0 };
    assert_eq!(lines.cursor(&of_instance).await.unwrap(), LogCursor::default());
}

async fn searches(lines: &dyn LogLines) {
    let part = |name: &str, lines: Vec<LogLine>| (stream("find", name), lines);
    let parts = [
        part("one", vec![line(10, "GET /"), line(20, "GET /health"), line(30, "POST /")]),
        part("two", vec![line(15, "two GET"), line(40, "two")]),
        part("three", vec![line(50, "GET last")]),
    ];
    lines.copy(&parts, &LogSource::FrontDoor, LogCursor::default(), cursor(1)).await.unwrap();
    let find = |search: LogSearch| async move { lines.find(&search).await.unwrap().unwrap() };
    let whole = find(search("find")).await;
    assert_eq!(texts(&whole), ["GET /", "GET /health", "POST /", "two GET", "two", "GET last"]);
    assert_eq!(whole.stopped_at, None);
    assert!(whole.lines.windows(2).all(|pair| pair[0].position < pair[1].position));
    assert_eq!(whole.lines[3].stream, "two");
    let at = |millis| Some(Timestamp::from_millis(millis));
    let timed = find(LogSearch { from: at(15), until: at(40), ..search("find") }).await;
    assert_eq!(texts(&timed), ["GET /health", "POST /", "two GET"], "the first moment is meant, the last is not");
    let named = Streams::Named(vec!["two".to_owned(), "nobody".to_owned()]);
    assert_eq!(texts(&find(LogSearch { streams: named, ..search("find") }).await), ["two GET", "two"]);
    let prefixed = Streams::Prefix("t".to_owned());
    assert_eq!(texts(&find(LogSearch { streams: prefixed, ..search("find") }).await), ["two GET", "two", "GET last"]);
    let prefixes = Streams::Prefixes(vec!["o".to_owned(), "th".to_owned()]);
    assert_eq!(
        texts(&find(LogSearch { streams: prefixes, ..search("find") }).await),
        ["GET /", "GET /health", "POST /", "GET last"]
    );
    let pattern = LogPattern::parse("GET -health").expect("a pattern");
    assert_eq!(texts(&find(LogSearch { pattern, ..search("find") }).await), ["GET /", "two GET", "GET last"]);

    let first = find(LogSearch { lines_max: 2, ..search("find") }).await;
    assert_eq!(texts(&first), ["GET /", "GET /health"]);
    let after = first.stopped_at.expect("there is more");
    let rest = find(LogSearch { way: Way::Forward { after }, ..search("find") }).await;
    assert_eq!(texts(&rest), ["POST /", "two GET", "two", "GET last"]);
    let one = Streams::Named(vec!["one".to_owned()]);
    let back = |before| LogSearch { way: Way::Backward { before }, lines_max: 2, streams: one.clone(), ..search("find") };
    let newest = find(back(None)).await;
    assert_eq!(texts(&newest), ["GET /health", "POST /"], "the last ones, the oldest of them first");
    let before = newest.lines.first().map(|found| found.position);
    let oldest = find(back(before)).await;
    assert_eq!((texts(&oldest), oldest.stopped_at), (vec!["GET /".to_owned()], None));
    let none = find(back(oldest.lines.first().map(|found| found.position))).await;
    assert!(none.lines.is_empty());
    refused(lines.find(&search("nobody")).await.unwrap(), RefusalKind::NotFound);
}

/// Notes what it is given, and has enough behind a number of lines.
struct Noting {
    enough: usize,
    /// Stops there at once, and reads no more of those that it is given.
    at_once: bool,
    noted: Mutex<Vec<(String, LogPosition, i64, String)>>,
}

impl LineReader for Noting {
    fn read<'b>(&self, part: ScannedPart<'b>, lines: &mut (dyn Iterator<Item = ScannedLine<'b>> + '_)) -> Reading {
        assert!(part.ingested_at.millis() > 0);
        let mut noted = self.noted.lock().expect("nobody panics");
        for line in lines {
            let text = String::from_utf8_lossy(line.bytes).into_owned();
            noted.push((part.stream.to_owned(), line.position, line.at.millis(), text));
            if self.at_once && noted.len() >= self.enough {
                return Reading::EnoughAt(line.position);
            }
        }
        if noted.len() >= self.enough { Reading::Enough } else { Reading::More }
    }
}

async fn scans(lines: &dyn LogLines) {
    let scan_by = async |search: LogSearch, enough: usize, at_once: bool| {
        let noting = Arc::new(Noting { enough, at_once, noted: Mutex::default() });
        let scanned = lines.scan(&search, noting.clone()).await.unwrap().unwrap();
        (std::mem::take(&mut *noting.noted.lock().expect("nobody panics")), scanned)
    };
    let scan = async |search: LogSearch, enough: usize| scan_by(search, enough, false).await;
    let found = lines.find(&search("find")).await.unwrap().unwrap().lines;
    let (noted, scanned) = scan(search("find"), 99).await;
    let same: Vec<_> = found
        .iter()
        .map(|found| {
            let text = String::from_utf8_lossy(&found.line.bytes).into_owned();
            (found.stream.clone(), found.position, found.line.at.millis(), text)
        })
        .collect();
    assert_eq!(noted, same, "what a search finds, in the same order");
    let bytes: u64 = found.iter().map(|found| found.line.bytes.len() as u64 + 1).sum();
    assert_eq!((scanned.lines, scanned.bytes, scanned.stopped_at), (6, bytes, None));
    let at = |millis| Some(Timestamp::from_millis(millis));
    let (noted, _) = scan(LogSearch { from: at(15), until: at(40), ..search("find") }, 99).await;
    assert_eq!(noted.len(), 3, "the first moment is meant, the last is not");
    let (noted, _) = scan(LogSearch { streams: Streams::Named(vec!["two".to_owned()]), ..search("find") }, 99).await;
    assert!(noted.iter().all(|(stream, ..)| stream == "two") && noted.len() == 2);
    let (some, scanned) = scan(search("find"), 1).await;
    let after = scanned.stopped_at.expect("it had enough");
    assert_eq!(some.last().map(|(_, position, ..)| *position), Some(after), "it stops behind what it has read");
    let (rest, _) = scan(LogSearch { way: Way::Forward { after }, ..search("find") }, 99).await;
    assert_eq!([some, rest].concat(), same);
    let (mut whole, mut after) = (Vec::new(), Some(LogPosition(0)));
    while let Some(from) = after {
        let (one, scanned) = scan_by(LogSearch { way: Way::Forward { after: from }, ..search("find") }, 1, true).await;
        assert!(one.len() <= 1 && scanned.stopped_at.is_none_or(|at| at > from), "{scanned:?}");
        whole.extend(one);
        after = scanned.stopped_at;
    }
    assert_eq!(whole, same, "one after another, wherever lines stand together");
    let nobody = Arc::new(Noting { enough: 1, at_once: false, noted: Mutex::default() });
    refused(lines.scan(&search("nobody"), nobody).await.unwrap(), RefusalKind::NotFound);
}

async fn what_is_deleted_is_gone(groups: &dyn LogGroups, lines: &dyn LogLines) {
    groups.delete_stream(&key("find"), "one", &row(9)).await.unwrap().unwrap();
    refused(groups.delete_stream(&key("find"), "one", &row(9)).await.unwrap(), RefusalKind::NotFound);
    refused(groups.delete_stream(&key("nobody"), "one", &row(9)).await.unwrap(), RefusalKind::NotFound);
    assert_eq!(texts(&lines.find(&search("find")).await.unwrap().unwrap()), ["two GET", "two", "GET last"]);
    groups.delete(&key("find"), &row(9)).await.unwrap().unwrap();
    refused(groups.delete(&key("find"), &row(9)).await.unwrap(), RefusalKind::NotFound);
    refused(lines.find(&search("find")).await.unwrap(), RefusalKind::NotFound);
    let parts = [(stream("find", "four"), vec![line(60, "new")])];
    lines.copy(&parts, &LogSource::FrontDoor, cursor(1), cursor(2)).await.unwrap();
    assert_eq!(texts(&lines.find(&search("find")).await.unwrap().unwrap()), ["new"], "a next line makes it anew");
}
