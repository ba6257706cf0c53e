//! A disk that is really full: a small file system in a mount namespace of the test's own, which ends with it.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use bytes::Bytes;
use model::instance::InstanceName;
use model::log_group::LogGroupKey;
use model::log_line::{LogCursor, LogLine, LogSource, LogStream};
use model::parameter::Parameter;
use model::port::{Audit, Blobs, LogGroups, LogLines, Manifests, PolicyHolders, PutManifest, Records, Roles, SealedNouns, Users};
use model::record::{NewRecord, RecordFilter};
use model::repository::{Manifest, RepositoryKey};
use model::role::Role;
use model::sealed_noun::NewValue;
use model::secret::Secret;
use model::tag::Tags;
use model::testbed::{TurnedClock, parameter, role, scope, service_id, user};
use model::time::Timestamp;
use model::trouble::{Retry, Trouble};
use model::vpc_connector::VpcConnector;
use model::wish::{LogPosition, PageRequest};
use store::Store;

use crate::rig::{body, open, repository, row, sha256, upload};

/// Set for the child only: where its small file system is mounted.
const SMALL_DISK: &str = "OUTRUNNER_TEST_SMALL_DISK";

fn passes<T>(outcome: Result<T, Trouble>) {
    let trouble = outcome.err().expect("the disk is full");
    assert_eq!(trouble.retry(), Retry::Worthwhile, "{}", trouble.chain());
}

/// What is kept by name, in tables of its own each: whether each was made.
async fn make_nouns(store: &Store) -> [bool; 4] {
    let made = row("of a noun");
    let value = NewValue { version: "1".to_owned(), value: Secret::new(vec![7; 4_000]) };
    let noun = VpcConnector { subnets: vec!["subnet-1".to_owned()], security_groups: None };
    let at = Timestamp::from_millis(5);
    let new = NewRecord { scope: scope(), name: "mine".to_owned(), id: "a".repeat(32), noun, tags: Tags::default(), at };
    let role = Role { attached: ["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()].into(), ..role("puller") };
    let outcomes = [
        Users::create(store, &user("ann"), &made).await.map(drop),
        Roles::create(store, &role, &made).await.map(drop),
        SealedNouns::create(store, &parameter("/p"), Some(&value), &made).await.map(drop),
        Records::create(store, &new, &made).await.map(drop),
    ];
    outcomes
        .map(|outcome| outcome.inspect_err(|trouble| assert_eq!(trouble.retry(), Retry::Worthwhile, "{}", trouble.chain())).is_ok())
}

async fn nouns(store: &Store) -> [bool; 4] {
    let (account, all) = (scope().account, PageRequest { after: None, items_max: None });
    let read_only = Some("arn:aws:iam::aws:policy/ReadOnlyAccess");
    let role = Roles::list(store, &account, "/", &all).await.unwrap().items.pop();
    assert_eq!(store.uses(&account, read_only).await.unwrap().is_empty(), role.is_none(), "who has a policy is written with it");
    let parameter = SealedNouns::<Parameter>::get(store, &scope(), "/p").await.unwrap();
    if let Some(parameter) = &parameter {
        assert!(store.value(parameter, "1").await.unwrap().is_some(), "with its value");
    }
    let records = Records::<VpcConnector>::list(store, &scope(), &RecordFilter::default(), &all).await.unwrap();
    [
        !Users::list(store, &account, "/", &all).await.unwrap().items.is_empty(),
        role.is_some(),
        parameter.is_some(),
        !records.items.is_empty(),
    ]
}

/// Each line is different, so that they do not compress to nothing.
fn lines() -> Vec<LogLine> {
    let text = |n: u64| format!("{:x}{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15), n.wrapping_mul(0xd134_2543_de82_ef95));
    (0..3_000).map(|n| LogLine { at: Timestamp::from_millis(1), bytes: text(n).into() }).collect()
}

async fn keep_lines(store: &Store) -> Result<(), Trouble> {
    let from = InstanceName { service: service_id(1), revision: 1, slot: 0 };
    let stream = LogStream { scope: scope(), group: "g".to_owned(), stream: "s".to_owned() };
    LogLines::append(store, &stream, &lines(), &from, LogCursor::default(), LogCursor { run: 1, segment: 0, offset: 1 }).await
}

fn manifest(repository: &RepositoryKey) -> PutManifest {
    let bytes = Bytes::from(vec![b' '; 100_000]);
    let manifest = Manifest {
        digest: sha256(&bytes),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        size_bytes: bytes.len() as u64,
        pushed_at: Timestamp::from_millis(1),
        references: Vec::new(),
        subject: None,
        artifact_type: None,
        image_bytes: None,
    };
    PutManifest { repository: repository.clone(), manifest, bytes, tag: None }
}

async fn fill_and_empty(disk: &Path) {
    let store = open(&disk.join("data"), Arc::new(TurnedClock::at_millis(1_000))).unwrap();
    let hello = repository(&store, "hello").await;
    store.begin(&hello, &upload(1)).await.unwrap();
    Blobs::append(&store, &hello, &upload(1), 0, body([Ok(b"kept".to_vec())]), u64::MAX).await.unwrap().unwrap();
    passes(Blobs::append(&store, &hello, &upload(1), 4, body([Ok(vec![7; 20 << 20])]), u64::MAX).await);
    assert_eq!(store.received(&hello, &upload(1)).await.unwrap(), Some(4), "what did not fit is taken back");

    let mut filler = File::create(disk.join("filler")).unwrap();
    while filler.write_all(&[0; 4_096]).is_ok() {}
    passes(keep_lines(&store).await);
    passes(store.put(&manifest(&hello), &row("ecr:PutImage")).await);
    let mut rows = 0;
    let trouble = loop {
        match Audit::append(&store, &row("fills what is left")).await {
            Ok(()) => rows += 1,
            Err(trouble) => break trouble,
        }
    };
    passes::<()>(Err(trouble));
    let made = make_nouns(&store).await;
    assert_eq!(nouns(&store).await, made, "what was refused left nothing");
    assert_eq!(std::fs::read_dir(disk.join("data/uploads")).unwrap().count(), 1, "a refused manifest leaves no draft");

    drop(filler);
    std::fs::remove_file(disk.join("filler")).unwrap();
    keep_lines(&store).await.unwrap();
    store.put(&manifest(&hello), &row("ecr:PutImage")).await.unwrap().unwrap();
    Blobs::append(&store, &hello, &upload(1), 4, body([Ok(b" and more".to_vec())]), u64::MAX).await.unwrap().unwrap();
    store.finish(&hello, &upload(1), &sha256(b"kept and more"), &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
    let read = LogLines::read(&store, &scope(), "g", LogPosition(0), u32::MAX).await.unwrap();
    assert!(read.into_iter().map(|placed| placed.line).eq(lines()), "each line once");
    let kept = Audit::list(&store, LogPosition(0), u32::MAX).await.unwrap().len();
    let nouns_made = made.iter().filter(|made| **made).count();
    assert_eq!(kept, rows + 3 + nouns_made, "what was refused left no row");
}

/// Files that nobody knows, a segment that is mostly dead, and not a byte left to empty it into.
async fn sweep_when_full(disk: &Path) {
    let (data, clock) = (disk.join("data"), Arc::new(TurnedClock::at_millis(1_000)));
    let store = open(&data, clock.clone()).unwrap();
    keep_lines(&store).await.unwrap();
    let (from, stream) = (LogSource::FrontDoor, LogStream { scope: scope(), group: "lives".to_owned(), stream: "s".to_owned() });
    let parts = [(stream, lines()[..9].to_vec())];
    store.copy(&parts, &from, LogCursor::default(), LogCursor { run: 1, segment: 0, offset: 1 }).await.unwrap();
    drop(store);
    let segments = data.join("logs/segments");
    std::fs::rename(segments.join("0000000001"), segments.join("0000000002")).unwrap();
    std::fs::write(segments.join("0000000001"), vec![7; 500_000]).unwrap();
    let catalogue = rusqlite::Connection::open(data.join("logs/catalogue.db")).unwrap();
    catalogue.execute_batch("UPDATE log_block SET segment = 2").unwrap();
    drop(catalogue);
    let store = open(&data, clock).unwrap();
    let group = LogGroupKey { scope: scope(), name: "g".to_owned() };
    LogGroups::delete(&store, &group, &row("logs:DeleteLogGroup")).await.unwrap().unwrap();
    let orphan = sha256(b"orphan");
    let shelf = data.join("blobs/sha256").join(&orphan.hex()[..2]);
    std::fs::create_dir_all(&shelf).unwrap();
    std::fs::write(shelf.join(orphan.hex()), b"orphan").unwrap();
    let mut filler = File::create(disk.join("filler")).unwrap();
    while filler.write_all(&[0; 4_096]).is_ok() {}

    let swept = store.sweep().await.unwrap_or_else(|trouble| panic!("{}", trouble.chain()));
    assert_eq!(
        (swept.blobs, swept.log_segments),
        (1, 2),
        "what is dead, and then what could be emptied into the room that it left"
    );
    let read = LogLines::read(&store, &scope(), "lives", LogPosition(0), u32::MAX).await.unwrap();
    assert!(read.into_iter().map(|placed| placed.line).eq(lines().into_iter().take(9)), "and nothing else");
}

#[tokio::test]
async fn a_full_disk_is_trouble_that_passes_and_everything_goes_on_when_there_is_room() {
    match small_disk() {
        Some(disk) => fill_and_empty(&disk).await,
        None => on_a_small_disk("full_disk::a_full_disk_is_trouble_that_passes_and_everything_goes_on_when_there_is_room"),
    }
}

#[tokio::test]
async fn a_sweep_mends_a_full_disk() {
    match small_disk() {
        Some(disk) => sweep_when_full(&disk).await,
        None => on_a_small_disk("full_disk::a_sweep_mends_a_full_disk"),
    }
}

#[expect(clippy::disallowed_methods, reason = "how the child knows that it is the child")]
fn small_disk() -> Option<PathBuf> {
    std::env::var_os(SMALL_DISK).map(PathBuf::from)
}

/// Runs a test of this file again, where a small disk is mounted.
fn on_a_small_disk(test: &str) {
    let disk = tempfile::tempdir().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the test runs itself again where a small disk is mounted")]
    let child = Command::new("unshare")
        .args(["--mount", "sh", "-c", r#"mount -t tmpfs -o size=6m none "$0" && exec "$@""#])
        .arg(disk.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(SMALL_DISK, disk.path())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    assert!(String::from_utf8_lossy(&child.stdout).contains("1 passed"), "the child ran this test");
}
