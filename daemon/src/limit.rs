//! Limits of this room's mechanisms.

use std::time::Duration;

/// Connections to the API's address at once; more wait in the backlog.
pub const API_CONNECTIONS: usize = 1_024;
/// A client of the API must have sent its request head within this.
pub const API_HEADER_TIMEOUT: Duration = Duration::from_secs(20);
/// How long open API requests may take to end when the platform stops.
pub const API_DRAIN: Duration = Duration::from_secs(5);
/// How long the front door may take to finish what it carries when the platform stops.
pub const EDGE_DRAIN: Duration = Duration::from_secs(30);
/// How long `outrunner stop` waits for a living platform to end.
pub const STOP_WAIT: Duration = Duration::from_secs(90);
/// Bells kept at most. Beyond it they are forgotten: whoever waited finds out at the next sweep.
pub const BELLS: usize = 100_000;
/// Longest answer that our own command line reads.
pub const CLIENT_BODY_BYTES: usize = 8 * 1024 * 1024;
/// Longest wait of our own command line for an answer.
pub const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);
/// How often certificates are looked at.
pub const CERTIFICATES_LOOKED_AT: Duration = Duration::from_secs(6 * 3600);
/// How often the store sweeps what was left half-done.
pub const STORE_SWEPT: Duration = Duration::from_secs(3600);
