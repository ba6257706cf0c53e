//! Which unpacked layers somebody is about to use: they are not taken away, whatever the ledger says of them.
//! Never touches a layer itself. Never outlives the platform: after a crash nobody is about to use anything.
//! Source of truth for layers in use: the orders of the instances that are there (see `layers`).

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

/// All leases of one engine.
#[derive(Debug, Clone, Default)]
pub struct Leases(Arc<Mutex<Held>>);

#[derive(Debug, Default)]
struct Held {
    /// How many hold each.
    counts: BTreeMap<String, usize>,
    /// Leased at the last `begin_sweep` or since, whether or not they are still.
    touched: BTreeSet<String>,
}

/// Layers that stay for as long as this lives.
#[derive(Debug)]
pub struct Lease {
    leases: Leases,
    layers: Vec<String>,
}

impl Leases {
    /// From here on these layers stay. Taken before it is looked whether they are there.
    pub fn take(&self, layers: Vec<String>) -> Lease {
        let mut held = self.held();
        for layer in &layers {
            *held.counts.entry(layer.clone()).or_default() += 1;
            held.touched.insert(layer.clone());
        }
        drop(held);
        Lease { leases: self.clone(), layers }
    }

    /// Every lease that is held now or taken from here on counts for the sweep that has just begun, also when it is over before the sweep comes to the
    /// layer: an instance that uses it may have been written down behind the sweep's back.
    pub fn begin_sweep(&self) {
        let mut held = self.held();
        // Those that are held now too: their holder may write the instance down and let go before the sweep comes to them.
        held.touched = held.counts.keys().cloned().collect();
    }

    /// Takes a layer away with `remove`, unless somebody has or had a lease on it. Nobody gets one meanwhile.
    pub fn unless_leased(&self, layer: &str, remove: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let held = self.held();
        if held.counts.contains_key(layer) || held.touched.contains(layer) {
            return Ok(());
        }
        remove()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().expect("nothing panics while it holds the leases")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut held = self.leases.held();
        for layer in &self.layers {
            match held.counts.get_mut(layer) {
                Some(count) if *count > 1 => *count -= 1,
                Some(_) | None => {
                    held.counts.remove(layer);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_stays_while_it_is_leased_and_through_the_sweep_in_which_it_was() {
        let leases = Leases::default();
        let is_removed = || {
            let mut removed = false;
            leases
                .unless_leased("a", || {
                    removed = true;
                    Ok(())
                })
                .unwrap();
            removed
        };
        assert!(is_removed());
        let (one, two) = (leases.take(vec!["a".to_owned()]), leases.take(vec!["a".to_owned(), "b".to_owned()]));
        leases.begin_sweep();
        drop(one);
        assert!(!is_removed());
        drop(two);
        assert!(!is_removed(), "it was leased when this sweep began");
        leases.begin_sweep();
        assert!(is_removed());
        drop(leases.take(vec!["a".to_owned()]));
        assert!(!is_removed(), "it was leased during this sweep");
        leases.begin_sweep();
        assert!(is_removed());
    }
}
