//! One layer from the store to a folder: decompressed, verified twice (what was stored, what came out), unpacked once.
//! Never leaves half a layer under its name: it grows under another and is renamed when all is well. What has its name is
//! whole, but may not be on the disk yet: it is marked until it is, and another life of the machine trusts no mark. Never
//! takes an image's word for what a stored blob has in it: a folder that is there serves a blob that was seen to produce it.
//! Source of truth: OCI image specification, layer.md and config.md (`diff_ids`).

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use bytes::{Buf, Bytes};
use model::chunks::Body;
use model::digest::{Algorithm, Digest};
use model::trouble::Trouble;
use tokio::sync::mpsc;

use crate::doing::Doing;
use crate::limit::{CHUNKS_AHEAD, FAULT_BYTES, LAYER_TIME};
use crate::local::allowance::{Allowance, Allowed};
use crate::local::layer_error::LayerError;
use crate::local::ration::{Ration, Taken, Timed};
use crate::local::removal::remove_folder;
use crate::local::unpack::{BOUNDS, Bounds, unpack};
use crate::plain_letters::in_plain_letters;

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
/// What folders of layers that nobody needs any more begin with.
pub const DOOMED: &str = ".gone-";
/// What the names of folders of sources end with.
pub const SOURCES: &str = ".from";
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Where a layer lies, or will lie.
pub fn folder(layers: &Path, diff_id: &Digest) -> PathBuf {
    layers.join(diff_id.hex())
}

/// Holds an empty file for each stored blob that was seen to have this layer's tar in it. Beside the layer's folder, not in
/// it: instances see what is in it.
fn sources(layers: &Path, diff_id: &Digest) -> PathBuf {
    layers.join(format!("{}{SOURCES}", diff_id.hex()))
}

/// In the folder of sources of a layer that may not be on the disk yet; holds the boot id of the life in which it was unpacked.
const UNSETTLED: &str = ".unsettled";

/// In the folder of sources of a layer: how much of an image's ration it takes, as two numbers.
const TAKEN: &str = ".taken";

/// What a layer that is unpacked takes. Those of earlier builds do not say, and count as nothing.
pub fn taken(layers: &Path, diff_id: &Digest) -> Taken {
    let text = fs::read_to_string(sources(layers, diff_id).join(TAKEN)).unwrap_or_default();
    let mut numbers = text.split_ascii_whitespace().map_while(|number| number.parse().ok());
    Taken { bytes: numbers.next().unwrap_or(0), entries: numbers.next().unwrap_or(0) }
}

fn boot_id() -> io::Result<String> {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
}

/// Writes everything to the disk and takes the marks away. No start waits for it: where many write, it may take long.
pub fn settle(layers: &Path) -> io::Result<()> {
    let marks: Vec<PathBuf> = marks(layers)?;
    if marks.is_empty() {
        return Ok(());
    }
    rustix::fs::syncfs(File::open(layers)?)?;
    marks.iter().try_for_each(|mark| match fs::remove_file(mark) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    })
}

/// Of all layers that may not be on the disk yet.
fn marks(layers: &Path) -> io::Result<Vec<PathBuf>> {
    let mut marks = Vec::new();
    for entry in fs::read_dir(layers)? {
        let entry = entry?;
        let mark = entry.path().join(UNSETTLED);
        if entry.file_name().to_string_lossy().ends_with(SOURCES) && mark.try_exists()? {
            marks.push(mark);
        }
    }
    Ok(marks)
}

/// Removes layers that another life of the machine may not have brought to the disk.
fn remove_unsettled(layers: &Path) -> io::Result<()> {
    let boot = boot_id()?;
    for mark in marks(layers)? {
        // The mark's own text may be what was lost.
        if fs::read_to_string(&mark).is_ok_and(|text| text == boot) {
            continue;
        }
        let sources = mark.parent().expect("a mark lies in a folder");
        let name = sources.file_name().unwrap_or_default().to_string_lossy();
        // The mark goes last: as long as it is there, the next start does the same. Nothing of the layer is in its place any
        // more, whether or not all of it can be removed.
        for name in [name.trim_end_matches(SOURCES), &*name] {
            doom(layers, name)?;
        }
    }
    Ok(())
}

/// Takes its name from something that nobody needs; `remove_doomed` takes the rest. Absence is success.
pub fn doom(layers: &Path, name: &str) -> io::Result<()> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut doomed = layers.join(format!("{DOOMED}{}-{number}-{name}", std::process::id()));
    // What an earlier process of the same id could not remove.
    for again in 0u32.. {
        if !doomed.try_exists()? {
            break;
        }
        doomed = layers.join(format!("{DOOMED}{}-{number}-{again}-{name}", std::process::id()));
    }
    match fs::rename(layers.join(name), doomed) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Removes what a crash has left unfinished, or not yet removed.
pub fn remove_unfinished(layers: &Path) -> io::Result<()> {
    remove_unsettled(layers)?;
    remove_left(layers, &[UNFINISHED, DOOMED])
}

/// Removes what nobody needs any more.
pub fn remove_doomed(layers: &Path) -> io::Result<()> {
    remove_left(layers, &[DOOMED])
}

/// What cannot be removed is nobody's any more, and in nobody's way: it is said, and tried again by whoever comes next.
fn remove_left(layers: &Path, prefixes: &[&str]) -> io::Result<()> {
    for entry in fs::read_dir(layers)? {
        let entry = entry?;
        if prefixes.iter().any(|prefix| entry.file_name().to_string_lossy().starts_with(prefix))
            && let Err(error) = remove_folder(&entry.path())
        {
            tracing::warn!(path = %entry.path().display(), cause = %error, "what is left of a layer cannot be removed");
        }
    }
    Ok(())
}

/// Whether the layer is unpacked, and the order's blob is known to be where it comes from.
pub fn is_ready(layers: &Path, order: &LayerOrder) -> bool {
    folder(layers, &order.diff_id).exists() && sources(layers, &order.diff_id).join(order.digest.hex()).exists()
}

/// Unpacks a layer from its stored bytes, or, if it is unpacked already, only verifies that they are the same layer. The
/// inner error is for the image's owner.
pub async fn make_ready(layers: &Path, order: LayerOrder, ration: &Arc<Ration>, body: Body) -> Result<Result<(), String>, Trouble> {
    let (send, receive) = mpsc::channel(CHUNKS_AHEAD);
    let digest = order.digest.clone();
    let (layers, ration) = (layers.to_owned(), ration.clone());
    let span = tracing::info_span!("layer_unpack", layer = %digest);
    let thread = tokio::task::spawn_blocking(move || {
        let _span = span;
        let done = folder(&layers, &order.diff_id);
        if done.exists() {
            ration.take(taken(&layers, &order.diff_id))?;
            read_layer(&order, receive, None, BOUNDS)?;
        } else {
            unpack_beside(&layers, &order, receive, &done, &ration)?;
        }
        remember_source(&layers, &order).map_err(LayerError::Failed)
    });
    feed(body, send, LAYER_TIME).await;
    match thread.await.doing(|| format!("unpacking the layer {digest}"))? {
        Ok(()) => Ok(Ok(())),
        Err(LayerError::Wrong(why)) => {
            Ok(Err(format!("The image's layer {digest} is broken: {}.", in_plain_letters(&why, FAULT_BYTES))))
        }
        Err(LayerError::Failed(error)) => Err(error).doing(|| format!("unpacking the layer {digest}")),
    }
}

fn unpack_beside(layers: &Path, order: &LayerOrder, receive: Receiver, done: &Path, ration: &Ration) -> Result<(), LayerError> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let unfinished = layers.join(format!("{UNFINISHED}{}-{}-{number}", order.diff_id.hex(), std::process::id()));
    let outcome = read_layer(order, receive, Some((&unfinished, ration)), BOUNDS).and_then(|taken| {
        mark(layers, order, taken)?;
        Ok(place(&unfinished, done)?)
    });
    if outcome.is_err()
        && let Err(error) = remove_folder(&unfinished)
    {
        tracing::warn!(path = %unfinished.display(), cause = %error, "what is left of a layer cannot be removed");
    }
    outcome
}

/// Before the layer has its name: the file system brings the two to the disk in this order.
fn mark(layers: &Path, order: &LayerOrder, taken: Taken) -> io::Result<()> {
    let sources = sources(layers, &order.diff_id);
    fs::create_dir_all(&sources)?;
    fs::write(sources.join(TAKEN), format!("{} {}\n", taken.bytes, taken.entries))?;
    fs::write(sources.join(UNSETTLED), boot_id()?)
}

/// Where it is lost in a crash of the machine, the blob is read once more.
fn remember_source(layers: &Path, order: &LayerOrder) -> io::Result<()> {
    let sources = sources(layers, &order.diff_id);
    fs::create_dir_all(&sources)?;
    File::create(sources.join(order.digest.hex())).map(drop)
}

/// Hands the body over until it ends or nobody wants it any more, or its time is over: then the store is to blame.
async fn feed(mut body: Body, send: mpsc::Sender<Result<Bytes, Trouble>>, time: Duration) {
    let end = tokio::time::Instant::now() + time;
    loop {
        let chunk = match tokio::time::timeout_at(end, body.next()).await {
            Ok(Ok(None)) => return,
            Ok(Ok(Some(bytes))) => Ok(bytes),
            Ok(Err(trouble)) => Err(trouble),
            Err(late) => Err(Trouble::passing("reading a layer from the store", late)),
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
        Err(_) if done.exists() => remove_folder(unfinished),
        other => other,
    }
}

/// Reads a layer to its end and verifies it; unpacked at `at`, if somewhere.
fn read_layer(order: &LayerOrder, receive: Receiver, at: Option<(&Path, &Ration)>, bounds: Bounds) -> Result<Taken, LayerError> {
    let began = Instant::now();
    // Both sides of what decompresses: each can bring nothing for ever while the other brings something.
    let chunks = Timed::new(Chunked { receive, held: Bytes::new() }, began, bounds.time);
    let mut stored = Hashed::new(order.digest.algorithm(), chunks);
    let tar = Timed::new(decompressed(order.compression, &mut stored)?, began, bounds.time);
    let tar = Allowed::new(tar, Allowance::of(bounds.stream), "it is larger than a layer may be when it is decompressed");
    let mut plain = Hashed::new(order.diff_id.algorithm(), tar);
    let mut taken = Taken::default();
    if let Some((at, ration)) = at {
        fs::create_dir(at)?;
        // The root's own mode, where the layer does not say: what a fresh image has.
        fs::set_permissions(at, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        taken = unpack(&mut plain, at, bounds, ration)?;
    }
    // What follows the archive's end counts for both digests.
    io::copy(&mut plain, &mut io::sink()).map_err(LayerError::reading)?;
    let diff_id = plain.finish();
    io::copy(&mut stored, &mut io::sink()).map_err(LayerError::reading)?;
    if stored.finish() != order.digest {
        return Err(LayerError::Wrong("its bytes do not have the digest that the manifest names".to_owned()));
    }
    if diff_id != order.diff_id {
        return Err(LayerError::Wrong("its content does not have the digest that the configuration names".to_owned()));
    }
    Ok(taken)
}

/// What a layer's stored bytes are when they are decompressed; without a limit.
pub(crate) fn decompressed<'a>(compression: Compression, stored: impl Read + 'a) -> Result<Box<dyn Read + 'a>, LayerError> {
    Ok(match compression {
        Compression::Plain => Box::new(stored),
        // Several members one after the other are allowed: pigz and others write them.
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(stored))),
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::new(stored)?),
    })
}

type Receiver = mpsc::Receiver<Result<Bytes, Trouble>>;

/// The chunks of a body, read by a thread that may wait.
struct Chunked {
    receive: Receiver,
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_small_blob_does_not_become_an_endless_layer_wherever_its_bytes_are() {
        // An empty archive, and then nothing but zeros.
        let plain = vec![0; 1 << 20];
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&plain).unwrap();
        let stored = encoder.finish().unwrap();
        let order = LayerOrder {
            digest: digest_of(Algorithm::Sha256, &stored),
            diff_id: digest_of(Algorithm::Sha256, &plain),
            compression: Compression::Gzip,
        };
        let read = |stream, at: Option<&Path>, bounds: Bounds| {
            let (send, receive) = mpsc::channel(1);
            send.try_send(Ok(Bytes::from(stored.clone()))).unwrap();
            drop(send);
            let ration = Ration::default();
            read_layer(&order, receive, at.map(|at| (at, &ration)), Bounds { stream, ..bounds })
        };
        let late = read(1 << 20, None, Bounds { time: Duration::ZERO, ..BOUNDS });
        assert!(matches!(&late, Err(LayerError::Wrong(words)) if words.contains("takes longer to unpack")), "{late:?}");
        let read = |stream, at: Option<&Path>| read(stream, at, BOUNDS);
        let folder = tempfile::tempdir().unwrap();
        read(1 << 20, Some(&folder.path().join("whole"))).unwrap();
        read(1 << 20, None).unwrap();
        for at in [Some(folder.path().join("cut")), None] {
            match read((1 << 20) - 1, at.as_deref()) {
                Err(LayerError::Wrong(words)) => assert!(words.contains("larger than a layer may be"), "{words}"),
                other => panic!("{other:?}"),
            }
        }
    }
}
