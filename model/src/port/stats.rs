//! What instances use. Kept by `engine`.

use crate::instance_usage::InstanceUsage;
use crate::port::Answer;

/// Counters of instances.
pub trait Stats: Send + Sync {
    /// Of every instance that is made ahead, runs, or is at rest, by name; one pass for all, so that a thousand cost little more than one. Counters of one instance
    /// never go back while it lives; one that is started again under the same name begins at nothing.
    fn usage(&self) -> Answer<'_, Vec<InstanceUsage>>;
}
