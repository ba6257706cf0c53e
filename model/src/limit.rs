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
/// The same for one that has no instance and wants none (paused, failed): only a call changes it, and calls ring.
pub const LOOK_AGAIN_EMPTY: Duration = Duration::from_secs(60);
/// How often a service that has more instances than its least is looked at: whether they are still wanted.
pub const LOOK_AGAIN_SCALED: Duration = Duration::from_secs(1);
/// Fewer instances run only after fewer were wanted for this long. App Runner does not say (unconfirmed); it bills by the minute.
pub const SCALE_DOWN_AFTER: Duration = Duration::from_secs(60);
/// Words of a command that somebody runs in an instance, in all: half of what Linux takes in one word.
pub const EXECUTION_BYTES: usize = 64 << 10;
/// Least size of a part of a layer, the last one apart. Source: ECR service model, `LayerPartTooSmallException`.
pub const LAYER_PART_BYTES_MIN: u64 = 5 << 20;
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
/// Names of one kind of record (observability configurations, VPC connectors, connections) in one scope: ten times App Runner's quota.
pub const RECORD_NAMES: usize = 100;
/// Active revisions of one name: five times App Runner's quota for observability configurations.
pub const RECORD_REVISIONS: usize = 50;
/// Records of one kind in one scope, those included that are deleted and not forgotten yet: all of them are read for every decision.
pub const RECORDS_KEPT: usize = 10_000;
/// What a quota of App Runner comes to where it is lifted, and what none is raised beyond.
pub const QUOTA_LIFTED: u64 = 100_000;
/// Changes of quotas in one scope: all of them are read for every decision.
pub const QUOTA_CHANGES: usize = 200;
/// How long a VPC ingress connection is under way before it has failed, or is gone. Clients shall see it on its way: their waiters read at once.
pub const VPC_INGRESS_SETTLES: Duration = Duration::from_secs(2);
/// VPC ingress connections of one scope, those included that are deleted and not forgotten yet: all of them are read for every decision.
pub const VPC_INGRESSES_KEPT: usize = 10_000;
/// How long a custom domain is `creating`. Its records are there from the start.
pub const CUSTOM_DOMAIN_SETTLES: Duration = Duration::from_secs(1);
/// Custom domains of one service: ten times App Runner's quota.
pub const CUSTOM_DOMAINS: usize = 50;
/// Tags of one resource. Source: the AWS-wide rule (unconfirmed for App Runner).
pub const TAGS: usize = 50;
/// Roles of one account. Source: IAM's default quota.
pub const ROLES: usize = 1_000;
/// Users of one account. Source: IAM's quota.
pub const USERS: usize = 5_000;
/// Keys of one user, or of the root. Source: IAM's quota, which cannot be raised.
pub const USER_KEYS: usize = 2;
/// Accounts of one platform beside the default one: the front door has a name, and a certificate, for the registry of each.
pub const ACCOUNTS: usize = 100;
/// OpenID Connect providers of one account. Source: IAM's quota.
pub const IDENTITY_PROVIDERS: usize = 100;
/// Customer managed policies of one account. Source: IAM's default quota.
pub const POLICIES: usize = 1_500;
/// Versions of one customer managed policy. Source: IAM's quota, which cannot be raised.
pub const POLICY_VERSIONS: usize = 5;
/// What one instance may keep on its own disk. Source: App Runner, 3 GB of ephemeral storage.
pub const SCRATCH_BYTES: u64 = 3 << 30;
/// Requests that may wait for one service's slots; the next one is answered 429 at once.
pub const HOLD_QUEUE: u32 = 1_000;
/// How long a request may wait for a slot.
pub const HOLD: Duration = Duration::from_secs(30);
/// A deleted service stays describable this long. Source: clients wait for DELETED to be described, for at least an hour.
pub const DELETED_KEPT: Duration = Duration::from_secs(24 * 3600);
/// Secrets of one scope. Source: Secrets Manager's quotas allow 500,000; all of a scope are read for a list that is filtered or sorted.
pub const SECRETS: usize = 10_000;
/// Characters of a secret's name. Source: Secrets Manager service model, `NameType`.
pub const SECRET_NAME_CHARS: usize = 512;
/// Versions of one secret; beyond it the oldest without a label go. Source: Secrets Manager quotas.
pub const SECRET_VERSIONS: usize = 100;
/// Staging labels of one secret. Source: Secrets Manager quotas.
pub const SECRET_STAGES: usize = 20;
/// Bytes of a secret's value. Source: Secrets Manager service model.
pub const SECRET_BYTES: usize = 65_536;
/// Parameters of one scope. Source: Systems Manager quotas, standard parameters.
pub const PARAMETERS: usize = 10_000;
/// Characters of a parameter's name. Source: Systems Manager API reference, PutParameter: 1,011 with the ARN's beginning, which is 44 long at most.
pub const PARAMETER_NAME_CHARS: usize = 967;
/// Levels of a parameter's name. Source: as above.
pub const PARAMETER_LEVELS: usize = 15;
/// Bytes of a standard parameter's value. Source: Systems Manager User Guide, "Parameter tiers".
pub const PARAMETER_BYTES: usize = 4_096;
/// Bytes of an advanced parameter's value. Source: as above.
pub const PARAMETER_ADVANCED_BYTES: usize = 8_192;
/// Versions of one parameter; beyond it the oldest goes. Source: Systems Manager quotas.
pub const PARAMETER_VERSIONS: usize = 100;
/// Labels of one version. Source: Systems Manager User Guide, "Working with parameter labels".
pub const PARAMETER_LABELS: usize = 10;
/// Characters of a label. Source: as above.
pub const PARAMETER_LABEL_CHARS: usize = 100;
/// Bytes that the secret variables of one service may have together: an instance is started with all of them.
pub const RESOLVED_BYTES: usize = 1 << 20;

/// Revisions of a service, the newest, whose images and secret values are kept, so that it can go back to them at once.
pub const REVISIONS_KEPT: u32 = 5;

/// Failed calls of a caller that have rows in the audit log within [`AUDIT_WINDOW`], those that were denied apart from the others; what is more is counted.
pub const AUDITED_FAILURES: u32 = 200;
/// The same of a whole account: thousands of users must not fill the log together.
pub const AUDITED_FAILURES_OF_ACCOUNT: u32 = 1_000;
/// Callers that are told apart in that: a few megabytes. What more there are share what their account has.
pub const RATIONED_CALLERS: usize = 10_000;
/// See [`AUDITED_FAILURES`].
pub const AUDIT_WINDOW: Duration = Duration::from_secs(3600);

/// How long a session of a role lasts at most. One that does not say when it began (a token of an earlier version) cannot have begun earlier than so long before its
/// end: a denial of sessions from before a moment binds it too. Source: STS API reference, AssumeRole, `DurationSeconds`.
pub const ROLE_SESSION_MAX: Duration = Duration::from_secs(12 * 3600);

/// The same of a session of the root's or a user's own. Source: STS API reference, GetSessionToken, `DurationSeconds`.
pub const OWN_SESSION_MAX: Duration = Duration::from_secs(36 * 3600);
