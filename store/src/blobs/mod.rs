//! Blobs: uploads on their way in, files by their digest, bodies on their way out.
//!
//! Nothing half-done is ever visible: a file gets its digest's name only when it is whole, verified and synced, and a repository sees it only by
//! a row of the ledger. Never keeps a body in memory beyond one buffer.

mod draft;
mod file_body;
mod folder;
mod loan;
mod port;
mod upload;

pub(crate) use draft::Draft;
pub(crate) use file_body::FileBody;
pub(crate) use folder::BlobFolder;
pub(crate) use upload::{Uploads, repository_mark};
