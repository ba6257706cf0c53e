//! The pool that instances write into: one btrfs in a sparse file, a subvolume with a quota for each instance.
//! Never trusts a pool of another life of the machine: what is not mounted is made anew, since scratch may be lost. Never
//! mounted below anything that a shim unmounts: its mount is made once, before any shim copies the mounts of the machine,
//! and removing its folder takes it out of all their copies.
//! Source of truth: btrfs-subvolume(8), btrfs-qgroup(8); `/sys/fs/btrfs/<id>/qgroups` for what is used.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustix::io::Errno;
use rustix::mount::{UnmountFlags, unmount};

use crate::local::host_program::run;
use crate::local::removal::remove_folder;

/// What the kernel calls btrfs in `statfs`.
const BTRFS: i64 = 0x9123_683E;
/// `volatile` overlays above it never wait for the disk, and it is thrown away after a crash of the machine: neither
/// barriers nor checksums nor copies on write are worth their price.
const OPTIONS: &str = "loop,nodev,nosuid,noatime,nodatacow,nobarrier,discard=async,commit=5";
/// The group of all instances' groups. Its limit is below what the file system holds: a full btrfs can neither make a folder
/// nor, at times, remove a file, and with this nobody fills it.
const ALL: &str = "1/1";
/// Sizes of file systems are whole blocks: two totals that differ by less are the same.
const ROUNDING: u64 = 1 << 20;
/// The kernel's folder for it.
const ALL_FOLDER: &str = "1_1";

/// What may be written.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// By all instances together.
    pub all_bytes: u64,
    /// By each.
    pub each_bytes: u64,
}

impl Bounds {
    /// Room for what nobody is counted for: the file system's own tables, and pieces of them that stand half empty.
    fn file_system_bytes(self) -> u64 {
        self.all_bytes.saturating_add(self.all_bytes / 4).saturating_add(1 << 30)
    }
}

/// The other way round: what all may write in a file system of this size. That is how a pool remembers what it was made for.
fn made_for(file_system_bytes: u64) -> u64 {
    file_system_bytes.saturating_sub(1 << 30) / 5 * 4
}

/// What all may write in a pool that is there: as asked, or as it was made for. Never less than is written already, or nobody
/// could start; never more than the file holds, or it could be filled.
fn total(asked: Option<u64>, used: u64, file_system_bytes: u64) -> u64 {
    let most = made_for(file_system_bytes);
    asked.unwrap_or(most).max(used).min(most)
}

/// A mounted pool.
#[derive(Debug)]
pub struct Pool {
    folder: PathBuf,
    each_bytes: u64,
    /// `/sys/fs/btrfs/<id>/qgroups`
    groups: PathBuf,
    /// Numbers of subvolumes, by name. The truth is in the pool; this saves asking a program.
    numbers: Mutex<BTreeMap<String, u64>>,
}

impl Pool {
    /// Takes over the pool mounted at `folder`; none if none is. `all_bytes` is what all may write, if somebody says so.
    pub async fn adopt(folder: &Path, file: &Path, all_bytes: Option<u64>, each_bytes: u64) -> io::Result<Option<Self>> {
        if !is_mounted(folder)? {
            return Ok(None);
        }
        // All of it each time: the platform that made the pool may have died on the way, or had other bounds.
        let at = folder.as_os_str();
        run("btrfs", &["quota".as_ref(), "enable".as_ref(), at]).await?;
        // It is there already, unless the next call says otherwise.
        let _ = run("btrfs", &["qgroup".as_ref(), "create".as_ref(), ALL.as_ref(), at]).await;
        let groups = groups_of(folder)?;
        let used = number(&groups.join(ALL_FOLDER), "referenced").unwrap_or(0);
        let mut size = size_of(folder)?;
        if let Some(asked) = all_bytes.filter(|asked| asked.saturating_sub(made_for(size)) > ROUNDING) {
            grow(folder, file, Bounds { all_bytes: asked, each_bytes }).await.unwrap_or_else(|error| {
                tracing::warn!(cause = %error, "the pool that instances write into does not grow");
            });
            size = size_of(folder)?;
        }
        let all = total(all_bytes, used, size);
        if let Some(asked) = all_bytes.filter(|asked| asked.abs_diff(all) > ROUNDING) {
            tracing::warn!(asked, all, used, "what all instances may write together is not what was asked for");
        }
        let all = all.to_string();
        run("btrfs", &["qgroup".as_ref(), "limit".as_ref(), all.as_ref(), ALL.as_ref(), at]).await?;
        // Kernels before 6.11 keep the groups of subvolumes that are gone.
        let _ = run("btrfs", &["qgroup".as_ref(), "clear-stale".as_ref(), at]).await;
        Ok(Some(Self { folder: folder.to_owned(), each_bytes, groups, numbers: Mutex::default() }))
    }

    /// Makes a pool in `file` and mounts it at `folder`. What was in the file is lost.
    pub async fn make(folder: &Path, file: &Path, bounds: Bounds) -> io::Result<Self> {
        remove_pool(folder, file)?;
        DirBuilder::new().mode(0o700).create(folder)?;
        let made = async {
            let new = File::options().write(true).create_new(true).mode(0o600).open(file)?;
            new.set_len(bounds.file_system_bytes())?;
            let single = ["-q", "-f", "-K", "-m", "single", "-d", "single"].map(OsStr::new);
            run("mkfs.btrfs", &[&single[..], &[file.as_os_str()]].concat()).await?;
            let mount = ["-t", "btrfs", "-o", OPTIONS].map(OsStr::new);
            run("mount", &[&mount[..], &[file.as_os_str(), folder.as_os_str()]].concat()).await?;
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
            let pool = Self::adopt(folder, file, Some(bounds.all_bytes), bounds.each_bytes).await?;
            pool.ok_or_else(|| io::Error::other("mount has mounted nothing"))
        };
        let made = made.await;
        if made.is_err() {
            let _ = remove_pool(folder, file);
        }
        made
    }

    /// Where it is mounted.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A subvolume's folder.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Makes a subvolume with its quota. It has its name only when all is done.
    pub async fn add(&self, name: &str) -> io::Result<()> {
        let unfinished = self.at(&format!("{UNFINISHED}{name}"));
        if unfinished.exists() {
            remove_subvolume(&unfinished).await?;
        }
        run("btrfs", &["subvolume".as_ref(), "create".as_ref(), "-i".as_ref(), ALL.as_ref(), unfinished.as_os_str()]).await?;
        let limit = self.each_bytes.to_string();
        run("btrfs", &["qgroup".as_ref(), "limit".as_ref(), limit.as_ref(), unfinished.as_os_str()]).await?;
        fs::rename(unfinished, self.at(name))?;
        self.forget(name);
        Ok(())
    }

    /// The number of a subvolume that is not there any more, or not yet, is nobody's.
    pub fn forget(&self, name: &str) {
        self.numbers.lock().expect("nothing panics while it holds the numbers").remove(name);
    }

    /// Bytes that all have and may have. None if nobody can tell.
    pub fn all_used(&self) -> Option<(u64, u64)> {
        used_of(&self.groups.join(ALL_FOLDER))
    }

    /// Renames a subvolume; false if it is not there.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<bool> {
        match fs::rename(self.at(from), self.at(to)) {
            Ok(()) => {
                let mut numbers = self.numbers.lock().expect("nothing panics while it holds the numbers");
                numbers.remove(to);
                if let Some(number) = numbers.remove(from) {
                    numbers.insert(to.to_owned(), number);
                }
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Names of the subvolumes that are whole. Half-made ones are removed.
    pub async fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(UNFINISHED) {
                remove_subvolume(&entry.path()).await?;
            } else {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Bytes that a subvolume has and may have. None if nobody can tell.
    pub async fn used(&self, name: &str) -> Option<(u64, u64)> {
        let used = |number: u64| used_of(&self.groups.join(format!("0_{number}")));
        match self.number(name).and_then(used) {
            Some(used) => Some(used),
            None => {
                self.look_up().await.ok()?;
                self.number(name).and_then(used)
            }
        }
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.numbers.lock().expect("nothing panics while it holds the numbers").get(name).copied()
    }

    async fn look_up(&self) -> io::Result<()> {
        let list = run("btrfs", &["subvolume".as_ref(), "list".as_ref(), self.folder.as_os_str()]).await?;
        *self.numbers.lock().expect("nothing panics while it holds the numbers") = list.lines().filter_map(listed).collect();
        Ok(())
    }
}

fn size_of(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_blocks.saturating_mul(disk.f_frsize))
}

/// Makes a pool larger while instances write into it.
async fn grow(folder: &Path, file: &Path, bounds: Bounds) -> io::Result<()> {
    File::options().write(true).open(file)?.set_len(bounds.file_system_bytes())?;
    let device = Path::new("/dev").join(device_of(folder)?);
    run("losetup", &["--set-capacity".as_ref(), device.as_os_str()]).await?;
    run("btrfs", &["filesystem".as_ref(), "resize".as_ref(), "max".as_ref(), folder.as_os_str()]).await.map(drop)
}

/// Bytes that a group has and may have.
fn used_of(group: &Path) -> Option<(u64, u64)> {
    // What is promised to writes under way counts against the limit too.
    let promised = ["rsv_data", "rsv_meta_pertrans", "rsv_meta_prealloc"];
    let reserved: u64 = promised.into_iter().filter_map(|file| number(group, file)).sum();
    Some((number(group, "referenced")?.saturating_add(reserved), number(group, "max_referenced")?))
}

fn number(group: &Path, file: &str) -> Option<u64> {
    fs::read_to_string(group.join(file)).ok()?.trim().parse().ok()
}

/// Bytes that all instances have and may have in the pool mounted at `folder`, if there is one.
pub fn all_used(folder: &Path) -> Option<(u64, u64)> {
    is_mounted(folder).ok().filter(|mounted| *mounted)?;
    used_of(&groups_of(folder).ok()?.join(ALL_FOLDER))
}

/// What subvolumes that are not whole begin with.
const UNFINISHED: &str = ".new-";

/// `ID 258 gen 9 top level 5 path name`
fn listed(line: &str) -> Option<(String, u64)> {
    let number = line.strip_prefix("ID ")?.split(' ').next()?.parse().ok()?;
    let (_, name) = line.split_once(" path ")?;
    Some((name.to_owned(), number))
}

/// Takes a subvolume away. Its space comes back a little later, whatever it holds. Absence is success.
pub async fn remove_subvolume(path: &Path) -> io::Result<()> {
    if !path.try_exists()? {
        return Ok(());
    }
    match run("btrfs", &["subvolume".as_ref(), "delete".as_ref(), path.as_os_str()]).await {
        Ok(_) => Ok(()),
        // Without the program it takes longer, file by file, and works too.
        Err(error) => {
            let path = path.to_owned();
            let removed = tokio::task::spawn_blocking(move || remove_folder(&path)).await.map_err(io::Error::other)?;
            removed.map_err(|second| io::Error::new(second.kind(), format!("{error}; {second}")))
        }
    }
}

/// Unmounts a pool, wherever it is mounted, and removes its file. Absence is success.
pub fn remove_pool(folder: &Path, file: &Path) -> io::Result<()> {
    unmount_all(folder)?;
    // Not more than the empty folder: removing it also takes the mount out of the copies that shims have of our mounts.
    let absent = |removed: io::Result<()>| match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    };
    absent(fs::remove_dir(folder))?;
    absent(fs::remove_file(file))
}

/// Takes every mount away that lies exactly here, also one that cannot even be looked at any more.
pub fn unmount_all(folder: &Path) -> io::Result<()> {
    loop {
        match unmount(folder, UnmountFlags::DETACH) {
            Ok(()) => {}
            // Nothing is mounted here, or nothing is here.
            Err(Errno::INVAL | Errno::NOENT) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a btrfs is mounted exactly here.
pub fn is_mounted(folder: &Path) -> io::Result<bool> {
    let here = match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        here => here?,
    };
    let above = folder.parent().map(fs::metadata).transpose()?;
    let other = above.is_none_or(|above| above.dev() != here.dev());
    // The kernel's type of this number differs between architectures.
    #[allow(clippy::unnecessary_cast)]
    Ok(other && rustix::fs::statfs(folder)?.f_type as i64 == BTRFS)
}

/// The kernel's folder of quota groups for the file system mounted at `folder`.
fn groups_of(folder: &Path) -> io::Result<PathBuf> {
    let device = device_of(folder)?;
    for entry in fs::read_dir("/sys/fs/btrfs")? {
        let entry = entry?;
        if entry.path().join("devices").join(&device).exists() {
            return Ok(entry.path().join("qgroups"));
        }
    }
    Err(io::Error::other(format!("the kernel shows no quota groups for {device}")))
}

/// The name of the device that is mounted at `folder`.
fn device_of(folder: &Path) -> io::Result<String> {
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    let folder = folder.to_str().ok_or_else(|| io::Error::other("the data folder's path is not UTF-8"))?;
    let device = mounts.lines().rev().find_map(|line| source_at(line, folder));
    device.ok_or_else(|| io::Error::other("the pool's mount is not in the kernel's list"))
}

/// The device, without its folder, that a line of `mountinfo` says is mounted at `folder`.
fn source_at(line: &str, folder: &str) -> Option<String> {
    let (before, after) = line.split_once(" - ")?;
    let escaped = folder.replace('\\', "\\134").replace(' ', "\\040").replace('\t', "\\011").replace('\n', "\\012");
    (before.split(' ').nth(4)? == escaped).then_some(())?;
    after.split(' ').nth(1)?.rsplit('/').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_remembers_what_it_was_made_for_and_bears_another_total_within_its_bounds() {
        let gib = |count: u64| count << 30;
        for all_bytes in [gib(1), gib(64), 512 << 20] {
            let made = Bounds { all_bytes, each_bytes: 1 }.file_system_bytes();
            assert!(all_bytes - made_for(made) < 8, "{all_bytes}");
        }
        let made = Bounds { all_bytes: gib(20), each_bytes: 1 }.file_system_bytes();
        assert_eq!(total(None, gib(3), made), gib(20), "nobody asks for another one");
        assert_eq!(total(Some(gib(10)), gib(3), made), gib(10));
        assert_eq!(total(Some(gib(2)), gib(3), made), gib(3), "as much is written already");
        assert_eq!(total(Some(gib(50)), gib(3), made), gib(20), "the file holds no more");
    }

    #[test]
    fn a_mount_is_found_by_its_whole_path_and_a_subvolume_by_its_whole_name() {
        let line = r"70 1 0:45 / /a\040b/pool rw,nosuid - btrfs /dev/loop7 rw,subvolid=5";
        assert_eq!(source_at(line, "/a b/pool").as_deref(), Some("loop7"));
        assert_eq!(source_at(line, "/a b"), None);
        assert_eq!(listed("ID 258 gen 9 top level 5 path some.r1-0"), Some(("some.r1-0".to_owned(), 258)));
        assert_eq!(listed("nonsense"), None);
    }
}
