//! Images of a repository: listed row by row, removed by tag or digest; repositories that change and go; and the platform's own copies, which stay.

use crate::digest::{Algorithm, Digest};
use crate::image_reference::{ImageTag, RepositoryName};
use crate::lifecycle_policy::{Keep, LifecyclePolicy, LifecycleRule, Selection};
use crate::port::{Blobs, EachImage, Manifests, PinnedImages, PutManifest, Repositories, RepositoryImages};
use crate::refusal::RefusalKind;
use crate::repository::{Deletion, Repository, RepositoryChange, RepositoryKey, TagFilter, TagMutability};
use crate::repository_image::{ImageFailure, ImageId, ImageRow, RepositoryImage, TagStatus};
use crate::revision::ImagePin;
use crate::tag::Tags;
use crate::testbed::conformance::images::{body, key, order, row, upload};
use crate::testbed::images::{Hasher, collect};
use crate::time::Timestamp;
use crate::wish::PageRequest;

const ALL: PageRequest = PageRequest { after: None, items_max: None };

async fn make(repositories: &dyn Repositories, name: &str) -> RepositoryKey {
    let created_at = Timestamp::from_millis(5);
    let (tag_mutability, tags) = (TagMutability::Mutable, Tags::default());
    let repository =
        Repository { key: key(name), created_at, tag_mutability, tags, policy: None, lifecycle: None, scan_on_push: false };
    repositories.create(&repository, &row("ecr:CreateRepository")).await.unwrap().unwrap();
    repository.key
}

async fn put_blob(blobs: &dyn Blobs, key: &RepositoryKey, byte: u8, text: &'static str, hash: Hasher) -> Digest {
    let digest = hash(Algorithm::Sha256, text.as_bytes());
    blobs.begin(key, &upload(byte)).await.unwrap();
    blobs.append(key, &upload(byte), 0, body(&[text]), 100).await.unwrap().unwrap();
    blobs.finish(key, &upload(byte), &digest, &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
    digest
}

fn tag(text: &str) -> ImageTag {
    ImageTag::parse(text).unwrap()
}

/// An image of one layer under two tags, an index of it under one, and an image without a tag.
struct Shelf {
    hello: RepositoryKey,
    image: Digest,
    index: Digest,
    loose: Digest,
}

async fn fill(repositories: &dyn Repositories, manifests: &dyn Manifests, blobs: &dyn Blobs, hash: Hasher) -> Shelf {
    let hello = make(repositories, "hello").await;
    let layer = put_blob(blobs, &hello, 1, "0123456789", hash).await;
    let audit = row("ecr:PutImage");
    let mut image = order(&hello, "{image}", std::slice::from_ref(&layer), Some("v1"), hash);
    image.manifest.image_bytes = Some(7);
    manifests.put(&image, &audit).await.unwrap().unwrap();
    image.tag = Some(tag("latest"));
    manifests.put(&image, &audit).await.unwrap().unwrap();
    let index = order(&hello, "{index}", std::slice::from_ref(&image.manifest.digest), Some("many"), hash);
    manifests.put(&index, &audit).await.unwrap().unwrap();
    let loose = order(&hello, "{loose}", std::slice::from_ref(&layer), None, hash);
    manifests.put(&loose, &audit).await.unwrap().unwrap();
    Shelf { hello, image: image.manifest.digest, index: index.manifest.digest, loose: loose.manifest.digest }
}

/// All promises of the port `RepositoryImages`, and of a repository's changes and end.
pub async fn repository_images(
    repositories: &dyn Repositories,
    manifests: &dyn Manifests,
    blobs: &dyn Blobs,
    images: &dyn RepositoryImages,
    hash: Hasher,
) {
    let shelf = fill(repositories, manifests, blobs, hash).await;
    are_listed(images, &shelf).await;
    are_found(images, &shelf).await;
    expire_only_as_they_were_seen(repositories, manifests, images, &shelf, hash).await;
    filters_decide_which_tags_move(repositories, manifests, images, &shelf.hello, hash).await;
    repositories_change(repositories, &shelf.hello).await;
    are_removed(images, manifests, &shelf, hash).await;
    repositories_go(repositories, manifests, blobs, images, &shelf.hello, hash).await;
}

async fn are_listed(images: &dyn RepositoryImages, shelf: &Shelf) {
    let Shelf { hello, image, index, loose } = shelf;
    let refused = images.list(&key("nobody"), TagStatus::Any, &ALL).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::NotFound);
    assert_eq!(images.rows(&key("nobody"), TagStatus::Any, &ALL).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
    for (status, wanted) in
        [(TagStatus::Any, vec![image, index, loose]), (TagStatus::Tagged, vec![image, index]), (TagStatus::Untagged, vec![loose])]
    {
        let mut wanted: Vec<_> = wanted.into_iter().cloned().collect();
        wanted.sort();
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let request = PageRequest { after, items_max: Some(1) };
            let page = images.list(hello, status, &request).await.unwrap().unwrap();
            found.extend(page.items.into_iter().map(|image| image.manifest.digest));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, wanted, "by digest, page by page: {status:?}");
    }
    let mut wanted = vec![(image, Some("latest")), (image, Some("v1")), (index, Some("many")), (loose, None)];
    wanted.sort();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = images.rows(hello, TagStatus::Any, &PageRequest { after, items_max: Some(3) }).await.unwrap().unwrap();
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let found: Vec<_> = found.iter().map(|row| (&row.digest, row.tag.as_ref().map(ImageTag::as_str))).collect();
    assert_eq!(found, wanted, "a row for each tag, and one for what has none");
    for (status, count) in [(TagStatus::Tagged, 3), (TagStatus::Untagged, 1)] {
        assert_eq!(images.rows(hello, status, &ALL).await.unwrap().unwrap().items.len(), count, "{status:?}");
    }
}

async fn are_found(images: &dyn RepositoryImages, shelf: &Shelf) {
    let Shelf { hello, image, index, loose } = shelf;
    let both = |text: &str, digest: &Digest| ImageId::Both { tag: tag(text), digest: digest.clone() };
    let ids = [
        ImageId::Tag(tag("v1")),
        ImageId::Digest(loose.clone()),
        both("v1", image),
        both("v1", loose),
        both("v9", image),
        ImageId::Tag(tag("v9")),
        ImageId::Digest(index.clone()),
    ];
    let found = images.find(hello, &ids).await.unwrap().unwrap();
    let digests: Vec<_> = found.iter().map(|found| found.as_ref().map(|image| &image.manifest.digest)).collect();
    let (absent, elsewhere) = (ImageFailure::NotFound, ImageFailure::TagElsewhere);
    assert_eq!(digests, [Ok(image), Ok(loose), Ok(image), Err(&elsewhere), Err(&absent), Err(&absent), Ok(index)]);
    let first = found[0].as_ref().unwrap();
    assert_eq!(first.tags.iter().map(ImageTag::as_str).collect::<Vec<_>>(), ["latest", "v1"], "in byte order");
    assert_eq!(first.size_bytes, 7, "what was said when it was pushed");
    assert_eq!(found[1].as_ref().unwrap().size_bytes, 10, "else what it names");
    assert_eq!(images.find(&key("nobody"), &ids).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
}

async fn repositories_change(repositories: &dyn Repositories, hello: &RepositoryKey) {
    let audit = row("ecr:TagResource");
    let tags = |pairs: &[(&str, &str)]| Tags(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect());
    let change = RepositoryChange::TagMutability(TagMutability::Immutable);
    assert_eq!(repositories.change(&key("nobody"), &change, &audit).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
    repositories.change(hello, &change, &audit).await.unwrap().unwrap();
    repositories.change(hello, &RepositoryChange::Tag(tags(&[("a", "1"), ("b", "2")])), &audit).await.unwrap().unwrap();
    repositories.change(hello, &RepositoryChange::Tag(tags(&[("b", "3")])), &audit).await.unwrap().unwrap();
    let untag = RepositoryChange::Untag(vec!["a".to_owned(), "nobody".to_owned()]);
    let changed = repositories.change(hello, &untag, &audit).await.unwrap().unwrap();
    assert_eq!((&changed.tag_mutability, &changed.tags), (&TagMutability::Immutable, &tags(&[("b", "3")])));
    let many = Tags((0..crate::limit::TAGS).map(|n| (format!("k{n}"), String::new())).collect());
    let refused = repositories.change(hello, &RepositoryChange::Tag(many), &audit).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Quota);
    assert_eq!(repositories.get(hello).await.unwrap(), Some(changed), "a refused change changes nothing");
}

/// Between a look at images and their expiry a push may come, or the policy may go.
async fn expire_only_as_they_were_seen(
    repositories: &dyn Repositories,
    manifests: &dyn Manifests,
    images: &dyn RepositoryImages,
    shelf: &Shelf,
    hash: Hasher,
) {
    let Shelf { hello, loose, index, .. } = shelf;
    let (pushed, audit) = (row("ecr:PutImage"), row("ecr:PolicyExecutionEvent"));
    let newest = |number| LifecyclePolicy {
        text: "{}".to_owned(),
        rules: vec![LifecycleRule { selection: Selection::Any, keep: Keep::Newest(number) }],
    };
    let policy = newest(0);
    let keeps = async |policy: Option<&LifecyclePolicy>| {
        let change = RepositoryChange::Lifecycle(policy.cloned());
        repositories.change(hello, &change, &row("ecr:PutLifecyclePolicy")).await.unwrap().unwrap();
    };
    let look = async |digest: &Digest| {
        images.find(hello, &[ImageId::Digest(digest.clone())]).await.unwrap().unwrap().remove(0).expect("it is there")
    };
    let expire = async |policy: &LifecyclePolicy, seen: &RepositoryImage| {
        images.expire(hello, policy, std::slice::from_ref(seen), &audit).await.unwrap().unwrap()
    };
    let layer = hash(Algorithm::Sha256, b"0123456789");
    let old = order(hello, "{old}", std::slice::from_ref(&layer), None, hash);
    manifests.put(&old, &pushed).await.unwrap().unwrap();
    let seen = look(&old.manifest.digest).await;

    assert_eq!(images.expire(&key("nobody"), &policy, &[], &audit).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
    assert!(expire(&policy, &seen).await.is_empty(), "a repository without a policy loses nothing");
    keeps(Some(&newest(1))).await;
    assert!(expire(&policy, &seen).await.is_empty(), "nor does one with another policy");
    keeps(Some(&policy)).await;
    let tagged = PutManifest { tag: Some(tag("kept")), ..old.clone() };
    manifests.put(&tagged, &pushed).await.unwrap().unwrap();
    assert!(expire(&policy, &seen).await.is_empty(), "a tag that was pushed since the look is not lost");
    assert_eq!(look(&old.manifest.digest).await.tags, [tag("kept")]);
    let moved = look(&old.manifest.digest).await;
    let other = PutManifest { tag: Some(tag("kept")), ..order(hello, "{other}", std::slice::from_ref(&layer), None, hash) };
    manifests.put(&other, &pushed).await.unwrap().unwrap();
    assert!(expire(&policy, &moved).await.is_empty(), "nor is an image that lost a tag since: it was not what was looked at");
    assert_eq!(expire(&policy, &look(index).await).await, std::slice::from_ref(index), "what is as it was seen goes, tags and all");
    let again = order(hello, "{index}", std::slice::from_ref(&shelf.image), Some("many"), hash);
    manifests.put(&again, &pushed).await.unwrap().unwrap();
    assert!(expire(&policy, &look(&shelf.image).await).await.is_empty(), "what an index names stays");
    let both = [look(&old.manifest.digest).await, look(&other.manifest.digest).await];
    let gone = images.expire(hello, &policy, &both, &audit).await.unwrap().unwrap();
    assert_eq!(gone, [old.manifest.digest, other.manifest.digest]);
    assert!(images.find(hello, &[ImageId::Digest(loose.clone())]).await.unwrap().unwrap()[0].is_ok(), "nobody asked for it");

    let newer = [("{newer 1}", "n1"), ("{newer 2}", "n2")];
    let newer = newer.map(|(text, tag)| order(hello, text, std::slice::from_ref(&layer), Some(tag), hash));
    for push in &newer {
        manifests.put(push, &pushed).await.unwrap().unwrap();
    }
    let all = images.list(hello, TagStatus::Any, &ALL).await.unwrap().unwrap().items;
    let one_less = newest(u32::try_from(all.len()).unwrap() - 1);
    keeps(Some(&one_less)).await;
    let [oldest] = &one_less.expired(&all, audit.at)[..] else { panic!("one goes") };
    let seen = look(oldest).await;
    let (first, last): (Vec<_>, Vec<_>) =
        newer.iter().map(|push| push.manifest.digest.clone()).partition(|digest| digest != oldest);
    let taken = ImageId::Digest(first[0].clone());
    images.remove(hello, &[taken], &row("ecr:BatchDeleteImage")).await.unwrap().unwrap();
    assert!(expire(&one_less, &seen).await.is_empty(), "newer ones went since the look: the policy keeps it now");
    let rest: Vec<ImageId> = first[1..].iter().chain(&last).cloned().map(ImageId::Digest).collect();
    images.remove(hello, &rest, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap();
    keeps(None).await;
}

async fn filters_decide_which_tags_move(
    repositories: &dyn Repositories,
    manifests: &dyn Manifests,
    images: &dyn RepositoryImages,
    hello: &RepositoryKey,
    hash: Hasher,
) {
    let (audit, layer) = (row("ecr:PutImage"), hash(Algorithm::Sha256, b"0123456789"));
    let filters = || vec![TagFilter("dev-*".to_owned())];
    let [one, two] = ["{filtered 1}", "{filtered 2}"].map(|text| order(hello, text, std::slice::from_ref(&layer), None, hash));
    for (mutability, moves) in [
        (TagMutability::ImmutableExcept(filters()), [("dev-1", true), ("v2", false)]),
        (TagMutability::MutableExcept(filters()), [("dev-1", false), ("v2", true)]),
        (TagMutability::Mutable, [("dev-1", true), ("v2", true)]),
    ] {
        let change = RepositoryChange::TagMutability(mutability.clone());
        let changed = repositories.change(hello, &change, &row("ecr:PutImageTagMutability")).await.unwrap().unwrap();
        assert_eq!(changed.tag_mutability, mutability);
        for (text, is_moved) in moves {
            let outcomes = [&one, &two].map(|order| PutManifest { tag: Some(tag(text)), ..order.clone() });
            let first = manifests.put(&outcomes[0], &audit).await.unwrap().is_ok();
            let second = manifests.put(&outcomes[1], &audit).await.unwrap();
            assert_eq!(first && second.is_ok(), is_moved, "{mutability:?}: {text}");
            if let Err(refusal) = second {
                assert_eq!(refusal.kind, RefusalKind::WrongState, "{}", refusal.message);
            }
        }
    }
    let both = [one, two].map(|order| ImageId::Digest(order.manifest.digest));
    images.remove(hello, &both, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap();
}

async fn are_removed(images: &dyn RepositoryImages, manifests: &dyn Manifests, shelf: &Shelf, hash: Hasher) {
    let Shelf { hello, image, index, loose } = shelf;
    let audit = row("ecr:BatchDeleteImage");
    let remove = async |ids: &[ImageId]| -> EachImage<Vec<ImageRow>> { images.remove(hello, ids, &audit).await.unwrap().unwrap() };
    let row_of = |digest: &Digest, text: Option<&str>| ImageRow { digest: digest.clone(), tag: text.map(tag) };
    assert_eq!(images.remove(&key("nobody"), &[], &audit).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
    let by_tag = remove(&[ImageId::Tag(tag("latest")), ImageId::Tag(tag("latest"))]).await;
    assert_eq!(by_tag, [Ok(vec![row_of(image, Some("latest"))]), Err(ImageFailure::NotFound)], "only the tag goes");
    assert!(manifests.get(hello, image).await.unwrap().is_some());
    for id in [ImageId::Tag(tag("v1")), ImageId::Digest(image.clone())] {
        assert_eq!(remove(&[id]).await, [Err(ImageFailure::InIndex(vec![index.clone()]))], "with its last tag it would go");
    }
    let wrong = ImageId::Both { tag: tag("v1"), digest: loose.clone() };
    assert_eq!(remove(&[wrong]).await, [Err(ImageFailure::TagElsewhere)]);
    assert_eq!(remove(&[ImageId::Digest(loose.clone())]).await, [Ok(vec![row_of(loose, None)])]);
    let together = remove(&[ImageId::Digest(image.clone()), ImageId::Tag(tag("many"))]).await;
    let gone = [Ok(vec![row_of(image, Some("v1"))]), Ok(vec![row_of(index, Some("many"))])];
    assert_eq!(together, gone, "an image goes with the index that names it, in any order");
    assert!(images.rows(hello, TagStatus::Any, &ALL).await.unwrap().unwrap().items.is_empty());
    assert_eq!(manifests.get(hello, index).await.unwrap(), None, "the last tag takes the image along");
    let again = order(hello, "{image}", &[hash(Algorithm::Sha256, b"0123456789")], Some("v1"), hash);
    manifests.put(&again, &row("ecr:PutImage")).await.unwrap().unwrap();
}

async fn repositories_go(
    repositories: &dyn Repositories,
    manifests: &dyn Manifests,
    blobs: &dyn Blobs,
    images: &dyn RepositoryImages,
    hello: &RepositoryKey,
    hash: Hasher,
) {
    let (audit, digest) = (row("ecr:DeleteRepository"), hash(Algorithm::Sha256, b"0123456789"));
    let absent = repositories.delete(&key("nobody"), Deletion::WithImages, &audit).await.unwrap().unwrap_err();
    assert_eq!(absent.kind, RefusalKind::NotFound);
    let occupied = repositories.delete(hello, Deletion::OnlyEmpty, &audit).await.unwrap().unwrap_err();
    assert_eq!(occupied.kind, RefusalKind::WrongState);
    assert!(blobs.stat(hello, &digest).await.unwrap().is_some(), "a refused deletion takes nothing");
    let deleted = repositories.delete(hello, Deletion::WithImages, &audit).await.unwrap().unwrap();
    assert_eq!(&deleted.key, hello);
    assert_eq!(repositories.get(hello).await.unwrap(), None);
    assert_eq!(images.rows(hello, TagStatus::Any, &ALL).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
    let again = make(repositories, "hello").await;
    assert_eq!(blobs.stat(&again, &digest).await.unwrap(), None, "a repository of the same name begins empty");
    assert_eq!(manifests.get(&again, &hash(Algorithm::Sha256, b"{image}")).await.unwrap(), None);
    put_blob(blobs, &again, 2, "0123456789", hash).await;
    repositories.delete(&again, Deletion::OnlyEmpty, &audit).await.unwrap().unwrap();
}

/// All promises of the port `PinnedImages`.
pub async fn pinned_images(
    repositories: &dyn Repositories,
    manifests: &dyn Manifests,
    blobs: &dyn Blobs,
    pinned: &dyn PinnedImages,
    hash: Hasher,
) {
    let Shelf { hello, image, index, loose } = fill(repositories, manifests, blobs, hash).await;
    let at = Timestamp::from_millis;
    let pin = |digest: &Digest| ImagePin { scope: hello.scope.clone(), repository: hello.name.clone(), digest: digest.clone() };
    let read = async |pin: &ImagePin, text: &str| match pinned.read(pin, &hash(Algorithm::Sha256, text.as_bytes())).await.unwrap() {
        Some(bytes) => Some(String::from_utf8(collect(bytes).await.unwrap()).unwrap()),
        None => None,
    };
    assert!(!pinned.pin(&pin(&hash(Algorithm::Sha256, b"nowhere")), at(10)).await.unwrap(), "what is not there cannot be pinned");
    let mut foreign = pin(&image);
    foreign.repository = RepositoryName::parse("nobody").unwrap();
    assert!(!pinned.pin(&foreign, at(10)).await.unwrap());
    assert_eq!(read(&pin(&image), "{image}").await.as_deref(), Some("{image}"), "before it is pinned the repository is read");
    assert!(pinned.pin(&pin(&index), at(10)).await.unwrap());
    assert!(pinned.pin(&pin(&index), at(10)).await.unwrap(), "twice is once");

    repositories.delete(&hello, Deletion::WithImages, &row("ecr:DeleteRepository")).await.unwrap().unwrap();
    for text in ["{index}", "{image}", "0123456789"] {
        assert_eq!(read(&pin(&index), text).await.as_deref(), Some(text), "an index keeps all that it names");
        assert_eq!(read(&pin(&loose), text).await, None, "what was not pinned went with the repository");
    }
    assert_eq!(read(&pin(&index), "{loose}").await, None, "a pin shows nothing but its own");
    assert!(pinned.pin(&pin(&index), at(20)).await.unwrap(), "pinned already, the repository is not needed");
    assert!(pinned.pin(&pin(&index), at(5)).await.unwrap(), "a clock that was set back makes no pin older");
    assert!(!pinned.pin(&pin(&loose), at(20)).await.unwrap());
    make(repositories, "hello").await;
    assert_eq!(blobs.stat(&hello, &image).await.unwrap(), None, "our copy is not in the repository");

    pinned.keep(&[pin(&index)], at(99)).await.unwrap();
    pinned.keep(&[], at(20)).await.unwrap();
    assert!(read(&pin(&index), "{image}").await.is_some(), "one that is not older stays, whoever needs it");
    pinned.keep(&[], at(21)).await.unwrap();
    assert_eq!(read(&pin(&index), "{image}").await, None, "an older one that nobody needs goes");
    pinned.keep(&[pin(&index)], at(22)).await.unwrap();
    assert_eq!(read(&pin(&index), "{image}").await, None, "what is nowhere cannot be kept");

    let layer = put_blob(blobs, &hello, 3, "0123456789", hash).await;
    let again = order(&hello, "{image}", &[layer], Some("v1"), hash);
    manifests.put(&again, &row("ecr:PutImage")).await.unwrap().unwrap();
    pinned.keep(&[pin(&image)], at(30)).await.unwrap();
    manifests.remove(&hello, &image, &row("ecr:BatchDeleteImage")).await.unwrap().unwrap();
    assert!(read(&pin(&image), "{image}").await.is_some(), "what shall be kept is pinned as long as it can be");
}
