//! Copies an image of another registry into our own store, where engine, pins, resume and rollback find it like any other.
//!
//! What is there already is not asked for again, and what came before a crash is continued: an upload has its name from the blob, so whoever copies
//! the blob next finds it. An upload that nobody continues is swept by the store. Never believes a byte: the store verifies each blob.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use model::audit::AuditRow;
use model::caller::{Caller, Principal};
use model::chunks::{Body, Chunks};
use model::digest::Digest;
use model::foreign_image::{ForeignImage, RemoteBlob, RemoteManifest};
use model::limit::RESOLVING_MAX;
use model::port::{Answer, Bell, CopiesRoom, Granted, PutManifest, Ring, UploadId};
use model::refusal::{Refusal, RefusalKind};
use model::repository::{Manifest, Repository, RepositoryKey, TagMutability};
use model::revision::ImagePin;
use model::service::{Phase, Service};
use model::tag::Tags;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::limit::{COPIED_AT_ONCE, COPIES_BYTES, COPIES_LOOK, COPY_DISK_LEFT, COPY_IMAGE_BYTES, COPY_KEPT_BYTES, COPY_ROUNDS};
use crate::ports::Ports;

/// For whom, and since when.
pub(super) struct Errand {
    caller: Caller,
    since: Timestamp,
}

/// Blobs that are being copied right now, so that two services do not write to one upload.
#[derive(Debug, Default)]
pub struct Copies(Mutex<BTreeSet<(RepositoryKey, Digest)>>);

/// The right to copy one blob.
struct Claim {
    copies: Arc<Copies>,
    what: (RepositoryKey, Digest),
    bell: Arc<dyn Bell>,
}

impl Errand {
    /// Of a service whose operation wants its image.
    pub(super) fn of(service: &Service, now: Timestamp) -> Self {
        let (request_id, since) = match &service.phase {
            Phase::Moving { operation, .. } => (operation.id.to_string(), operation.started_at),
            Phase::Still(_) => (service.id.to_string(), now),
        };
        // Nobody's call: the platform does it for the account, and says which operation made it.
        let caller = Caller {
            scope: service.scope.clone(),
            principal: Principal::Root,
            access_key_id: "outrunner".to_owned(),
            request_id,
            own_session: None,
            origin: None,
        };
        Self { caller, since }
    }

    fn audit(&self, ports: &Ports, image: &ForeignImage) -> AuditRow {
        AuditRow {
            at: ports.clock.now(),
            caller: self.caller.clone(),
            action: "outrunner:CopyImage".to_owned(),
            resource: image.to_string(),
        }
    }

    /// Refuses when the operation has no time left for more bytes.
    fn hurry(&self, ports: &Ports, image: &ForeignImage) -> Granted<()> {
        if ports.clock.now().since(self.since) < RESOLVING_MAX {
            return Ok(());
        }
        let minutes = RESOLVING_MAX.as_secs() / 60;
        let words = format!(
            "Copying {image} took longer than {minutes} minutes. What has come is kept: create or deploy the service again, and it goes on from there."
        );
        Err(Refusal::wrong_state(words))
    }
}

/// The pin of our own copy of what an image means now; or why there is none.
pub(super) async fn copy(ports: &Ports, errand: &Errand, image: &ForeignImage) -> Result<Granted<ImagePin>, Trouble> {
    let manifest = match ports.remote.manifest(image).await? {
        Ok(manifest) => manifest,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let key = RepositoryKey::of_copies(image);
    let pin = ImagePin { scope: key.scope.clone(), repository: key.name.clone(), digest: manifest.digest.clone() };
    // From here on neither the place nor what lies in it goes, though no revision says yet that it is needed.
    if ports.image_copies.touch(&pin, ports.clock.now()).await? {
        return Ok(Ok(pin));
    }
    let image_bytes = blobs_of(&manifest).iter().fold(0_u64, |sum, blob| sum.saturating_add(blob.size_bytes));
    if image_bytes > COPY_IMAGE_BYTES {
        let words = format!("{image} has {}: images of more than {} are not copied.", size(image_bytes), size(COPY_IMAGE_BYTES));
        return Ok(Err(Refusal::new(RefusalKind::Quota, words)));
    }
    let place = Repository {
        key: key.clone(),
        created_at: ports.clock.now(),
        tag_mutability: TagMutability::Mutable,
        tags: Tags::default(),
        policy: None,
        lifecycle: None,
        scan_on_push: false,
    };
    // Refused when it is there already: that is as good.
    let _ = ports.repositories.create(&place, &errand.audit(ports, image)).await?;
    for _ in 0..COPY_ROUNDS {
        if let Err(refusal) = copy_blobs(ports, errand, image, &key, &manifest).await? {
            return Ok(Err(refusal));
        }
        ports.checkpoints.pass("effect.copy.manifest");
        let order = put_order(&key, &manifest, ports.clock.now());
        match ports.manifests.put(&order, &errand.audit(ports, image)).await? {
            // A blob that was there went meanwhile, with another image that nobody needs: it is copied anew.
            Err(refusal) if refusal.kind == RefusalKind::Invalid && !is_whole(ports, &key, &manifest).await? => {}
            put => return Ok(put.map(|_| pin)),
        }
    }
    Err(Trouble::passing(format!("copying {image}"), "what was copied went away meanwhile"))
}

async fn copy_blobs(
    ports: &Ports,
    errand: &Errand,
    image: &ForeignImage,
    key: &RepositoryKey,
    manifest: &RemoteManifest,
) -> Result<Granted<()>, Trouble> {
    let mut missing_bytes = 0_u64;
    for blob in blobs_of(manifest) {
        if ports.blobs.stat(key, &blob.digest).await?.is_none() {
            missing_bytes = missing_bytes.saturating_add(blob.size_bytes);
        }
    }
    if let Err(refusal) = look_for_room(ports, image, missing_bytes).await? {
        return Ok(Err(refusal));
    }
    // Its configuration is small, and says early that a registry has nothing.
    if let Err(refusal) = copy_blob(ports, errand, image, key, &manifest.config).await? {
        return Ok(Err(refusal));
    }
    let layers: BTreeSet<&RemoteBlob> = manifest.layers.iter().collect();
    // None of them does anything before it is asked to. Collected, because a stream that still makes them cannot be sent between threads.
    let copies: Vec<_> = layers.into_iter().map(|blob| copy_blob(ports, errand, image, key, blob)).collect();
    let mut copies = pin!(stream::iter(copies).buffer_unordered(COPIED_AT_ONCE));
    while let Some(copied) = copies.next().await {
        // The others are dropped where they are, and continued by the next try.
        if let Err(refusal) = copied? {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

/// Refuses what would take more than all copies, or the disk, may. Others copy at the same time, so it is asked again for each blob.
async fn look_for_room(ports: &Ports, image: &ForeignImage, bytes: u64) -> Result<Granted<()>, Trouble> {
    let CopiesRoom { taken_bytes, free_bytes } = ports.image_copies.room().await?;
    let words = if taken_bytes.saturating_add(bytes) > COPIES_BYTES {
        format!(
            "There is no room for {image}: copies of images of other registries take {} already, {} more would be too many, and {} is the most. \
             Delete services that you do not need; what only they needed goes a day later.",
            size(taken_bytes),
            size(bytes),
            size(COPIES_BYTES)
        )
    } else if bytes.saturating_add(COPY_DISK_LEFT) > free_bytes {
        format!(
            "There is no room for {image}: it needs {}, and the disk of the data dir has {} left, of which {} stay free. Make room, then deploy again.",
            size(bytes),
            size(free_bytes),
            size(COPY_DISK_LEFT)
        )
    } else {
        return Ok(Ok(()));
    };
    Ok(Err(Refusal::new(RefusalKind::Quota, words)))
}

/// For people: rounded down.
fn size(bytes: u64) -> String {
    if bytes >= 1 << 30 { format!("{} GiB", bytes >> 30) } else { format!("{} MiB", bytes >> 20) }
}

/// Each once.
fn blobs_of(manifest: &RemoteManifest) -> BTreeSet<&RemoteBlob> {
    std::iter::once(&manifest.config).chain(&manifest.layers).collect()
}

/// Whether all blobs are there.
async fn is_whole(ports: &Ports, key: &RepositoryKey, manifest: &RemoteManifest) -> Result<bool, Trouble> {
    for blob in blobs_of(manifest) {
        if ports.blobs.stat(key, &blob.digest).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn put_order(key: &RepositoryKey, manifest: &RemoteManifest, now: Timestamp) -> PutManifest {
    let references: BTreeSet<Digest> =
        std::iter::once(&manifest.config).chain(&manifest.layers).map(|blob| blob.digest.clone()).collect();
    PutManifest {
        repository: key.clone(),
        manifest: Manifest {
            digest: manifest.digest.clone(),
            media_type: manifest.media_type.clone(),
            size_bytes: manifest.bytes.len() as u64,
            pushed_at: now,
            references: references.into_iter().collect(),
            subject: None,
            artifact_type: Some(manifest.config_type.clone()),
            // Nobody describes a copy.
            image_bytes: None,
        },
        bytes: manifest.bytes.clone(),
        tag: None,
    }
}

async fn copy_blob(
    ports: &Ports,
    errand: &Errand,
    image: &ForeignImage,
    key: &RepositoryKey,
    blob: &RemoteBlob,
) -> Result<Granted<()>, Trouble> {
    ports.checkpoints.pass("effect.copy.blob");
    let _claim = loop {
        if let Some(claim) = Claim::take(&ports.copies, &ports.bell, key, &blob.digest) {
            break claim;
        }
        if let Err(refusal) = errand.hurry(ports, image) {
            return Ok(Err(refusal));
        }
        ports.bell.wait(&Ring::Copies, COPIES_LOOK).await;
    };
    if ports.blobs.promise(key, &blob.digest).await?.is_some() {
        return Ok(Ok(()));
    }
    if let Err(refusal) = look_for_room(ports, image, blob.size_bytes).await? {
        return Ok(Err(refusal));
    }
    let upload = upload_of(&blob.digest);
    let was_there = ports.blobs.received(key, &upload).await?.is_some_and(|bytes| bytes > 0);
    match fetch(ports, errand, image, key, blob).await? {
        // What an earlier try left may be torn: once more from the beginning.
        Err(refusal) if was_there && refusal.kind == RefusalKind::Invalid => {
            ports.blobs.cancel(key, &upload).await?;
            fetch(ports, errand, image, key, blob).await
        }
        done => Ok(done),
    }
}

/// Continues a blob's upload to its end.
async fn fetch(
    ports: &Ports,
    errand: &Errand,
    image: &ForeignImage,
    key: &RepositoryKey,
    blob: &RemoteBlob,
) -> Result<Granted<()>, Trouble> {
    let upload = upload_of(&blob.digest);
    let mut at = match ports.blobs.received(key, &upload).await? {
        Some(bytes) if bytes <= blob.size_bytes => bytes,
        Some(_) | None => {
            ports.blobs.cancel(key, &upload).await?;
            ports.blobs.begin(key, &upload).await?;
            0
        }
    };
    let body = match ports.remote.blob(image, blob, at).await? {
        Ok(body) => Arc::new(Mutex::new(Some(body))),
        Err(refusal) => return Ok(Err(refusal)),
    };
    while at < blob.size_bytes {
        if let Err(refusal) = errand.hurry(ports, image) {
            return Ok(Err(refusal));
        }
        let piece = Box::new(Piece { rest: body.clone(), left: COPY_KEPT_BYTES });
        match ports.blobs.append(key, &upload, at, piece, blob.size_bytes).await {
            Ok(Ok(length)) if length > at => at = length,
            Ok(Ok(_)) => return Ok(Err(Refusal::wrong_state(format!("{} ended {} early.", image.registry, blob.digest)))),
            Ok(Err(refusal)) => return Err(Trouble::passing(format!("keeping {} of {image}", blob.digest), refusal)),
            Err(trouble) => return trouble.refused_by().cloned().map_or(Err(trouble), |refusal| Ok(Err(refusal))),
        }
        ports.checkpoints.pass("effect.copy.piece");
    }
    match ports.blobs.finish(key, &upload, &blob.digest, &errand.audit(ports, image)).await? {
        Ok(()) => Ok(Ok(())),
        Err(refusal) if refusal.kind == RefusalKind::Invalid => {
            Ok(Err(Refusal::invalid(format!("{} sent something else as {}: {}", image.registry, blob.digest, refusal.message))))
        }
        Err(refusal) => Err(Trouble::passing(format!("finishing {} of {image}", blob.digest), refusal)),
    }
}

/// The same for every try: 32 digits of the blob's own.
fn upload_of(digest: &Digest) -> UploadId {
    UploadId(digest.hex()[..32].to_owned())
}

/// A part of a body: what is appended at once, and then kept whatever happens.
struct Piece {
    rest: Arc<Mutex<Option<Body>>>,
    left: u64,
}

impl Chunks for Piece {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            if self.left == 0 {
                return Ok(None);
            }
            let lost = || Trouble::passing("copying a blob", "its body was given up in the middle");
            let mut body = held(&self.rest).take().ok_or_else(lost)?;
            let bytes = body.next().await?;
            *held(&self.rest) = Some(body);
            self.left = self.left.saturating_sub(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64));
            Ok(bytes)
        })
    }
}

fn held(rest: &Mutex<Option<Body>>) -> MutexGuard<'_, Option<Body>> {
    rest.lock().expect("nothing panics while it holds a body")
}

impl Copies {
    fn all(&self) -> MutexGuard<'_, BTreeSet<(RepositoryKey, Digest)>> {
        self.0.lock().expect("nothing panics while it holds the list")
    }
}

impl Claim {
    /// None while somebody else has it.
    fn take(copies: &Arc<Copies>, bell: &Arc<dyn Bell>, key: &RepositoryKey, digest: &Digest) -> Option<Self> {
        let what = (key.clone(), digest.clone());
        let is_new = copies.all().insert(what.clone());
        is_new.then(|| Self { copies: copies.clone(), what, bell: bell.clone() })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.copies.all().remove(&self.what);
        self.bell.ring(&Ring::Copies);
    }
}

#[cfg(test)]
mod tests {
    use model::digest::Algorithm;
    use model::testbed::{JumpingBell, TurnedClock};

    use super::*;

    #[test]
    fn a_blob_is_copied_by_one_at_a_time_and_the_next_is_told_when_he_may() {
        let bell = Arc::new(JumpingBell::new(Arc::new(TurnedClock::default())));
        let (copies, dyn_bell): (Arc<Copies>, Arc<dyn Bell>) = (Arc::default(), bell.clone());
        let key = |text: &str| RepositoryKey::of_copies(&ForeignImage::parse(text).unwrap());
        let take =
            |text: &str, byte: u8| Claim::take(&copies, &dyn_bell, &key(text), &Digest::from_hash(Algorithm::Sha256, &[byte; 32]));
        let claim = take("docker.io/nginx", 1).expect("nobody has it");
        assert!(take("docker.io/nginx", 1).is_none(), "one at a time");
        assert!(take("docker.io/nginx", 2).is_some() && take("docker.io/redis", 1).is_some(), "another blob, another place");
        bell.take_rung();
        drop(claim);
        assert_eq!(bell.take_rung(), [Ring::Copies]);
        assert!(take("docker.io/nginx", 1).is_some());
    }
}
