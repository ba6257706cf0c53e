//! One layer from the store to a folder: decompressed, verified twice (what was stored, what came out), unpacked once.
//! Never leaves half a layer under its name: it grows under another and is renamed when all is well and on the disk.
//! Source of truth: OCI image specification, layer.md and config.md (`diff_ids`).

use std::fs;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use bytes::{Buf, Bytes};
use model::chunks::Body;
use model::digest::{Algorithm, Digest};
use model::trouble::Trouble;
use tokio::sync::mpsc;

use crate::doing::Doing;
use crate::limit::CHUNKS_AHEAD;
use crate::local::unpack::{BOUNDS, LayerError, unpack};

/// How a layer is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// One layer of an image.
#[derive(Debug, Clone)]
pub struct LayerOrder {
    /// Digest of what is stored.
    pub digest: Digest,
    /// Digest of the tar in it.
    pub diff_id: Digest,
    /// How to get from one to the other.
    pub compression: Compression,
}

/// What unfinished layers' folders begin with.
const UNFINISHED: &str = ".new-";
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Where a layer lies, or will lie.
pub fn folder(layers: &Path, diff_id: &Digest) -> PathBuf {
    layers.join(diff_id.hex())
}

/// Removes what a crash has left unfinished.
pub fn remove_unfinished(layers: &Path) -> io::Result<()> {
    for entry in fs::read_dir(layers)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Unpacks a layer from its stored bytes. There already is success. The inner error is for the image's owner.
pub async fn unpack_once(layers: &Path, order: LayerOrder, body: Body) -> Result<Result<(), String>, Trouble> {
    let done = folder(layers, &order.diff_id);
    let unfinished =
        layers.join(format!("{UNFINISHED}{}-{}-{}", order.diff_id.hex(), std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    let (send, receive) = mpsc::channel(CHUNKS_AHEAD);
    let digest = order.digest.clone();
    let at = unfinished.clone();
    let thread = tokio::task::spawn_blocking(move || {
        let outcome = read_layer(&order, receive, &at);
        if outcome.is_err() {
            let _ = fs::remove_dir_all(&at);
        }
        outcome
    });
    feed(body, send).await;
    let outcome = thread.await.doing(|| format!("unpacking the layer {digest}"))?;
    match outcome {
        Ok(()) => place(&unfinished, &done).doing(|| format!("placing the layer {digest}")).map(Ok),
        Err(LayerError::Wrong(why)) => Ok(Err(format!("The image's layer {digest} is broken: {why}."))),
        Err(LayerError::Failed(error)) => Err(error).doing(|| format!("unpacking the layer {digest}")),
    }
}

/// Hands the body over until it ends or nobody wants it any more.
async fn feed(mut body: Body, send: mpsc::Sender<Result<Bytes, Trouble>>) {
    loop {
        let chunk = match body.next().await {
            Ok(None) => return,
            Ok(Some(bytes)) => Ok(bytes),
            Err(trouble) => Err(trouble),
        };
        let last = chunk.is_err();
        if send.send(chunk).await.is_err() || last {
            return;
        }
    }
}

fn place(unfinished: &Path, done: &Path) -> io::Result<()> {
    match fs::rename(unfinished, done) {
        // Another start has unpacked the same layer meanwhile; theirs is as good.
        Err(_) if done.exists() => fs::remove_dir_all(unfinished),
        other => other,
    }
}

fn read_layer(order: &LayerOrder, receive: mpsc::Receiver<Result<Bytes, Trouble>>, at: &Path) -> Result<(), LayerError> {
    fs::create_dir(at)?;
    // The root's own mode, where the layer does not say: what a fresh image has.
    fs::set_permissions(at, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let mut stored = Hashed::new(order.digest.algorithm(), Chunked { receive, held: Bytes::new() });
    let mut plain = Hashed::new(order.diff_id.algorithm(), decompressed(order.compression, &mut stored)?);
    unpack(&mut plain, at, BOUNDS)?;
    // What follows the archive's end counts for both digests.
    io::copy(&mut plain, &mut io::sink()).map_err(unreadable)?;
    let diff_id = plain.finish();
    io::copy(&mut stored, &mut io::sink()).map_err(unreadable)?;
    if stored.finish() != order.digest {
        return Err(LayerError::Wrong("its bytes do not have the digest that the manifest names".to_owned()));
    }
    if diff_id != order.diff_id {
        return Err(LayerError::Wrong("its content does not have the digest that the configuration names".to_owned()));
    }
    Ok(())
}

fn unreadable(error: io::Error) -> LayerError {
    if error.get_ref().is_some_and(|inner| inner.is::<Trouble>()) {
        LayerError::Failed(error)
    } else {
        LayerError::Wrong(format!("it cannot be read: {error}"))
    }
}

fn decompressed<'a>(compression: Compression, stored: impl Read + 'a) -> Result<Box<dyn Read + 'a>, LayerError> {
    Ok(match compression {
        Compression::Plain => Box::new(stored),
        // Several members one after the other are allowed: pigz and others write them.
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(stored))),
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::new(stored)?),
    })
}

/// The chunks of a body, read by a thread that may wait.
struct Chunked {
    receive: mpsc::Receiver<Result<Bytes, Trouble>>,
    held: Bytes,
}

impl Read for Chunked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.held.is_empty() {
            match self.receive.blocking_recv() {
                None => return Ok(0),
                Some(chunk) => self.held = chunk.map_err(io::Error::other)?,
            }
        }
        let count = self.held.len().min(buffer.len());
        self.held.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}

/// Passes bytes on and remembers their digest.
struct Hashed<R> {
    algorithm: Algorithm,
    context: Context,
    inner: R,
}

impl<R> Hashed<R> {
    fn new(algorithm: Algorithm, inner: R) -> Self {
        let context = match algorithm {
            Algorithm::Sha256 => Context::new(&SHA256),
            Algorithm::Sha512 => Context::new(&SHA512),
        };
        Self { algorithm, context, inner }
    }

    fn finish(self) -> Digest {
        Digest::from_hash(self.algorithm, self.context.finish().as_ref())
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.context.update(&buffer[..count]);
        Ok(count)
    }
}

/// The digest of bytes that are all there.
pub fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut hashed = Hashed::new(algorithm, io::empty());
    hashed.context.update(bytes);
    hashed.finish()
}
