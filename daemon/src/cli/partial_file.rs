//! A file on its way into a folder that others may write to: it has another name until it is whole, and goes if it does not become so.
//!
//! Never writes into a file or through a link that somebody else has put there, and never overwrites anything.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, OFlags, RenameFlags, renameat_with};

use crate::failure::{Failure, while_doing};
use crate::limit::PARTIAL_TRIES;

/// A file of our own, locked while it is written.
#[derive(Debug)]
pub struct Partial {
    pub file: File,
    path: PathBuf,
    is_published: bool,
}

impl Partial {
    /// One that was left under this name by a killed program is taken away; one that another program writes now is refused.
    pub fn make(target: &Path, folder: &Path) -> Result<Self, Failure> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let path = folder.join(format!(".{name}.partial"));
        let doing = format!("writing {}", path.display());
        for _ in 0..PARTIAL_TRIES {
            let made = options().write(true).create_new(true).mode(0o600).open(&path);
            let (file, is_new) = match made {
                Ok(file) => (file, true),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match options().read(true).open(&path) {
                    Ok(file) => (file, false),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    // A link is what it is: nobody's backup.
                    Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
                        std::fs::remove_file(&path).map_err(while_doing(&doing))?;
                        continue;
                    }
                    Err(error) => return Err(while_doing(&doing)(error)),
                },
                Err(error) => return Err(while_doing(&doing)(error)),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Failure::other(format!("another backup is being written to {}", target.display())));
                }
                Err(TryLockError::Error(error)) => return Err(while_doing(&doing)(error)),
            }
            // Whoever had the lock before may have given this file another name.
            if !is_named(&file, &path).map_err(while_doing(&doing))? {
                continue;
            }
            if is_new {
                return Ok(Self { file, path, is_published: false });
            }
            std::fs::remove_file(&path).map_err(while_doing(&doing))?;
        }
        Err(Failure::other(format!("{} is made again and again by somebody else: choose another folder", path.display())))
    }

    /// Answers its size.
    pub fn publish(mut self, target: &Path, folder: &Path) -> Result<u64, Failure> {
        let doing = || while_doing(format!("writing {}", target.display()));
        self.file.sync_all().map_err(doing())?;
        rename_to_new(&self.path, target).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => exists(target),
            _ => doing()(error),
        })?;
        self.is_published = true;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(doing())?;
        Ok(self.file.metadata().map_err(doing())?.len())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_published && is_named(&self.file, &self.path).unwrap_or(false) {
            // What stays is taken away by the next backup of this name.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

pub fn exists(path: &Path) -> Failure {
    Failure::other(format!("{} is there already, and a backup never overwrites anything. Choose another name.", path.display()))
}

/// Never through a link, and never waiting for whoever may hold the other end of a pipe.
fn options() -> OpenOptions {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).expect("flags");
    let mut options = OpenOptions::new();
    options.custom_flags(flags);
    options
}

fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    match path.symlink_metadata() {
        Ok(named) => file.metadata().map(|ours| (ours.dev(), ours.ino()) == (named.dev(), named.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems, NFS among them, know a new link that replaces nothing, and no such rename.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
            std::fs::hard_link(from, to)?;
            std::fs::remove_file(from)
        }
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::symlink;

    use super::*;

    struct Rig(tempfile::TempDir);

    impl Rig {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn make(&self) -> Result<Partial, Failure> {
            Partial::make(&self.path("x"), self.0.path())
        }
    }

    #[test]
    fn what_somebody_else_has_put_under_the_name_is_never_written_to() {
        let rig = Rig::new();
        let (name, theirs) = (rig.path(".x.partial"), rig.path("theirs"));
        std::fs::write(&theirs, "theirs").unwrap();
        let pipe = || {
            rustix::fs::mknodat(CWD, &name, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
        };
        let (link, second_name) = (|| symlink(&theirs, &name).unwrap(), || std::fs::hard_link(&theirs, &name).unwrap());
        for put in [&pipe as &dyn Fn(), &link, &second_name] {
            put();
            let partial = rig.make().unwrap();
            let ours = partial.file.metadata().unwrap();
            assert_eq!((ours.mode() & 0o7777, ours.nlink()), (0o600, 1));
            (&partial.file).write_all(b"ours").unwrap();
            drop(partial);
            assert!(!name.exists());
            assert_eq!(std::fs::read(&theirs).unwrap(), b"theirs");
        }
    }

    #[test]
    fn a_file_that_came_meanwhile_is_not_overwritten_and_a_finished_one_not_begun_anew() {
        let rig = Rig::new();
        let partial = rig.make().unwrap();
        assert!(rig.make().unwrap_err().to_string().contains("another backup is being written"));
        std::fs::write(rig.path("x"), "mine").unwrap();
        assert!(partial.publish(&rig.path("x"), rig.0.path()).unwrap_err().to_string().contains("never overwrites"));
        assert_eq!(std::fs::read(rig.path("x")).unwrap(), b"mine");
        std::fs::remove_file(rig.path("x")).unwrap();

        let partial = rig.make().unwrap();
        // One that came just before the rename: it has the file, and no name leads to it.
        let late = File::open(rig.path(".x.partial")).unwrap();
        (&partial.file).write_all(b"whole").unwrap();
        assert_eq!(partial.publish(&rig.path("x"), rig.0.path()).unwrap(), 5);
        late.try_lock().unwrap();
        assert!(!is_named(&late, &rig.path(".x.partial")).unwrap());
        drop(rig.make().unwrap());
        assert_eq!(std::fs::read(rig.path("x")).unwrap(), b"whole");
        assert_eq!(std::fs::read_dir(rig.0.path()).unwrap().count(), 1);
    }
}
