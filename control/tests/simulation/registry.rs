//! The registry of a world: images that behave as they are said to when they are pushed, and the platform's copies of them.

use model::audit::AuditRow;
use model::chunks::Body;
use model::digest::{Algorithm, Digest};
use model::image_reference::ImageTag;
use model::port::{Answer, Clock, Manifests, PinnedImages, PutManifest, Repositories};
use model::repository::{Manifest, Repository, RepositoryKey, TagMutability};
use model::revision::ImagePin;
use model::tag::Tags;
use model::testbed::{caller, configuration};
use model::time::Timestamp;

use super::world::World;

/// Tags that services follow.
pub const TAGS: [&str; 3] = ["v1", "v2", "v3"];

/// What instances of an image do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    Serves,
    /// Takes long to become ready.
    Slow,
    /// Serves for a while, and then it exits. Only in a storm.
    Flaky,
    /// Is ready, and unwell a few seconds later, each time. Only in a storm.
    Sickly,
    Exits,
    Hangs,
    Elsewhere,
    /// Cannot be made ready at all.
    Bad,
}

/// Copies of what is deployed, and when each was pinned last.
#[derive(Default)]
pub struct Pins {
    pub kept: Vec<(ImagePin, Timestamp)>,
    /// By the first byte of their digest, in the order they were pushed.
    natures: Vec<Nature>,
}

impl Pins {
    pub fn is_kept(&self, image: &ImagePin) -> bool {
        self.kept.iter().any(|(kept, _)| kept == image)
    }
}

fn row(world: &World) -> AuditRow {
    AuditRow { at: Clock::now(world), caller: caller(), action: "ecr:PutImage".to_owned(), resource: "*".to_owned() }
}

/// The only repository.
pub fn repository() -> RepositoryKey {
    let own = configuration(8080).image_source().reference.own().expect("it is ours").clone();
    RepositoryKey { scope: own.scope, name: own.repository }
}

impl World {
    /// The repository, and something good under each tag.
    pub async fn open_registry(&self) {
        let made = Repository {
            key: repository(),
            created_at: Clock::now(self),
            tag_mutability: TagMutability::Mutable,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        Repositories::create(&*self.images, &made, &row(self)).await.expect("memory").expect("it is new");
        for tag in TAGS {
            self.push(tag, Nature::Serves).await;
        }
    }

    /// Points a tag at a new image.
    pub async fn push(&self, tag: &str, nature: Nature) {
        let digest = {
            let mut pins = self.pins();
            pins.natures.push(nature);
            let number = u32::try_from(pins.natures.len() - 1).expect("few");
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&number.to_be_bytes());
            Digest::from_hash(Algorithm::Sha256, &hash)
        };
        self.note("a push", || format!("{tag} is {}, which {nature:?}", &digest.hex()[..8]));
        let manifest = Manifest {
            digest,
            media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
            size_bytes: 2,
            pushed_at: Clock::now(self),
            references: Vec::new(),
            subject: None,
            artifact_type: None,
            image_bytes: None,
        };
        let tag = Some(ImageTag::parse(tag).expect("a tag"));
        let order = PutManifest { repository: repository(), manifest, bytes: "{}".into(), tag };
        Manifests::put(&*self.images, &order, &row(self)).await.expect("memory").expect("the repository is there");
    }

    pub fn nature(&self, image: &ImagePin) -> Nature {
        let number = usize::from_str_radix(&image.digest.hex()[..8], 16).expect("a number");
        self.pins().natures[number]
    }
}

impl PinnedImages for World {
    fn pin<'a>(&'a self, image: &'a ImagePin, now: Timestamp) -> Answer<'a, bool> {
        Box::pin(async move {
            self.before("pin").await?;
            {
                let kept = &mut self.pins().kept;
                let known = kept.extract_if(.., |(kept, _)| kept == image).map(|(_, at)| at).max();
                kept.push((image.clone(), known.map_or(now, |at| now.max(at))));
            }
            self.after("pin").await?;
            Ok(true)
        })
    }

    fn read<'a>(&'a self, _: &'a ImagePin, _: &'a Digest) -> Answer<'a, Option<Body>> {
        Box::pin(async { Ok(None) })
    }

    fn keep<'a>(&'a self, images: &'a [ImagePin], before: Timestamp) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("keep pins").await?;
            {
                let kept = &mut self.pins().kept;
                kept.retain(|(image, at)| images.contains(image) || *at >= before);
                for image in images {
                    if !kept.iter().any(|(kept, _)| kept == image) {
                        kept.push((image.clone(), before));
                    }
                }
            }
            self.after("keep pins").await
        })
    }
}
