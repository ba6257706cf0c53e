//! What can go wrong below the ports, and which of it may pass.
//!
//! Never reaches a caller: every port turns a fault into `Trouble` with what was being done. Never carries a stored value.

use std::io;

use model::digest::Digest;
use model::refusal::Refusal;
use model::trouble::Trouble;

/// A failure of SQLite, of a file, or of what was found in either.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the database did not do it")]
    Database(#[source] rusqlite::Error),
    #[error("a file could not be used")]
    File(#[from] io::Error),
    /// What is stored contradicts itself, or was changed behind our back. Stays until a person acts.
    #[error("{0}")]
    Damaged(String),
    /// A limit, or somebody else, is in the way just now.
    #[error("{0}")]
    Crowded(String),
    /// A blob's bytes are not what its digest says, or not there. Whoever has the image brings them back by pushing it.
    #[error("a blob is damaged on the disk")]
    LostBlob(Digest),
}

/// A full disk is the same trouble whoever comes upon it, and whoever reads `Trouble` knows it by its kind.
impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let is_full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
            // What SQLite says where the file that readers and writer share finds no room.
            || error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE);
        if is_full { Self::File(io::ErrorKind::StorageFull.into()) } else { Self::Database(error) }
    }
}

impl Fault {
    /// As trouble: `doing` completes the sentence "trouble while …".
    pub(crate) fn while_doing(self, doing: impl Into<String>) -> Trouble {
        if let Self::LostBlob(digest) = &self {
            return Trouble::refused(doing, lost_blob(digest));
        }
        if self.may_pass() { Trouble::passing(doing, self) } else { Trouble::lasting(doing, self) }
    }

    /// A full disk is emptied and a bad cable is plugged in again; a damaged file stays damaged.
    fn may_pass(&self) -> bool {
        match self {
            Self::Database(error) => database_may_pass(error),
            Self::File(error) => !matches!(
                error.kind(),
                io::ErrorKind::NotFound
                    | io::ErrorKind::AlreadyExists
                    | io::ErrorKind::PermissionDenied
                    | io::ErrorKind::InvalidData
                    | io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::NotADirectory
            ),
            Self::Damaged(_) | Self::LostBlob(_) => false,
            Self::Crowded(_) => true,
        }
    }

    /// Whether there was no room on the disk.
    pub(crate) fn is_full(&self) -> bool {
        match self {
            Self::File(error) => matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded),
            Self::Database(_) | Self::Damaged(_) | Self::Crowded(_) | Self::LostBlob(_) => false,
        }
    }

    /// Whether a disk has failed to read or write: nobody knows then what of the last writes is on it.
    pub(crate) fn is_of_the_disk(&self) -> bool {
        match self {
            Self::Database(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure),
            Self::File(_) | Self::Damaged(_) | Self::Crowded(_) | Self::LostBlob(_) => false,
        }
    }
}

fn lost_blob(digest: &Digest) -> Refusal {
    Refusal::invalid(format!(
        "The blob {digest} is damaged on the platform's disk and is not handed out. Push the image again, or deploy again if it was copied from another \
         registry: the blob is brought anew."
    ))
}

fn database_may_pass(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, OutOfMemory, SystemIoFailure};
    // rusqlite's codes are many and not ours: everything that is not named here stays until a person acts.
    matches!(error.sqlite_error_code(), Some(DiskFull | SystemIoFailure | DatabaseBusy | DatabaseLocked | OutOfMemory | CannotOpen))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::trouble::Retry;
    use rusqlite::ffi;

    fn database(code: i32) -> Fault {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    }

    #[test]
    fn a_full_disk_may_pass_and_a_damaged_file_does_not() {
        let cases = [
            (database(ffi::SQLITE_FULL), Retry::Worthwhile),
            (database(ffi::SQLITE_IOERR_FSYNC), Retry::Worthwhile),
            (database(ffi::SQLITE_BUSY), Retry::Worthwhile),
            (database(ffi::SQLITE_CORRUPT), Retry::Pointless),
            (database(ffi::SQLITE_NOTADB), Retry::Pointless),
            (database(ffi::SQLITE_CONSTRAINT_UNIQUE), Retry::Pointless),
            (Fault::File(io::ErrorKind::StorageFull.into()), Retry::Worthwhile),
            (Fault::File(io::ErrorKind::NotFound.into()), Retry::Pointless),
            (Fault::Damaged("a block's checksum is wrong".to_owned()), Retry::Pointless),
            (Fault::Crowded("all uploads are taken".to_owned()), Retry::Worthwhile),
        ];
        for (fault, retry) in cases {
            let trouble = fault.while_doing("testing");
            assert_eq!(trouble.retry(), retry, "{}", trouble.chain());
        }
    }

    #[test]
    fn a_full_disk_is_told_to_the_caller_whoever_came_upon_it() {
        for fault in [database(ffi::SQLITE_FULL), Fault::File(io::ErrorKind::StorageFull.into())] {
            let trouble = fault.while_doing("testing");
            assert!(trouble.words_for_caller().unwrap().contains("disk is full"), "{}", trouble.chain());
        }
        assert_eq!(database(ffi::SQLITE_BUSY).while_doing("testing").words_for_caller(), None);
    }
}
