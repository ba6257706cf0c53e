//! What a disk has changed behind our back: nothing of it is handed out as good, and whoever has the right bytes brings them back.

use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use bytes::Bytes;
use model::digest::Digest;
use model::image_reference::ImageTag;
use model::port::{Blobs, Manifests, PutManifest, Stored};
use model::repository::{Manifest, RepositoryKey};
use model::testbed::collect;
use model::time::Timestamp;
use model::trouble::{Retry, Trouble};
use store::Store;

use crate::rig::{Rig, blob, repository, row, sha256};

fn path(rig: &Rig, digest: &Digest) -> PathBuf {
    rig.data_dir().join("blobs/sha256").join(&digest.hex()[..2]).join(digest.hex())
}

/// Turns one bit of a file around.
fn flip(path: &PathBuf, at: u64) {
    let file = std::fs::File::options().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 0x10], at).unwrap();
}

async fn whole(store: &Store, repository: &RepositoryKey, digest: &Digest) -> Result<Vec<u8>, Trouble> {
    collect(store.read(repository, digest, None).await?.expect("it has a row")).await
}

fn says_push_again(trouble: &Trouble, digest: &Digest) {
    let words = trouble.words_for_caller().unwrap_or_else(|| panic!("{}", trouble.chain()));
    assert!(words.contains(digest.as_str()) && words.contains("Push the image again"), "{words}");
    assert_eq!(trouble.retry(), Retry::Pointless);
}

/// Whether whoever pushes is told that it need not send the blob.
async fn is_there(store: &Store, repository: &RepositoryKey, digest: &Digest) -> bool {
    let there = store.stat(repository, digest).await.unwrap().is_some();
    assert_eq!(store.promise(repository, digest).await.unwrap().is_some(), there);
    there
}

#[tokio::test]
async fn of_a_flipped_blob_the_last_piece_is_kept_back_and_a_push_brings_it_anew() {
    let rig = Rig::new();
    let store = rig.open();
    let (hello, other) = (repository(&store, "hello").await, repository(&store, "other").await);
    let bytes: Vec<u8> = (0..700_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let digest = blob(&store, &hello, 1, &bytes).await;
    flip(&path(&rig, &digest), 3);

    let mut body = store.read(&hello, &digest, None).await.unwrap().unwrap();
    let mut handed_out = 0;
    let trouble = loop {
        match body.next().await {
            Ok(piece) => handed_out += piece.expect("it does not end as if it were whole").len(),
            Err(trouble) => break trouble,
        }
    };
    assert!(handed_out < bytes.len());
    says_push_again(&trouble, &digest);

    assert!(!is_there(&store, &hello, &digest).await, "it must be sent again");
    assert!(!store.mount(&hello, &other, &digest, &row("ecr:CompleteLayerUpload")).await.unwrap());
    says_push_again(&whole(&store, &hello, &digest).await.unwrap_err(), &digest);
    drop(store);
    let store = rig.open();
    store.sweep().await.unwrap();
    assert!(!is_there(&store, &hello, &digest).await, "also after a restart");
    assert_eq!(rig.files("blobs").len(), 1, "what was found is there to look at");

    blob(&store, &hello, 2, &bytes).await;
    assert!(is_there(&store, &hello, &digest).await);
    assert_eq!(whole(&store, &hello, &digest).await.unwrap(), bytes);
    assert_eq!(rig.files("blobs").len(), 1, "and goes when it is brought anew");
}

#[tokio::test]
async fn a_blob_that_became_shorter_or_is_gone_is_found_too() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let (short, gone) = (blob(&store, &hello, 1, b"shorter now").await, blob(&store, &hello, 2, b"gone now").await);
    std::fs::File::options().write(true).open(path(&rig, &short)).unwrap().set_len(3).unwrap();
    std::fs::remove_file(path(&rig, &gone)).unwrap();
    for digest in [&short, &gone] {
        assert!(!is_there(&store, &hello, digest).await);
        says_push_again(&whole(&store, &hello, digest).await.unwrap_err(), digest);
    }
    for (byte, text) in [(3, "shorter now"), (4, "gone now")] {
        let digest = blob(&store, &hello, byte, text.as_bytes()).await;
        assert_eq!(whole(&store, &hello, &digest).await.unwrap(), text.as_bytes());
    }
}

#[tokio::test]
async fn what_was_set_aside_goes_with_its_blob() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let digest = blob(&store, &hello, 1, b"bytes").await;
    flip(&path(&rig, &digest), 0);
    whole(&store, &hello, &digest).await.unwrap_err();
    assert_eq!(rig.files("blobs").len(), 1);
    assert!(Blobs::remove(&store, &hello, &digest, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    store.sweep().await.unwrap();
    assert!(rig.files("blobs").is_empty());
}

#[tokio::test]
async fn a_flipped_manifest_is_brought_anew_by_the_same_push() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let bytes = Bytes::from_static(b"{\"schemaVersion\":2}");
    let manifest = Manifest {
        digest: sha256(&bytes),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        size_bytes: bytes.len() as u64,
        pushed_at: Timestamp::from_millis(9),
        references: Vec::new(),
        subject: None,
        artifact_type: None,
        image_bytes: None,
    };
    let tag = Some(ImageTag::parse("v1").unwrap());
    let order = PutManifest { repository: hello.clone(), manifest, bytes: bytes.clone(), tag };
    let digest = &order.manifest.digest;
    store.put(&order, &row("ecr:PutImage")).await.unwrap().unwrap();
    flip(&path(&rig, digest), 7);
    says_push_again(&whole(&store, &hello, digest).await.unwrap_err(), digest);
    let same = store.put(&order, &row("ecr:PutImage")).await.unwrap().unwrap();
    assert_eq!(same, Stored::Same);
    assert_eq!(whole(&store, &hello, digest).await.unwrap(), bytes);
}

#[tokio::test]
async fn a_part_of_a_blob_is_read_without_its_digest() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    let digest = blob(&store, &hello, 1, b"0123456789").await;
    let part = store.read(&hello, &digest, Some(2..5)).await.unwrap().unwrap();
    assert_eq!(collect(part).await.unwrap(), b"234");
}

#[tokio::test]
async fn a_flipped_page_of_the_ledger_is_refused_with_a_sentence_and_nothing_is_changed() {
    let rig = Rig::new();
    let store = rig.open();
    for n in 0..40 {
        repository(&store, &format!("hello{n}")).await;
    }
    drop(store);
    for (database, mend) in [("ledger.db", "outrunner restore"), ("logs/catalogue.db", "move the folder 'logs' away")] {
        let path = rig.data_dir().join(database);
        let good = std::fs::read(&path).unwrap();
        let mut refused = 0;
        for page in 0..good.len() / 4096 {
            // The first byte of a page says what it is; the next ones where its cells are. The first page has the file's header in front.
            let at = if page == 0 { 100 } else { page * 4096 };
            let mut bad = good.clone();
            bad[at] ^= 0x08;
            bad[at + 5] ^= 0x40;
            std::fs::write(&path, &bad).unwrap();
            let Err(trouble) = rig.try_open() else { continue };
            refused += 1;
            let chain = trouble.chain();
            assert_eq!(trouble.retry(), Retry::Pointless, "{chain}");
            assert!(chain.contains("is damaged (") && chain.contains(mend), "{chain}");
            assert!(std::fs::read(&path).unwrap() == bad, "it is left as it is");
        }
        assert_eq!(refused, good.len() / 4096, "every page that is in use");
        std::fs::write(&path, &good).unwrap();
    }
    let store = rig.open();
    assert!(store.stat(&crate::rig::key("hello7"), &sha256(b"")).await.unwrap().is_none());
}
