//! Uploads on their way in: files that grow, hashed while they grow.
//!
//! An upload is lent to one request at a time. After a restart the files tell what there is, and their hash is computed again from them. Never
//! tells a file by what a caller sent: a name that is not 32 hexadecimal digits is no upload.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use model::digest::{Algorithm, Digest};
use model::port::UploadId;
use model::repository::RepositoryKey;
use model::time::Timestamp;

use crate::blobs::draft::Draft;
use crate::blobs::loan::{Loan, Progress};
use crate::fault::Fault;
use crate::folder;
use crate::limit::{UPLOAD_IDLE_CROWDED, UPLOADS_OPEN};

/// A draft that is not an upload: its name begins with this. What a crash left of them goes when the store opens.
const LOOSE: &str = "put.";

/// The folder of uploads and what is known of those that were touched since the store was opened. Its methods block.
pub(crate) struct Uploads {
    folder: PathBuf,
    states: Mutex<HashMap<String, State>>,
    loose_drafts: AtomicU64,
}

enum State {
    Resting(Progress),
    Lent { received: u64 },
}

/// What became of asking for an upload.
pub(crate) enum Lending {
    Lent(Loan),
    /// Another request has it.
    Busy,
    Missing,
}

/// The file name of an upload: it holds a digest of the repository's key, so that an upload is only found in its own repository.
pub(crate) fn file_name(repository: &RepositoryKey, upload: &UploadId) -> Option<String> {
    let plain = upload.0.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if upload.0.len() != 32 || !plain {
        return None;
    }
    Some(format!("{}.{}", upload.0, repository_mark(repository)))
}

/// What stands behind the dot in the file names of a repository's uploads.
pub(crate) fn repository_mark(repository: &RepositoryKey) -> String {
    let key = format!("{}/{}/{}", repository.scope.account, repository.scope.region, repository.name);
    let digest = Digest::from_hash(Algorithm::Sha256, digest(&SHA256, key.as_bytes()).as_ref());
    digest.hex()[..32].to_owned()
}

impl Uploads {
    pub(crate) fn open(folder: PathBuf) -> Result<Self, Fault> {
        folder::make(&folder)?;
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(LOOSE) {
                folder::remove_file(&entry.path())?;
            }
        }
        Ok(Self { folder, states: Mutex::default(), loose_drafts: AtomicU64::new(0) })
    }

    /// Opens an upload. Its file carries the time of the last byte, as the clock of the house tells it. If too many are open, those that
    /// nobody seems to continue go first.
    pub(crate) fn begin(&self, name: &str, now: Timestamp) -> Result<(), Fault> {
        if self.states().len() >= UPLOADS_OPEN {
            self.sweep(now, UPLOAD_IDLE_CROWDED)?;
        }
        let mut states = self.states();
        if states.len() >= UPLOADS_OPEN {
            return Err(Fault::Crowded(format!("{UPLOADS_OPEN} uploads are open already")));
        }
        let file = folder::new_file(&self.path(name))?;
        file.set_modified(UNIX_EPOCH + span(now))?;
        states.insert(name.to_owned(), State::Resting(Progress::none()));
        Ok(())
    }

    /// Bytes received so far.
    pub(crate) fn received(&self, name: &str) -> Result<Option<u64>, Fault> {
        let length = match std::fs::metadata(self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            found => found?.len(),
        };
        Ok(Some(match self.states().get(name) {
            Some(State::Resting(Progress { received, .. }) | State::Lent { received }) => *received,
            None => length,
        }))
    }

    /// Lends an upload to one request.
    pub(crate) fn lend(self: &Arc<Self>, name: &str) -> Result<Lending, Fault> {
        let (file, known) = {
            let mut states = self.states();
            let known = match states.remove(name) {
                Some(lent @ State::Lent { .. }) => {
                    states.insert(name.to_owned(), lent);
                    return Ok(Lending::Busy);
                }
                Some(State::Resting(progress)) => Some(progress),
                None => None,
            };
            let file = match File::options().read(true).write(true).open(self.path(name)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lending::Missing),
                opened => opened?,
            };
            let received = known.as_ref().map_or(file.metadata()?.len(), |progress| progress.received);
            states.insert(name.to_owned(), State::Lent { received });
            (file, known)
        };
        Loan::new(Arc::clone(self), name.to_owned(), file, known).map(Lending::Lent)
    }

    /// Ends a loan whose upload goes on.
    pub(super) fn give_back(&self, name: &str, progress: Progress) {
        let mut states = self.states();
        if self.path(name).exists() {
            states.insert(name.to_owned(), State::Resting(progress));
        } else {
            states.remove(name);
        }
    }

    /// Ends a loan whose upload is over.
    pub(super) fn forget(&self, name: &str) {
        self.states().remove(name);
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Takes an upload away; absence is success. A request that has it finds nothing to finish.
    pub(crate) fn cancel(&self, name: &str) -> Result<(), Fault> {
        let mut states = self.states();
        if let Some(State::Resting(_)) = states.get(name) {
            states.remove(name);
        }
        Ok(folder::remove_file(&self.path(name))?)
    }

    /// A file of bytes that are all there, synced, without a name of its own yet.
    pub(crate) fn draft(&self, bytes: &[u8]) -> Result<Draft, Fault> {
        let name = format!("{LOOSE}{}", self.loose_drafts.fetch_add(1, Ordering::Relaxed));
        let draft = Draft::loose(self.path(&name));
        let file = folder::new_file(draft.path())?;
        file.write_all_at(bytes, 0)?;
        file.sync_all()?;
        Ok(draft)
    }

    /// The marks of repositories that somebody uploads into: an upload is in a request's hands, or got a byte within `idle`.
    pub(crate) fn busy_marks(&self, now: Timestamp, idle: Duration) -> Result<HashSet<String>, Fault> {
        let mut marks = HashSet::new();
        for (name, last_byte) in self.files()? {
            let lent = matches!(self.states().get(&name), Some(State::Lent { .. }));
            if let Some((_, mark)) = name.split_once('.').filter(|_| lent || span(now) <= last_byte + idle) {
                marks.insert(mark.to_owned());
            }
        }
        Ok(marks)
    }

    /// The names of uploads that are there.
    pub(crate) fn names(&self) -> Result<Vec<String>, Fault> {
        Ok(self.files()?.into_iter().map(|(name, _)| name).collect())
    }

    /// Takes uploads away that no request has and whose repository is gone. Answers how many.
    pub(crate) fn sweep_orphans(&self, names: &[String], marks: &HashSet<String>) -> Result<u32, Fault> {
        let mut swept = 0;
        for name in names.iter().filter(|name| name.split_once('.').is_some_and(|(_, mark)| !marks.contains(mark))) {
            let mut states = self.states();
            if !matches!(states.get(name), Some(State::Lent { .. })) {
                states.remove(name);
                folder::remove_file(&self.path(name))?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Every upload's file, with the time of its last byte.
    fn files(&self) -> Result<Vec<(String, Duration)>, Fault> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.metadata() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                found if !name.starts_with(LOOSE) => {
                    files.push((name, found?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default()));
                }
                _ => {}
            }
        }
        Ok(files)
    }

    /// Takes away uploads that nobody has and that got no byte for so long. Answers how many.
    pub(crate) fn sweep(&self, now: Timestamp, idle: Duration) -> Result<u32, Fault> {
        let mut swept = 0;
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // Under the lock, so that nobody borrows it between the look and the removal.
            let mut states = self.states();
            let last_byte = match entry.metadata() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                found => found?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default(),
            };
            let lent = matches!(states.get(&name), Some(State::Lent { .. }));
            if !lent && !name.starts_with(LOOSE) && span(now) > last_byte + idle {
                states.remove(&name);
                folder::remove_file(&entry.path())?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    fn states(&self) -> MutexGuard<'_, HashMap<String, State>> {
        self.states.lock().expect("nobody panics while holding it")
    }
}

/// A time of the house's clock, as files carry it.
pub(super) fn span(now: Timestamp) -> Duration {
    now.since(Timestamp::from_millis(0))
}
