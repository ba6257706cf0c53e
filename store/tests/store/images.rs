//! Manifests, tags and blobs, where the conformance suite does not reach: refused pushes leave nothing, damage is told.

use bytes::Bytes;
use model::digest::Digest;
use model::image_reference::ImageTag;
use model::port::{Audit, Blobs, ImageTags, Manifests, PutManifest, Stored};
use model::refusal::RefusalKind;
use model::repository::{Manifest, RepositoryKey};
use model::testbed::collect;
use model::time::Timestamp;
use model::trouble::Retry;
use model::wish::{LogPosition, PageRequest};

use crate::rig::{Rig, blob, key, repository, row, sha256};

fn order(repository: &RepositoryKey, text: &'static str, references: &[Digest], tag: Option<&str>) -> PutManifest {
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
    PutManifest { repository: repository.clone(), manifest, bytes: Bytes::from_static(text.as_bytes()), tag }
}

#[tokio::test]
async fn a_refused_manifest_leaves_nothing() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let audit = row("ecr:PutImage");
    let rows = Audit::list(&store, LogPosition(0), 100).await.unwrap().len();
    let refused = store.put(&order(&hello, "{}", &[sha256(b"nowhere")], Some("v1")), &audit).await.unwrap().unwrap_err();
    assert!(refused.message.contains(sha256(b"nowhere").as_str()), "{refused}");
    let refused = store.put(&order(&key("nobody"), "{}", &[], None), &audit).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::NotFound);
    let mut lie = order(&hello, "{}", &[], None);
    lie.bytes = Bytes::from_static(b"{ }");
    assert!(store.put(&lie, &audit).await.is_err(), "bytes are never kept under a wrong digest");
    assert!(rig.files("uploads").is_empty() && rig.files("blobs").is_empty());
    assert_eq!(Audit::list(&store, LogPosition(0), 100).await.unwrap().len(), rows);
    let all = PageRequest { after: None, items_max: None };
    assert!(ImageTags::list(&store, &hello, &all).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn a_push_whose_audit_row_cannot_be_written_is_not_made() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    drop(store);
    rig.tamper("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
    let store = rig.open();
    let push = order(&hello, "{}", &[], Some("v1"));
    assert!(store.put(&push, &row("ecr:PutImage")).await.is_err());
    assert_eq!(store.stat(&hello, &push.manifest.digest).await.unwrap(), None);
    assert_eq!(Manifests::get(&store, &hello, &push.manifest.digest).await.unwrap(), None);
    assert_eq!(ImageTags::get(&store, &hello, push.tag.as_ref().unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn the_same_blob_in_two_repositories_is_one_file_and_ends_with_the_second() {
    let rig = Rig::new();
    let store = rig.open();
    let (one, two) = (repository(&store, "one").await, repository(&store, "two").await);
    let digest = blob(&store, &one, 1, b"shared").await;
    assert_eq!(blob(&store, &two, 2, b"shared").await, digest);
    assert_eq!(rig.files("blobs").len(), 1);
    assert!(Blobs::remove(&store, &one, &digest, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    store.sweep().await.unwrap();
    let bytes = store.read(&two, &digest, None).await.unwrap().unwrap();
    assert_eq!(collect(bytes).await.unwrap(), b"shared");
    assert!(Blobs::remove(&store, &two, &digest, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    assert_eq!(store.stat(&two, &digest).await.unwrap(), None);
    assert!(!store.mount(&two, &one, &digest, &row("ecr:CompleteLayerUpload")).await.unwrap(), "nobody sees it any more");
}

#[tokio::test]
async fn a_manifest_that_an_index_names_stays_until_the_index_is_gone() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let audit = row("ecr:BatchDeleteImage");
    let image = order(&hello, "{image}", &[], None);
    let index = order(&hello, "{index}", std::slice::from_ref(&image.manifest.digest), Some("v1"));
    for push in [&image, &index] {
        assert_eq!(store.put(push, &audit).await.unwrap().unwrap(), Stored::New { before: None });
    }
    let refused = Blobs::remove(&store, &hello, &index.manifest.digest, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::WrongState, "a manifest's bytes go with the manifest, not before");
    let refused = Manifests::remove(&store, &hello, &image.manifest.digest, &audit).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::WrongState, "an index that names nothing could not be pulled");
    assert!(store.stat(&hello, &image.manifest.digest).await.unwrap().is_some());
    assert!(Manifests::remove(&store, &hello, &index.manifest.digest, &audit).await.unwrap().unwrap());
    assert_eq!(store.stat(&hello, &index.manifest.digest).await.unwrap(), None);
    assert!(Manifests::remove(&store, &hello, &image.manifest.digest, &audit).await.unwrap().unwrap(), "nobody names it now");
    assert!(rig.files("blobs").is_empty(), "and the bytes are gone");
}

#[tokio::test]
async fn a_blob_whose_file_is_short_ends_in_trouble_and_not_early() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let digest = blob(&store, &hello, 1, b"0123456789").await;
    std::fs::write(&rig.files("blobs")[0], b"01234").unwrap();
    let body = store.read(&hello, &digest, None).await.unwrap().unwrap();
    assert_eq!(collect(body).await.unwrap_err().retry(), Retry::Pointless);
    std::fs::remove_file(&rig.files("blobs")[0]).unwrap();
    assert_eq!(store.read(&hello, &digest, None).await.err().unwrap().retry(), Retry::Pointless);
}
