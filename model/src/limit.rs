//! Limits of the rules in this crate, each with its reason. Rooms keep the limits of their own mechanisms.

use std::time::Duration;

/// Longest request unless a tag says otherwise. Source: App Runner, 120 s in total.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);
/// SIGTERM to SIGKILL unless a tag says otherwise. App Runner does not say (unconfirmed); ECS's default.
pub const STOP_GRACE: Duration = Duration::from_secs(30);
/// Longest start of an instance. Source: App Runner's startup budget, 5 minutes.
pub const STARTUP_TIMEOUT: Duration = Duration::from_secs(300);
/// Longest duration a tag may name.
pub const OPTION_DURATION: Duration = Duration::from_secs(24 * 3600);
/// Destinations that a tag may open to a service.
pub const REACH: usize = 16;
/// An app that listens elsewhere is named in an event after this long.
pub const ELSEWHERE_WARNED: Duration = Duration::from_secs(2);
/// …and its start fails after this long, if nothing changed.
pub const ELSEWHERE_FAILED: Duration = Duration::from_secs(30);
/// A serving instance that ended is started again after this pause, doubled for each one that ended soon after it was started…
pub const RESTART_PAUSE: Duration = Duration::from_secs(1);
/// …up to this, so that a crash loop eats neither the machine nor the ledger.
pub const RESTART_PAUSE_MAX: Duration = Duration::from_secs(300);
/// An instance that lived this long is not part of a crash loop.
pub const RESTART_FORGIVEN: Duration = Duration::from_secs(600);
/// Finding an image and unpacking it may take this long, our own troubles included; then the operation fails.
pub const RESOLVING_MAX: Duration = Duration::from_secs(900);
/// An operation whose instances cannot even be begun, for troubles of ours, fails after this.
pub const BEGINNING_MAX: Duration = Duration::from_secs(3600);
/// Beyond a service's request time-out, how long an unrouted instance may stay busy before it is stopped anyway.
pub const DRAIN_MARGIN: Duration = Duration::from_secs(5);
/// How long an instance may stay busy where requests have no time limit.
pub const DRAIN_UNLIMITED: Duration = Duration::from_secs(3600);
/// How soon a keeper looks again while something is under way, beside bells.
pub const LOOK_AGAIN_MOVING: Duration = Duration::from_millis(250);
/// The slow sweep: how often a service at rest is looked at without a bell.
pub const LOOK_AGAIN_STILL: Duration = Duration::from_secs(10);
/// How often a service that has more instances than its least is looked at: whether they are still wanted.
pub const LOOK_AGAIN_SCALED: Duration = Duration::from_secs(1);
/// Fewer instances run only after fewer were wanted for this long. App Runner does not say (unconfirmed); it bills by the minute.
pub const SCALE_DOWN_AFTER: Duration = Duration::from_secs(60);
/// Words of a command that somebody runs in an instance, in all: half of what Linux takes in one word.
pub const EXECUTION_BYTES: usize = 64 << 10;
/// Requests that one instance may take at once. App Runner's own limit, 200, is not ours: an event loop takes thousands.
pub const SCALING_CONCURRENCY: u32 = 10_000;
/// Instances of one service. App Runner's own limit, 25, is not ours; a platform's network has room for four times this.
pub const SCALING_INSTANCES: u16 = 1_000;
/// Names of auto scaling configurations in one scope: ten times App Runner's quota, which its customers may have raised.
pub const SCALING_NAMES: usize = 100;
/// Active revisions of one name: ten times App Runner's quota.
pub const SCALING_REVISIONS: usize = 50;
/// Revisions of one scope, those included that are deleted and not forgotten yet: all of them are read for every decision.
pub const SCALING_KEPT: usize = 10_000;
/// Tags of one resource. Source: the AWS-wide rule (unconfirmed for App Runner).
pub const TAGS: usize = 50;
/// Roles of one account. Source: IAM's default quota.
pub const ROLES: usize = 1_000;
/// What one instance may keep on its own disk. Source: App Runner, 3 GB of ephemeral storage.
pub const SCRATCH_BYTES: u64 = 3 << 30;
/// Requests that may wait for one service's slots; the next one is answered 429 at once.
pub const HOLD_QUEUE: u32 = 1_000;
/// How long a request may wait for a slot.
pub const HOLD: Duration = Duration::from_secs(30);
/// A deleted service stays describable this long. Source: clients wait for DELETED to be described, for at least an hour.
pub const DELETED_KEPT: Duration = Duration::from_secs(24 * 3600);

/// Revisions of a service, the newest, whose images are kept, so that it can go back to them at once.
pub const REVISIONS_KEPT: u32 = 5;

/// Failed calls of an account that have rows in the audit log within [`AUDIT_WINDOW`]; what is more is counted. Of the million rows that are kept, a flood
/// of ninety days fills less than the half.
pub const AUDITED_FAILURES: u32 = 200;
/// See [`AUDITED_FAILURES`].
pub const AUDIT_WINDOW: Duration = Duration::from_secs(3600);
