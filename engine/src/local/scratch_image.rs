//! A file system of its own for what one instance writes: an ext4 in a sparse file.
//! Never mounts one for longer than a try: an instance's shim does, in its own mount namespace, so that it is gone with it.
//! Source of truth: mke2fs(8); the engine recipe, section 5.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::mount::{UnmountFlags, unmount};

use crate::local::host_program::run;
use crate::local::pool::unmount_all;

/// What files with a file system in them end with.
pub const SUFFIX: &str = ".img";
/// What they end with before they are whole.
const UNFINISHED: &str = ".new";
/// Nothing of it is of use after a crash, and its tables are written when they are needed.
const OPTIONS: [&str; 9] = ["-q", "-F", "-m", "0", "-i", "16384", "-O", "^has_journal", "-E"];
/// With one inode of 256 bytes for each 16 KiB, the part of a file system that its tables of inodes take.
const TABLES: u64 = 64;

/// Makes one of `bytes`. It has its name only when all is done.
pub async fn make(file: &Path, bytes: u64) -> io::Result<()> {
    let unfinished = file.with_extension(&UNFINISHED[1..]);
    remove(&unfinished)?;
    File::options().write(true).create_new(true).mode(0o600).open(&unfinished)?.set_len(bytes)?;
    let words = OPTIONS.into_iter().chain(["lazy_itable_init=1,nodiscard"]).map(std::ffi::OsStr::new);
    let words: Vec<_> = words.chain([unfinished.as_os_str()]).collect();
    let made = run("mkfs.ext4", &words).await.and_then(|_| fs::rename(&unfinished, file));
    if made.is_err() {
        let _ = fs::remove_file(unfinished);
    }
    made
}

/// Whether this machine makes and mounts them.
pub async fn try_once(scratches: &Path, bytes: u64) -> io::Result<()> {
    remove_try(scratches)?;
    let (file, folder) = (scratches.join(".try.img"), scratches.join(".try"));
    let tried = async {
        make(&file, bytes).await?;
        let mount = ["-t", "ext4", "-o", "loop,nodev,nosuid"].map(std::ffi::OsStr::new);
        DirBuilder::new().mode(0o700).recursive(true).create(&folder)?;
        run("mount", &[&mount[..], &[file.as_os_str(), folder.as_os_str()]].concat()).await?;
        Ok(unmount(&folder, UnmountFlags::DETACH)?)
    };
    let outcome = tried.await;
    remove_try(scratches)?;
    outcome
}

/// What a try leaves, however often a platform has died in it.
pub fn remove_try(scratches: &Path) -> io::Result<()> {
    let folder = scratches.join(".try");
    unmount_all(&folder)?;
    match fs::remove_dir(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    remove(&scratches.join(".try.img"))
}

/// Names of those that are whole. Half-made ones are removed.
pub fn names(scratches: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(scratches)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(SUFFIX) {
            names.push(name.to_owned());
        } else if name.ends_with(UNFINISHED) {
            remove(&entry.path())?;
        }
    }
    Ok(names)
}

/// Absence is success.
pub fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Bytes that all of them take on the disk.
pub fn all_used(scratches: &Path) -> io::Result<u64> {
    let mut used = 0u64;
    for entry in fs::read_dir(scratches)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(SUFFIX) {
            used = used.saturating_add(size_on_disk(&entry.metadata()?));
        }
    }
    Ok(used)
}

/// Bytes that a sparse file takes.
pub fn size_on_disk(file: &fs::Metadata) -> u64 {
    file.blocks().saturating_mul(512)
}

/// Bytes used of one that is not mounted any more. Tables that nobody has written take no space, and count as used.
pub fn used_at_the_end(file: &fs::Metadata) -> u64 {
    size_on_disk(file) + file.len() / TABLES
}

/// Bytes used and there in the file system that `root` shows; by files, where those are scarcer.
pub fn used(root: &Path) -> Option<(u64, u64)> {
    let disk = rustix::fs::statvfs(root).ok()?;
    let bytes = (disk.f_blocks.saturating_sub(disk.f_bavail), disk.f_blocks);
    let files = (disk.f_files.saturating_sub(disk.f_ffree), disk.f_files);
    let scarcer = u128::from(files.0) * u128::from(bytes.1) > u128::from(bytes.0) * u128::from(files.1);
    let all = bytes.1.saturating_mul(disk.f_frsize);
    if scarcer {
        let used = u128::from(all) * u128::from(files.0) / u128::from(files.1.max(1));
        return Some((u64::try_from(used).unwrap_or(all), all));
    }
    Some((bytes.0.saturating_mul(disk.f_frsize), all))
}
