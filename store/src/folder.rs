//! Folders and files that only we may read, and the syncs that make their names last.
//!
//! Never widens the mode of a folder that is there already: the data dir itself may be the operator's.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Makes a folder (mode 0700) and the folders above it, if they are not there, and makes their names last.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    above.map_or(Ok(()), make)?;
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => above.map_or(Ok(()), sync),
    }
}

/// Opens a file for reading and writing, making it (mode 0600) if it is not there.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// Makes a new file (mode 0600); one that is there already is an error.
pub(crate) fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

/// Makes the names in a folder last: a rename is durable only after this.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Takes a file away; absence is success.
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_we_make_is_private_and_what_was_there_keeps_its_mode() {
        let base = tempfile::tempdir().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (deep, wide) = (base.path().join("a/b"), base.path().join("wide"));
        std::fs::create_dir(&wide).unwrap();
        std::fs::set_permissions(&wide, PermissionsExt::from_mode(0o755)).unwrap();

        make(&deep).unwrap();
        make(&wide).unwrap();
        new_file(&deep.join("new")).unwrap();
        open_file(&deep.join("open")).unwrap();

        assert_eq!((mode(&base.path().join("a")), mode(&deep), mode(&wide)), (0o700, 0o700, 0o755));
        assert_eq!((mode(&deep.join("new")), mode(&deep.join("open"))), (0o600, 0o600));
        assert!(new_file(&deep.join("new")).is_err());
        remove_file(&deep.join("never was")).unwrap();
    }
}
