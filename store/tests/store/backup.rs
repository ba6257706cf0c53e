//! Backups: what comes back is what was there, whatever happens meanwhile; and what is damaged, cut off or somebody else's leaves nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::log_line::{LogCursor, LogLine, LogStream};
use model::port::{Blobs, Commit, Repositories, Services, Version};
use model::repository::Deletion;
use model::secret::Secret;
use model::testbed::{collect, scope};
use model::time::Timestamp;
use model::trouble::{Retry, Trouble};
use model::wish::LogPosition;
use store::Store;
use store::backup::{BackupOrder, LogLines, Made, Restored, prepare, restore};
use store::check::{CheckOrder, Checked, Manner, check};

use crate::rig::{Rig, blob, created, key, open, repository, row, sha256};

const SEALED: &[u8] = b"a key that somebody else has encrypted";

fn order<'a>(data_dir: &'a Path, stage: &'a Path, lines: LogLines) -> BackupOrder<'a> {
    let made = Made { version: "9.8.7".to_owned(), boot: "boot".to_owned(), at_ms: 1_000_000 };
    BackupOrder { data_dir, stage, lines, sealed_key: Some(SEALED.to_vec()), made }
}

fn back_up(data_dir: &Path, lines: LogLines) -> Vec<u8> {
    let stage = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    let prepared = prepare(order(data_dir, stage.path(), lines)).unwrap_or_else(|trouble| panic!("{}", trouble.chain()));
    assert_eq!(std::fs::read_dir(stage.path()).unwrap().count(), 0, "copies have no name");
    prepared.pack(&mut bytes, |_| ()).unwrap_or_else(|trouble| panic!("{}", trouble.chain()));
    bytes
}

fn master_key(sealed: Option<&[u8]>) -> Result<Secret, Trouble> {
    if sealed == Some(SEALED) {
        return Ok(Secret::new([7; 32]));
    }
    Err(Trouble::lasting("opening the backup's master key", "it was damaged"))
}

fn bring_back(backup: &[u8], data_dir: &Path) -> Result<Restored, Trouble> {
    restore(backup, data_dir, master_key, |come, total| assert!(come <= total))
}

fn checked(data_dir: &Path) -> Checked {
    let key = Secret::new([7; 32]);
    let order = CheckOrder {
        data_dir,
        master_key: Some(&key),
        judge_certificate: &|_| Ok(()),
        judge_authority: &|_| Ok(()),
        manner: Manner::Look,
    };
    check(&order, |_| ()).unwrap_or_else(|trouble| panic!("{}", trouble.chain()))
}

fn stream() -> LogStream {
    LogStream { scope: scope(), group: "g".to_owned(), stream: "s".to_owned() }
}

async fn print(store: &Store, text: &str, at: u64) {
    let name = model::instance::InstanceName::parse(&format!("{}.r1-0", "ab".repeat(16))).unwrap();
    let line = LogLine { at: Timestamp::from_millis(5), bytes: text.to_owned().into() };
    let cursor = |offset| LogCursor { run: 1, segment: 0, offset };
    let read = if at == 0 { LogCursor::default() } else { cursor(at) };
    model::port::LogLines::append(store, &stream(), &[line], &name, read, cursor(at + 1)).await.unwrap();
}

async fn lines(store: &Store) -> Vec<String> {
    let found = model::port::LogLines::read(store, &scope(), "g", LogPosition(0), 100).await.unwrap();
    found.into_iter().map(|placed| String::from_utf8(placed.line.bytes.to_vec()).unwrap()).collect()
}

struct Target {
    folder: tempfile::TempDir,
}

impl Target {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("new")
    }
}

async fn filled(rig: &Rig) -> Store {
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    blob(&store, &hello, 1, b"layer").await;
    assert_eq!(store.commit(Version(0), &created(1, "webs")).await.unwrap(), Commit::Done(Version(1)));
    print(&store, "first", 0).await;
    store
}

#[tokio::test]
async fn everything_comes_back_from_a_store_that_is_open_and_from_one_that_is_not() {
    let rig = Rig::new();
    let store = filled(&rig).await;
    let open_backup = back_up(&rig.data_dir(), LogLines::Kept);
    drop(store);
    for backup in [open_backup, back_up(&rig.data_dir(), LogLines::Kept)] {
        let target = Target::new();
        let restored = bring_back(&backup, &target.data_dir()).unwrap();
        assert_eq!((restored.blobs, restored.log_lines, restored.made.version.as_str()), (1, true, "9.8.7"));
        assert_eq!(std::fs::read(target.data_dir().join("master.key")).unwrap(), [7; 32]);
        assert!(checked(&target.data_dir()).findings.is_empty(), "{:?}", checked(&target.data_dir()).findings);
        let store = open(&target.data_dir(), rig.clock.clone()).unwrap();
        let layer = Blobs::read(&store, &key("hello"), &sha256(b"layer"), None).await.unwrap().unwrap();
        assert_eq!(collect(layer).await.unwrap(), b"layer");
        assert_eq!(store.kept().await.unwrap()[0], created(1, "webs").service);
        assert_eq!(lines(&store).await, ["first"]);
        print(&store, "second", 1).await;
        assert_eq!(lines(&store).await, ["first", "second"]);
    }
}

#[tokio::test]
async fn without_its_lines_a_log_group_goes_on_where_it_was() {
    let rig = Rig::new();
    let store = filled(&rig).await;
    let backup = back_up(&rig.data_dir(), LogLines::LeftOut);
    drop(store);
    let target = Target::new();
    bring_back(&backup, &target.data_dir()).unwrap();
    assert!(checked(&target.data_dir()).findings.is_empty());
    let store = open(&target.data_dir(), rig.clock.clone()).unwrap();
    assert!(lines(&store).await.is_empty());
    print(&store, "after", 0).await;
    let found = model::port::LogLines::read(&store, &scope(), "g", LogPosition(0), 9).await.unwrap();
    assert_eq!(found[0].position, LogPosition(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_while_a_backup_is_written_is_in_it_and_goes_afterwards() {
    let rig = Rig::new();
    let store = filled(&rig).await;
    let stage = tempfile::tempdir().unwrap();
    let prepared = prepare(order(&rig.data_dir(), stage.path(), LogLines::Kept)).unwrap();
    store.delete(&key("hello"), Deletion::WithImages, &row("ecr:DeleteRepository")).await.unwrap().unwrap();
    store.sweep().await.unwrap();
    assert_eq!(rig.files("blobs").len(), 1, "it is held");
    let mut backup = Vec::new();
    prepared.pack(&mut backup, |_| ()).unwrap();
    let target = Target::new();
    assert_eq!(bring_back(&backup, &target.data_dir()).unwrap().blobs, 1);
    assert_eq!(store.sweep().await.unwrap().blobs, 1);
    assert!(rig.files("blobs").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_beside_pushes_and_deletions_are_whole() {
    let rig = Rig::new();
    let store = filled(&rig).await;
    let ends = Arc::new(AtomicBool::new(false));
    let (pushing, ending) = (store.clone(), ends.clone());
    let mut pushes = tokio::task::JoinSet::new();
    pushes.spawn(async move {
        let mut number = 0_u8;
        while !ending.load(Ordering::Relaxed) {
            number = number.wrapping_add(1);
            let name = format!("r{}", number % 3);
            let repository = repository(&pushing, &name).await;
            blob(&pushing, &repository, number.max(1), &[number; 5_000]).await;
            print(&pushing, "busy", 1 + u64::from(number)).await;
            pushing.delete(&repository, Deletion::WithImages, &row("ecr:DeleteRepository")).await.unwrap().unwrap();
        }
    });
    for _ in 0..10 {
        let data_dir = rig.data_dir();
        let backup = tokio::task::spawn_blocking(move || back_up(&data_dir, LogLines::Kept)).await.unwrap();
        let target = Target::new();
        bring_back(&backup, &target.data_dir()).unwrap();
        let found = checked(&target.data_dir());
        assert!(found.findings.is_empty(), "{:?}", found.findings);
    }
    ends.store(true, Ordering::Relaxed);
    pushes.join_next().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_backup_that_is_cut_off_or_changed_anywhere_leaves_nothing() {
    let rig = Rig::new();
    drop(filled(&rig).await);
    let backup = back_up(&rig.data_dir(), LogLines::Kept);
    let content = zstd::stream::decode_all(&backup[..]).unwrap();
    let target = Target::new();
    let refused = |bytes: &[u8], what: &str| {
        let trouble = bring_back(bytes, &target.data_dir()).err().unwrap_or_else(|| panic!("{what}"));
        assert_eq!(trouble.retry(), Retry::Pointless, "{what}: {}", trouble.chain());
        let words = trouble.chain();
        let known = ["damaged", "cut off", "form", "master key", "disk has"];
        assert!(known.iter().any(|word| words.contains(word)), "{what}: {words}");
        let left: Vec<_> = std::fs::read_dir(target.data_dir()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["store.lock"], "{what}");
    };
    let step = (backup.len() / 150).max(1);
    for length in (0..backup.len()).step_by(step).chain([backup.len() - 1, backup.len() - 4]) {
        refused(&backup[..length], &format!("cut off at {length} of {}", backup.len()));
    }
    let mut changes = 0;
    for at in (0..backup.len()).step_by(step).chain([backup.len() - 1]) {
        let mut changed = backup.clone();
        changed[at] ^= 0x10;
        // A run of zeros can be said in many ways: a bit that changes nothing is none of damage's.
        if zstd::stream::decode_all(&changed[..]).is_ok_and(|same| same == content) {
            continue;
        }
        refused(&changed, &format!("changed at {at} of {}", backup.len()));
        changes += 1;
    }
    assert!(changes > 100, "{changes}");
    // The same behind the compression, whose own sum is right then.
    for at in (0..content.len()).step_by(content.len() / 150) {
        let mut changed = content.clone();
        changed[at] ^= 0x10;
        let packed = zstd::stream::encode_all(&changed[..], 1).unwrap();
        // What only fills a block up to its end is no part of anything.
        if let Ok(restored) = bring_back(&packed, &target.data_dir()) {
            assert!(content[at] == 0 && restored.blobs == 1, "changed at {at} of {} before compression", content.len());
            std::fs::remove_dir_all(target.data_dir()).unwrap();
        }
    }
    bring_back(&backup, &target.data_dir()).unwrap();
}

#[tokio::test]
async fn a_restore_is_refused_where_something_is_with_another_key_and_by_an_older_program() {
    let rig = Rig::new();
    drop(filled(&rig).await);
    let backup = back_up(&rig.data_dir(), LogLines::LeftOut);
    let target = Target::new();
    let other = |_: Option<&[u8]>| -> Result<Secret, Trouble> { Ok(Secret::new([8; 32])) };
    let trouble = restore(&backup[..], &target.data_dir(), other, |_, _| ()).unwrap_err();
    assert!(trouble.chain().contains("the master key is not the one"), "{}", trouble.chain());
    let silent = |_: Option<&[u8]>| -> Result<Secret, Trouble> { Err(Trouble::lasting("asking for the key", "nobody knows it")) };
    let trouble = restore(&backup[..], &target.data_dir(), silent, |_, _| ()).unwrap_err();
    assert!(trouble.chain().contains("nobody knows it"), "{}", trouble.chain());
    std::fs::write(target.data_dir().join("mine"), b"").unwrap();
    let trouble = bring_back(&backup, &target.data_dir()).unwrap_err();
    assert!(trouble.chain().contains("it is not empty ('mine' is there)"), "{}", trouble.chain());
    let trouble = bring_back(&backup, &rig.data_dir()).unwrap_err();
    assert!(trouble.chain().contains("it is not empty"), "{}", trouble.chain());

    let text = zstd::stream::decode_all(&backup[..]).unwrap();
    let newer = String::from_utf8_lossy(&text[..4_096]).into_owned();
    let form = newer.split("\"ledger_form\": ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    let mut changed = text.clone();
    let at = newer.find("\"ledger_form\": ").unwrap() + "\"ledger_form\": ".len();
    // Digits take the place of digits.
    changed[at..at + form.len()].fill(b'9');
    let target = Target::new();
    let trouble = bring_back(&zstd::stream::encode_all(&changed[..], 1).unwrap(), &target.data_dir()).unwrap_err();
    assert!(trouble.chain().contains("made by a newer Outrunner (9.8.7)"), "{}", trouble.chain());
}

#[tokio::test]
async fn a_platform_does_not_start_beside_an_unfinished_restore_and_the_next_restore_clears_it() {
    let rig = Rig::new();
    drop(filled(&rig).await);
    let backup = back_up(&rig.data_dir(), LogLines::LeftOut);
    let target = Target::new();
    std::fs::create_dir_all(target.data_dir().join(".restoring/blobs")).unwrap();
    assert!(store::backup::is_unfinished(&target.data_dir()));
    let trouble = open(&target.data_dir(), rig.clock.clone()).err().expect("nothing is there yet");
    assert!(trouble.chain().contains("a restore into this data dir has not ended"), "{}", trouble.chain());
    bring_back(&backup, &target.data_dir()).unwrap();
    // As if it was killed right before its very end.
    std::fs::create_dir_all(target.data_dir().join(".restoring")).unwrap();
    assert!(!store::backup::is_unfinished(&target.data_dir()));
    open(&target.data_dir(), rig.clock.clone()).unwrap();
    assert!(!target.data_dir().join(".restoring").exists());
}

/// Killed behind each of the renames: no platform starts there, and the next restore is done.
#[tokio::test]
async fn a_restore_that_was_killed_while_it_gave_names_is_done_by_the_next() {
    let rig = Rig::new();
    drop(filled(&rig).await);
    let backup = back_up(&rig.data_dir(), LogLines::Kept);
    let names = ["blobs", "logs", "master.key", "ledger.db"];
    for named in 0..names.len() {
        let target = Target::new();
        bring_back(&backup, &target.data_dir()).unwrap();
        let staging = target.data_dir().join(".restoring");
        std::fs::create_dir(&staging).unwrap();
        std::fs::write(staging.join("publishing"), b"").unwrap();
        for name in &names[named..] {
            std::fs::rename(target.data_dir().join(name), staging.join(name)).unwrap();
        }
        let trouble = open(&target.data_dir(), rig.clock.clone()).err().expect("nothing is there yet");
        assert!(trouble.chain().contains("a restore into this data dir has not ended"), "{named}: {}", trouble.chain());
        // What a platform's start has left before it looked.
        std::fs::write(target.data_dir().join("platform.log"), b"").unwrap();
        bring_back(&backup, &target.data_dir()).unwrap_or_else(|trouble| panic!("{named}: {}", trouble.chain()));
        assert!(!staging.exists());
        assert!(checked(&target.data_dir()).findings.is_empty(), "{named}: {:?}", checked(&target.data_dir()).findings);
    }
}

#[tokio::test]
async fn a_restore_that_cannot_give_a_name_takes_the_others_back_and_nobody_elses() {
    let rig = Rig::new();
    drop(filled(&rig).await);
    let backup = back_up(&rig.data_dir(), LogLines::Kept);
    for name in ["logs", "master.key"] {
        let target = Target::new();
        let theirs = target.data_dir().join(name).join("theirs");
        let put = |_, _| std::fs::create_dir_all(&theirs).unwrap();
        restore(&backup[..], &target.data_dir(), master_key, put).unwrap_err();
        let mut left: Vec<_> = std::fs::read_dir(target.data_dir()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [name, "store.lock"]);
        assert!(theirs.exists());
    }
}

/// Somebody's own key in a data dir whose restore was killed before it gave any name.
#[tokio::test]
async fn a_key_that_a_person_has_put_beside_an_unfinished_restore_stays() {
    let rig = Rig::new();
    drop(filled(&rig).await);
    let backup = back_up(&rig.data_dir(), LogLines::Kept);
    let target = Target::new();
    std::fs::create_dir_all(target.data_dir().join(".restoring")).unwrap();
    std::fs::write(target.data_dir().join("master.key"), [7; 32]).unwrap();
    let trouble = bring_back(&backup, &target.data_dir()).unwrap_err();
    assert!(trouble.chain().contains("it is not empty ('master.key' is there)"), "{}", trouble.chain());
    assert_eq!(std::fs::read(target.data_dir().join("master.key")).unwrap(), [7; 32]);
    assert!(store::backup::is_unfinished(&target.data_dir()));
}

#[tokio::test]
async fn a_damaged_or_missing_blob_is_left_out_and_told_and_the_next_push_brings_it() {
    let rig = Rig::new();
    let store = filled(&rig).await;
    blob(&store, &key("hello"), 2, b"another").await;
    drop(store);
    let stage = tempfile::tempdir().unwrap();
    let path = rig.files("blobs").into_iter().find(|path| std::fs::read(path).unwrap() == b"layer").unwrap();
    for damage in [Some(b"lAyer".as_slice()), Some(b"lay"), None] {
        match damage {
            Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let mut backup = Vec::new();
        let prepared = prepare(order(&rig.data_dir(), stage.path(), LogLines::Kept)).unwrap();
        let packed = prepared.pack(&mut backup, |_| ()).unwrap();
        assert_eq!((packed.blobs, &packed.left_out), (1, &vec![sha256(b"layer")]), "{damage:?}");
        let target = Target::new();
        let restored = bring_back(&backup, &target.data_dir()).unwrap();
        assert_eq!((restored.blobs, &restored.left_out), (1, &packed.left_out));
        let found = checked(&target.data_dir()).findings;
        assert!(found.len() == 1 && found[0].wrong.starts_with("its file is not there"), "{found:?}");
        let store = open(&target.data_dir(), rig.clock.clone()).unwrap();
        let whole = Blobs::read(&store, &key("hello"), &sha256(b"another"), None).await.unwrap().unwrap();
        assert_eq!(collect(whole).await.unwrap(), b"another");
        blob(&store, &key("hello"), 3, b"layer").await;
        drop(store);
        assert!(checked(&target.data_dir()).findings.is_empty());
    }
}

#[tokio::test]
async fn copies_of_a_backup_that_was_killed_are_cleared_by_the_next() {
    let rig = Rig::new();
    drop(filled(&rig).await);
    let stage = tempfile::tempdir().unwrap();
    let stale = stage.path().join(".outrunner-backup-999999999-ledger.db");
    let other = stage.path().join(".outrunner-backup-1-ledger.db");
    std::fs::write(&stale, b"").unwrap();
    std::fs::write(&other, b"").unwrap();
    drop(prepare(order(&rig.data_dir(), stage.path(), LogLines::LeftOut)).unwrap());
    assert_eq!((stale.exists(), other.exists()), (false, true), "a living process's copy is its own");
}

/// A pipe that nobody reads any more.
struct Gone;

impl std::io::Write for Gone {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_the_backup_and_frees_what_it_held() {
    let rig = Rig::new();
    let store = filled(&rig).await;
    let stage = tempfile::tempdir().unwrap();
    let prepared = prepare(order(&rig.data_dir(), stage.path(), LogLines::Kept)).unwrap();
    assert!(prepared.pack(Gone, |_| ()).is_err());
    store.delete(&key("hello"), Deletion::WithImages, &row("ecr:DeleteRepository")).await.unwrap().unwrap();
    assert!(rig.files("blobs").is_empty(), "nobody holds it any more");
}
