//! A disk that is really full: a small file system in a mount namespace of the test's own, which ends with it.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bytes::Bytes;
use model::instance::InstanceName;
use model::log_line::{LogCursor, LogLine, LogStream};
use model::port::{Audit, Blobs, LogLines, Manifests, PutManifest};
use model::repository::{Manifest, RepositoryKey};
use model::testbed::{TurnedClock, scope, service_id};
use model::time::Timestamp;
use model::trouble::{Retry, Trouble};
use model::wish::LogPosition;
use store::Store;

use crate::rig::{body, open, repository, row, sha256, upload};

/// Set for the child only: where its small file system is mounted.
const SMALL_DISK: &str = "OUTRUNNER_TEST_SMALL_DISK";

fn passes<T>(outcome: Result<T, Trouble>) {
    let trouble = outcome.err().expect("the disk is full");
    assert_eq!(trouble.retry(), Retry::Worthwhile, "{}", trouble.chain());
}

/// Each line is different, so that they do not compress to nothing.
fn lines() -> Vec<LogLine> {
    let text = |n: u64| format!("{:x}{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15), n.wrapping_mul(0xd134_2543_de82_ef95));
    (0..3_000).map(|n| LogLine { at: Timestamp::from_millis(1), bytes: text(n).into_bytes() }).collect()
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
    assert_eq!(std::fs::read_dir(disk.join("data/uploads")).unwrap().count(), 1, "a refused manifest leaves no draft");

    drop(filler);
    std::fs::remove_file(disk.join("filler")).unwrap();
    keep_lines(&store).await.unwrap();
    store.put(&manifest(&hello), &row("ecr:PutImage")).await.unwrap().unwrap();
    Blobs::append(&store, &hello, &upload(1), 4, body([Ok(b" and more".to_vec())]), u64::MAX).await.unwrap().unwrap();
    store.finish(&hello, &upload(1), &sha256(b"kept and more"), &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
    let read = LogLines::read(&store, &scope(), "g", LogPosition(0), u32::MAX).await.unwrap();
    assert!(read.into_iter().map(|placed| placed.line).eq(lines()), "each line once");
    assert_eq!(Audit::list(&store, LogPosition(0), u32::MAX).await.unwrap().len(), rows + 3, "what was refused left no row");
}

#[tokio::test]
async fn a_full_disk_is_trouble_that_passes_and_everything_goes_on_when_there_is_room() {
    #[expect(clippy::disallowed_methods, reason = "how the child knows that it is the child")]
    let told = std::env::var_os(SMALL_DISK);
    if let Some(disk) = told {
        return fill_and_empty(Path::new(&disk)).await;
    }
    let disk = tempfile::tempdir().unwrap();
    let test = "full_disk::a_full_disk_is_trouble_that_passes_and_everything_goes_on_when_there_is_room";
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
