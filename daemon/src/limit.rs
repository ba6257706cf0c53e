//! Limits of this room's mechanisms.

use std::time::Duration;

/// Connections to the API's address at once; more wait in the backlog. Far below the descriptors that a platform may have.
pub const API_CONNECTIONS: usize = 2_048;
/// The same for those that the front door passes on, which are everybody's: they have places of their own, so that nobody outside keeps this
/// machine's own calls waiting.
pub const DOOR_CONNECTIONS: usize = 1_024;
/// Bytes that one such connection may read ahead, which also bounds a request's head, and that it may have ready to be sent.
pub const API_BUFFER_BYTES: usize = 64 * 1024;
/// Header fields of a request; more is 431.
pub const API_HEADERS: usize = 100;
/// A client of the API that is gone without a word, or that takes nothing of an answer, is given up after this.
pub const API_SILENCE: Duration = Duration::from_secs(60);
/// A connection that cannot be accepted is followed by this pause…
pub const API_REFUSED_PAUSE: Duration = Duration::from_millis(50);
/// …and told of at most this often.
pub const API_REFUSALS_TOLD: Duration = Duration::from_secs(10);
/// Output is taken over at most this often, so that a line each does not cost a commit each.
pub const PUMP_REST: Duration = Duration::from_millis(20);
/// A keeper that broke down is hired anew after this pause.
pub const BREAKDOWN_PAUSE: Duration = Duration::from_secs(5);
/// How often run.json is compared with the front door that is there.
pub const RUN_FILE_COMPARED: Duration = Duration::from_millis(500);
/// The front door's log is begun anew at a start if it is larger than this; one old file is kept.
pub const EDGE_LOG_BYTES: u64 = 8 * 1024 * 1024;
/// A client of the API must have sent its request head within this, also its first and also on a connection that it keeps.
pub const API_HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long open API requests may take to end when the platform stops.
pub const API_DRAIN: Duration = Duration::from_secs(5);
/// How long the front door may take to finish what it carries when the platform stops.
pub const EDGE_DRAIN: Duration = Duration::from_secs(30);
/// How long `outrunner stop` waits for a living platform to end.
pub const STOP_WAIT: Duration = Duration::from_secs(90);
/// Services that may have an instance made ahead: a quarter of the addresses that a platform's network has.
pub const SPARES: u16 = 1_000;
/// Bells kept at most. Beyond it they are forgotten: whoever waited finds out at the next sweep.
pub const BELLS: usize = 100_000;
/// How often our own command line looks at an operation that it waits for.
pub const OPERATION_LOOKED_AT: Duration = Duration::from_millis(200);
/// How long it waits for a platform that has stopped answering meanwhile: longer than a start of one takes.
pub const PLATFORM_AWAITED: Duration = Duration::from_secs(30);
/// How often `outrunner events -f` looks for more.
pub const EVENTS_LOOKED_AT: Duration = Duration::from_millis(500);
/// Longest answer that our own command line reads.
pub const CLIENT_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Longest wait of our own command line for an answer.
pub const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);
/// How often certificates are looked at.
pub const CERTIFICATES_LOOKED_AT: Duration = Duration::from_secs(6 * 3600);
/// How often the front door's notes of requests are fetched.
pub const ACCESS_FETCHED: Duration = Duration::from_millis(500);
/// The same while it drains: it waits for this when it has nothing else to do.
pub const LAST_ACCESS_FETCHED: Duration = Duration::from_millis(50);
/// How often events of deleted services are looked for that did not reach their log groups: a crash may have come in between.
pub const LAST_EVENTS_COPIED: Duration = Duration::from_secs(600);
/// How often the store sweeps what was left half-done.
pub const STORE_SWEPT: Duration = Duration::from_secs(3600);
/// How often an address at which instances' name server could not be opened is tried again.
pub const NAMES_TRIED_AGAIN: Duration = Duration::from_secs(5);

/// How often store and engine are told which images may run again. The engine removes what is needless twice in a row.
pub const IMAGES_SWEPT: Duration = Duration::from_secs(600);

/// How long the end of the platform waits for threads that read and write; the next one does again what they leave.
pub const BLOCKING_END: Duration = Duration::from_secs(5);

/// Largest file of the machine that `trust` and `setup` read and change: hosts files that block the world's advertisers have a few MB.
pub const ALTERED_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// How long a run of `trust` or `setup` waits for another one to end…
pub const JOURNAL_AWAITED: Duration = Duration::from_secs(2);
/// …and how often it looks.
pub const JOURNAL_LOOKED_AT: Duration = Duration::from_millis(10);
/// How long a program that only says something about itself may take.
pub const ASKED: Duration = Duration::from_secs(10);
/// How long `ps` waits for the front door's word on one name.
pub const SHORT_URL_ASKED: Duration = Duration::from_secs(2);
