//! The few primitives that the slots are built from, gathered in one place so that `tests/slot_loom.rs` can put loom's in
//! their stead and try every interleaving.
//! Never grows logic of its own. Source of truth: `slot.rs`, their only user.

pub use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering, fence};
pub use std::sync::{Mutex, MutexGuard};

use std::sync::Arc;

use arc_swap::ArcSwap;

/// A value that is replaced whole and read without a lock.
pub struct Swap<T>(ArcSwap<T>);

impl<T> Swap<T> {
    /// Holds `value` until the first [`Swap::store`].
    pub fn new(value: T) -> Self {
        Self(ArcSwap::from_pointee(value))
    }

    /// The value of this moment. The caller keeps it as long as it likes; nobody waits for it.
    pub fn load(&self) -> Arc<T> {
        self.0.load_full()
    }

    /// Replaces the value for everybody who loads from now on.
    pub fn store(&self, value: T) {
        self.0.store(Arc::new(value));
    }
}
