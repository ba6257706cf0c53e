//! A data dir in one file, and back: the ledger at one moment, every blob that it names, and the log lines if they are wanted.
//!
//! A backup is a tar in zstd: a head that says what comes, the parts in that order, and an end that says what each of them was. A file without its end is
//! no backup. Made beside a running platform as well as without one: both databases are read at one moment each, and what they name is held meanwhile
//! (`hold.rs`). What a platform makes anew is left out: unpacked layers, instances, uploads under way, files for clients. Secrets stay sealed; the master key
//! is in it only as a file that the caller has encrypted.
//!
//! Never decides where a backup is kept, and never sees a master key that is to be encrypted.

mod manifest;
mod pack;
mod part_hash;
mod restore;
mod snapshot;

pub use manifest::Made;
pub use pack::{BackupOrder, Packed, Prepared, prepare};
pub(crate) use restore::clear_finished;
pub use restore::{Restored, is_unfinished, restore};
pub(crate) use snapshot::PREFIX as COPY_PREFIX;

/// Whether what services and callers have logged is part of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLines {
    Kept,
    /// Groups, streams and their retention are kept all the same; what happened to services comes back from the ledger.
    LeftOut,
}
