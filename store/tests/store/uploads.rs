//! Uploads that go wrong on the way, and those that go right in spite of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::chunks::Chunks;
use model::digest::Algorithm;
use model::port::{Answer, Blobs, UploadId};
use model::refusal::RefusalKind;
use model::testbed::collect;
use model::trouble::Retry;
use store::limit::{BLOB_PIECE_BYTES, UPLOAD_BUFFER_BYTES, UPLOAD_IDLE_CROWDED, UPLOADS_OPEN};
use tokio::sync::Notify;

use crate::rig::{Rig, blob, body, hash, key, repository, row, sha256, upload};

/// Bytes that repeat nowhere near each other.
fn noise(length: usize) -> Vec<u8> {
    (0..length as u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

#[tokio::test]
async fn a_blob_of_many_pieces_comes_back_whole_and_in_ranges() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let bytes = noise(5 * UPLOAD_BUFFER_BYTES + 12_345);
    store.begin(&hello, &upload(1)).await.unwrap();
    let (first, second) = bytes.split_at(2 * UPLOAD_BUFFER_BYTES + 7);
    let pieces = |part: &[u8]| part.chunks(100_000).map(|piece| Ok(piece.to_vec())).collect::<Vec<_>>();
    let at = store.append(&hello, &upload(1), 0, body(pieces(first)), u64::MAX).await.unwrap().unwrap();
    assert_eq!(at, first.len() as u64);
    store.append(&hello, &upload(1), at, body(pieces(second)), bytes.len() as u64).await.unwrap().unwrap();
    let digest = sha256(&bytes);
    store.finish(&hello, &upload(1), &digest, &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
    assert!(rig.files("uploads").is_empty());
    assert_eq!(rig.files("blobs"), [rig.data_dir().join("blobs/sha256").join(&digest.hex()[..2]).join(digest.hex())]);

    let size = bytes.len() as u64;
    let piece = BLOB_PIECE_BYTES as u64;
    for range in [0..size, 0..1, size - 1..size, piece - 1..piece + 1, 17..3 * piece + 5, 5..5] {
        let part = store.read(&hello, &digest, Some(range.clone())).await.unwrap().unwrap();
        assert!(collect(part).await.unwrap() == bytes[range.start as usize..range.end as usize], "{range:?}");
    }
    assert!(collect(store.read(&hello, &digest, None).await.unwrap().unwrap()).await.unwrap() == bytes);
    assert!(store.read(&hello, &digest, Some(0..size + 1)).await.is_err(), "a range is within the blob");
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_taken_back_to_its_offset() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    store.begin(&hello, &upload(1)).await.unwrap();
    store.append(&hello, &upload(1), 0, body([Ok(b"kept".to_vec())]), u64::MAX).await.unwrap().unwrap();
    // More than a buffer, so that some of it was on the disk already.
    let cut = [Ok(noise(2 * UPLOAD_BUFFER_BYTES)), Ok(noise(10)), Err("the peer went away")];
    store.append(&hello, &upload(1), 4, body(cut), u64::MAX).await.unwrap_err();
    assert_eq!(std::fs::metadata(&rig.files("uploads")[0]).unwrap().len(), 4);
    let large =
        store.append(&hello, &upload(1), 4, body([Ok(noise(2 * UPLOAD_BUFFER_BYTES))]), 2_000_000).await.unwrap().unwrap_err();
    assert_eq!(large.kind, RefusalKind::Quota);
    assert_eq!(std::fs::metadata(&rig.files("uploads")[0]).unwrap().len(), 4);
    store.append(&hello, &upload(1), 4, body([Ok(b" and more".to_vec())]), u64::MAX).await.unwrap().unwrap();
    store.finish(&hello, &upload(1), &sha256(b"kept and more"), &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
}

/// Gives one piece, says that it did, and never another.
struct Hanging {
    piece: Option<Vec<u8>>,
    waits: Arc<Notify>,
}

impl Chunks for Hanging {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            match self.piece.take() {
                Some(piece) => Ok(Some(Bytes::from(piece))),
                None => {
                    self.waits.notify_one();
                    std::future::pending().await
                }
            }
        })
    }
}

#[tokio::test]
async fn a_request_that_vanishes_gives_the_upload_back_as_it_was() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    store.begin(&hello, &upload(1)).await.unwrap();
    store.append(&hello, &upload(1), 0, body([Ok(b"kept".to_vec())]), u64::MAX).await.unwrap().unwrap();
    let waits = Arc::new(Notify::new());
    let hanging = Box::new(Hanging { piece: Some(noise(UPLOAD_BUFFER_BYTES)), waits: waits.clone() });
    let (id, other) = (upload(1), upload(1));
    let mut request = store.append(&hello, &id, 4, hanging, u64::MAX);
    tokio::select! {
        _ = &mut request => panic!("the body never ends"),
        () = waits.notified() => {}
    }
    assert_eq!(store.received(&hello, &other).await.unwrap(), Some(4), "what is not kept does not count");
    let refused = store.append(&hello, &other, 4, body([Ok(b"x".to_vec())]), u64::MAX).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::WrongState, "one request writes at a time");
    let refused = store.finish(&hello, &other, &sha256(b"kept"), &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::WrongState);
    drop(request);
    assert_eq!(std::fs::metadata(&rig.files("uploads")[0]).unwrap().len(), 4);
    store.finish(&hello, &other, &sha256(b"kept"), &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let rig = Rig::new();
    let bytes = noise(UPLOAD_BUFFER_BYTES + UPLOAD_BUFFER_BYTES / 2);
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    for id in [1, 2] {
        store.begin(&hello, &upload(id)).await.unwrap();
        store.append(&hello, &upload(id), 0, body([Ok(bytes.clone())]), u64::MAX).await.unwrap().unwrap();
    }
    drop(store);
    let store = rig.open();
    let received = store.received(&hello, &upload(1)).await.unwrap();
    assert_eq!(received, Some(bytes.len() as u64));
    assert_eq!(store.received(&key("other"), &upload(1)).await.unwrap(), None, "it still belongs to its repository");
    store.append(&hello, &upload(1), bytes.len() as u64, body([Ok(b"tail".to_vec())]), u64::MAX).await.unwrap().unwrap();
    store
        .finish(&hello, &upload(1), &sha256(&[&bytes[..], b"tail"].concat()), &row("ecr:CompleteLayerUpload"))
        .await
        .unwrap()
        .unwrap();
    store.finish(&hello, &upload(2), &hash(Algorithm::Sha512, &bytes), &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_wrong_digest_leaves_nothing() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
        store.begin(&hello, &upload(1)).await.unwrap();
        store.append(&hello, &upload(1), 0, body([Ok(b"bytes".to_vec())]), u64::MAX).await.unwrap().unwrap();
        let refusal = store
            .finish(&hello, &upload(1), &hash(algorithm, b"other"), &row("ecr:CompleteLayerUpload"))
            .await
            .unwrap()
            .unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Invalid);
        assert!(refusal.message.contains(hash(algorithm, b"bytes").as_str()), "it names what came: {refusal}");
        assert!(rig.files("uploads").is_empty() && rig.files("blobs").is_empty());
    }
}

#[tokio::test]
async fn an_upload_into_a_repository_that_is_not_there_leaves_nothing() {
    let rig = Rig::new();
    let store = rig.open();
    let nobody = key("nobody");
    store.begin(&nobody, &upload(1)).await.unwrap();
    let refusal = store.finish(&nobody, &upload(1), &sha256(b""), &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap_err();
    assert_eq!(refusal, nobody.not_found());
    assert!(rig.files("uploads").is_empty() && rig.files("blobs").is_empty());
    let hello = repository(&store, "hello").await;
    blob(&store, &hello, 1, b"").await;
}

#[tokio::test]
async fn a_name_that_is_not_an_upload_id_reaches_no_file() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    for name in ["", "../ledger.db", "../../etc/passwd", &"A".repeat(32), &"a".repeat(31), &"a".repeat(33), "put.0"] {
        let id = UploadId(name.to_owned());
        assert!(store.begin(&hello, &id).await.is_err(), "{name}");
        assert_eq!(store.received(&hello, &id).await.unwrap(), None, "{name}");
        assert!(store.append(&hello, &id, 0, body([]), 1).await.unwrap().is_err(), "{name}");
        assert!(store.finish(&hello, &id, &sha256(b""), &row("ecr:CompleteLayerUpload")).await.unwrap().is_err(), "{name}");
        store.cancel(&hello, &id).await.unwrap();
    }
    assert!(rig.files("uploads").is_empty());
    assert!(rig.data_dir().join("ledger.db").exists());
}

#[tokio::test]
async fn one_upload_too_many_is_trouble_that_passes() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let id = |n: usize| UploadId(format!("{n:032x}"));
    for n in 0..UPLOADS_OPEN {
        store.begin(&hello, &id(n)).await.unwrap();
    }
    assert_eq!(store.begin(&hello, &id(UPLOADS_OPEN)).await.unwrap_err().retry(), Retry::Worthwhile);
    store.cancel(&hello, &id(7)).await.unwrap();
    store.begin(&hello, &id(UPLOADS_OPEN)).await.unwrap();
}

#[tokio::test]
async fn uploads_that_nobody_continues_stop_no_push_for_longer_than_an_hour() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let id = |n: usize| UploadId(format!("{n:032x}"));
    for n in 0..UPLOADS_OPEN {
        store.begin(&hello, &id(n)).await.unwrap();
    }
    rig.clock.turn(UPLOAD_IDLE_CROWDED);
    store.append(&hello, &id(7), 0, body([Ok(b"x".to_vec())]), 9).await.unwrap().unwrap();
    assert!(store.begin(&hello, &id(UPLOADS_OPEN)).await.is_err(), "not before the hour is over");
    rig.clock.turn(Duration::from_millis(1));
    store.begin(&hello, &id(UPLOADS_OPEN)).await.unwrap();
    assert_eq!(rig.files("uploads").len(), 2, "the new one, and the one that somebody continues");
    assert_eq!(store.received(&hello, &id(7)).await.unwrap(), Some(1));
    assert_eq!(store.received(&hello, &id(8)).await.unwrap(), None);
}
