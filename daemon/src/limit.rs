//! Limits of this room's mechanisms.

use std::time::Duration;

/// Connections to the API's address at once; more wait in the backlog. Far below the descriptors that a platform may have.
pub const API_CONNECTIONS: usize = 2_048;
/// The same for those that the front door passes on, which are everybody's: they have places of their own, so that nobody outside keeps this
/// machine's own calls waiting.
pub const DOOR_CONNECTIONS: usize = 1_024;
/// Connections at one instance's own door at once: some for each of many workers. More wait in the backlog, and keep no other instance waiting.
pub const INSTANCE_CONNECTIONS: usize = 64;
/// Calls of one instance under way at once that are answered here; its others wait. The API bears [`api::CALLS`] of all callers together.
pub const INSTANCE_CALLS: usize = 8;
/// The same of calls that are sent on to another place, which may let them wait for minutes: they keep none of its other calls waiting.
pub const INSTANCE_FORWARDED_CALLS: usize = 32;
/// The same of asking for its role's credentials, which every call begins with.
pub const INSTANCE_CREDENTIAL_CALLS: usize = 4;
/// Bytes that one such connection may read ahead, which also bounds a request's head, and that it may have ready to be sent.
pub const API_BUFFER_BYTES: usize = 64 * 1024;
/// Header fields of a request; more is 431.
pub const API_HEADERS: usize = 100;
/// A client of the API that is gone without a word, or that takes nothing of an answer, is given up after this.
pub const API_SILENCE: Duration = Duration::from_secs(60);
/// The kernel asks a silent client for a sign of life this often, from [`API_SILENCE`] on.
pub const API_SIGN_OF_LIFE_PAUSE: Duration = Duration::from_secs(10);
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
/// Bells kept at most. Beyond it those are forgotten for which nobody waits; if all are waited for, all, and whoever waited finds out at the next sweep.
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

/// How often lifecycle policies are carried out. Source: ECR lets images go within a day; here within a quarter of an hour.
pub const IMAGES_EXPIRED: Duration = Duration::from_secs(900);
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
/// A disk with less room than this, and less than this part of it, is full for `/healthz`: a commit, a line and a certificate still find room, an image
/// does not.
pub const DISK_LEFT_BYTES: u64 = 16 << 20;
pub const DISK_LEFT_PART: u64 = 100;

/// Bytes of a field's value in a log line, a figure's label or a trace.
pub const FACT_BYTES: usize = 1_024;
/// Series of one family of figures, and one more for what comes after them.
pub const SERIES_PER_FAMILY: usize = 512;
/// Services that have figures of their own; the others have theirs together. Less than [`SERIES_PER_FAMILY`].
pub const SERVICES_SHOWN: usize = 500;
/// Shims whose memory is measured for a page of figures; of more, these stand for the rest.
pub const SHIMS_MEASURED: usize = 200;
/// Pages of figures that are gathered at the same time; one more is told to come again.
pub const SCRAPES: usize = 2;
/// How long a part of such a page may take, before it is left out.
pub const SCRAPE_PART: Duration = Duration::from_secs(5);
/// Spans that wait for the collector of traces. What finds no room is dropped and counted: about 2 MB.
pub const SPANS_QUEUED: usize = 4_096;
/// Spans that go to it at once…
pub const SPAN_BATCH: usize = 512;
/// …and how long the first of them waits for company.
pub const SPAN_BATCH_WAIT: Duration = Duration::from_secs(1);
/// How often a batch is sent before it is dropped and counted…
pub const SPAN_TRIES: u32 = 4;
/// …with this pause before the second time, doubled each time…
pub const SPAN_TRY_PAUSE: Duration = Duration::from_millis(500);
/// …up to this, whatever the collector asks for.
pub const SPAN_TRY_PAUSE_MAX: Duration = Duration::from_secs(10);
/// Operations whose calls are remembered, so that what they do belongs to their callers' traces; the oldest are forgotten.
pub const OPERATIONS_TRACED: usize = 1_024;

/// The platform's own log in the data dir is begun anew when it is larger than this; one old file is kept.
pub const PLATFORM_LOG_BYTES: u64 = 8 * 1024 * 1024;
/// Lines that wait to be written to it; more are left out, and counted there.
pub const KEPT_LINES_QUEUED: usize = 4_096;
/// How long the thread that writes them lets more come before it looks again: a killed platform loses so much of a flood, and a hundred thousand a second
/// do not fill the queue meanwhile.
pub const KEPT_LINES_GATHERED: Duration = Duration::from_millis(10);
/// Bytes of lines that are written to it in one piece, passed by at most one line.
pub const KEPT_LINES_BYTES: usize = 64 << 10;
/// How long the end of the platform waits until the last ones are written.
pub const KEPT_LINES_FLUSH: Duration = Duration::from_secs(1);
/// The end of a log that a bundle for a bug report holds.
pub const BUNDLE_LOG_BYTES: u64 = 2 * 1024 * 1024;
/// Services that it tells of…
pub const BUNDLE_SERVICES: usize = 200;
/// …and the last events of each.
pub const BUNDLE_EVENTS: usize = 300;
/// Longest file with a key or a passphrase.
pub const KEY_FILE_BYTES: u64 = 64 * 1024;
/// How often a name that somebody else takes again and again is tried, before a backup is refused.
pub const PARTIAL_TRIES: u32 = 16;
/// How much work a passphrase of a backup's master key is (2 to this power; 256 MiB of memory): one second of a usual machine. Fixed, so that the machine
/// that backs up does not decide what the one that restores must be able to do.
pub const PASSPHRASE_WORK: u8 = 18;
/// The most of that work that a restore takes on: 16 times as much, 4 GiB of memory, what the age command allows too.
pub const PASSPHRASE_WORK_MAX: u8 = 22;
/// `backup`, `restore` and `check` say on a terminal how far they are, again after so many bytes.
pub const PROGRESS_BYTES: u64 = 16 * 1024 * 1024;

/// Longest file with a policy that `policy test` reads. Source: SimulateCustomPolicy, `PolicyInputList`: 131,072 characters.
pub const POLICY_FILE_BYTES: u64 = 131_072;
/// Bytes of a secret's value, read from standard input. Source: Secrets Manager service model.
pub const SECRET_BYTES: u64 = 65_536;

/// Connections that the front door passes on to the issuer of identity tokens.
pub const ISSUER_CONNECTIONS: usize = 64;
/// How often it is looked for identity tokens and their keys whose time has come: a small part of what a token lives.
pub const TOKENS_RENEWED: Duration = Duration::from_secs(60);
