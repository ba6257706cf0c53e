//! A file that is whole and synced, and only waits for its name.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::blobs::upload::Uploads;
use crate::fault::Fault;
use crate::folder;

/// Taken away when it is dropped, if nobody gave it a name.
pub(crate) struct Draft {
    path: PathBuf,
    named: bool,
    /// The upload that it was; it stays lent until the draft is gone, so that nobody writes to a file that was verified.
    upload: Option<(Arc<Uploads>, String)>,
}

impl Draft {
    pub(super) fn loose(path: PathBuf) -> Self {
        Self { path, named: false, upload: None }
    }

    pub(super) fn of_upload(uploads: Arc<Uploads>, name: String) -> Self {
        Self { path: uploads.path(&name), named: false, upload: Some((uploads, name)) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name. The caller syncs the folder.
    pub(super) fn rename(mut self, to: &Path) -> Result<(), Fault> {
        std::fs::rename(&self.path, to)?;
        self.named = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.named {
            // What stays after a failure is swept a day later, or when the store opens.
            let _ = folder::remove_file(&self.path);
        }
        if let Some((uploads, name)) = self.upload.take() {
            uploads.forget(&name);
        }
    }
}
