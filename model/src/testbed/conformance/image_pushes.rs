//! Pushes by ECR's own operations: parts in order and whole, layers that are what they say, manifests whose layers are there.

use bytes::Bytes;

use crate::audit::AuditRow;
use crate::digest::{Algorithm, Digest};
use crate::image_push::{ImagePush, LayerPart, LinkFailure, PushFailure, PushedImage};
use crate::image_reference::{ImageTag, RepositoryName};
use crate::port::{ImagePushes, Repositories, UploadId};
use crate::refusal::RefusalKind;
use crate::repository::{Repository, RepositoryKey, TagMutability};
use crate::tag::Tags;
use crate::testbed::images::Hasher;
use crate::testbed::{caller, scope};
use crate::time::Timestamp;

/// A layer, and how many bytes it has.
type SizedLayer = (Digest, usize);

/// What the suite runs on.
pub struct PushBench<'a> {
    pub repositories: &'a dyn Repositories,
    pub pushes: &'a dyn ImagePushes,
    pub hash: Hasher,
    /// The manifest of an image of these layers.
    pub image: &'a dyn Fn(&[SizedLayer]) -> String,
    /// An index of one image, whose manifest is this text.
    pub index: &'a dyn Fn(&str, &Digest) -> String,
}

fn key(name: &str) -> RepositoryKey {
    RepositoryKey { scope: scope(), name: RepositoryName::parse(name).expect("a name") }
}

fn row(action: &str, key: &RepositoryKey) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: action.to_owned(), resource: key.arn() }
}

fn part(first_byte: u64, text: &str) -> LayerPart {
    let last_byte = first_byte + text.len() as u64 - 1;
    LayerPart { first_byte, last_byte, bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

fn push(repository: &RepositoryKey, manifest: &str, tag: Option<&str>) -> ImagePush {
    ImagePush {
        repository: repository.clone(),
        manifest: Bytes::copy_from_slice(manifest.as_bytes()),
        media_type: None,
        tag: tag.map(|tag| ImageTag::parse(tag).expect("a tag")),
        digest: None,
    }
}

/// All promises of the port.
pub async fn image_pushes(bench: &PushBench<'_>) {
    for (name, tag_mutability) in [("pushed", TagMutability::Mutable), ("stays", TagMutability::Immutable)] {
        let repository = Repository {
            key: key(name),
            created_at: Timestamp::from_millis(5),
            tag_mutability,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        bench.repositories.create(&repository, &row("ecr:CreateRepository", &repository.key)).await.unwrap().unwrap();
    }
    nothing_is_pushed_where_no_repository_is(bench).await;
    let layer = layers_are_whole_and_what_they_say(bench).await;
    images_have_what_they_name(bench, &layer).await;
}

async fn nothing_is_pushed_where_no_repository_is(bench: &PushBench<'_>) {
    let (nobody, id) = (key("nobody"), UploadId("0".repeat(32)));
    let digest = (bench.hash)(Algorithm::Sha256, b"0123456789");
    let is_absent =
        |failure: PushFailure| matches!(failure, PushFailure::Refused(refusal) if refusal.kind == RefusalKind::NotFound);
    assert!(is_absent(bench.pushes.begin(&nobody, &caller()).await.unwrap().unwrap_err()));
    assert!(is_absent(bench.pushes.append(&nobody, &id, part(0, "x"), &caller()).await.unwrap().unwrap_err()));
    let audit = row("ecr:CompleteLayerUpload", &nobody);
    assert!(is_absent(bench.pushes.finish(&nobody, &id, &digest, &audit).await.unwrap().unwrap_err()));
    let order = push(&nobody, &(bench.image)(&[]), None);
    assert!(is_absent(bench.pushes.put(&order, &row("ecr:PutImage", &nobody)).await.unwrap().unwrap_err()));
    let layers = bench.pushes.layers(&nobody, std::slice::from_ref(&digest), &caller()).await.unwrap();
    assert_eq!(layers.unwrap_err().kind, RefusalKind::NotFound);
    let link = bench.pushes.link(&nobody, &digest).await.unwrap();
    assert!(matches!(link, Err(LinkFailure::Refused(refusal)) if refusal.kind == RefusalKind::NotFound));
}

/// Answers a layer of ten bytes that is there.
async fn layers_are_whole_and_what_they_say(bench: &PushBench<'_>) -> Digest {
    let PushBench { pushes, hash, .. } = bench;
    let (pushed, caller) = (key("pushed"), caller());
    let audit = row("ecr:CompleteLayerUpload", &pushed);
    let begin = async || pushes.begin(&pushed, &caller).await.unwrap().unwrap();
    let append = async |id: &UploadId, part: LayerPart| pushes.append(&pushed, id, part, &caller).await.unwrap();
    let finish = async |id: &UploadId, digest: &Digest| pushes.finish(&pushed, id, digest, &audit).await.unwrap();
    let digest = hash(Algorithm::Sha256, b"0123456789");

    let nowhere = UploadId("f".repeat(32));
    assert_eq!(append(&nowhere, part(0, "x")).await, Err(PushFailure::UploadNotFound));
    assert_eq!(finish(&nowhere, &digest).await, Err(PushFailure::UploadNotFound));
    let id = begin().await;
    assert_ne!(id, begin().await, "each upload has an id of its own");
    assert_eq!(pushes.append(&key("stays"), &id, part(0, "x"), &caller).await.unwrap(), Err(PushFailure::UploadNotFound));
    assert_eq!(finish(&id, &digest).await, Err(PushFailure::UploadEmpty));
    assert_eq!(append(&id, part(1, "x")).await, Err(PushFailure::PartOutOfPlace { received_bytes: 0 }));
    for (first_byte, last_byte) in [(0, 0), (0, 10), (0, u64::MAX)] {
        let wrong = LayerPart { first_byte, last_byte, bytes: Bytes::from_static(b"0123456789") };
        assert_eq!(append(&id, wrong).await, Err(PushFailure::PartOutOfPlace { received_bytes: 0 }), "not as long as it says");
    }
    let none = LayerPart { first_byte: 1, last_byte: 0, bytes: Bytes::new() };
    assert_eq!(append(&id, none).await, Err(PushFailure::PartOutOfPlace { received_bytes: 0 }), "a part has a byte");
    assert_eq!(append(&id, part(0, "0123456789")).await, Ok(10));
    assert_eq!(append(&id, part(0, "0123456789")).await, Err(PushFailure::PartOutOfPlace { received_bytes: 10 }), "sent twice");
    let layers = pushes.layers(&pushed, std::slice::from_ref(&digest), &caller).await.unwrap().unwrap();
    assert_eq!(layers, [None], "nothing is there before it is finished");
    assert_eq!(finish(&id, &digest).await, Ok(()));
    assert_eq!(finish(&id, &digest).await, Err(PushFailure::UploadNotFound), "a finished upload is gone");
    let asked = [hash(Algorithm::Sha256, b"nowhere"), digest.clone()];
    let layers = pushes.layers(&pushed, &asked, &caller).await.unwrap().unwrap();
    assert_eq!(layers.iter().map(|layer| layer.as_ref().map(|info| info.size_bytes)).collect::<Vec<_>>(), [None, Some(10)]);

    let id = begin().await;
    assert_eq!(append(&id, part(0, "0123456789")).await, Ok(10));
    assert_eq!(finish(&id, &digest).await, Err(PushFailure::LayerExists(digest.clone())));
    assert_eq!(append(&id, part(10, "x")).await, Err(PushFailure::UploadNotFound), "nobody needs it any more");
    let id = begin().await;
    let other = hash(Algorithm::Sha256, b"another");
    assert_eq!(append(&id, part(0, "else")).await, Ok(4));
    assert_eq!(finish(&id, &other).await, Err(PushFailure::LayerWrong(other.clone())));
    assert_eq!(finish(&id, &other).await, Err(PushFailure::UploadNotFound), "a wrong digest ends the upload");
    let id = begin().await;
    assert_eq!(append(&id, part(0, "ano")).await, Ok(3));
    assert_eq!(append(&id, part(3, "ther")).await, Ok(7));
    assert_eq!(finish(&id, &other).await, Err(PushFailure::PartTooSmall), "only the last part may be small");
    assert_eq!(pushes.link(&pushed, &digest).await.unwrap(), Err(LinkFailure::LayerOfNoImage));
    assert_eq!(pushes.link(&pushed, &other).await.unwrap(), Err(LinkFailure::LayerNotFound));
    digest
}

async fn images_have_what_they_name(bench: &PushBench<'_>, layer: &Digest) {
    let PushBench { pushes, hash, image, index, .. } = bench;
    let (pushed, stays) = (key("pushed"), key("stays"));
    let put = async |order: &ImagePush| pushes.put(order, &row("ecr:PutImage", &order.repository)).await.unwrap();
    let digest_of = |text: &str| hash(Algorithm::Sha256, text.as_bytes());
    let missing = digest_of("nowhere");
    let broken = put(&push(&pushed, "{", Some("v1"))).await;
    assert!(matches!(broken, Err(PushFailure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid));
    let without = put(&push(&pushed, &image(&[(layer.clone(), 10), (missing.clone(), 7)]), Some("v1"))).await;
    assert_eq!(without, Err(PushFailure::LayersMissing(vec![missing])));

    let manifest = image(&[(layer.clone(), 10)]);
    let digest = digest_of(&manifest);
    let many = index(&manifest, &digest);
    assert_eq!(put(&push(&pushed, &many, None)).await, Err(PushFailure::ImagesMissing(vec![digest.clone()])));
    let said = digest_of("another");
    let differs = ImagePush { digest: Some(said.clone()), ..push(&pushed, &manifest, Some("v1")) };
    assert_eq!(put(&differs).await, Err(PushFailure::DigestDiffers { said, computed: digest.clone() }));
    let order = ImagePush { digest: Some(digest.clone()), ..push(&pushed, &manifest, Some("v1")) };
    let PushedImage { digest: kept, media_type } = put(&order).await.expect("it is whole");
    assert_eq!(kept, digest);
    assert!(media_type.starts_with("application/vnd."), "{media_type}");
    assert_eq!(put(&order).await, Err(PushFailure::ImageExists(digest.clone())), "nothing changed");
    let other_tag = put(&push(&pushed, &manifest, Some("v2"))).await;
    assert_eq!(other_tag.expect("a tag of its own is a change").digest, digest);
    assert_eq!(put(&push(&pushed, &manifest, None)).await, Err(PushFailure::ImageExists(digest.clone())));
    assert_eq!(put(&push(&pushed, &many, Some("many"))).await.expect("its image is there").digest, digest_of(&many));
    let link = pushes.link(&pushed, layer).await.unwrap().expect("an image has it");
    assert!(link.starts_with(&format!("/v2/pushed/blobs/{layer}?")), "{link}");

    // A layer for each of two images of the repository whose tags stay.
    for (text, outcome) in [("one", true), ("two", false)] {
        let own = digest_of(text);
        let id = pushes.begin(&stays, &caller()).await.unwrap().unwrap();
        pushes.append(&stays, &id, part(0, text), &caller()).await.unwrap().unwrap();
        pushes.finish(&stays, &id, &own, &row("ecr:CompleteLayerUpload", &stays)).await.unwrap().unwrap();
        let moved = put(&push(&stays, &image(&[(own, 3)]), Some("v1"))).await;
        assert!(if outcome { moved.is_ok() } else { matches!(moved, Err(PushFailure::TagStays(_))) }, "{text}");
    }
}
