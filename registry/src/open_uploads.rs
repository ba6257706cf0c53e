//! Uploads under way: how many a login may have, and who is writing to which.
//!
//! Only counts and keeps writers apart; the bytes and their number are the store's. Empty after a restart: an upload that goes
//! on then is counted from its next request. Never reads the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use model::limit::LAYER_PART_BYTES_MIN;
use model::port::UploadId;
use model::time::Timestamp;

use crate::fault::Fault;
use crate::limit;

/// The uploads that this process has seen and not seen ending.
#[derive(Default)]
pub(crate) struct OpenUploads {
    table: Mutex<HashMap<UploadId, Open>>,
}

struct Open {
    login: String,
    touched: Timestamp,
    writer: Writer,
    /// Bytes of the last part that came by ECR's `UploadLayerPart`.
    last_part_bytes: Option<u64>,
    /// Whether a part before it had less than `LAYER_PART_BYTES_MIN`. Forgotten with a restart: the rule is ECR's, and nothing of ours needs it.
    has_small_part: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Nobody,
    Somebody,
}

/// The right to write to an upload, until dropped.
pub(crate) struct Claim {
    uploads: Arc<OpenUploads>,
    id: UploadId,
}

impl OpenUploads {
    /// Takes the right to write to an upload; one that is not known yet is counted from now on. Refuses while another has the right,
    /// and when `login` (an access key id, or a role) has too many.
    pub(crate) fn claim(self: &Arc<Self>, id: &UploadId, login: &str, now: Timestamp) -> Result<Claim, Fault> {
        let mut table = self.lock();
        match table.get_mut(id) {
            Some(Open { writer: Writer::Somebody, .. }) => return Err(Fault::UploadBusy),
            Some(open) => (open.writer, open.touched) = (Writer::Somebody, now),
            None => {
                make_room(&mut table, login, now)?;
                let open = Open {
                    login: login.to_owned(),
                    touched: now,
                    writer: Writer::Somebody,
                    last_part_bytes: None,
                    has_small_part: false,
                };
                table.insert(id.clone(), open);
            }
        }
        Ok(Claim { uploads: Arc::clone(self), id: id.clone() })
    }

    /// A part of so many bytes was appended to an upload.
    pub(crate) fn note_part(&self, id: &UploadId, bytes: u64) {
        if let Some(open) = self.lock().get_mut(id) {
            open.has_small_part |= open.last_part_bytes.is_some_and(|last| last < LAYER_PART_BYTES_MIN);
            open.last_part_bytes = Some(bytes);
        }
    }

    /// Whether a part other than the last is smaller than ECR takes them.
    pub(crate) fn has_small_part(&self, id: &UploadId) -> bool {
        self.lock().get(id).is_some_and(|open| open.has_small_part)
    }

    /// The upload has ended, or never was.
    pub(crate) fn close(&self, id: &UploadId) {
        self.lock().remove(id);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UploadId, Open>> {
        self.table.lock().expect("nothing panics while the table is locked")
    }
}

/// Forgets what nobody touched for long, then says whether one more fits.
fn make_room(table: &mut HashMap<UploadId, Open>, login: &str, now: Timestamp) -> Result<(), Fault> {
    table.retain(|_, open| open.writer == Writer::Somebody || now.since(open.touched) < limit::UPLOAD_REMEMBERED);
    let own = table.values().filter(|open| open.login == login).count();
    if own >= limit::UPLOADS_PER_LOGIN || table.len() >= limit::UPLOADS {
        let message = format!("Too many uploads are open (at most {} a login). Finish or cancel some.", limit::UPLOADS_PER_LOGIN);
        return Err(Fault::TooMany { message });
    }
    Ok(())
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(open) = self.uploads.lock().get_mut(&self.id) {
            open.writer = Writer::Nobody;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn id(number: usize) -> UploadId {
        UploadId(format!("{number:032x}"))
    }

    #[test]
    fn an_upload_has_one_writer_at_a_time() {
        let uploads = Arc::new(OpenUploads::default());
        let claim = uploads.claim(&id(1), "AKIA1", NOW).unwrap();
        assert!(matches!(uploads.claim(&id(1), "AKIA1", NOW), Err(Fault::UploadBusy)));
        drop(claim);
        assert!(uploads.claim(&id(1), "AKIA1", NOW).is_ok());
    }

    #[test]
    fn a_login_with_too_many_uploads_waits_until_one_ends_or_is_forgotten() {
        let uploads = Arc::new(OpenUploads::default());
        for number in 0..limit::UPLOADS_PER_LOGIN {
            drop(uploads.claim(&id(number), "AKIA1", NOW).unwrap());
        }
        assert!(matches!(uploads.claim(&id(9999), "AKIA1", NOW), Err(Fault::TooMany { .. })));
        assert!(uploads.claim(&id(9999), "AKIA2", NOW).is_ok(), "another login has its own count");
        uploads.close(&id(0));
        assert!(uploads.claim(&id(0), "AKIA1", NOW).is_ok());
        assert!(uploads.claim(&id(7777), "AKIA1", NOW).is_err());
        assert!(uploads.claim(&id(7777), "AKIA1", NOW.plus(limit::UPLOAD_REMEMBERED)).is_ok());
    }

    #[test]
    fn only_the_last_part_may_be_small() {
        let uploads = Arc::new(OpenUploads::default());
        drop(uploads.claim(&id(1), "AKIA1", NOW).unwrap());
        for (bytes, expected) in [(LAYER_PART_BYTES_MIN, false), (LAYER_PART_BYTES_MIN - 1, false), (LAYER_PART_BYTES_MIN, true)] {
            uploads.note_part(&id(1), bytes);
            assert_eq!(uploads.has_small_part(&id(1)), expected);
        }
        assert!(!uploads.has_small_part(&id(2)), "nothing is known of another");
    }

    #[test]
    fn the_table_is_bounded_over_all_logins() {
        let uploads = Arc::new(OpenUploads::default());
        for number in 0..limit::UPLOADS {
            drop(uploads.claim(&id(number), &format!("AKIA{}", number / 200), NOW).unwrap());
        }
        assert!(matches!(uploads.claim(&id(99999), "AKIANEW", NOW), Err(Fault::TooMany { .. })));
    }
}
