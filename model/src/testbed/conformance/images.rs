//! Repositories, blobs, manifests and tags: nothing is visible before it is whole, and nothing that is named goes away.

use bytes::Bytes;

use crate::audit::AuditRow;
use crate::digest::{Algorithm, Digest};
use crate::foreign_image::ForeignImage;
use crate::image_reference::{ImageTag, RepositoryName};
use crate::lifecycle_policy::{Keep, LifecyclePolicy, LifecycleRule, Selection};
use crate::port::{Blobs, ImageTags, Manifests, PutManifest, Repositories, Stored, UploadId};
use crate::refusal::RefusalKind;
use crate::repository::{Manifest, Repository, RepositoryChange, RepositoryKey, TagMutability};
use crate::tag::Tags;
use crate::testbed::images::{Hasher, VecBody, collect};
use crate::testbed::{caller, scope};
use crate::time::Timestamp;
use crate::wish::PageRequest;

pub(super) fn key(name: &str) -> RepositoryKey {
    RepositoryKey { scope: scope(), name: RepositoryName::parse(name).expect("a repository name") }
}

pub(super) fn row(action: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: action.to_owned(), resource: "*".to_owned() }
}

pub(super) fn upload(byte: u8) -> UploadId {
    UploadId(format!("{byte:02x}").repeat(16))
}

pub(super) fn body(pieces: &[&str]) -> Box<VecBody> {
    Box::new(VecBody(pieces.iter().map(|piece| Ok(Bytes::copy_from_slice(piece.as_bytes()))).collect()))
}

/// All promises of the four ports.
pub async fn images(
    repositories: &dyn Repositories,
    tags: &dyn ImageTags,
    manifests: &dyn Manifests,
    blobs: &dyn Blobs,
    hash: Hasher,
) {
    repositories_are_made_once(repositories).await;
    let hello = key("hello");
    let digest = hash(Algorithm::Sha256, b"0123456789");
    uploads_are_whole_or_nothing(blobs, &hello, &digest, hash).await;
    blobs_are_seen_where_they_were_put(blobs, &hello, &digest).await;
    manifests_name_what_is_there(tags, manifests, blobs, &digest, hash).await;
}

async fn repositories_are_made_once(repositories: &dyn Repositories) {
    for (name, tag_mutability) in [("hello", TagMutability::Mutable), ("fixed", TagMutability::Immutable)] {
        let (key_here, created_at) = (key(name), Timestamp::from_millis(5));
        let repository = Repository {
            key: key_here,
            created_at,
            tag_mutability,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        repositories.create(&repository, &row("ecr:CreateRepository")).await.unwrap().unwrap();
        let again = repositories.create(&repository, &row("ecr:CreateRepository")).await.unwrap().unwrap_err();
        assert_eq!(again.kind, RefusalKind::AlreadyExists);
        assert_eq!(repositories.get(&key(name)).await.unwrap(), Some(repository));
    }
    assert_eq!(repositories.get(&key("nobody")).await.unwrap(), None);
    policies_are_replaced_and_taken_away(repositories).await;
    those_with_a_lifecycle_are_found(repositories).await;
    let first = repositories.list(&scope(), &PageRequest { after: None, items_max: Some(1) }).await.unwrap();
    assert_eq!(first.items[0].key.name.as_str(), "fixed", "by name");
    let second = repositories.list(&scope(), &PageRequest { after: first.next, items_max: Some(1) }).await.unwrap();
    assert_eq!((second.items[0].key.name.as_str(), second.next), ("hello", None));
    let copies = RepositoryKey::of_copies(&ForeignImage::parse("docker.io/nginx").expect("an image"));
    let place = Repository {
        key: copies.clone(),
        created_at: Timestamp::from_millis(5),
        tag_mutability: TagMutability::Mutable,
        tags: Tags::default(),
        policy: None,
        lifecycle: None,
        scan_on_push: false,
    };
    repositories.create(&place, &row("outrunner:CopyImage")).await.unwrap().unwrap();
    let listed = repositories.list(&copies.scope, &PageRequest { after: None, items_max: None }).await.unwrap();
    assert_eq!(listed.items, [], "a place for copies is nobody's to see");
    assert_eq!(repositories.get(&copies).await.unwrap(), Some(place));
    let names = |list: &[&str]| list.iter().map(|name| RepositoryName::parse(name).unwrap()).collect::<Vec<_>>();
    let named = repositories.named(&scope(), &names(&["hello", "fixed"])).await.unwrap().unwrap();
    assert_eq!(named.len(), 2);
    let refusal = repositories.named(&scope(), &names(&["hello", "nobody"])).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
}

async fn policies_are_replaced_and_taken_away(repositories: &dyn Repositories) {
    let (hello, row) = (key("hello"), row("ecr:SetRepositoryPolicy"));
    for (policy, before) in [(Some("one"), None), (Some("two"), Some("one")), (None, Some("two")), (None, None)] {
        let found = repositories.set_policy(&hello, policy, &row).await.unwrap().unwrap();
        assert_eq!(found.as_deref(), before);
        assert_eq!(repositories.get(&hello).await.unwrap().unwrap().policy.as_deref(), policy);
    }
    let refusal = repositories.set_policy(&key("nobody"), Some("one"), &row).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
}

async fn those_with_a_lifecycle_are_found(repositories: &dyn Repositories) {
    let (hello, row) = (key("hello"), row("ecr:PutLifecyclePolicy"));
    assert_eq!(repositories.with_lifecycle().await.unwrap(), []);
    let rules = vec![LifecycleRule { selection: Selection::TagPrefixes(vec!["v".to_owned()]), keep: Keep::Newest(3) }];
    let policy = LifecyclePolicy { text: "{}".to_owned(), rules };
    let change = RepositoryChange::Lifecycle(Some(policy.clone()));
    let changed = repositories.change(&hello, &change, &row).await.unwrap().unwrap();
    assert_eq!(changed.lifecycle, Some(policy));
    assert_eq!(repositories.with_lifecycle().await.unwrap(), [changed]);
    repositories.change(&hello, &RepositoryChange::Lifecycle(None), &row).await.unwrap().unwrap();
    assert_eq!(repositories.with_lifecycle().await.unwrap(), []);
    for wanted in [true, false] {
        let changed = repositories.change(&hello, &RepositoryChange::ScanOnPush(wanted), &row).await.unwrap().unwrap();
        assert_eq!(changed.scan_on_push, wanted);
    }
}

async fn uploads_are_whole_or_nothing(blobs: &dyn Blobs, hello: &RepositoryKey, digest: &Digest, hash: Hasher) {
    let id = upload(1);
    assert_eq!(blobs.received(hello, &id).await.unwrap(), None);
    blobs.begin(hello, &id).await.unwrap();
    assert_eq!(blobs.received(&key("fixed"), &id).await.unwrap(), None, "an upload belongs to its repository");
    assert_eq!(blobs.append(hello, &id, 0, body(&["01", "234"]), 100).await.unwrap().unwrap(), 5);
    let early = blobs.append(hello, &id, 3, body(&["x"]), 100).await.unwrap().unwrap_err();
    assert_eq!(early.kind, RefusalKind::WrongState, "out of order");
    let cut = VecBody(vec![Ok(Bytes::from_static(b"56")), Err("the peer went away".to_owned())]);
    blobs.append(hello, &id, 5, Box::new(cut), 100).await.unwrap_err();
    assert_eq!(blobs.received(hello, &id).await.unwrap(), Some(5), "a body that was cut off is taken back");
    let large = blobs.append(hello, &id, 5, body(&["56789x"]), 10).await.unwrap().unwrap_err();
    assert_eq!(large.kind, RefusalKind::Quota);
    assert_eq!(blobs.received(hello, &id).await.unwrap(), Some(5), "and so is one that is too large");
    assert_eq!(blobs.append(hello, &id, 5, body(&["56789"]), 10).await.unwrap().unwrap(), 10);
    assert_eq!(blobs.stat(hello, digest).await.unwrap(), None, "nothing is visible before it is finished");
    blobs.finish(hello, &id, digest, &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
    assert_eq!(blobs.received(hello, &id).await.unwrap(), None, "a finished upload is gone");
    assert_eq!(blobs.stat(hello, digest).await.unwrap().map(|info| info.size_bytes), Some(10));

    let wrong = upload(2);
    blobs.begin(hello, &wrong).await.unwrap();
    blobs.append(hello, &wrong, 0, body(&["else"]), 100).await.unwrap().unwrap();
    let claimed = hash(Algorithm::Sha256, b"something");
    let refusal = blobs.finish(hello, &wrong, &claimed, &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Invalid);
    assert_eq!(blobs.stat(hello, &claimed).await.unwrap(), None);
    assert_eq!(blobs.received(hello, &wrong).await.unwrap(), None, "a wrong digest ends the upload");
    let refusal = blobs.finish(hello, &wrong, &claimed, &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);

    let long = upload(3);
    blobs.begin(hello, &long).await.unwrap();
    blobs.append(hello, &long, 0, body(&["sha512"]), 100).await.unwrap().unwrap();
    blobs.finish(hello, &long, &hash(Algorithm::Sha512, b"sha512"), &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
    let cancelled = upload(4);
    blobs.begin(hello, &cancelled).await.unwrap();
    blobs.cancel(hello, &cancelled).await.unwrap();
    blobs.cancel(hello, &cancelled).await.unwrap();
    assert_eq!(blobs.received(hello, &cancelled).await.unwrap(), None);
}

async fn blobs_are_seen_where_they_were_put(blobs: &dyn Blobs, hello: &RepositoryKey, digest: &Digest) {
    let whole = blobs.read(hello, digest, None).await.unwrap().expect("the repository sees it");
    assert_eq!(collect(whole).await.unwrap(), b"0123456789");
    let part = blobs.read(hello, digest, Some(3..6)).await.unwrap().expect("the repository sees it");
    assert_eq!(collect(part).await.unwrap(), b"345");
    let fixed = key("fixed");
    assert!(blobs.read(&fixed, digest, None).await.unwrap().is_none(), "another repository does not see it");
    assert!(!blobs.mount(&key("nobody"), &fixed, digest, &row("ecr:CompleteLayerUpload")).await.unwrap());
    assert_eq!(blobs.stat(&fixed, digest).await.unwrap(), None);
    assert!(blobs.mount(hello, &fixed, digest, &row("ecr:CompleteLayerUpload")).await.unwrap());
    assert!(blobs.stat(&fixed, digest).await.unwrap().is_some());
    assert_eq!(blobs.promise(&fixed, digest).await.unwrap(), blobs.stat(&fixed, digest).await.unwrap());
    assert_eq!(blobs.promise(&key("nobody"), digest).await.unwrap(), None, "what is not there is not promised");
    assert!(blobs.remove(&fixed, digest, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    assert!(!blobs.remove(&fixed, digest, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    assert!(blobs.stat(hello, digest).await.unwrap().is_some(), "taken out of one repository, it stays in the other");
}

pub(super) fn order(
    repository: &RepositoryKey,
    text: &'static str,
    references: &[Digest],
    tag: Option<&str>,
    hash: Hasher,
) -> PutManifest {
    let bytes = Bytes::from_static(text.as_bytes());
    let manifest = Manifest {
        digest: hash(Algorithm::Sha256, &bytes),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        size_bytes: bytes.len() as u64,
        pushed_at: Timestamp::from_millis(9),
        references: references.to_vec(),
        subject: None,
        artifact_type: None,
        image_bytes: None,
    };
    PutManifest { repository: repository.clone(), manifest, bytes, tag: tag.map(|tag| ImageTag::parse(tag).unwrap()) }
}

async fn manifests_name_what_is_there(
    tags: &dyn ImageTags,
    manifests: &dyn Manifests,
    blobs: &dyn Blobs,
    blob: &Digest,
    hash: Hasher,
) {
    let (hello, fixed) = (key("hello"), key("fixed"));
    let audit = row("ecr:PutImage");
    let missing = hash(Algorithm::Sha256, b"nowhere");
    let refused = manifests.put(&order(&hello, "{1}", &[missing], None, hash), &audit).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Invalid);
    let first = order(&hello, "{1}", std::slice::from_ref(blob), Some("v1"), hash);
    assert_eq!(manifests.put(&first, &audit).await.unwrap().unwrap(), Stored::New { before: None });
    assert_eq!(manifests.put(&first, &audit).await.unwrap().unwrap(), Stored::Same);
    assert!(manifests.names(&hello, blob).await.unwrap());
    assert!(!manifests.names(&fixed, blob).await.unwrap(), "of this repository");
    let digest = first.manifest.digest.clone();
    assert_eq!(manifests.get(&hello, &digest).await.unwrap(), Some(first.manifest.clone()));
    let bytes = blobs.read(&hello, &digest, None).await.unwrap().expect("a manifest's bytes are a blob");
    assert_eq!(collect(bytes).await.unwrap(), b"{1}");
    let refused = blobs.remove(&hello, blob, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::WrongState, "a blob that is named stays");

    let mut second = order(&hello, "{2}", std::slice::from_ref(&digest), Some("v1"), hash);
    second.manifest.subject = Some(digest.clone());
    let stored = manifests.put(&second, &audit).await.unwrap().unwrap();
    assert_eq!(stored, Stored::New { before: Some(digest.clone()) }, "a tag moves and says where it was");
    let v1 = ImageTag::parse("v1").unwrap();
    assert_eq!(tags.get(&hello, &v1).await.unwrap(), Some(second.manifest.digest.clone()));
    assert_eq!(manifests.referrers(&hello, &digest).await.unwrap(), vec![second.manifest.clone()]);
    assert!(blobs.mount(&hello, &fixed, blob, &row("ecr:CompleteLayerUpload")).await.unwrap());
    for (text, tag, moves) in [("{1}", "v1", true), ("{1}", "v1", true), ("{3}", "v1", false), ("{3}", "v2", true)] {
        let put = manifests.put(&order(&fixed, text, std::slice::from_ref(blob), Some(tag), hash), &audit).await.unwrap();
        assert_eq!(put.is_ok(), moves, "an immutable tag never moves: {text} {tag}");
    }
    let listed = tags.list(&fixed, &PageRequest { after: None, items_max: Some(1) }).await.unwrap();
    assert_eq!((listed.items[0].tag.as_str(), listed.next.is_some()), ("v1", true));
    let behind = tags.list(&fixed, &PageRequest { after: Some("v1x".to_owned()), items_max: None }).await.unwrap();
    assert_eq!(behind.items.len(), 1, "a page may begin behind a tag that is not there");
    assert!(tags.remove(&fixed, &v1, &row("ecr:BatchDeleteImage")).await.unwrap());
    assert!(!tags.remove(&fixed, &v1, &row("ecr:BatchDeleteImage")).await.unwrap());
    let third = hash(Algorithm::Sha256, b"{3}");
    assert!(manifests.remove(&fixed, &third, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    assert!(!manifests.remove(&fixed, &third, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap());
    let refused = manifests.remove(&hello, &digest, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::WrongState, "what an index names stays");
    assert_eq!(manifests.get(&fixed, &third).await.unwrap(), None);
    let left = tags.list(&fixed, &PageRequest { after: None, items_max: None }).await.unwrap();
    assert!(left.items.is_empty(), "a manifest takes its tags along");
}
