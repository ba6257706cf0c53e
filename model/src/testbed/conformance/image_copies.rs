//! Copies of foreign images: those that nobody needs go, with what only they named; nothing of a caller's does.

use bytes::Bytes;

use crate::audit::AuditRow;
use crate::digest::{Algorithm, Digest};
use crate::foreign_image::ForeignImage;
use crate::image_reference::RepositoryName;
use crate::port::{Blobs, ImageCopies, Manifests, PinnedImages, PutManifest, Repositories, UploadId};
use crate::repository::{Manifest, Repository, RepositoryKey, TagMutability};
use crate::revision::ImagePin;
use crate::tag::Tags;
use crate::testbed::images::{Hasher, VecBody};
use crate::testbed::{caller, scope};
use crate::time::Timestamp;

/// What the suite asks.
pub struct CopiesBench<'a> {
    pub copies: &'a dyn ImageCopies,
    pub repositories: &'a dyn Repositories,
    pub manifests: &'a dyn Manifests,
    pub blobs: &'a dyn Blobs,
    pub pinned: &'a dyn PinnedImages,
    pub hash: Hasher,
}

fn row() -> AuditRow {
    let action = "outrunner:CopyImage".to_owned();
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action, resource: "*".to_owned() }
}

impl CopiesBench<'_> {
    async fn blob(&self, key: &RepositoryKey, bytes: &'static [u8]) -> Digest {
        let digest = (self.hash)(Algorithm::Sha256, bytes);
        let upload = UploadId(digest.hex()[..32].to_owned());
        self.blobs.begin(key, &upload).await.unwrap();
        let body = Box::new(VecBody(vec![Ok(Bytes::from_static(bytes))]));
        self.blobs.append(key, &upload, 0, body, 1_000).await.unwrap().unwrap();
        self.blobs.finish(key, &upload, &digest, &row()).await.unwrap().unwrap();
        digest
    }

    async fn image(&self, key: &RepositoryKey, bytes: &'static [u8], references: &[&Digest], at: Timestamp) -> ImagePin {
        let digest = (self.hash)(Algorithm::Sha256, bytes);
        let manifest = Manifest {
            digest: digest.clone(),
            media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
            size_bytes: bytes.len() as u64,
            pushed_at: at,
            references: references.iter().map(|digest| (*digest).clone()).collect(),
            subject: None,
            artifact_type: None,
            image_bytes: None,
        };
        let order = PutManifest { repository: key.clone(), manifest, bytes: Bytes::from_static(bytes), tag: None };
        self.manifests.put(&order, &row()).await.unwrap().unwrap();
        ImagePin { scope: key.scope.clone(), repository: key.name.clone(), digest }
    }

    async fn is_there(&self, key: &RepositoryKey, pin: &ImagePin) -> bool {
        let manifest = self.manifests.get(key, &pin.digest).await.unwrap().is_some();
        let bytes = self.blobs.stat(key, &pin.digest).await.unwrap().is_some();
        assert_eq!(manifest, bytes, "a manifest and its bytes come and go together");
        manifest
    }
}

/// All promises of the port.
pub async fn image_copies(bench: &CopiesBench<'_>) {
    let place = RepositoryKey::of_copies(&ForeignImage::parse("docker.io/nginx").expect("an image"));
    let own = RepositoryKey { scope: scope(), name: RepositoryName::parse("hello").expect("a name") };
    for key in [&place, &own] {
        let (created_at, tag_mutability) = (Timestamp::from_millis(5), TagMutability::Mutable);
        let repository = Repository {
            key: key.clone(),
            created_at,
            tag_mutability,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        bench.repositories.create(&repository, &row()).await.unwrap().unwrap();
    }
    let (early, late) = (Timestamp::from_millis(100), Timestamp::from_millis(200));
    let (base, only, fresh) =
        (bench.blob(&place, b"base").await, bench.blob(&place, b"only").await, bench.blob(&place, b"new").await);
    let theirs = bench.blob(&own, b"theirs").await;
    let needed = bench.image(&place, b"{\"needed\":1}", &[&base], early).await;
    let spare = bench.image(&place, b"{\"spare\":1}", &[&base, &only], early).await;
    let recent = bench.image(&place, b"{\"recent\":1}", &[&fresh], late).await;
    let pushed = bench.image(&own, b"{\"pushed\":1}", &[&theirs], early).await;

    assert_eq!(bench.copies.keep(&[needed.clone(), spare.clone()], late).await.unwrap(), 0);
    assert!(bench.is_there(&place, &spare).await);
    let pins = [needed.clone()];
    assert_eq!(bench.copies.keep(&pins, late).await.unwrap(), 1, "the one that nobody needs");
    assert!(!bench.is_there(&place, &spare).await);
    assert_eq!(bench.blobs.stat(&place, &only).await.unwrap(), None, "with what only it named");
    assert!(bench.blobs.stat(&place, &base).await.unwrap().is_some(), "and without what another names");
    assert!(bench.is_there(&place, &needed).await);
    assert!(bench.is_there(&place, &recent).await, "what was copied a moment ago may be needed in the next one");
    assert!(bench.is_there(&own, &pushed).await, "nothing of a caller's goes");
    assert_eq!(bench.copies.keep(&pins, late).await.unwrap(), 0, "and nothing twice");
    let room = bench.copies.room().await.unwrap();
    let sizes = [b"base".len(), b"new".len(), b"{\"needed\":1}".len(), b"{\"recent\":1}".len()];
    assert_eq!(room.taken_bytes, sizes.iter().sum::<usize>() as u64);
    assert!(room.free_bytes > 0);
    sparing(bench, &place, &needed, &recent).await;
}

/// What is about to be needed stays, and a place goes when nothing is in it.
async fn sparing(bench: &CopiesBench<'_>, place: &RepositoryKey, image: &ImagePin, other: &ImagePin) {
    let at = Timestamp::from_millis;
    assert!(bench.copies.touch(image, at(1_000)).await.unwrap());
    assert_eq!(bench.copies.keep(&[], at(1_000)).await.unwrap(), 1, "the other one");
    assert!(bench.is_there(place, image).await && !bench.is_there(place, other).await);
    assert!(!bench.copies.touch(other, at(1_001)).await.unwrap(), "it is not there");
    assert!(bench.pinned.pin(image, at(2_000)).await.unwrap());
    assert_eq!(bench.copies.keep(&[], at(3_000)).await.unwrap(), 0, "it was pinned before any revision names it");
    assert!(bench.is_there(place, image).await);
    bench.pinned.keep(&[], at(3_000)).await.unwrap();
    assert_eq!(bench.copies.keep(&[], at(1_001)).await.unwrap(), 1);
    let is_there = async || bench.repositories.get(place).await.unwrap().is_some();
    assert!(is_there().await, "somebody is about to copy into it");
    bench.copies.keep(&[], at(1_002)).await.unwrap();
    assert!(!is_there().await);
    let own = RepositoryKey { scope: scope(), name: RepositoryName::parse("empty").expect("a name") };
    let (created_at, tag_mutability) = (at(5), TagMutability::Mutable);
    let repository = Repository {
        key: own.clone(),
        created_at,
        tag_mutability,
        tags: Tags::default(),
        policy: None,
        lifecycle: None,
        scan_on_push: false,
    };
    bench.repositories.create(&repository, &row()).await.unwrap().unwrap();
    bench.copies.keep(&[], at(9_000)).await.unwrap();
    assert!(bench.repositories.get(&own).await.unwrap().is_some(), "a caller's stays, empty or not");
}
