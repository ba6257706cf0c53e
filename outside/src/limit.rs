//! The limits of this room. What happens at each is tested beside the code that holds it.

use std::time::Duration;

/// A host name, without its last dot. Source: RFC 1035 §2.3.4 (255 octets on the wire are 253 characters).
pub const HOST_BYTES: usize = 253;
/// One label of it. Source: RFC 1035 §2.3.4.
pub const LABEL_BYTES: usize = 63;
/// Addresses that one look-up answers with; the rest is left out.
pub const ADDRESSES: usize = 16;
/// A look-up in all, waiting for its turn included. Longer is trouble that may pass.
pub const LOOKUP: Duration = Duration::from_secs(5);
/// One question to one server, so that a silent one leaves time to ask another.
pub const QUESTION: Duration = Duration::from_secs(2);
/// Look-ups under way at the same time; the next one waits for its turn within its own time.
pub const LOOKUPS: usize = 64;
/// Answers remembered, for as long as they say themselves.
pub const ANSWERS_CACHED: u64 = 1_024;
/// …but no longer than this: whoever mends a record wants to see it.
pub const ANSWER_CACHED: Duration = Duration::from_secs(60);
