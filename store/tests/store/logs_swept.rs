//! Which log lines a sweep takes away, and what it leaves.

use std::time::Duration;

use model::instance::InstanceName;
use model::limit::DELETED_KEPT;
use model::log_line::{LogCursor, LogLine, LogStream};
use model::port::{Clock, LogLines, Services, Version};
use model::service::{Phase, Service, Standing};
use model::wish::LogPosition;
use store::Store;
use store::limit::{LOG_AGE, LOG_BYTES, LOG_SEGMENT_AGE};

use crate::rig::{Rig, created};

fn instance(service: &Service) -> InstanceName {
    InstanceName { service: service.id.clone(), revision: 1, slot: 0 }
}

/// The service's instance prints a line now.
async fn print(rig: &Rig, store: &Store, service: &Service, text: &str) {
    let from = instance(service);
    let line = LogLine { at: rig.clock.now(), bytes: text.as_bytes().to_vec() };
    let read = store.cursor(&from).await.unwrap();
    let next = LogCursor { offset: read.offset + 1, ..read };
    LogLines::append(store, &LogStream::of_instance(service, &from), &[line], &from, read, next).await.unwrap();
}

/// The service's lines, each with its position.
async fn lines(store: &Store, service: &Service) -> Vec<(u64, String)> {
    let group = LogStream::application_group(service);
    let placed = LogLines::read(store, &service.scope, &group, LogPosition(0), 100).await.unwrap();
    placed.into_iter().map(|placed| (placed.position.0, String::from_utf8(placed.line.bytes).unwrap())).collect()
}

fn said(lines: &[(u64, &str)]) -> Vec<(u64, String)> {
    lines.iter().map(|(position, text)| (*position, (*text).to_owned())).collect()
}

#[tokio::test]
async fn lines_of_a_month_ago_go_with_their_segment_and_the_others_keep_their_positions() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    print(&rig, &store, &service, "old").await;
    rig.clock.turn(LOG_SEGMENT_AGE);
    assert_eq!(store.sweep().await.unwrap().log_segments, 0);
    print(&rig, &store, &service, "a day later").await;
    rig.clock.turn(Duration::from_millis(1));
    store.sweep().await.unwrap();
    print(&rig, &store, &service, "in the next segment").await;
    assert_eq!(rig.files("logs/segments").len(), 2);
    rig.clock.turn(LOG_AGE - Duration::from_millis(1));
    assert_eq!(store.sweep().await.unwrap().log_segments, 0, "its last line is no month old");
    rig.clock.turn(Duration::from_millis(2));
    assert_eq!(store.sweep().await.unwrap().log_segments, 2, "without a new line the last one goes too");
    assert!(lines(&store, &service).await.is_empty());
    print(&rig, &store, &service, "new").await;
    drop(store);
    let store = rig.open();
    assert_eq!(lines(&store, &service).await, said(&[(4, "new")]), "no position is given twice");
    assert_eq!(rig.files("logs/segments").len(), 1);
}

#[tokio::test]
async fn the_oldest_lines_go_when_all_take_more_than_they_may() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    for text in ["first", "second"] {
        print(&rig, &store, &service, text).await;
        rig.clock.turn(LOG_SEGMENT_AGE + Duration::from_millis(1));
        store.sweep().await.unwrap();
    }
    print(&rig, &store, &service, "third").await;
    drop(store);
    // As if the second segment were almost as large as all may be, and the first one too much.
    let sql = "UPDATE log_block SET length_bytes =";
    let (first, second) = (format!("{sql} 10000 WHERE segment = 1;"), format!("{sql} {} WHERE segment = 2", LOG_BYTES - 5_000));
    rig.tamper_with("logs/catalogue.db", &(first + &second));
    let store = rig.open();
    assert_eq!(store.sweep().await.unwrap().log_segments, 1);
    let files = rig.files("logs/segments");
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["0000000002", "0000000003"]);
}

#[tokio::test]
async fn lines_and_cursors_of_a_forgotten_service_go_and_anothers_stay() {
    let rig = Rig::new();
    let store = rig.open();
    let (mut deleted, lives) = (created(1, "gone"), created(2, "lives"));
    for change in [&deleted, &lives] {
        store.commit(Version(0), change).await.unwrap();
        print(&rig, &store, &change.service, "hello").await;
    }
    deleted.service.phase = Phase::Still(Standing::Deleted { at: rig.clock.now() });
    store.commit(Version(1), &deleted).await.unwrap();
    rig.clock.turn(DELETED_KEPT);
    store.sweep().await.unwrap();
    assert_eq!(lines(&store, &deleted.service).await, said(&[(1, "hello")]), "a day long they can be read");
    rig.clock.turn(Duration::from_millis(1));
    assert_eq!(store.sweep().await.unwrap().services, 1);
    assert!(lines(&store, &deleted.service).await.is_empty());
    assert_eq!(store.cursor(&instance(&deleted.service)).await.unwrap(), LogCursor::default());
    assert_eq!(lines(&store, &lives.service).await, said(&[(1, "hello")]));
    assert_eq!(store.cursor(&instance(&lives.service)).await.unwrap().offset, 1);
}

#[tokio::test]
async fn a_segment_that_a_crash_left_without_rows_goes() {
    let rig = Rig::new();
    let store = rig.open();
    let service = created(1, "webs").service;
    print(&rig, &store, &service, "a").await;
    rig.clock.turn(LOG_SEGMENT_AGE + Duration::from_millis(1));
    store.sweep().await.unwrap();
    print(&rig, &store, &service, "b").await;
    drop(store);
    rig.tamper_with("logs/catalogue.db", "DELETE FROM log_block WHERE segment = 1");
    std::fs::write(rig.data_dir().join("logs/segments/notes"), b"not a segment").unwrap();
    let store = rig.open();
    assert_eq!(store.sweep().await.unwrap().log_segments, 1);
    assert_eq!(lines(&store, &service).await, said(&[(2, "b")]));
    assert_eq!(rig.files("logs/segments").len(), 2, "what is not named like a segment is not ours to judge");
}
