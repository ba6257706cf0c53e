//! This platform's place on the machine: the data dir, the run folder whose name is derived from it, and the locks that say who is alive.
//!
//! Source of the names: the design, §1 "Side by side". Everything outside the data dir carries the same eight hexadecimal digits.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};

use crate::failure::{Failure, while_doing};

/// Where run folders are. tmpfs on every distribution: what is in it does not survive a reboot, and must not.
const RUN_ROOT: &str = "/run/outrunner";
/// In the data dir, for everyone to read: the authority of the domain…
pub const AUTHORITY_FILE: &str = "ca.pem";
/// …those of the account's registries…
pub const REGISTRY_AUTHORITY_FILE: &str = "registry-ca.pem";
/// …and the system's roots plus both.
pub const BUNDLE_FILE: &str = "ca-bundle.pem";
/// The files of a data dir that are replaced whole.
const REPLACED: [&str; 6] = [AUTHORITY_FILE, REGISTRY_AUTHORITY_FILE, BUNDLE_FILE, "run.json", "master.key", "credentials"];
/// First user id of front doors: below the id ranges of instances, above what distributions give to people and containers.
const EDGE_UID_BASE: u32 = 0x0f00_0000;

/// A data dir and what is derived from it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Canonical.
    pub data_dir: PathBuf,
    /// First eight hexadecimal digits of the SHA-256 of the data dir's real path.
    pub tag: String,
}

impl Place {
    /// The place of a data dir, which is made if it is missing. Others may pass through it to the files that are for everyone.
    pub fn make(data_dir: &Path) -> Result<Self, Failure> {
        let mut builder = fs::DirBuilder::new();
        builder
            .recursive(true)
            .mode(0o711)
            .create(data_dir)
            .map_err(while_doing(format!("making the data dir {}", data_dir.display())))?;
        Self::find(data_dir)
    }

    /// The place of a data dir that is there.
    pub fn find(data_dir: &Path) -> Result<Self, Failure> {
        let real = fs::canonicalize(data_dir).map_err(|e| {
            Failure::Unreachable(format!("the data dir {} cannot be used: {e}. Is --data-dir right?", data_dir.display()))
        })?;
        let hash = digest(&SHA256, real.as_os_str().as_encoded_bytes());
        let tag = hash.as_ref()[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { data_dir: real, tag })
    }

    /// `/run/outrunner/<tag>`
    pub fn run_dir(&self) -> PathBuf {
        Path::new(RUN_ROOT).join(&self.tag)
    }

    /// Where the platform's own doors listen for the front door.
    pub fn doors_dir(&self) -> PathBuf {
        self.run_dir().join("doors")
    }

    /// The user of this platform's front door: a number of its own, without a name, a home or a capability.
    pub fn edge_uid(&self) -> u32 {
        let tag = u32::from_str_radix(&self.tag, 16).expect("the tag is eight hexadecimal digits");
        EDGE_UID_BASE + (tag & 0xffff)
    }

    /// Makes the run folder; the front door's user may pass through it, and nobody may list it.
    pub fn make_run_dir(&self) -> Result<(), Failure> {
        for (folder, mode) in [(PathBuf::from(RUN_ROOT), 0o755), (self.run_dir(), 0o711), (self.doors_dir(), 0o711)] {
            fs::create_dir_all(&folder).map_err(while_doing(format!("making {}", folder.display())))?;
            let permissions = fs::Permissions::from_mode(mode);
            fs::set_permissions(&folder, permissions).map_err(while_doing(format!("setting the mode of {}", folder.display())))?;
        }
        Ok(())
    }

    /// Whether a platform has left a front door or instances here: they may be alive.
    pub fn is_inhabited(&self) -> bool {
        let shims = fs::read_dir(self.run_dir().join("shims"));
        self.run_dir().join("edge/edge.sock").exists() || shims.is_ok_and(|mut entries| entries.next().is_some())
    }

    /// Takes away what is ours in the run folder. Before the engine takes its part: it removes the folder, and all that platforms share, when it leaves
    /// as the last one.
    pub fn remove_doors(&self) -> Result<(), Failure> {
        match fs::remove_dir_all(self.doors_dir()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(while_doing(format!("removing {}", self.doors_dir().display()))(error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Takes the run folder away, and the root of all run folders if it was the last.
    pub fn remove_run_dir(&self) -> Result<(), Failure> {
        match fs::remove_dir_all(self.run_dir()) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(while_doing(format!("removing {}", self.run_dir().display()))(error)),
        }
        // Fails while another platform has a folder there, which is right.
        let _ = fs::remove_dir(RUN_ROOT);
        Ok(())
    }
}

/// The lock that a living platform holds on its data dir. Freed by the kernel, however the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the lock is not ours.
#[derive(Debug, PartialEq, Eq)]
pub struct Held {
    /// The holder, if it said who it is.
    pub pid: Option<u32>,
}

impl Lock {
    /// Takes the lock of a data dir, or says who has it.
    pub fn take(place: &Place) -> Result<Result<Self, Held>, Failure> {
        let path = place.data_dir.join("platform.lock");
        let doing = format!("locking {}", path.display());
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let mut file = open.map_err(while_doing(&doing))?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0).and_then(|()| write!(file, "{}", std::process::id())).map_err(while_doing(&doing))?;
                Ok(Ok(Self { _file: file }))
            }
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
                Ok(Err(Held { pid: read.ok().and_then(|_| text.trim().parse().ok()) }))
            }
            Err(TryLockError::Error(error)) => Err(while_doing(&doing)(error)),
        }
    }
}

/// Who listens on a TCP port, as `name (pid)`, if it can be told. Reads the kernel's tables; guesses nothing.
pub fn holder_of(port: u16) -> Option<String> {
    let inode =
        ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|table| listening_inode(&fs::read_to_string(table).ok()?, port))?;
    let link = format!("socket:[{inode}]");
    let processes = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let holds = |pid: &u32| {
        let Ok(descriptors) = fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
        descriptors.flatten().any(|entry| fs::read_link(entry.path()).is_ok_and(|target| target.as_os_str() == link.as_str()))
    };
    let pid = processes.into_iter().find(holds)?;
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some(format!("{} (pid {pid})", name.trim()))
}

/// The inode of the socket that listens (state 0A) on a port. Source: proc(5), /proc/net/tcp.
fn listening_inode(table: &str, port: u16) -> Option<u64> {
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (_, local_port) = fields.get(1)?.rsplit_once(':')?;
        let listens = *fields.get(3)? == "0A" && u16::from_str_radix(local_port, 16).ok()? == port;
        if listens { fields.get(9)?.parse().ok() } else { None }
    })
}

/// What may still be written to the disk that a folder is on.
pub fn free_bytes(folder: &Path) -> Result<u64, Failure> {
    let disk = rustix::fs::statvfs(folder).map_err(while_doing(format!("looking at the disk of {}", folder.display())))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Replaces a file that is for everyone, if it is another now.
pub fn keep_file(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let same = fs::read(path).is_ok_and(|kept| kept == bytes);
    if same { Ok(()) } else { replace_file(path, bytes, mode) }
}

/// Replaces a file whole: a reader sees the old or the new one, never half of one, also after a crash.
pub fn replace_file(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let doing = format!("writing {}", path.display());
    let folder = path.parent().unwrap_or(Path::new("/"));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = folder.join(format!(".{name}.{}", std::process::id()));
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&fresh)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error: io::Error| {
        let _ = fs::remove_file(&fresh);
        let advice =
            if error.kind() == io::ErrorKind::StorageFull { ". The disk is full: free space there and try again" } else { "" };
        Failure::other(format!("trouble while {doing}: {error}{advice}"))
    })
}

/// Takes away what a crash has left of files that were being replaced. Whoever holds the lock of the data dir may.
pub fn remove_unfinished(place: &Place) -> Result<(), Failure> {
    let doing = format!("looking for unfinished files in {}", place.data_dir.display());
    for entry in fs::read_dir(&place.data_dir).map_err(while_doing(&doing))? {
        let entry = entry.map_err(while_doing(&doing))?;
        let name = entry.file_name();
        let unfinished = name
            .to_str()
            .and_then(|name| name.strip_prefix('.')?.rsplit_once('.'))
            .filter(|(name, pid)| REPLACED.contains(name) && pid.bytes().all(|byte| byte.is_ascii_digit()));
        if unfinished.is_some() {
            fs::remove_file(entry.path()).map_err(while_doing(format!("removing {}", entry.path().display())))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_platform_on_a_data_dir_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::make(&folder.path().join("data")).unwrap();
        let lock = Lock::take(&place).unwrap().unwrap();
        assert_eq!(Lock::take(&place).unwrap().unwrap_err(), Held { pid: Some(std::process::id()) });
        drop(lock);
        assert!(Lock::take(&place).unwrap().is_ok());
    }

    #[test]
    fn what_a_crash_left_of_a_file_that_was_being_replaced_goes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::make(&folder.path().join("data")).unwrap();
        let names = [".run.json.123", ".master.key.9", ".mine.123", ".run.json.new", "run.json", "run.json.7"];
        names.iter().for_each(|name| fs::write(place.data_dir.join(name), "").unwrap());
        remove_unfinished(&place).unwrap();
        let mut left: Vec<_> = fs::read_dir(&place.data_dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".mine.123", ".run.json.new", "run.json", "run.json.7"]);
    }

    #[test]
    fn the_holder_of_a_port_is_named() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let holder = holder_of(listener.local_addr().unwrap().port()).unwrap();
        assert!(holder.ends_with(&format!("(pid {})", std::process::id())), "{holder}");
    }

    #[test]
    fn two_names_of_one_data_dir_are_one_place() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::make(&folder.path().join("data")).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&place.data_dir, &link).unwrap();
        assert_eq!(Place::find(&link).unwrap().tag, place.tag);
        assert_eq!(place.tag.len(), 8);
    }
}
