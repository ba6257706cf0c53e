//! Which log lines a sweep takes away, and what it leaves.

use std::time::Duration;

use model::instance::InstanceName;
use model::limit::DELETED_KEPT;
use model::log_group::{LogGroupKey, RetentionDays};
use model::log_line::{LogCursor, LogLine, LogSource, LogStream};
use model::log_pattern::LogPattern;
use model::log_search::{LogSearch, Streams, Way};
use model::port::{Audit, Blobs, Clock, LogGroups, LogLines, Services, Version};
use model::service::{Phase, Service, Standing};
use model::wish::LogPosition;
use store::Store;
use store::limit::LOG_BYTES;

use crate::rig::{Rig, blob, created, repository, row, upload};

fn instance(service: &Service) -> InstanceName {
    InstanceName { service: service.id.clone(), revision: 1, slot: 0 }
}

/// The service's instance prints a line now.
async fn print(rig: &Rig, store: &Store, service: &Service, text: &str) {
    let from = instance(service);
    let line = LogLine { at: rig.clock.now(), bytes: text.to_owned().into() };
    let read = store.cursor(&from).await.unwrap();
    let next = LogCursor { offset: read.offset + 1, ..read };
    LogLines::append(store, &LogStream::of_instance(service, &from), &[line], &from, read, next).await.unwrap();
}

/// The service's lines, each with its position.
async fn lines(store: &Store, service: &Service) -> Vec<(u64, String)> {
    let group = LogStream::application_group(service);
    let placed = LogLines::read(store, &service.scope, &group, LogPosition(0), 100).await.unwrap();
    placed.into_iter().map(|placed| (placed.position.0, String::from_utf8(placed.line.bytes.to_vec()).unwrap())).collect()
}

fn said(lines: &[(u64, &str)]) -> Vec<(u64, String)> {
    lines.iter().map(|(position, text)| (*position, (*text).to_owned())).collect()
}

const DAY: Duration = Duration::from_secs(24 * 3600);

fn group(service: &Service) -> LogGroupKey {
    LogGroupKey { scope: service.scope.clone(), name: LogStream::application_group(service) }
}

async fn keep_for(store: &Store, service: &Service, days: i64) {
    let days = RetentionDays::parse(days).unwrap();
    store.set_retention(&group(service), Some(days), &row("logs:PutRetentionPolicy")).await.unwrap().unwrap();
}

/// What a search of a caller finds.
async fn found(store: &Store, service: &Service) -> Vec<String> {
    let search = LogSearch {
        group: group(service),
        streams: Streams::All,
        from: None,
        until: None,
        pattern: LogPattern::default(),
        way: Way::Forward { after: LogPosition(0) },
        lines_max: 100,
    };
    let found = store.find(&search).await.unwrap().unwrap();
    found.lines.into_iter().map(|found| String::from_utf8(found.line.bytes.to_vec()).unwrap()).collect()
}

#[tokio::test]
async fn lines_are_kept_for_good_unless_their_group_says_otherwise() {
    let rig = Rig::new();
    let store = rig.open();
    let (forever, week) = (created(1, "forever").service, created(2, "week").service);
    for service in [&forever, &week] {
        print(&rig, &store, service, "old").await;
    }
    keep_for(&store, &week, 7).await;
    rig.clock.turn(7 * DAY);
    store.sweep().await.unwrap();
    assert_eq!(found(&store, &week).await, ["old"], "it is a week old, no more");
    rig.clock.turn(Duration::from_millis(1));
    assert!(found(&store, &week).await.is_empty(), "nobody finds it, before any sweep");
    print(&rig, &store, &week, "new").await;
    store.sweep().await.unwrap();
    assert_eq!(lines(&store, &week).await, said(&[(2, "new")]), "positions stay");
    rig.clock.turn(3_000 * DAY);
    store.sweep().await.unwrap();
    assert_eq!(found(&store, &forever).await, ["old"]);
    assert!(lines(&store, &week).await.is_empty());
}

#[tokio::test]
async fn what_is_kept_no_longer_frees_its_disk_also_in_the_open_segment_and_between_the_lines_of_others() {
    let rig = Rig::new();
    let store = rig.open();
    let (stays, goes) = (created(1, "stays").service, created(2, "goes").service);
    let noise = |n: u32| {
        (0..20_000)
            .map(|i: u32| char::from(b' ' + (i.wrapping_mul(2_654_435_761).rotate_left(n) >> 24) as u8 % 90))
            .collect::<String>()
    };
    for n in 0..20 {
        print(&rig, &store, &goes, &noise(n)).await;
        print(&rig, &store, &stays, &format!("line {n}")).await;
    }
    let size = || rig.files("logs/segments").iter().map(|file| std::fs::metadata(file).unwrap().len()).sum::<u64>();
    let before = size();
    keep_for(&store, &goes, 1).await;
    store.sweep().await.unwrap();
    assert_eq!(size(), before, "nothing is old yet");
    rig.clock.turn(DAY + Duration::from_millis(1));
    print(&rig, &store, &stays, "last").await;
    assert_eq!(store.sweep().await.unwrap().log_segments, 1);
    assert!(size() < before / 10, "{} of {before} bytes", size());
    let kept: Vec<String> = (0..20).map(|n| format!("line {n}")).chain(["last".to_owned()]).collect();
    assert_eq!(found(&store, &stays).await, kept, "moved, in their order");
    assert_eq!(store.sweep().await.unwrap().log_segments, 0, "nothing is moved twice");
    drop(store);
    let store = rig.open();
    assert_eq!(found(&store, &stays).await, kept);
    print(&rig, &store, &stays, "after").await;
    assert_eq!(found(&store, &stays).await.last().map(String::as_str), Some("after"));
    store.delete(&group(&stays), &row("logs:DeleteLogGroup")).await.unwrap().unwrap();
    store.sweep().await.unwrap();
    assert_eq!(size(), 0, "a deleted group leaves nothing");
}

#[tokio::test]
async fn a_platforms_own_retention_is_that_of_new_groups() {
    let rig = Rig::new();
    let store = rig.open();
    let (before, after) = (created(1, "before").service, created(2, "after").service);
    print(&rig, &store, &before, "x").await;
    store.retain_new_log_groups_for(Some(RetentionDays::parse(30).unwrap()));
    print(&rig, &store, &before, "x").await;
    print(&rig, &store, &after, "x").await;
    let key = LogGroupKey { scope: after.scope.clone(), name: "mine".to_owned() };
    store.create(&key, &Default::default(), &row("logs:CreateLogGroup")).await.unwrap().unwrap();
    for (key, days) in [(group(&before), None), (group(&after), Some(30)), (key, Some(30))] {
        let kept = LogGroups::get(&store, &key).await.unwrap().unwrap().retention;
        assert_eq!(kept.map(RetentionDays::days), days, "{}", key.name);
    }
}

#[tokio::test]
async fn a_change_of_a_group_has_one_audit_row_also_after_a_crash_on_its_way() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    print(&rig, &store, &service, "x").await;
    keep_for(&store, &service, 7).await;
    assert!(
        store
            .set_retention(&LogGroupKey { name: "no".to_owned(), ..group(&service) }, None, &row("logs:No"))
            .await
            .unwrap()
            .is_err()
    );
    let actions = |store: Store| async move {
        let rows = Audit::list(&store, LogPosition(0), 100).await.unwrap();
        rows.into_iter().map(|(_, row)| row.action).collect::<Vec<_>>()
    };
    assert_eq!(actions(store.clone()).await, ["logs:PutRetentionPolicy"]);
    drop(store);
    // As if the process had ended before the row was taken out of the catalogue: it is on its way still.
    let ledger = rusqlite::Connection::open(rig.data_dir().join("ledger.db")).unwrap();
    let document: String = ledger.query_row("SELECT document FROM audit", [], |row| row.get(0)).unwrap();
    drop(ledger);
    rig.tamper_with("logs/catalogue.db", &format!("INSERT INTO audit_pending (document) VALUES ('{document}')"));
    let store = rig.open();
    store.sweep().await.unwrap();
    assert_eq!(actions(store.clone()).await, ["logs:PutRetentionPolicy"]);
}

#[tokio::test]
async fn the_oldest_lines_go_when_all_take_more_than_they_may() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    print(&rig, &store, &service, "first").await;
    drop(store);
    // As if the next two segments had been begun since, and the second one were almost as large as all may be.
    let segments = rig.data_dir().join("logs/segments");
    for number in ["0000000002", "0000000003"] {
        std::fs::copy(segments.join("0000000001"), segments.join(number)).unwrap();
    }
    let copy = |number: u32, position: u32| {
        format!(
            "INSERT INTO log_block SELECT log_group, {position}, lines, log_stream, {number}, offset_bytes, length_bytes, earliest_ms,
                 latest_ms, ingested_ms FROM log_block WHERE segment = 1;"
        )
    };
    let sql = format!(
        "{}{}UPDATE log_block SET length_bytes = {} WHERE segment = 2; UPDATE log_group SET last_position = 3",
        copy(2, 2),
        copy(3, 3),
        LOG_BYTES - 320
    );
    rig.tamper_with("logs/catalogue.db", &sql);
    let store = rig.open();
    assert_eq!(store.sweep().await.unwrap().log_segments, 1);
    let files = rig.files("logs/segments");
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["0000000002", "0000000003"]);
}

#[tokio::test]
async fn old_lines_go_before_newer_ones_wherever_they_were_moved_to() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    for text in ["old and moved", "newer", "newest"] {
        print(&rig, &store, &service, text).await;
        rig.clock.turn(DAY);
    }
    drop(store);
    // As a sweep leaves them that has emptied the first segment into the last one, while the second is almost as large as all may be.
    let segments = rig.data_dir().join("logs/segments");
    std::fs::copy(segments.join("0000000001"), segments.join("0000000002")).unwrap();
    rig.tamper_with("logs/catalogue.db", "UPDATE log_block SET segment = 2 WHERE first_position <> 2");
    let large = format!("UPDATE log_block SET length_bytes = {} WHERE first_position = 2", LOG_BYTES - 400);
    rig.tamper_with("logs/catalogue.db", &large);
    let store = rig.open();
    store.sweep().await.unwrap();
    drop(store);
    let catalogue = rusqlite::Connection::open(rig.data_dir().join("logs/catalogue.db")).unwrap();
    let left: Vec<u64> = catalogue
        .prepare("SELECT first_position FROM log_block ORDER BY first_position")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(left, [2, 3]);
}

#[tokio::test]
async fn the_last_lines_are_counted_over_what_is_left_and_not_over_holes() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    for text in ["1", "2", "3"] {
        print(&rig, &store, &service, text).await;
    }
    let other = InstanceName { slot: 1, ..instance(&service) };
    let stream = LogStream::of_instance(&service, &other);
    let many = vec![LogLine { at: rig.clock.now(), bytes: "of another".into() }; 50];
    LogLines::append(&store, &stream, &many, &other, LogCursor::default(), LogCursor { run: 1, ..LogCursor::default() })
        .await
        .unwrap();
    print(&rig, &store, &service, "last").await;
    store.delete_stream(&group(&service), &stream.stream, &row("logs:DeleteLogStream")).await.unwrap().unwrap();
    for (lines, expected) in [(0, vec![]), (1, vec!["last"]), (2, vec!["3", "last"]), (9, vec!["1", "2", "3", "last"])] {
        let after = LogLines::tail(&store, &service.scope, &group(&service).name, lines).await.unwrap();
        let read = LogLines::read(&store, &service.scope, &group(&service).name, after, 100).await.unwrap();
        let read: Vec<String> = read.into_iter().map(|placed| String::from_utf8(placed.line.bytes.to_vec()).unwrap()).collect();
        assert_eq!(read, expected, "the last {lines}");
    }
}

#[tokio::test]
async fn a_part_of_a_sweep_that_fails_stops_no_other_and_is_told_of() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    print(&rig, &store, &service, "x").await;
    keep_for(&store, &service, 1).await;
    drop(store);
    rig.tamper_with(
        "logs/catalogue.db",
        "CREATE TRIGGER broken BEFORE DELETE ON log_block BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    store.begin(&hello, &upload(1)).await.unwrap();
    let unnamed = blob(&store, &hello, 2, b"unnamed").await;
    rig.clock.turn(2 * DAY);
    let trouble = store.sweep().await.expect_err("the lines cannot go");
    assert!(trouble.chain().contains("broken"), "{}", trouble.chain());
    assert_eq!(store.stat(&hello, &unnamed).await.unwrap(), None);
    assert!(rig.files("blobs").is_empty() && rig.files("uploads").is_empty(), "the others went");
}

/// Breaks one kind of deletion before a sweep, and mends it after it.
async fn sweep_broken(rig: &Rig, store: Store, database: &str, table: &str) -> Store {
    drop(store);
    rig.tamper_with(database, &format!("CREATE TRIGGER broken BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END"));
    let store = rig.open();
    store.sweep().await.expect_err("something is broken");
    drop(store);
    rig.tamper_with(database, "DROP TRIGGER broken");
    rig.open()
}

#[tokio::test]
async fn a_service_that_is_not_forgotten_yet_keeps_its_cursor_or_its_events_would_be_copied_again() {
    let rig = Rig::new();
    let mut store = rig.open();
    let mut deleted = created(1, "gone");
    store.commit(Version(0), &deleted).await.unwrap();
    deleted.service.phase = Phase::Still(Standing::Deleted { at: rig.clock.now() });
    store.commit(Version(1), &deleted).await.unwrap();
    let events = LogSource::Events(deleted.service.id.clone());
    store.copy(&[], &events, LogCursor::default(), LogCursor { offset: 2, ..LogCursor::default() }).await.unwrap();
    rig.clock.turn(DELETED_KEPT + Duration::from_millis(1));
    store = sweep_broken(&rig, store, "ledger.db", "service").await;
    assert_eq!(store.copied(&events).await.unwrap().offset, 2);
    store = sweep_broken(&rig, store, "logs/catalogue.db", "log_cursor").await;
    assert!(store.gone().await.unwrap().is_empty());
    store.sweep().await.unwrap();
    assert_eq!(store.copied(&events).await.unwrap().offset, 0, "what was left of it goes with the next one");
}

#[tokio::test]
async fn what_a_forgotten_service_printed_stays_and_its_cursors_go() {
    let rig = Rig::new();
    let store = rig.open();
    let (mut deleted, lives) = (created(1, "gone"), created(2, "lives"));
    for change in [&deleted, &lives] {
        store.commit(Version(0), change).await.unwrap();
        print(&rig, &store, &change.service, "hello").await;
        let events = LogSource::Events(change.service.id.clone());
        store.copy(&[], &events, LogCursor::default(), LogCursor { offset: 2, ..LogCursor::default() }).await.unwrap();
    }
    deleted.service.phase = Phase::Still(Standing::Deleted { at: rig.clock.now() });
    store.commit(Version(1), &deleted).await.unwrap();
    rig.clock.turn(DELETED_KEPT + Duration::from_millis(1));
    assert_eq!(store.sweep().await.unwrap().services, 1);
    for (change, read) in [(&deleted, 0), (&lives, 1)] {
        assert_eq!(found(&store, &change.service).await, ["hello"]);
        assert_eq!(store.cursor(&instance(&change.service)).await.unwrap().offset, read);
        let events = LogSource::Events(change.service.id.clone());
        assert_eq!(store.copied(&events).await.unwrap().offset, 2 * read);
    }
}

#[tokio::test]
async fn a_segment_that_a_crash_left_without_rows_goes() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    print(&rig, &store, &service, "b").await;
    drop(store);
    let segments = rig.data_dir().join("logs/segments");
    std::fs::rename(segments.join("0000000001"), segments.join("0000000002")).unwrap();
    rig.tamper_with("logs/catalogue.db", "UPDATE log_block SET segment = 2");
    for name in ["0000000001", "notes"] {
        std::fs::write(segments.join(name), b"no block of anybody").unwrap();
    }
    let store = rig.open();
    assert_eq!(store.sweep().await.unwrap().log_segments, 1);
    assert_eq!(lines(&store, &service).await, said(&[(1, "b")]));
    assert_eq!(rig.files("logs/segments").len(), 2, "what is not named like a segment is not ours to judge");
}
