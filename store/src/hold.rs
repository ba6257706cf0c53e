//! The hold on a data dir's files: while another program copies or verifies what the rows name, no file of a blob or of a log segment is taken away.
//!
//! A lock of the kernel's, so that a program that is killed holds nothing. Holders share it; a removal needs it alone and never waits for it: a file
//! that nobody knows any more is nothing, and the next sweep takes it.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Mutex;

use crate::fault::Fault;
use crate::folder;

const NAME: &str = "hold.lock";

/// Somebody else's hold, from outside the platform. Ends when it is dropped.
pub(crate) struct Hold {
    _file: File,
}

impl Hold {
    /// Waits for a removal under way: one file.
    pub(crate) fn take(data_dir: &Path) -> Result<Self, Fault> {
        let file = folder::open_file(&data_dir.join(NAME))?;
        file.lock_shared()?;
        Ok(Self { _file: file })
    }
}

/// The other side: what the store asks before it takes a file away.
pub(crate) struct Holds(Mutex<File>);

impl Holds {
    pub(crate) fn open(data_dir: &Path) -> Result<Self, Fault> {
        Ok(Self(Mutex::new(folder::open_file(&data_dir.join(NAME))?)))
    }

    /// Takes files away, unless somebody holds them. Answers whether nobody did.
    pub(crate) fn unless_held(&self, remove: impl FnOnce() -> Result<(), Fault>) -> Result<bool, Fault> {
        let file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Ok(()) => {}
        }
        let removed = remove();
        file.unlock()?;
        removed.map(|()| true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_removed_while_anybody_holds_and_all_of_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let holds = Holds::open(folder.path()).unwrap();
        assert!(holds.unless_held(|| Ok(())).unwrap());
        let (first, second) = (Hold::take(folder.path()).unwrap(), Hold::take(folder.path()).unwrap());
        let never = || -> Result<(), Fault> { panic!("it is held") };
        assert!(!holds.unless_held(never).unwrap());
        drop(first);
        assert!(!holds.unless_held(never).unwrap(), "the second holds still");
        drop(second);
        assert!(holds.unless_held(|| Err(Fault::Damaged("a disk".to_owned()))).is_err());
        assert!(holds.unless_held(|| Ok(())).unwrap(), "a removal that failed holds up none");
    }
}
