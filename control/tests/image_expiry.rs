//! Images that a lifecycle policy no longer keeps go, others stay, and a repository without one is left alone.

mod memory;

use std::sync::Arc;

use bytes::Bytes;
use control::image_expiry::expire_images;
use control::ports::Ports;
use model::audit::AuditRow;
use model::digest::{Algorithm, Digest};
use model::image_reference::{ImageTag, RepositoryName};
use model::lifecycle_policy::{Keep, LifecyclePolicy, LifecycleRule, Selection};
use model::port::{Answer, EachImage, Granted, Manifests, PutManifest, Repositories, RepositoryImages};
use model::repository::{Manifest, Repository, RepositoryChange, RepositoryKey, TagMutability};
use model::repository_image::{ImageId, ImageRow, RepositoryImage, TagStatus};
use model::tag::Tags;
use model::testbed::{MemoryEdge, MemoryEngine, MemoryImages, MemoryLedger, TurnedClock, block_on, caller};
use model::time::Timestamp;
use model::wish::{Page, PageRequest};

const DAY_MILLIS: i64 = 24 * 3_600_000;
const NOW_MILLIS: i64 = 1_800_000_000_000;

struct House {
    ports: Ports,
    images: Arc<MemoryImages>,
}

fn row(action: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(0), caller: caller(), action: action.to_owned(), resource: "some".to_owned() }
}

fn key(name: &str) -> RepositoryKey {
    RepositoryKey { scope: caller().scope, name: RepositoryName::parse(name).expect("a name") }
}

fn digest(byte: u8) -> Digest {
    Digest::from_hash(Algorithm::Sha256, &[byte; 32])
}

impl House {
    fn new() -> Self {
        let clock = Arc::new(TurnedClock::at_millis(NOW_MILLIS));
        let ledger = Arc::new(MemoryLedger::default());
        let images = Arc::new(MemoryImages::new(|_, _| digest(1)));
        let (engine, edge) = (Arc::new(MemoryEngine::new(clock.clone())), Arc::new(MemoryEdge::default()));
        let ports = memory::ports(&ledger, &images, &engine, &edge, &clock);
        Self { ports, images }
    }

    /// A repository with an image that was pushed a day ago, and one that was pushed twenty days ago, both without a tag; and an old one with a tag.
    fn repository(&self, name: &str, first: u8) {
        let repository = Repository {
            key: key(name),
            created_at: self.ports.clock.now(),
            tag_mutability: TagMutability::Mutable,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        block_on(Repositories::create(&*self.images, &repository, &row("ecr:CreateRepository"))).unwrap().unwrap();
        for (byte, days, tag) in [(first, 1, None), (first + 1, 20, None), (first + 2, 30, Some("v1"))] {
            let manifest = Manifest {
                digest: digest(byte),
                media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
                size_bytes: 2,
                pushed_at: Timestamp::from_millis(NOW_MILLIS - days * DAY_MILLIS),
                references: Vec::new(),
                subject: None,
                artifact_type: None,
                image_bytes: None,
            };
            let tag = tag.map(|tag| ImageTag::parse(tag).expect("a tag"));
            let put = PutManifest { repository: key(name), manifest, bytes: Bytes::from_static(b"{}"), tag };
            block_on(self.images.put(&put, &row("ecr:PutImage"))).unwrap().unwrap();
        }
    }

    fn there(&self, name: &str) -> Vec<Digest> {
        let page = PageRequest { after: None, items_max: None };
        let page = block_on(RepositoryImages::list(&*self.images, &key(name), TagStatus::Any, &page)).unwrap().unwrap();
        page.items.into_iter().map(|image| image.manifest.digest).collect()
    }
}

/// Images into which somebody pushes right after each look at them.
struct Pushing {
    images: Arc<MemoryImages>,
    push: PutManifest,
}

impl RepositoryImages for Pushing {
    fn list<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        status: TagStatus,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<RepositoryImage>>> {
        Box::pin(async move {
            let page = RepositoryImages::list(&*self.images, repository, status, page).await;
            self.images.put(&self.push, &row("ecr:PutImage")).await?.expect("its layers are there");
            page
        })
    }

    fn rows<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        status: TagStatus,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<ImageRow>>> {
        self.images.rows(repository, status, page)
    }

    fn find<'a>(&'a self, repository: &'a RepositoryKey, ids: &'a [ImageId]) -> Answer<'a, Granted<EachImage<RepositoryImage>>> {
        self.images.find(repository, ids)
    }

    fn remove<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        ids: &'a [ImageId],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<EachImage<Vec<ImageRow>>>> {
        RepositoryImages::remove(&*self.images, repository, ids, audit)
    }

    fn expire<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        policy: &'a LifecyclePolicy,
        seen: &'a [RepositoryImage],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Vec<Digest>>> {
        self.images.expire(repository, policy, seen, audit)
    }
}

#[test]
fn a_tag_that_is_pushed_while_images_expire_is_not_lost() {
    let mut house = House::new();
    house.repository("swept", 20);
    let rules = vec![LifecycleRule { selection: Selection::Untagged, keep: Keep::Days(14) }];
    let change = RepositoryChange::Lifecycle(Some(LifecyclePolicy { text: "{}".to_owned(), rules }));
    block_on(house.images.change(&key("swept"), &change, &row("ecr:PutLifecyclePolicy"))).unwrap().unwrap();
    let manifest = block_on(Manifests::get(&*house.images, &key("swept"), &digest(21))).unwrap().expect("the old one");
    let tag = Some(ImageTag::parse("release").expect("a tag"));
    let push = PutManifest { repository: key("swept"), manifest, bytes: Bytes::from_static(b"{}"), tag };
    house.ports.repository_images = Arc::new(Pushing { images: house.images.clone(), push });
    block_on(expire_images(&house.ports)).unwrap();
    assert_eq!(house.there("swept"), [digest(20), digest(21), digest(22)]);
    assert_eq!(house.images.audited().last().map(|row| row.action.as_str()), Some("ecr:PutImage"), "nothing went");
}

#[test]
fn what_a_policy_no_longer_keeps_goes_and_nothing_else() {
    let house = House::new();
    house.repository("kept", 10);
    house.repository("swept", 20);
    let rules = vec![LifecycleRule { selection: Selection::Untagged, keep: Keep::Days(14) }];
    let change = RepositoryChange::Lifecycle(Some(LifecyclePolicy { text: "{}".to_owned(), rules }));
    block_on(house.images.change(&key("swept"), &change, &row("ecr:PutLifecyclePolicy"))).unwrap().unwrap();
    block_on(expire_images(&house.ports)).unwrap();
    assert_eq!(house.there("kept").len(), 3);
    assert_eq!(house.there("swept"), [digest(20), digest(22)]);
    let rows = house.images.audited();
    let last = rows.last().expect("a row");
    assert_eq!((last.action.as_str(), last.resource.as_str()), ("ecr:PolicyExecutionEvent", key("swept").arn().as_str()));
    block_on(expire_images(&house.ports)).unwrap();
    assert_eq!(house.images.audited().len(), rows.len(), "a second look has nothing to do, and writes nothing");
}
