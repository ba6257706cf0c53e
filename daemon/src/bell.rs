//! Bells on tokio's `Notify`: a ring wakes everyone who waits, or the next one who will.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::port::{Bell, Ring, Wait, Woken};
use tokio::sync::Notify;

use crate::limit::BELLS;

/// The platform's bells.
#[derive(Debug, Default)]
pub struct Bells(Mutex<HashMap<Ring, Arc<Notify>>>);

impl Bells {
    fn of(&self, whom: &Ring) -> Arc<Notify> {
        let mut bells = self.0.lock().expect("nothing panics while it holds the bells");
        if bells.len() >= BELLS {
            bells.clear();
        }
        Arc::clone(bells.entry(whom.clone()).or_default())
    }
}

impl Bell for Bells {
    fn ring(&self, whom: &Ring) {
        let notify = self.of(whom);
        notify.notify_waiters();
        // Nobody may have waited, or somebody may be about to: the next wait ends at once. A wake-up too many is harmless.
        notify.notify_one();
    }

    fn wait<'a>(&'a self, whom: &'a Ring, at_most: Duration) -> Wait<'a> {
        Box::pin(async move {
            let notify = self.of(whom);
            let rung = tokio::time::timeout(at_most, notify.notified()).await;
            if rung.is_ok() { Woken::Rung } else { Woken::Late }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_bells_keep_their_promises() {
        let began = tokio::time::Instant::now();
        model::testbed::conformance::bell(&Bells::default(), &|| began.elapsed()).await;
    }
}
