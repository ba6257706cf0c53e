//! Files by their digest: `<folder>/<algorithm>/<first two digits>/<hexadecimal digits>`.
//!
//! Files are given and lose their names only inside the ledger's writing transactions, which come one after another: a file that has no row
//! there can be taken away without asking who is about to need it. Only one that is damaged is set aside by its reader, who waits for them (`names`).

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use model::digest::{Algorithm, Digest};

use crate::blobs::Draft;
use crate::fault::Fault;
use crate::folder;

/// Ends the name of a file that was found damaged.
const ASIDE: &str = ".damaged";

/// The folder of blobs.
#[derive(Clone, Debug)]
pub(crate) struct BlobFolder {
    root: PathBuf,
    /// Held by whoever gives or takes names: a reader must not set aside what was just brought anew.
    names: Arc<Mutex<()>>,
}

impl BlobFolder {
    pub(crate) fn open(root: PathBuf) -> Result<Self, Fault> {
        folder::make(&root)?;
        Ok(Self { root, names: Arc::default() })
    }

    /// Gives a synced draft its name for good. A file that is there already is replaced: it has the same bytes, or lost its row in a crash.
    pub(crate) fn place(&self, draft: Draft, digest: &Digest) -> Result<(), Fault> {
        let path = self.path(digest);
        let shelf = path.parent().expect("path() puts a file in a folder");
        folder::make(shelf)?;
        let _names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        draft.rename(&path)?;
        folder::sync(shelf)?;
        // A damaged one has no more worth. What stays of it goes with the blob.
        let _ = folder::remove_file(&aside(&path));
        Ok(())
    }

    /// A known blob's file.
    pub(crate) fn file(&self, digest: &Digest) -> Result<File, Fault> {
        match File::open(self.path(digest)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                tracing::error!(blob = %digest, "a blob's file is missing");
                Err(Fault::LostBlob(digest.clone()))
            }
            opened => Ok(opened?),
        }
    }

    /// Whether a known blob's file is there in its length. What was set aside is not: whoever has its bytes may bring them again.
    pub(crate) fn has(&self, digest: &Digest, size_bytes: u64) -> Result<bool, Fault> {
        match std::fs::metadata(self.path(digest)) {
            Ok(file) => Ok(file.len() == size_bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes the name from a file whose bytes were found damaged; it stays for a person to look at until the blob is brought anew or nobody needs it. One
    /// that has been put in its place meanwhile is not touched.
    pub(crate) fn set_aside(&self, digest: &Digest, damaged: &File) -> Result<(), Fault> {
        let path = self.path(digest);
        let _names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match std::fs::metadata(&path) {
            // Another reader was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            found => found?,
        };
        let seen = damaged.metadata()?;
        if (seen.dev(), seen.ino()) != (found.dev(), found.ino()) {
            return Ok(());
        }
        std::fs::rename(&path, aside(&path))?;
        Ok(folder::sync(path.parent().expect("path() puts a file in a folder"))?)
    }

    /// Takes a file away; absence is success.
    pub(crate) fn remove(&self, digest: &Digest) -> Result<(), Fault> {
        let path = self.path(digest);
        let _names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        folder::remove_file(&aside(&path))?;
        Ok(folder::remove_file(&path)?)
    }

    /// The digests of all files, with or without a row. What is not named like a blob is not ours to judge.
    pub(crate) fn digests(&self) -> Result<Vec<Digest>, Fault> {
        let mut digests = Vec::new();
        for name in ["sha256", "sha512"] {
            for shelf in entries(&self.root.join(name))? {
                for file in entries(&shelf)? {
                    let name_of_file = file.file_name().and_then(|hex| hex.to_str()).unwrap_or_default();
                    let hex = name_of_file.strip_suffix(ASIDE).unwrap_or(name_of_file);
                    digests.extend(Digest::parse(&format!("{name}:{hex}")).ok());
                }
            }
        }
        Ok(digests)
    }

    /// What callers may still write to the disk that the blobs are on.
    pub(crate) fn free_bytes(&self) -> Result<u64, Fault> {
        let disk = rustix::fs::statvfs(&self.root).map_err(io::Error::from)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    pub(crate) fn path(&self, digest: &Digest) -> PathBuf {
        let algorithm = match digest.algorithm() {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        };
        self.root.join(algorithm).join(&digest.hex()[..2]).join(digest.hex())
    }
}

fn aside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ASIDE);
    name.into()
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, Fault> {
    match std::fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
        Ok(entries) => Ok(entries.map(|entry| Ok(entry?.path())).collect::<Result<_, io::Error>>()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_comes_late_touches_nothing_of_what_was_brought_anew() {
        let base = tempfile::tempdir().unwrap();
        let blobs = BlobFolder::open(base.path().join("blobs")).unwrap();
        let digest = Digest::parse(&format!("sha256:{}", "ab".repeat(32))).unwrap();
        let path = blobs.path(&digest);
        folder::make(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "damaged").unwrap();
        let (first, second) = (blobs.file(&digest).unwrap(), blobs.file(&digest).unwrap());
        blobs.set_aside(&digest, &first).unwrap();
        assert!(!path.exists());
        blobs.set_aside(&digest, &second).unwrap();

        std::fs::write(&path, "good").unwrap();
        blobs.set_aside(&digest, &second).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"good");
        assert_eq!(std::fs::read(aside(&path)).unwrap(), b"damaged", "the good one was never called so");
    }
}
