//! A foreign registry in memory: images that a test puts there, and the ways in which a registry can fail.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;

use crate::chunks::{Body, Chunks};
use crate::digest::{Algorithm, Digest};
use crate::foreign_image::{ForeignImage, RegistryHost, RemoteBlob, RemoteManifest};
use crate::image_reference::Pick;
use crate::port::{Answer, Granted, RemoteRegistry};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::TurnedClock;
use crate::testbed::images::Hasher;
use crate::testbed::ledger::ready;
use crate::trouble::Trouble;

/// Registries of the whole world, in one.
#[derive(Debug)]
pub struct MemoryRemote {
    hasher: Hasher,
    world: Mutex<World>,
}

#[derive(Debug, Default)]
struct World {
    images: BTreeMap<String, RemoteManifest>,
    bytes: BTreeMap<Digest, Bytes>,
    /// What was asked, in order: `manifest docker.io/x:1`, `blob sha256:… from 0`.
    asked: Vec<String>,
    /// Bytes after which a blob's body breaks off, once.
    cut_at: Option<usize>,
    /// How long a blob takes to come.
    slow: Option<(Arc<TurnedClock>, Duration)>,
    /// The words with which everything is refused.
    refused: Option<String>,
}

impl MemoryRemote {
    pub fn new(hasher: Hasher) -> Self {
        Self { hasher, world: Mutex::default() }
    }

    /// Puts an image of some layers there. Answers its manifest's digest.
    pub fn offer(&self, image: &ForeignImage, layers: &[&[u8]]) -> Digest {
        let mut world = self.world();
        let mut keep = |bytes: &[u8]| {
            let digest = (self.hasher)(Algorithm::Sha256, bytes);
            world.bytes.insert(digest.clone(), Bytes::copy_from_slice(bytes));
            RemoteBlob { digest, size_bytes: bytes.len() as u64 }
        };
        let config = keep(format!("config of {image}").as_bytes());
        let layers: Vec<RemoteBlob> = layers.iter().map(|layer| keep(layer)).collect();
        let bytes = Bytes::from(format!("manifest of {layers:?}"));
        let manifest = RemoteManifest {
            digest: (self.hasher)(Algorithm::Sha256, &bytes),
            media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
            bytes,
            config,
            config_type: "application/vnd.oci.image.config.v1+json".to_owned(),
            layers,
        };
        let digest = manifest.digest.clone();
        let by_digest = ForeignImage { pick: Pick::Digest(digest.clone()), ..image.clone() };
        world.images.insert(by_digest.to_string(), manifest.clone());
        world.images.insert(image.to_string(), manifest);
        digest
    }

    /// From now on an image says that its layers are so large.
    pub fn claim(&self, image: &ForeignImage, layer_bytes: u64) {
        let mut world = self.world();
        let manifest = world.images.get_mut(&image.to_string()).expect("it was offered");
        manifest.layers.iter_mut().for_each(|layer| layer.size_bytes = layer_bytes);
    }

    /// The next blob breaks off after so many bytes.
    pub fn cut_at(&self, bytes: usize) {
        self.world().cut_at = Some(bytes);
    }

    /// From now on each blob takes so long on a clock.
    pub fn slow(&self, clock: Arc<TurnedClock>, each: Duration) {
        self.world().slow = Some((clock, each));
    }

    /// From now on everything is refused, or nothing.
    pub fn refuse(&self, words: Option<&str>) {
        self.world().refused = words.map(str::to_owned);
    }

    /// What was asked since the last time.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.world().asked)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no test panics while it holds the world")
    }
}

impl World {
    fn ask(&mut self, what: String) -> Granted<()> {
        self.asked.push(what);
        self.refused.as_ref().map_or(Ok(()), |words| Err(Refusal::wrong_state(words.clone())))
    }
}

impl RemoteRegistry for MemoryRemote {
    fn is_asked(&self, _registry: &RegistryHost) -> bool {
        true
    }

    fn manifest<'a>(&'a self, image: &'a ForeignImage) -> Answer<'a, Granted<RemoteManifest>> {
        let mut world = self.world();
        let missing = || Refusal::not_found(format!("The image {image} does not exist: {} says so.", image.registry));
        ready(
            world.ask(format!("manifest {image}")).and_then(|()| world.images.get(&image.to_string()).cloned().ok_or_else(missing)),
        )
    }

    fn blob<'a>(&'a self, image: &'a ForeignImage, blob: &'a RemoteBlob, offset: u64) -> Answer<'a, Granted<Body>> {
        let mut world = self.world();
        if let Err(refusal) = world.ask(format!("blob {} from {offset}", blob.digest)) {
            return ready(Err(refusal));
        }
        if let Some((clock, each)) = &world.slow {
            clock.turn(*each);
        }
        let Some(bytes) = world.bytes.get(&blob.digest).cloned() else {
            return ready(Err(Refusal::not_found(format!("{} has no blob {}.", image.registry, blob.digest))));
        };
        let rest = bytes.slice(usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len())..);
        let cut = world.cut_at.take().filter(|cut| *cut < rest.len());
        let mut pieces: Vec<Result<Bytes, Refusal>> =
            rest.slice(..cut.unwrap_or(rest.len())).chunks(4).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        if cut.is_some() {
            let words = format!("{} broke off in the middle of {}.", image.registry, blob.digest);
            pieces.push(Err(Refusal::new(RefusalKind::WrongState, words)));
        }
        ready(Ok(Box::new(RefusedBody(pieces)) as Body))
    }
}

/// A body of pieces that may end in another side's refusal.
struct RefusedBody(Vec<Result<Bytes, Refusal>>);

impl Chunks for RefusedBody {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        let piece = if self.0.is_empty() { Ok(None) } else { self.0.remove(0).map(Some) };
        let doing = "reading a blob of another registry";
        Box::pin(std::future::ready(piece.map_err(|refusal| Trouble::refused(doing, refusal))))
    }
}
