//! The lock of a data dir: two stores on one would write over each other's segments.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::fault::Fault;
use crate::folder;

/// Held while a store is open. The kernel lets go of it when the process ends, however it ends.
pub(crate) struct Lock(File);

impl Lock {
    pub(crate) fn take(data_dir: &Path) -> Result<Self, Fault> {
        Self::take_if_free(data_dir)?.ok_or_else(|| {
            Fault::Damaged("it is in use by another process: a platform, or outrunner restore or check --repair".to_owned())
        })
    }

    /// Nothing if another process has it.
    pub(crate) fn take_if_free(data_dir: &Path) -> Result<Option<Self>, Fault> {
        let file = folder::open_file(&data_dir.join("store.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a child that was forked just now has the file open too until it executes its program.
        let _ = self.0.unlock();
    }
}
