//! What keys were last used for, written down now and then: a write to disk at each call would cost more than the call.
//! Never fails a call: what could not be written is written at a later one. Source of truth: the port `AccessKeys`.

use crate::limit;
use model::{caller::KeyUse, port::AccessKeys, time::Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// When the use of each key was last written down, since the door is open.
#[derive(Debug, Default)]
pub struct KeyUses(Mutex<HashMap<String, Timestamp>>);

impl KeyUses {
    /// Writes a use down, unless one of the same key was written not long ago.
    pub async fn note(&self, keys: &dyn AccessKeys, id: &str, last: KeyUse) {
        if !self.is_due(id, last.at) {
            return;
        }
        if let Err(trouble) = keys.note_use(id, &last).await {
            tracing::warn!(access_key_id = id, cause = trouble.chain(), "the use of a key could not be written down");
        }
    }

    /// Whether it is time, and from now on it was. Of calls at once one writes.
    fn is_due(&self, id: &str, now: Timestamp) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back is no reason to write nothing for hours.
        if noted.get(id).is_some_and(|at| *at <= now && now.since(*at) < limit::KEY_USE_NOTED) {
            return false;
        }
        if noted.len() >= limit::KEY_USES {
            noted.clear();
        }
        noted.insert(id.to_owned(), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_use_is_written_down_once_in_a_while_for_each_key() {
        let (uses, first) = (KeyUses::default(), Timestamp::from_millis(1_000_000));
        assert!(uses.is_due("AKIA1", first));
        assert!(uses.is_due("AKIA2", first));
        for (later, due) in [(0, false), (299, false), (300, true), (301, false), (200, true)] {
            assert_eq!(uses.is_due("AKIA1", first.plus(Duration::from_secs(later))), due, "after {later} s");
        }
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let (uses, now) = (KeyUses::default(), Timestamp::from_millis(1));
        for n in 0..=limit::KEY_USES {
            assert!(uses.is_due(&n.to_string(), now));
        }
        assert!(uses.0.lock().unwrap().len() <= limit::KEY_USES);
        assert!(uses.is_due("0", now), "it was forgotten, and is written once more");
    }
}
