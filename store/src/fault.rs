//! What can go wrong below the ports, and which of it may pass.
//!
//! Never reaches a caller: every port turns a fault into `Trouble` with what was being done. Never carries a stored value.

use std::io;

use model::trouble::Trouble;

/// A failure of SQLite, of a file, or of what was found in either.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the database did not do it")]
    Database(#[from] rusqlite::Error),
    #[error("a file could not be used")]
    File(#[from] io::Error),
    /// What is stored contradicts itself, or was changed behind our back. Stays until a person acts.
    #[error("{0}")]
    Damaged(String),
    /// A limit, or somebody else, is in the way just now.
    #[error("{0}")]
    Crowded(String),
}

impl Fault {
    /// As trouble: `doing` completes the sentence "trouble while …".
    pub(crate) fn while_doing(self, doing: impl Into<String>) -> Trouble {
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
            Self::Damaged(_) => false,
            Self::Crowded(_) => true,
        }
    }
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
        Fault::Database(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
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
}
