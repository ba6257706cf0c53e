//! Request ids, drawn from random bytes that are fetched for many of them at once: a request costs no system call for its name.
//! Never repeats one: a byte is used once. Source of truth: RFC 9562 section 5.4.

use std::sync::{Arc, Mutex};

use rustls::crypto::CryptoProvider;
use uuid::Uuid;

use crate::limit::REQUEST_IDS_AHEAD;

const ID_BYTES: usize = 16;

/// One core's request ids.
pub struct RequestIds {
    provider: Arc<CryptoProvider>,
    ahead: Mutex<Ahead>,
}

struct Ahead {
    bytes: [u8; ID_BYTES * REQUEST_IDS_AHEAD],
    used: usize,
}

impl RequestIds {
    /// Nothing is fetched yet.
    pub fn new(provider: Arc<CryptoProvider>) -> Self {
        let used = ID_BYTES * REQUEST_IDS_AHEAD;
        Self { provider, ahead: Mutex::new(Ahead { bytes: [0; ID_BYTES * REQUEST_IDS_AHEAD], used }) }
    }

    /// The next one.
    pub fn draw(&self) -> Uuid {
        let mut ahead = self.ahead.lock().expect("nothing under this lock can panic");
        if ahead.used == ahead.bytes.len() {
            if self.provider.secure_random.fill(&mut ahead.bytes).is_err() {
                return Uuid::new_v4();
            }
            ahead.used = 0;
        }
        let Ahead { bytes, used } = &mut *ahead;
        let (id, _) = bytes[*used..].split_first_chunk().expect("the bytes are a multiple of an id's");
        *used += ID_BYTES;
        uuid::Builder::from_random_bytes(*id).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_id_comes_twice_and_each_is_a_random_one() {
        let ids = RequestIds::new(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        let count = 3 * REQUEST_IDS_AHEAD + 1;
        let drawn: HashSet<Uuid> = (0..count).map(|_| ids.draw()).collect();
        assert_eq!(drawn.len(), count);
        assert!(drawn.iter().all(|id| id.get_version_num() == 4 && id.get_variant() == uuid::Variant::RFC4122));
    }
}
