//! What a sweep takes away, and what it leaves.

use std::time::Duration;

use model::limit::DELETED_KEPT;
use model::port::{Audit, Blobs, Commit, Events, Operations, Services, Version};
use model::service::{Phase, Standing};
use model::time::Timestamp;
use model::wish::{LogPosition, PageRequest};
use store::Swept;
use store::limit::UPLOAD_IDLE;

use crate::rig::{Rig, blob, body, created, repository, row, sha256, upload};

#[tokio::test]
async fn an_upload_without_a_byte_for_a_day_is_swept_and_one_with_a_byte_is_not() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    store.begin(&hello, &upload(1)).await.unwrap();
    store.begin(&hello, &upload(2)).await.unwrap();
    rig.clock.turn(UPLOAD_IDLE);
    assert_eq!(store.sweep().await.unwrap(), Swept::default(), "not before the day is over");
    Blobs::append(&store, &hello, &upload(2), 0, body([Ok(b"x".to_vec())]), 9).await.unwrap().unwrap();
    rig.clock.turn(Duration::from_secs(1));
    assert_eq!(store.sweep().await.unwrap().uploads, 1);
    assert_eq!(store.received(&hello, &upload(1)).await.unwrap(), None);
    assert_eq!(store.received(&hello, &upload(2)).await.unwrap(), Some(1));
    drop(store);
    rig.clock.turn(UPLOAD_IDLE);
    let store = rig.open();
    assert_eq!(store.sweep().await.unwrap().uploads, 1, "a restart does not make it younger");
    assert!(rig.files("uploads").is_empty());
}

#[tokio::test]
async fn a_blob_file_without_a_row_is_swept_and_one_with_a_row_is_not() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let kept = blob(&store, &hello, 1, b"kept").await;
    let taken_out = blob(&store, &hello, 2, b"taken out").await;
    assert!(Blobs::remove(&store, &hello, &taken_out, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    // As a crash between the rename and the commit leaves it.
    let orphan = sha256(b"orphan");
    let shelf = rig.data_dir().join("blobs/sha256").join(&orphan.hex()[..2]);
    std::fs::create_dir_all(&shelf).unwrap();
    std::fs::write(shelf.join(orphan.hex()), b"orphan").unwrap();
    std::fs::write(shelf.join("notes.txt"), b"not a blob").unwrap();
    assert_eq!(store.stat(&hello, &orphan).await.unwrap(), None, "without a row it is not visible");
    assert_eq!(store.sweep().await.unwrap(), Swept { blobs: 2, ..Swept::default() });
    assert_eq!(store.sweep().await.unwrap(), Swept::default());
    assert!(store.read(&hello, &kept, None).await.unwrap().is_some());
    assert!(shelf.join("notes.txt").exists(), "what is not named like a blob is not ours to judge");
    blob(&store, &hello, 3, b"taken out").await;
}

#[tokio::test]
async fn a_draft_that_a_crash_left_goes_when_the_store_is_opened() {
    let rig = Rig::new();
    drop(rig.open());
    std::fs::write(rig.data_dir().join("uploads/put.0"), b"half a manifest").unwrap();
    rig.open();
    assert!(rig.files("uploads").is_empty());
}

#[tokio::test]
async fn a_deleted_service_is_forgotten_after_a_day_and_its_audit_rows_stay() {
    let rig = Rig::new();
    let store = rig.open();
    let (mut deleted, lives) = (created(1, "gone"), created(2, "lives"));
    for change in [&deleted, &lives] {
        store.commit(Version(0), change).await.unwrap();
    }
    deleted.service.phase = Phase::Still(Standing::Deleted { at: Timestamp::from_millis(1_000) });
    assert_eq!(store.commit(Version(1), &deleted).await.unwrap(), Commit::Done(Version(2)));
    rig.clock.turn(DELETED_KEPT);
    assert_eq!(store.sweep().await.unwrap().services, 0);
    assert!(store.get(&deleted.service.arn()).await.unwrap().is_some(), "a day long it can be described");
    rig.clock.turn(Duration::from_millis(1));
    assert_eq!(store.sweep().await.unwrap().services, 1);
    let id = &deleted.service.id;
    assert_eq!(store.by_id(id).await.unwrap(), None);
    assert!(Operations::list(&store, id, &PageRequest { after: None, items_max: None }).await.unwrap().items.is_empty());
    assert!(Events::list(&store, id, LogPosition(0), 9).await.unwrap().is_empty());
    assert_eq!(Audit::list(&store, LogPosition(0), 9).await.unwrap().len(), 3);
    assert_eq!(store.kept().await.unwrap(), vec![lives.service]);
}
