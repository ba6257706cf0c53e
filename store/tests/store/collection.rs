//! Blobs that no manifest names are collected, but never one that somebody was told of; and what is pinned outlives its repository.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::digest::Digest;
use model::image_reference::ImageTag;
use model::port::{Blobs, ImageTags, Manifests, PinnedImages, PutManifest, Repositories, UploadId};
use model::repository::{Deletion, Manifest, RepositoryKey};
use model::revision::ImagePin;
use model::testbed::collect;
use model::time::Timestamp;
use store::Store;
use store::limit::{BLOB_PROMISE_RENEWED, BLOB_PROMISED, BLOB_PROMISED_PUSHING};

use crate::rig::{Rig, blob, body, repository, row, sha256, upload};

fn order(repository: &RepositoryKey, text: String, references: &[Digest], tag: Option<&str>) -> PutManifest {
    let manifest = Manifest {
        digest: sha256(text.as_bytes()),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        size_bytes: text.len() as u64,
        pushed_at: Timestamp::from_millis(9),
        references: references.to_vec(),
        subject: None,
        artifact_type: None,
        image_bytes: None,
    };
    let tag = tag.map(|tag| ImageTag::parse(tag).unwrap());
    PutManifest { repository: repository.clone(), manifest, bytes: Bytes::from(text), tag }
}

async fn push(store: &Store, repository: &RepositoryKey, text: &str, references: &[Digest]) -> Digest {
    let order = order(repository, text.to_owned(), references, Some("v1"));
    store.put(&order, &row("ecr:PutImage")).await.unwrap().unwrap();
    order.manifest.digest
}

async fn is_there(store: &Store, repository: &RepositoryKey, digest: &Digest) -> bool {
    store.stat(repository, digest).await.unwrap().is_some()
}

const MOMENT: Duration = Duration::from_millis(1);

#[tokio::test]
async fn what_no_manifest_names_goes_an_hour_after_it_was_last_promised() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let (named, loose, promised) = (
        blob(&store, &hello, 1, b"named").await,
        blob(&store, &hello, 2, b"loose").await,
        blob(&store, &hello, 3, b"promised").await,
    );
    let image = push(&store, &hello, "{image}", std::slice::from_ref(&named)).await;
    rig.clock.turn(BLOB_PROMISED);
    store.sweep().await.unwrap();
    assert!(is_there(&store, &hello, &loose).await, "the hour is not over");
    assert!(store.promise(&hello, &promised).await.unwrap().is_some());
    rig.clock.turn(BLOB_PROMISED_PUSHING - BLOB_PROMISED + MOMENT);
    assert!(store.promise(&hello, &promised).await.unwrap().is_some(), "a promise is renewed");
    assert_eq!(store.sweep().await.unwrap().blobs, 1);
    assert!(!is_there(&store, &hello, &loose).await);
    assert!(is_there(&store, &hello, &promised).await && is_there(&store, &hello, &named).await);
    assert!(Manifests::remove(&store, &hello, &image, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    rig.clock.turn(BLOB_PROMISED + MOMENT);
    assert_eq!(store.sweep().await.unwrap().blobs, 2, "what was named goes as soon as nothing names it");
    assert!(rig.files("blobs").is_empty(), "the bytes have left the disk");
}

#[tokio::test]
async fn a_push_that_takes_hours_loses_nothing() {
    let rig = Rig::new();
    let store = rig.open();
    let (hello, quiet) = (repository(&store, "hello").await, repository(&store, "quiet").await);
    let first = blob(&store, &hello, 1, b"first layer").await;
    let elsewhere = blob(&store, &quiet, 2, b"of another repository").await;
    store.begin(&hello, &upload(3)).await.unwrap();
    for hour in 0..20_u64 {
        Blobs::append(&store, &hello, &upload(3), hour, body([Ok(b"x".to_vec())]), 99).await.unwrap().unwrap();
        rig.clock.turn(BLOB_PROMISED);
        store.sweep().await.unwrap();
        assert!(is_there(&store, &hello, &first).await, "an upload into the repository is open: hour {hour}");
    }
    assert!(!is_there(&store, &quiet, &elsewhere).await, "nobody pushes there");
    rig.clock.turn(MOMENT);
    let second = sha256("x".repeat(20).as_bytes());
    store.finish(&hello, &upload(3), &second, &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
    store.sweep().await.unwrap();
    push(&store, &hello, "{image}", &[first, second]).await;
}

#[tokio::test]
async fn a_mounted_blob_is_promised_where_it_was_mounted() {
    let rig = Rig::new();
    let store = rig.open();
    let (one, two) = (repository(&store, "one").await, repository(&store, "two").await);
    let layer = blob(&store, &one, 1, b"layer").await;
    rig.clock.turn(BLOB_PROMISED + MOMENT);
    assert!(store.mount(&one, &two, &layer, &row("ecr:CompleteLayerUpload")).await.unwrap());
    store.sweep().await.unwrap();
    assert!(!is_there(&store, &one, &layer).await);
    push(&store, &two, "{image}", &[layer]).await;
}

#[tokio::test]
async fn only_an_old_promise_is_written_down_again() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let layer = blob(&store, &hello, 1, b"layer").await;
    rig.clock.turn(BLOB_PROMISE_RENEWED - MOMENT);
    store.promise(&hello, &layer).await.unwrap().unwrap();
    rig.clock.turn(BLOB_PROMISED - BLOB_PROMISE_RENEWED + MOMENT + MOMENT);
    store.sweep().await.unwrap();
    assert!(!is_there(&store, &hello, &layer).await, "the first promise held, and it alone: {}", BLOB_PROMISED.as_secs());
    assert_eq!(store.promise(&hello, &layer).await.unwrap(), None);
}

#[tokio::test]
async fn a_deleted_repository_frees_the_disk_at_once_and_its_uploads_at_the_next_sweep() {
    let rig = Rig::new();
    let store = rig.open();
    let (hello, other) = (repository(&store, "hello").await, repository(&store, "other").await);
    let (own, shared) = (blob(&store, &hello, 1, b"own").await, blob(&store, &hello, 2, b"shared").await);
    blob(&store, &other, 3, b"shared").await;
    push(&store, &hello, "{image}", &[own, shared.clone()]).await;
    store.begin(&hello, &upload(4)).await.unwrap();
    store.begin(&other, &upload(5)).await.unwrap();
    store.delete(&hello, Deletion::WithImages, &row("ecr:DeleteRepository")).await.unwrap().unwrap();
    assert_eq!(rig.files("blobs").len(), 1);
    let bytes = Blobs::read(&store, &other, &shared, None).await.unwrap().unwrap();
    assert_eq!(collect(bytes).await.unwrap(), b"shared");
    let refused = store.finish(&hello, &upload(4), &sha256(b""), &row("ecr:CompleteLayerUpload")).await.unwrap();
    assert!(refused.is_err(), "nothing is put into a repository that is gone");
    store.begin(&hello, &upload(6)).await.unwrap();
    assert_eq!(store.sweep().await.unwrap().uploads, 1);
    assert_eq!(rig.files("uploads").len(), 1);
}

#[tokio::test]
async fn a_pinned_image_survives_its_repository_and_a_restart_and_then_leaves_the_disk() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let layer = blob(&store, &hello, 1, b"layer").await;
    let digest = push(&store, &hello, "{image}", std::slice::from_ref(&layer)).await;
    let image = ImagePin { scope: hello.scope.clone(), repository: hello.name.clone(), digest: digest.clone() };
    assert!(store.pin(&image, Timestamp::from_millis(2_000)).await.unwrap());
    store.delete(&hello, Deletion::WithImages, &row("ecr:DeleteRepository")).await.unwrap().unwrap();
    rig.clock.turn(BLOB_PROMISED_PUSHING + MOMENT);
    store.sweep().await.unwrap();
    drop(store);
    let store = rig.open();
    store.sweep().await.unwrap();
    for (digest, text) in [(&layer, b"layer".as_slice()), (&digest, b"{image}")] {
        let bytes = PinnedImages::read(&store, &image, digest).await.unwrap().unwrap();
        assert_eq!(collect(bytes).await.unwrap(), text);
    }
    let again = repository(&store, "hello").await;
    assert!(!is_there(&store, &again, &layer).await);
    store.keep(&[], Timestamp::from_millis(2_001)).await.unwrap();
    assert!(rig.files("blobs").is_empty(), "the bytes have left the disk");
}

#[tokio::test]
async fn what_a_crash_left_of_an_unpinned_image_goes_at_the_next_sweep() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let digest = push(&store, &hello, "{image}", &[]).await;
    let image = ImagePin { scope: hello.scope.clone(), repository: hello.name.clone(), digest };
    assert!(store.pin(&image, Timestamp::from_millis(2_000)).await.unwrap());
    store.delete(&hello, Deletion::WithImages, &row("ecr:DeleteRepository")).await.unwrap().unwrap();
    drop(store);
    // Unpinned and forgotten, and then the process was killed before it took the file away.
    rig.tamper("DELETE FROM pinned_blob; DELETE FROM image_pin; DELETE FROM blob");
    let store = rig.open();
    assert_eq!(rig.files("blobs").len(), 1);
    assert_eq!(store.sweep().await.unwrap().blobs, 1);
    assert!(rig.files("blobs").is_empty());
}

/// A client as they all are: asks for each layer, uploads what is not there, and names them all in a manifest. A layer that it was told is there, and
/// that is not when the manifest comes, is lost.
async fn push_and_remove(store: &Store, repository: &RepositoryKey, number: u64, pushes: u64) {
    let mut layers = Vec::new();
    for layer in 0..3_u64 {
        let text = format!("layer {}", (pushes + layer) % 5);
        let digest = sha256(text.as_bytes());
        if store.promise(repository, &digest).await.unwrap().is_none() {
            let id = UploadId(format!("{:032x}", (number << 40) | (pushes << 8) | layer));
            store.begin(repository, &id).await.unwrap();
            store.append(repository, &id, 0, body([Ok(text.into_bytes())]), 99).await.unwrap().unwrap();
            store.finish(repository, &id, &digest, &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
        }
        layers.push(digest);
    }
    let order = order(repository, format!("{{{number} {pushes}}}"), &layers, Some(&format!("c{number}")));
    let put = store.put(&order, &row("ecr:PutImage")).await.unwrap();
    assert!(put.is_ok(), "client {number}, push {pushes}: {put:?}");
    for layer in &layers {
        let bytes = Blobs::read(store, repository, layer, None).await.unwrap().expect("what is named is there");
        assert!(collect(bytes).await.unwrap().starts_with(b"layer "));
    }
    let gone = Manifests::remove(store, repository, &order.manifest.digest, &row("ecr:BatchDeleteImage")).await.unwrap();
    assert_eq!(gone, Ok(true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn collecting_in_a_loop_beside_pushes_that_share_layers_loses_nothing() {
    const PUSHES: u64 = 60;
    let rig = Rig::new();
    let store = rig.open();
    let repositories = [repository(&store, "even").await, repository(&store, "odd").await];
    // No push may see a day go by; between two of them one goes by, so that the next may find its layers about to be collected.
    let day = Arc::new(tokio::sync::RwLock::new(()));
    let mut clients = tokio::task::JoinSet::new();
    for number in 0..4_u64 {
        let (store, clock, day) = (store.clone(), rig.clock.clone(), day.clone());
        let repository = repositories[usize::try_from(number % 2).unwrap()].clone();
        clients.spawn(async move {
            for pushes in 0..PUSHES {
                let pushing = day.read().await;
                push_and_remove(&store, &repository, number, pushes).await;
                drop(pushing);
                let _nobody_pushes = day.write().await;
                clock.turn(BLOB_PROMISED_PUSHING / 2);
            }
        });
    }
    let mut collected = 0;
    while !clients.is_empty() {
        collected += store.sweep().await.unwrap().blobs;
        while let Some(ended) = clients.try_join_next() {
            ended.unwrap();
        }
    }
    assert!(collected > 0, "it was collected beside the pushes");
    rig.clock.turn(BLOB_PROMISED_PUSHING + MOMENT);
    store.sweep().await.unwrap();
    assert!(rig.files("blobs").is_empty(), "everything that is not named goes");
    assert!(ImageTags::get(&store, &repositories[0], &ImageTag::parse("c0").unwrap()).await.unwrap().is_none());
}
