//! Takes a folder away with all that is in it, however deep strangers have made it.
//! Never follows a link, never calls itself: a folder for each level on the stack, or an open descriptor for each, is what a
//! tree of a hundred thousand levels is made to use up. Never gives up at the first thing that cannot be removed.
//! Source of truth: unlinkat(2); the kernel's `..`, which is believed only where it is the folder that we came from.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, fstat, openat, unlinkat};
use rustix::io::Errno;

use crate::limit::{REMOVAL_OPEN, REMOVAL_ROUNDS};

const OPEN: OFlags = OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// A folder on the way down, whose name is known to the one above it.
struct Level {
    name: CString,
    /// Device and number.
    id: (u64, u64),
    /// None for those far above: they are found again by the way up.
    open: Option<Box<Dir>>,
    /// How often it was read to its end and was not empty: somebody wrote meanwhile.
    rounds: u32,
}

impl Level {
    fn of(name: &CStr, dir: Dir) -> io::Result<Self> {
        Ok(Self { name: name.to_owned(), id: id(dir.fd()?)?, open: Some(Box::new(dir)), rounds: 0 })
    }

    fn dir(&mut self) -> &mut Dir {
        self.open.as_mut().expect("the deepest folder is open")
    }
}

/// Removes whatever is at `path`: a folder and all in it, a file, a link. Absence is success. After an error as much is gone
/// as could be, and the error is the first one.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    let (Some(above), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a path without a name cannot be removed"));
    };
    let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
    let above = match openat(CWD, above, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(()),
        above => above?,
    };
    let name = CString::new(name.as_bytes())?;
    let Some(dir) = take(std::os::fd::AsFd::as_fd(&above), &name, FileType::Unknown)? else { return Ok(()) };
    let mut levels = vec![Level::of(&name, dir)?];
    let mut first = None;
    while let Some(mut level) = levels.pop() {
        if let Some((name, inner)) = next_folder(level.dir(), &mut first)? {
            levels.push(level);
            levels.push(Level::of(&name, inner)?);
            if let Some(far) = levels.len().checked_sub(REMOVAL_OPEN + 1) {
                levels[far].open = None;
            }
            continue;
        }
        let at = match levels.last_mut() {
            None => std::os::fd::AsFd::as_fd(&above),
            Some(upper) => {
                if upper.open.is_none() {
                    upper.open = Some(Box::new(way_up(level.dir(), upper.id)?));
                }
                upper.dir().fd()?
            }
        };
        match unlinkat(at, &level.name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(Errno::NOTEMPTY) if first.is_none() && level.rounds < REMOVAL_ROUNDS => {
                level.rounds += 1;
                level.dir().rewind();
                levels.push(level);
            }
            Err(error) => {
                first.get_or_insert(error.into());
            }
        }
    }
    first.map_or(Ok(()), Err)
}

/// Removes what is in a folder, up to the first folder that has something in it. None at the end.
fn next_folder(dir: &mut Dir, first: &mut Option<io::Error>) -> io::Result<Option<(CString, Dir)>> {
    while let Some(entry) = dir.read() {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        match take(dir.fd()?, name, entry.file_type()) {
            Ok(None) => {}
            Ok(Some(inner)) => return Ok(Some((name.to_owned(), inner))),
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    Ok(None)
}

/// Removes a name, or opens the folder that it is if something is in it.
fn take(at: BorrowedFd<'_>, name: &CStr, kind: FileType) -> io::Result<Option<Dir>> {
    if kind != FileType::Directory {
        match unlinkat(at, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => return Ok(None),
            // Each file system has its own word for a folder.
            Err(Errno::ISDIR | Errno::PERM) => {}
            Err(error) => return Err(error.into()),
        }
    }
    match unlinkat(at, name, AtFlags::REMOVEDIR) {
        Ok(()) | Err(Errno::NOENT) => Ok(None),
        Err(Errno::NOTEMPTY | Errno::EXIST) => match openat(at, name, OPEN, Mode::empty()) {
            // Somebody else removes it too.
            Err(Errno::NOENT) => Ok(None),
            opened => Ok(Some(Dir::new(opened?)?)),
        },
        Err(error) => Err(error.into()),
    }
}

fn way_up(dir: &Dir, expected: (u64, u64)) -> io::Result<Dir> {
    let upper = openat(dir.fd()?, c"..", OPEN, Mode::empty())?;
    if id(std::os::fd::AsFd::as_fd(&upper))? != expected {
        return Err(io::Error::other("a folder was moved while it was being removed"));
    }
    Ok(Dir::new(upper)?)
}

fn id(folder: BorrowedFd<'_>) -> io::Result<(u64, u64)> {
    let found = fstat(folder)?;
    Ok((found.st_dev, found.st_ino))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use rustix::fs::mkdirat;

    use super::*;

    /// A folder in a folder in a folder, with a file and a link in each thousandth.
    fn chain(at: &Path, levels: u32) {
        fs::create_dir(at).unwrap();
        let mut folder = openat(CWD, at, OPEN, Mode::empty()).unwrap();
        for level in 0..levels {
            mkdirat(&folder, "d", Mode::from_raw_mode(0o700)).unwrap();
            if level % 1000 == 0 {
                rustix::fs::symlinkat("/", &folder, "link").unwrap();
                mkdirat(&folder, "empty", Mode::from_raw_mode(0o700)).unwrap();
            }
            folder = openat(&folder, "d", OPEN, Mode::empty()).unwrap();
        }
    }

    #[test]
    fn a_tree_of_three_thousand_and_one_of_thirty_thousand_levels_are_removed() {
        for levels in [3_000, 30_000] {
            let folder = tempfile::tempdir().unwrap();
            let deep = folder.path().join("deep");
            chain(&deep, levels);
            // With a stack on which a call for each level would not fit, as it does not for the standard library's.
            let remove = move || remove_folder(&deep).unwrap();
            std::thread::Builder::new().stack_size(128 << 10).spawn(remove).unwrap().join().unwrap();
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{levels}");
        }
    }

    #[test]
    fn a_wide_tree_goes_and_what_its_links_lead_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (tree, outside) = (folder.path().join("tree"), folder.path().join("outside"));
        fs::create_dir_all(outside.join("kept")).unwrap();
        for n in 0..50 {
            fs::create_dir_all(tree.join(format!("{n}/a/b"))).unwrap();
            for m in 0..50 {
                fs::write(tree.join(format!("{n}/a/{m}")), "x").unwrap();
            }
            symlink(&outside, tree.join(format!("{n}/link"))).unwrap();
        }
        remove_folder(&tree).unwrap();
        assert!(outside.join("kept").exists() && !tree.exists());
        remove_folder(&tree).unwrap();
        remove_folder(&folder.path().join("nowhere/at/all")).unwrap();
        symlink(&outside, &tree).unwrap();
        remove_folder(&tree).unwrap();
        fs::write(&tree, "a file").unwrap();
        remove_folder(&tree).unwrap();
        assert!(outside.join("kept").exists() && !tree.exists());
    }
}
