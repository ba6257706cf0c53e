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
        if bells.len() >= BELLS && !bells.contains_key(whom) {
            // Whoever waits holds his bell, and would hear nothing of a new one.
            bells.retain(|_, notify| Arc::strong_count(notify) > 1);
        }
        if bells.len() >= BELLS && !bells.contains_key(whom) {
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
    use std::task::Poll;

    use model::service::ServiceId;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_bells_keep_their_promises() {
        let began = tokio::time::Instant::now();
        model::testbed::conformance::bell(&Bells::default(), &|| began.elapsed()).await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_hears_his_bell_when_the_bells_of_others_were_too_many() {
        let bells = Bells::default();
        let name = |n: usize| {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&n.to_be_bytes());
            Ring::Service(ServiceId::from_random(id))
        };
        let waited_for = name(0);
        let mut wait = bells.wait(&waited_for, Duration::from_secs(60));
        assert!(std::future::poll_fn(|context| Poll::Ready(wait.as_mut().poll(context).is_pending())).await);
        (1..=BELLS + 10).for_each(|n| bells.ring(&name(n)));
        assert!(bells.0.lock().unwrap().len() <= BELLS);
        bells.ring(&waited_for);
        assert_eq!(wait.await, Woken::Rung);
    }
}
