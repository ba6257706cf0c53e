//! What one image may take of the data folder's disk while its layers are unpacked, and what the disk must keep for others.
//! Never decides about one layer alone (see `unpack::Bounds`).
//! Source of truth: `limit`; the file system's own count of what is free.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::fstatvfs;

use crate::limit::{
    DISK_LOOK_BYTES, DISK_LOOK_FILES, IMAGE_BYTES, IMAGE_ENTRIES, UNPACKING_RESERVE_BYTES, UNPACKING_RESERVE_FILES,
    UNPACKING_RESERVE_PART,
};
use crate::local::layer_error::{LayerError, TooMuch};

/// What a layer has taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Of its files' contents.
    pub bytes: u64,
    /// Files, folders and links.
    pub entries: u64,
}

/// What all layers of an image may still take together. Those that were there already count too.
#[derive(Debug)]
pub struct Ration {
    bytes: AtomicU64,
    entries: AtomicU64,
}

impl Default for Ration {
    fn default() -> Self {
        Self::of(IMAGE_BYTES, IMAGE_ENTRIES)
    }
}

impl Ration {
    /// So much.
    pub fn of(bytes: u64, entries: u64) -> Self {
        Self { bytes: bytes.into(), entries: entries.into() }
    }

    /// Takes some. `Wrong` if there is not as much left.
    pub fn take(&self, taken: Taken) -> Result<(), LayerError> {
        let take = |left: &AtomicU64, count: u64| {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(count)).is_ok()
        };
        if !take(&self.bytes, taken.bytes) {
            return Err(LayerError::Wrong("with it, the image's files are larger than an image may be".to_owned()));
        }
        if !take(&self.entries, taken.entries) {
            return Err(LayerError::Wrong("with it, the image has more files than an image may have".to_owned()));
        }
        Ok(())
    }
}

/// Looks now and then whether the disk has enough left for everybody else.
#[derive(Debug)]
pub struct Headroom {
    folder: OwnedFd,
    bytes: u64,
    files: u64,
}

impl Headroom {
    /// Of the file system that a folder lies in. The first `wrote` looks.
    pub fn of(folder: OwnedFd) -> Self {
        Self { folder, bytes: DISK_LOOK_BYTES, files: DISK_LOOK_FILES }
    }

    /// So much is about to be written, or was. An error as if the disk were full when what is left is the reserve.
    pub fn wrote(&mut self, taken: Taken) -> io::Result<()> {
        self.bytes = self.bytes.saturating_add(taken.bytes);
        self.files = self.files.saturating_add(taken.entries);
        if self.bytes < DISK_LOOK_BYTES && self.files < DISK_LOOK_FILES {
            return Ok(());
        }
        (self.bytes, self.files) = (0, 0);
        let disk = fstatvfs(self.folder.as_fd())?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        enough(
            Room { bytes: bytes(disk.f_blocks), files: disk.f_files },
            Room { bytes: bytes(disk.f_bavail), files: disk.f_favail },
        )
        .map_err(|words| io::Error::new(io::ErrorKind::StorageFull, format!("No space left on device: {words}")))
    }
}

/// What a file system has.
struct Room {
    bytes: u64,
    files: u64,
}

/// `Err` says what is missing.
fn enough(all: Room, free: Room) -> Result<(), String> {
    let reserve = UNPACKING_RESERVE_BYTES.min(all.bytes / UNPACKING_RESERVE_PART);
    if free.bytes < reserve {
        return Err(format!("{} bytes are free, and {reserve} are kept for what runs", free.bytes));
    }
    // Some file systems do not count files beforehand.
    let reserve = UNPACKING_RESERVE_FILES.min(all.files / UNPACKING_RESERVE_PART);
    if free.files < reserve {
        return Err(format!("there is room for {} more files, and for {reserve} it is kept for what runs", free.files));
    }
    Ok(())
}

/// A reader that ends with an error when the time of its layer is over: however little it brings, it keeps others waiting.
pub struct Timed<R> {
    inner: R,
    began: Instant,
    time: Duration,
}

impl<R> Timed<R> {
    /// From `began` for so long.
    pub fn new(inner: R, began: Instant, time: Duration) -> Self {
        Self { inner, began, time }
    }
}

impl<R: io::Read> io::Read for Timed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.began.elapsed() >= self.time {
            return Err(io::Error::other(TooMuch("it takes longer to unpack than a layer may")));
        }
        self.inner.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_disk_is_left_to_what_runs_and_no_more_of_a_large_one_than_that_needs() {
        let check = |all: (u64, u64), free: (u64, u64), is_enough: bool| {
            let room = |(bytes, files)| Room { bytes, files };
            assert_eq!(enough(room(all), room(free)).is_ok(), is_enough, "{free:?} of {all:?}");
        };
        let large = (1 << 40, 1 << 30);
        check(large, (1 << 30, 100_000), true);
        check(large, ((1 << 30) - 1, 100_000), false);
        check(large, (1 << 30, 99_999), false);
        check((1 << 20, 1000), (1 << 15, 20), true);
        check((1 << 20, 1000), (20_000, 20), false);
        check((1 << 20, 1000), (1 << 15, 19), false);
        check((1 << 20, 0), (1 << 15, 0), true);
    }

    #[test]
    fn an_images_layers_share_what_an_image_may_take() {
        let ration = Ration::of(10, 3);
        ration.take(Taken { bytes: 6, entries: 2 }).unwrap();
        let words = |taken| match ration.take(taken) {
            Err(LayerError::Wrong(words)) => words,
            other => panic!("{other:?}"),
        };
        assert!(words(Taken { bytes: 5, entries: 0 }).contains("larger than an image may be"));
        assert!(words(Taken { bytes: 0, entries: 2 }).contains("more files than an image may have"));
        ration.take(Taken { bytes: 4, entries: 1 }).unwrap();
    }
}
