//! Files by their digest: `<folder>/<algorithm>/<first two digits>/<hexadecimal digits>`.
//!
//! Files are given and lose their names only inside the ledger's writing transactions, which come one after another: a file that has no row
//! there can be taken away without asking who is about to need it.

use std::fs::File;
use std::path::{Path, PathBuf};

use model::digest::{Algorithm, Digest};

use crate::blobs::Draft;
use crate::fault::Fault;
use crate::folder;

/// The folder of blobs.
#[derive(Clone, Debug)]
pub(crate) struct BlobFolder {
    root: PathBuf,
}

impl BlobFolder {
    pub(crate) fn open(root: PathBuf) -> Result<Self, Fault> {
        folder::make(&root)?;
        Ok(Self { root })
    }

    /// Gives a synced draft its name for good. A file that is there already is replaced: it has the same bytes, or lost its row in a crash.
    pub(crate) fn place(&self, draft: Draft, digest: &Digest) -> Result<(), Fault> {
        let path = self.path(digest);
        let shelf = path.parent().expect("path() puts a file in a folder");
        folder::make(shelf)?;
        draft.rename(&path)?;
        Ok(folder::sync(shelf)?)
    }

    pub(crate) fn file(&self, digest: &Digest) -> Result<File, Fault> {
        Ok(File::open(self.path(digest))?)
    }

    /// Takes a file away; absence is success.
    pub(crate) fn remove(&self, digest: &Digest) -> Result<(), Fault> {
        Ok(folder::remove_file(&self.path(digest))?)
    }

    /// The digests of all files, with or without a row. What is not named like a blob is not ours to judge.
    pub(crate) fn digests(&self) -> Result<Vec<Digest>, Fault> {
        let mut digests = Vec::new();
        for name in ["sha256", "sha512"] {
            for shelf in entries(&self.root.join(name))? {
                for file in entries(&shelf)? {
                    let hex = file.file_name().and_then(|hex| hex.to_str()).unwrap_or_default();
                    digests.extend(Digest::parse(&format!("{name}:{hex}")).ok());
                }
            }
        }
        Ok(digests)
    }

    /// What callers may still write to the disk that the blobs are on.
    pub(crate) fn free_bytes(&self) -> Result<u64, Fault> {
        let disk = rustix::fs::statvfs(&self.root).map_err(std::io::Error::from)?;
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

fn entries(path: &Path) -> Result<Vec<PathBuf>, Fault> {
    match std::fs::read_dir(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
        Ok(entries) => Ok(entries.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?),
    }
}
