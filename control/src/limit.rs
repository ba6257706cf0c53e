//! Limits of this room's mechanisms. Those of the rules are in `model::limit`.

use std::time::Duration;

/// A commit that lost a race is decided again this often before the caller is told to retry.
pub const COMMIT_TRIES: u32 = 8;
/// Lines taken over from an instance in one commit. A commit waits for the disk twice, so that few of them hold up a flood.
pub const PUMP_LINES: u32 = 20_000;
/// Lines, and bytes of them, that an instance's output is taken over without a turn: who prints now and then waits for no other
/// service's flood.
pub const PUMP_FEW_LINES: u32 = 200;
/// See [`PUMP_FEW_LINES`].
pub const PUMP_FEW_BYTES: usize = 256 << 10;
/// Instances whose flood is taken over at once: one is compressed while the other is written, and both are read ahead. Each holds some ten megabytes;
/// the others hold nothing while they wait.
pub const PUMP_TURNS: usize = 2;
/// Batches of such a turn; then whoever waits is next.
pub const PUMP_TURN_BATCHES: u32 = 2;
/// How often a service's output is looked at without a bell. A bell is lost only where a shim and a new platform miss each other, and a
/// thousand services at rest that are looked at twice a second cost a fifth of a core.
pub const PUMP_PAUSE: Duration = Duration::from_secs(10);
/// The same where no instance is that could print: what happens to the service is copied when its commit rings.
pub const PUMP_PAUSE_EMPTY: Duration = Duration::from_secs(60);
/// Commits that an instance's last output may take before it is discarded with what is left.
pub const PUMP_LAST_BATCHES: u32 = 1_000;
/// Events copied into the log group in one commit.
pub const EVENTS_COPIED: u32 = 500;
/// Lines in one answer to a follower.
pub const FOLLOW_LINES: u32 = 1_000;
/// Longest wait of a follower for a new line.
pub const FOLLOW_WAIT: Duration = Duration::from_secs(20);
/// How often a follower looks without a bell.
pub const FOLLOW_LOOK: Duration = Duration::from_secs(1);
/// How long a keeper rests after trouble of ours, so that a broken disk is not hammered.
pub const TROUBLE_PAUSE: Duration = Duration::from_secs(1);
/// An instance is made ahead only once nothing was done for its service for this long: whoever was started has the machine first.
pub const SPARE_AFTER: Duration = Duration::from_secs(5);
/// One that was made ahead, or could not be, is not made again under its name before this, doubled for each try in a row that came to nothing…
pub const SPARE_PAUSE: Duration = Duration::from_secs(60);
/// …up to this.
pub const SPARE_PAUSE_MAX: Duration = Duration::from_secs(3600);
/// The slow sweep over services without a keeper, orphans, and pushes.
pub const SWEEP_PAUSE: Duration = Duration::from_secs(30);
/// How long an instance that is closed may take beyond its grace, before it is ended with whatever it still has to say.
pub const CLOSING_MARGIN: Duration = Duration::from_secs(15);
/// How often it is looked at without a bell.
pub const CLOSING_LOOK: Duration = Duration::from_secs(1);
/// Bytes of a foreign blob that are kept in one go: what a crash loses of a copy, and asks for again.
pub const COPY_KEPT_BYTES: u64 = 8 << 20;
/// A foreign image that no service needs is kept this long after it was copied, so that what failed can be tried again without copying.
pub const COPY_KEPT: Duration = Duration::from_secs(24 * 3600);
/// Bytes of one foreign image, compressed: more than any that starts in a reasonable time.
pub const COPY_IMAGE_BYTES: u64 = 16 << 30;
/// Bytes that the copies of all foreign images may take together.
pub const COPIES_BYTES: u64 = 64 << 30;
/// Bytes of the disk that no copy takes: without a ledger and log lines nothing goes on.
pub const COPY_DISK_LEFT: u64 = 512 << 20;
/// Layers of one image that are copied at the same time. Registries and links are rarely faster with more.
pub const COPIED_AT_ONCE: usize = 3;
/// How often a copy is begun again because something of it was removed meanwhile.
pub const COPY_ROUNDS: u32 = 3;
/// How often somebody who waits for another's copy looks without a bell.
pub const COPIES_LOOK: Duration = Duration::from_secs(1);
/// How long a certificate of the local authority is good.
pub const LEAF_LIFE: Duration = Duration::from_secs(90 * 24 * 3600);
/// How long the local authority itself is good.
pub const AUTHORITY_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 3600);
/// Certificates are good from this long before they are made, for clocks that are behind.
pub const BACKDATED: Duration = Duration::from_secs(3600);
/// Images of one repository that its lifecycle policy is asked about.
pub const IMAGES_LOOKED_AT: u32 = 100_000;
/// Images that go in one commit.
pub const EXPIRED_AT_ONCE: usize = 100;
