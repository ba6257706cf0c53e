//! What is in flight and who waits: counted in the front door, read by the platform, and the bells that go with it.
//! Never decides what a count means. Source of truth: `model::demand`, `model::port::Gauge`.

mod count;
mod read;

pub use count::{Cord, Rings, count};
