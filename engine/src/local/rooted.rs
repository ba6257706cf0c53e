//! A folder that nothing written through it can leave, whatever paths, links and names it is given.
//! Never follows a path by itself: the kernel resolves it with this folder as its root (`openat2`, `RESOLVE_IN_ROOT`).
//! Source of truth: `openat2(2)`.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, ResolveFlags, fchmod, mkdirat, openat, openat2};
use rustix::io::Errno;

use crate::limit::{PATH_BYTES, PATH_PARTS};

/// The folder.
pub struct Rooted {
    root: OwnedFd,
}

/// A path as it may stand in a layer: its parts, none of them `.` or `..`. Empty is the folder itself.
pub type Parts<'a> = Vec<&'a OsStr>;

/// Takes a path apart. Slashes at its beginning and `.` mean nothing; `Err` says what is wrong with it.
pub fn parts(path: &[u8]) -> Result<Parts<'_>, String> {
    let shown = || String::from_utf8_lossy(&path[..path.len().min(200)]).into_owned();
    if path.len() > PATH_BYTES {
        return Err(format!("the path {} is longer than {PATH_BYTES} bytes", shown()));
    }
    let mut parts = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => return Err(format!("the path {} contains '..'", shown())),
            part if part.contains(&0) => return Err("a path contains a NUL".to_owned()),
            part => parts.push(OsStr::from_bytes(part)),
        }
        if parts.len() > PATH_PARTS {
            return Err(format!("the path {} leads through more than {PATH_PARTS} folders", shown()));
        }
    }
    Ok(parts)
}

impl Rooted {
    /// Opens an existing folder.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { root: File::open(path)?.into() })
    }

    /// The folder at `parts`, if it is there; with links on the way, wherever they lead inside.
    pub fn existing(&self, parts: &[&OsStr]) -> io::Result<OwnedFd> {
        self.resolve(parts, OFlags::DIRECTORY)
    }

    /// The same, and how many of the last parts are new: missing ones are made, owned by root.
    pub fn folder(&self, parts: &[&OsStr]) -> io::Result<(OwnedFd, usize)> {
        match self.existing(parts) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => return done.map(|found| (found, 0)),
        }
        let mut new = 0;
        let mut at = self.existing(&[])?;
        for until in 1..=parts.len() {
            at = match self.resolve(&parts[..until], OFlags::DIRECTORY) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let name = parts[until - 1];
                    mkdirat(&at, name, Mode::from_raw_mode(0o700))?;
                    let made = openat(&at, name, OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
                    // Whatever our own umask is.
                    fchmod(&made, Mode::from_raw_mode(0o755))?;
                    new += 1;
                    made
                }
                done => done?,
            };
        }
        Ok((at, new))
    }

    fn resolve(&self, parts: &[&OsStr], flags: OFlags) -> io::Result<OwnedFd> {
        let path: PathBuf = if parts.is_empty() { ".".into() } else { parts.iter().collect() };
        let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
        loop {
            match openat2(&self.root, &path, flags | OFlags::CLOEXEC, Mode::empty(), resolve) {
                // Somebody renamed something on the machine while the kernel walked; it asks to be asked again.
                Err(Errno::AGAIN) => {}
                done => return Ok(done?),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_path_with_two_dots_a_nul_or_too_much_length_is_refused() {
        assert_eq!(parts(b"./usr//bin/x").unwrap(), ["usr", "bin", "x"].map(OsStr::new));
        assert!(parts(b"/").unwrap().is_empty());
        assert_eq!(parts(&b"a/".repeat(PATH_PARTS)).unwrap().len(), PATH_PARTS);
        assert_eq!(parts(b"a/...").unwrap().len(), 2, "three dots are a name");
        for bad in [&b"../x"[..], b"a/../b", b"..", b"a\0b", &[b'a'; PATH_BYTES + 1], &b"a/".repeat(PATH_PARTS + 1)] {
            assert!(parts(bad).is_err());
        }
    }

    #[test]
    fn links_lead_nowhere_but_inside() {
        let outside = tempfile::tempdir().unwrap();
        let inside = tempfile::tempdir().unwrap();
        symlink(outside.path(), inside.path().join("absolute")).unwrap();
        symlink("../../../../../..", inside.path().join("up")).unwrap();
        let rooted = Rooted::open(inside.path()).unwrap();
        for link in ["absolute", "up"] {
            let names = [OsStr::new(link), OsStr::new("made")];
            // An absolute link is resolved below the root, where its target does not exist yet: refused, never outside.
            let _ = rooted.folder(&names);
        }
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        assert!(inside.path().join("made").exists(), "a link upwards ends at the root");
    }
}
