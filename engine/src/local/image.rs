//! An image, ready to run: its layers unpacked, and what its configuration says about running it.
//! Never runs anything, never asks another registry: what it reads is in our own store.
//! Source of truth: OCI image specification (index, manifest, config) and Docker's schema 2, which differs in media types.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use model::chunks::Body;
use model::digest::Digest;
use model::port::PinnedImages;
use model::revision::ImagePin;
use model::trouble::Trouble;
use serde::Deserialize;
use tokio::sync::{Mutex, Semaphore};

use crate::doing::Doing;
use crate::limit::{DOCUMENT_BYTES, LAYER_TIME, LAYERS, UNPACKING};
use crate::local::layer::{Compression, LayerOrder, digest_of, folder, is_ready, make_ready, settle, taken};
use crate::local::layer_error::LayerError;
use crate::local::layers::Sweep;
use crate::local::lease::{Lease, Leases};
use crate::local::ration::Ration;

/// Our architecture in OCI's words.
#[cfg(target_arch = "x86_64")]
pub const ARCHITECTURE: &str = "amd64";
/// Our architecture in OCI's words.
#[cfg(target_arch = "aarch64")]
pub const ARCHITECTURE: &str = "arm64";

/// What is needed to run an image.
#[derive(Debug, Clone)]
pub struct Image {
    /// Folders of its layers, the uppermost first.
    pub layers: Vec<PathBuf>,
    /// How its author wants it run.
    pub config: RunConfig,
    /// They stay as long as this does.
    pub _lease: Arc<Lease>,
}

/// The part of an image's configuration that says how to run it. Every member may be missing or null.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RunConfig {
    /// `USER`
    pub user: Option<String>,
    /// `NAME=value`
    pub env: Option<Vec<String>>,
    /// What stands before the command.
    pub entrypoint: Option<Vec<String>>,
    /// The command, or the entry point's arguments.
    pub cmd: Option<Vec<String>>,
    /// Where it starts.
    pub working_dir: Option<String>,
}

/// Trouble of ours, or words for the image's owner.
#[derive(Debug)]
pub enum ImageError {
    /// The image cannot be run as it is.
    Wrong(String),
    /// We failed.
    Trouble(Trouble),
}

impl From<Trouble> for ImageError {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: Digest,
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    architecture: String,
    os: String,
}

/// An index has `manifests`, a manifest `config` and `layers`.
#[derive(Deserialize)]
struct Document {
    manifests: Option<Vec<Descriptor>>,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    os: String,
    config: Option<RunConfig>,
    rootfs: RootFs,
}

#[derive(Deserialize)]
struct RootFs {
    diff_ids: Vec<Digest>,
}

/// Reads images from the store and keeps their layers unpacked.
pub struct Unpacker {
    blobs: Arc<dyn PinnedImages>,
    layers: PathBuf,
    turns: Semaphore,
    leases: Leases,
    sweep: Arc<Mutex<Sweep>>,
    settling: Arc<Mutex<()>>,
}

/// What an image is made of.
struct Plan {
    /// What is stored and what is in it, the lowest first.
    layers: Vec<(Descriptor, Digest)>,
    config: RunConfig,
}

impl Unpacker {
    /// `layers` is an existing folder that only root can enter: files in it have set-user-id bits.
    pub fn new(blobs: Arc<dyn PinnedImages>, layers: PathBuf) -> Self {
        Self {
            blobs,
            layers,
            turns: Semaphore::new(UNPACKING),
            leases: Leases::default(),
            sweep: Arc::default(),
            settling: Arc::default(),
        }
    }

    /// How many layers are being unpacked.
    pub fn unpacking(&self) -> usize {
        UNPACKING - self.turns.available_permits()
    }

    /// Makes an image ready, several layers at a time. Whatever is ready already is only looked at.
    pub async fn prepare(&self, pin: &ImagePin) -> Result<Image, ImageError> {
        let stored = StoredImage { blobs: &*self.blobs, pin };
        let plan = stored.plan().await?;
        // Before anybody looks whether they are there.
        let lease = Arc::new(self.leases.take(plan.layers.iter().map(|(_, diff_id)| diff_id.hex().to_owned()).collect()));
        let mut orders: Vec<&(Descriptor, Digest)> = Vec::with_capacity(plan.layers.len());
        let mut layers = Vec::with_capacity(plan.layers.len());
        for pair in plan.layers.iter().rev() {
            let layer = folder(&self.layers, &pair.1);
            // The overlay refuses the same layer twice. The upper one shows, and hides, all that the lower one would.
            if !layers.contains(&layer) {
                layers.push(layer);
            }
            if !orders.iter().any(|(other, diff_id)| *diff_id == pair.1 && other.digest == pair.0.digest) {
                orders.push(pair);
            }
        }
        // The lowest first: it is the largest, as a rule.
        let ration = Arc::new(Ration::default());
        let ready = orders.iter().rev().map(|(descriptor, diff_id)| self.layer(&stored, descriptor, diff_id.clone(), &ration));
        futures_util::future::try_join_all(ready).await?;
        Ok(Image { layers, config: plan.config, _lease: lease })
    }

    /// Brings what was unpacked to the disk. One at a time is enough.
    pub async fn settle(&self) {
        let Ok(turn) = self.settling.clone().try_lock_owned() else { return };
        let layers = self.layers.clone();
        let settled = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            settle(&layers)
        });
        match settled.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(cause = %error, "unpacked layers could not be written to the disk; it will be tried again")
            }
            Err(error) => tracing::error!(cause = %error, "writing unpacked layers to the disk broke off"),
        }
    }

    /// Takes away unpacked layers that none of these images and no instance in `shims` needs, if that was so before too.
    pub async fn keep(&self, images: &[ImagePin], shims: PathBuf) -> Result<(), Trouble> {
        let mut sweep = self.sweep.clone().lock_owned().await;
        self.leases.begin_sweep();
        let mut needed = BTreeSet::new();
        for pin in images {
            match (StoredImage { blobs: &*self.blobs, pin }).plan().await {
                Ok(plan) => needed.extend(plan.layers.iter().map(|(_, diff_id)| diff_id.hex().to_owned())),
                // It is not there any more, is damaged, or never was an image: nobody can start it again.
                Err(ImageError::Wrong(_)) => {}
                Err(ImageError::Trouble(trouble)) if trouble.refused_by().is_some() => {}
                Err(ImageError::Trouble(trouble)) => return Err(trouble),
            }
        }
        let (layers, leases) = (self.layers.clone(), self.leases.clone());
        let swept = tokio::task::spawn_blocking(move || sweep.sweep(&layers, &shims, &leases, &needed));
        let doing = || "removing layers that nobody needs".to_owned();
        swept.await.doing(doing)?.doing(doing)
    }

    async fn layer(
        &self,
        stored: &StoredImage<'_>,
        descriptor: &Descriptor,
        diff_id: Digest,
        ration: &Arc<Ration>,
    ) -> Result<(), ImageError> {
        let compression = compression(&descriptor.media_type)?;
        let order = LayerOrder { digest: descriptor.digest.clone(), diff_id, compression };
        if is_ready(&self.layers, &order) {
            return self.counted(&order, ration);
        }
        let _turn = self.turns.acquire().await.expect("the semaphore is never closed");
        // Whoever had the turn before us may have unpacked the same layer.
        if is_ready(&self.layers, &order) {
            return self.counted(&order, ration);
        }
        let opening = tokio::time::timeout(LAYER_TIME, stored.body(&descriptor.digest)).await;
        let body = opening.doing(|| format!("opening the layer {}", descriptor.digest))??;
        make_ready(&self.layers, order, ration, body).await?.map_err(ImageError::Wrong)
    }

    /// A layer that is there takes its part of its image's ration too: an image must not grow by being tried again.
    fn counted(&self, order: &LayerOrder, ration: &Ration) -> Result<(), ImageError> {
        match ration.take(taken(&self.layers, &order.diff_id)) {
            Ok(()) => Ok(()),
            Err(LayerError::Wrong(words)) => Err(wrong(format!("The image's layer {} is too much: {words}.", order.digest))),
            Err(LayerError::Failed(error)) => Err(Trouble::passing(format!("counting the layer {}", order.digest), error).into()),
        }
    }
}

fn parsed_configuration(bytes: &[u8]) -> Result<Configuration, ImageError> {
    let config: Configuration =
        serde_json::from_slice(bytes).map_err(|error| wrong(format!("The image's configuration cannot be read: {error}.")))?;
    fits(&config)?;
    Ok(config)
}

/// The part of a configuration that says how to run its image. `Err` is for the image's owner.
#[cfg(any(test, feature = "workbench"))]
pub fn read_configuration(bytes: &[u8]) -> Result<RunConfig, String> {
    match parsed_configuration(bytes) {
        Ok(config) => Ok(config.config.unwrap_or_default()),
        Err(ImageError::Wrong(words)) => Err(words),
        Err(ImageError::Trouble(trouble)) => Err(trouble.chain()),
    }
}

fn wrong(words: impl Into<String>) -> ImageError {
    ImageError::Wrong(words.into())
}

/// A layer's compression by its media type, OCI's or Docker's.
fn compression(media_type: &str) -> Result<Compression, ImageError> {
    if media_type.contains("foreign") {
        return Err(wrong("The image has a layer that must be fetched from elsewhere; that is not supported."));
    }
    match media_type {
        "application/vnd.oci.image.layer.v1.tar" | "application/vnd.docker.image.rootfs.diff.tar" => Ok(Compression::Plain),
        gzip if gzip.ends_with("tar+gzip") || gzip.ends_with("tar.gzip") => Ok(Compression::Gzip),
        zstd if zstd.ends_with("tar+zstd") || zstd.ends_with("tar.zstd") => Ok(Compression::Zstd),
        other => Err(wrong(format!("The image has a layer of the type '{other}', which is no file system."))),
    }
}

fn fits(config: &Configuration) -> Result<(), ImageError> {
    let (os, architecture) = (config.os.as_str(), config.architecture.as_str());
    if matches!(os, "" | "linux") && matches!(architecture, "" | ARCHITECTURE) {
        return Ok(());
    }
    Err(wrong(format!(
        "The image is built for {os}/{architecture}; this machine runs linux/{ARCHITECTURE}. Build it anew: --platform linux/{ARCHITECTURE}."
    )))
}

/// An image as the platform keeps it, whether its repository is still there or not.
struct StoredImage<'a> {
    blobs: &'a dyn PinnedImages,
    pin: &'a ImagePin,
}

impl StoredImage<'_> {
    /// What it is made of.
    async fn plan(&self) -> Result<Plan, ImageError> {
        let manifest = self.manifest().await?;
        let config = manifest.config.ok_or_else(|| wrong("The image's manifest names no configuration."))?;
        let stored = manifest.layers.unwrap_or_default();
        let config = parsed_configuration(&self.document(&config.digest).await?)?;
        if stored.len() != config.rootfs.diff_ids.len() || stored.is_empty() {
            return Err(wrong("The image's manifest and configuration name different layers, or none."));
        }
        if stored.len() > LAYERS {
            return Err(wrong(format!("The image has {} layers; {LAYERS} can be stacked.", stored.len())));
        }
        Ok(Plan { layers: stored.into_iter().zip(config.rootfs.diff_ids).collect(), config: config.config.unwrap_or_default() })
    }

    /// Its manifest, or the one for us in its index.
    async fn manifest(&self) -> Result<Document, ImageError> {
        let first = self.parsed(&self.pin.digest).await?;
        let Some(manifests) = first.manifests else { return Ok(first) };
        // Attestations stand in indexes too, with the platform unknown/unknown.
        let ours = |platform: &Platform| platform.os == "linux" && platform.architecture == ARCHITECTURE;
        let mut found = manifests.iter().filter(|entry| entry.platform.as_ref().is_some_and(ours));
        let only = || match manifests.as_slice() {
            [only] if only.platform.is_none() => Some(only),
            _ => None,
        };
        let Some(chosen) = found.next().or_else(only) else {
            let offered: Vec<String> = manifests
                .iter()
                .filter_map(|entry| entry.platform.as_ref())
                .filter(|platform| platform.os != "unknown")
                .map(|platform| format!("{}/{}", platform.os, platform.architecture))
                .collect();
            return Err(wrong(format!(
                "The image has no variant for linux/{ARCHITECTURE}; it has {}. Build it anew: --platform linux/{ARCHITECTURE}.",
                if offered.is_empty() { "none".to_owned() } else { offered.join(", ") }
            )));
        };
        let manifest = self.parsed(&chosen.digest).await?;
        if manifest.manifests.is_some() {
            return Err(wrong("The image's index leads to another index; that is not supported."));
        }
        Ok(manifest)
    }

    async fn parsed(&self, digest: &Digest) -> Result<Document, ImageError> {
        let bytes = self.document(digest).await?;
        serde_json::from_slice(&bytes).map_err(|error| wrong(format!("The image's manifest {digest} cannot be read: {error}.")))
    }

    /// A whole small blob, verified.
    async fn document(&self, digest: &Digest) -> Result<Vec<u8>, ImageError> {
        let mut body = self.body(digest).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = body.next().await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > DOCUMENT_BYTES {
                return Err(wrong(format!("The image's document {digest} is larger than {DOCUMENT_BYTES} bytes.")));
            }
        }
        if digest_of(digest.algorithm(), &bytes) != *digest {
            return Err(ImageError::Trouble(Trouble::lasting(
                format!("reading the image's document {digest}"),
                "the stored bytes do not have the digest that they are stored under",
            )));
        }
        Ok(bytes)
    }

    async fn body(&self, digest: &Digest) -> Result<Body, ImageError> {
        let body = self.blobs.read(self.pin, digest).await?;
        let missing = || wrong(format!("The image is incomplete: {digest} is not in the repository {}.", self.pin.repository));
        body.ok_or_else(missing)
    }
}
