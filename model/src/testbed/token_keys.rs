//! Keys of identity tokens in memory, and tokens that are none.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::port::{Answer, TokenKeys};
use crate::testbed::ledger::ready;
use crate::token_key::TokenKey;

/// Keys that are forgotten when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryTokenKeys(Mutex<BTreeMap<String, TokenKey>>);

impl MemoryTokenKeys {
    fn keys(&self) -> MutexGuard<'_, BTreeMap<String, TokenKey>> {
        self.0.lock().expect("no test panics while it holds the keys")
    }
}

impl TokenKeys for MemoryTokenKeys {
    fn list(&self) -> Answer<'_, Vec<TokenKey>> {
        let mut keys: Vec<TokenKey> = self.keys().values().cloned().collect();
        keys.sort_by_key(|key| (key.signs_from, key.id.clone()));
        ready(keys)
    }

    fn keep<'a>(&'a self, key: &'a TokenKey) -> Answer<'a, ()> {
        self.keys().entry(key.id.clone()).or_insert_with(|| key.clone());
        ready(())
    }

    fn remove<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        self.keys().remove(id);
        ready(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testbed::{block_on, conformance};

    #[test]
    fn keys_in_memory_keep_the_promises_of_the_port() {
        block_on(conformance::token_keys(&MemoryTokenKeys::default()));
    }
}
