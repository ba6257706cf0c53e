//! What must hold whatever an image says: nothing outside its folder changes, nothing in it is more than it may be, and the
//! runtime is told nothing that an image may not decide.
//! Never forgives: what is the machine's fault, on a machine that is well, is a finding too.
//! Source of truth: docs of the engine, `unpack` and `runtime`.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

/// A layer may have so many bytes here.
pub const BYTES: u64 = 1 << 20;

/// And so many files, folders and links.
pub const ENTRIES: usize = 10_000;

/// A place to unpack in, with something beside it that must stay as it is.
pub struct Ground {
    folder: tempfile::TempDir,
    before: Vec<String>,
}

impl Ground {
    /// `inside` is empty, `outside` is not.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        fs::create_dir(folder.path().join("inside")).expect("it is empty");
        fs::create_dir(folder.path().join("outside")).expect("it is empty");
        fs::write(folder.path().join("outside/victim"), b"as it was").expect("there is room");
        let before = state(&folder.path().join("outside"));
        Self { folder, before }
    }

    /// Where to unpack.
    pub fn inside(&self) -> std::path::PathBuf {
        self.folder.path().join("inside")
    }

    /// After unpacking.
    pub fn check(&self) {
        assert_eq!(state(&self.folder.path().join("outside")), self.before, "something outside has changed");
        let beside: BTreeSet<_> = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(beside.len(), 2, "something new is outside: {beside:?}");
        let (mut seen, mut entries) = (BTreeSet::new(), 0);
        assert!(walk(&self.inside(), &mut seen, &mut entries) <= BYTES, "there is more in it than a layer may have");
        assert!(entries <= ENTRIES, "there are more files in it than a layer may have: {entries}");
    }
}

fn state(folder: &Path) -> Vec<String> {
    let mut paths = vec![folder.to_owned()];
    paths.extend(fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let one = |path: &std::path::PathBuf| {
        let meta = fs::symlink_metadata(path).unwrap();
        let content = if meta.is_file() { fs::read(path).unwrap() } else { Vec::new() };
        let own = (meta.mode(), meta.uid(), meta.gid(), meta.nlink(), meta.mtime_nsec(), meta.ctime_nsec());
        format!("{} {own:?} {content:?}", path.display())
    };
    paths.iter().map(one).collect()
}

/// Bytes of all files, each counted once, whatever its names.
fn walk(folder: &Path, seen: &mut BTreeSet<u64>, entries: &mut usize) -> u64 {
    let mut bytes = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        *entries += 1;
        let meta = fs::symlink_metadata(&path).unwrap();
        let kind = meta.file_type();
        assert!(!kind.is_block_device() && !kind.is_socket(), "{} is a device", path.display());
        assert!(!kind.is_char_device() || meta.rdev() == 0, "{} is a device", path.display());
        assert!(meta.uid() < 65_536 && meta.gid() < 65_536, "{} belongs to somebody else", path.display());
        check_attributes(&path);
        if kind.is_dir() {
            bytes += walk(&path, seen, entries);
        } else if kind.is_file() && seen.insert(meta.ino()) {
            bytes += meta.len();
        }
    }
    bytes
}

/// The overlay obeys `trusted.overlay.`: only our own word may stand there.
fn check_attributes(path: &Path) {
    let mut names = [0u8; 16 << 10];
    let count = rustix::fs::llistxattr(path, &mut names[..]).unwrap_or(0);
    for name in names[..count].split(|byte| *byte == 0).filter(|name| name.starts_with(b"trusted.")) {
        assert_eq!(name, b"trusted.overlay.opaque", "{} has an attribute that the overlay may obey", path.display());
    }
}

/// After a bundle was made: everything that guards the host stands in it, whatever the image says.
pub fn check_bundle(config: &serde_json::Value) {
    assert_eq!(config["process"]["noNewPrivileges"], true);
    assert_eq!(config["root"]["path"], "/run/rootfs");
    let user = &config["process"]["user"];
    assert!(user["uid"].as_u64().is_some_and(|id| id < 65_536) && user["gid"].as_u64().is_some_and(|id| id < 65_536), "{user}");
    for set in ["bounding", "effective", "permitted"] {
        assert!(config["process"]["capabilities"][set].as_array().is_some_and(|set| set.len() <= 12));
    }
    assert!(config["process"]["cwd"].as_str().is_some_and(|folder| folder.starts_with('/')));
    assert!(config["process"]["args"].as_array().is_some_and(|words| !words.is_empty()));
    let namespaces = config["linux"]["namespaces"].as_array().expect("they are there");
    assert_eq!(namespaces.len(), 7);
    assert_eq!(config["linux"]["seccomp"]["defaultAction"], "SCMP_ACT_ERRNO");
    assert!(config["linux"]["maskedPaths"].as_array().is_some_and(|paths| paths.len() >= 12));
    assert!(config["linux"]["readonlyPaths"].as_array().is_some_and(|paths| paths.len() >= 5));
    let resources = &config["linux"]["resources"];
    // Of the size that was asked for, 256 units and 512 MiB; the quota is one vCPU's until it is healthy.
    assert_eq!(resources["cpu"]["shares"], 256, "{resources}");
    assert_eq!(resources["cpu"]["quota"], resources["cpu"]["period"], "{resources}");
    assert_eq!(resources["memory"]["limit"], 512 << 20, "{resources}");
    assert!(resources["pids"]["limit"].as_u64().is_some_and(|most| most > 0), "{resources}");
    let sources = config["mounts"].as_array().expect("they are there").iter().filter_map(|mount| mount["source"].as_str());
    assert!(sources.filter(|source| source.starts_with('/')).all(|source| source.starts_with("/run/")), "a mount of the host's");
}
