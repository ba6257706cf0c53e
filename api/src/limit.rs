//! Every limit of this room, by name; reaching one is a tested behaviour.
//! Never a rule of App Runner itself: those are in the generated shapes and in `model`.
//! Source of truth: `ARCHITECTURE.md`, and an AWS API reference where a line names it.

use std::time::Duration;

/// Bytes of a request body. More is 413, and is not read.
pub const REQUEST_BODY_BYTES: usize = 1024 * 1024;

/// How long a caller may take to send its body.
pub const REQUEST_BODY_WAIT: Duration = Duration::from_secs(30);

/// How far a caller's clock may be from ours, in either direction.
/// Source: App Runner API reference, `InvalidSignatureException`.
pub const CLOCK_SKEW: Duration = Duration::from_secs(5 * 60);

/// Characters of a fault's message, those of validation apart. Source: the model's `ErrorMessage`.
pub const FAULT_MESSAGE_CHARS: usize = 600;

/// Characters of an offending value that a violation repeats.
pub const SHOWN_VALUE_CHARS: usize = 128;

/// Violations that one answer spells out; the count in front is always the true one.
pub const VIOLATIONS_SHOWN: usize = 100;

/// Bytes of the secret that page tokens are signed with, at least: as many as the MAC's hash has.
pub const PAGE_KEY_BYTES: usize = 32;

/// Characters of a page token. Source: the model's `NextToken` of most lists.
pub const NEXT_TOKEN_CHARS: usize = 1024;

/// Seconds that `FollowLogs` may wait for a new line.
pub const FOLLOW_WAIT_SECONDS: i64 = 20;

/// Last lines that `FollowLogs` begins with at most.
pub const FOLLOW_TAIL_LINES: i64 = 1000;

/// Last lines that `FollowLogs` begins with unless told.
pub const FOLLOW_TAIL_LINES_DEFAULT: u32 = 100;

/// Followers that may wait at once; one more is told to come back later.
pub const FOLLOWERS: usize = 64;

/// Events in one `ListEvents` answer, which is also the number unless told.
pub const EVENTS: i64 = 1000;

/// Calls under way at once; one more is told to come back later.
pub const CALLS: usize = 512;

/// Repositories in one answer unless told. Source: ECR API reference, `DescribeRepositories`.
pub const REPOSITORIES_DEFAULT: u32 = 100;

/// Images, or rows of them, in one answer unless told. Source: ECR API reference, `ListImages`, `DescribeImages`.
pub const IMAGES_DEFAULT: u32 = 100;

/// Bytes of manifests in one answer: they are held in memory until it is sent. A single one fits always (ECR's longest has 4 MiB).
pub const MANIFESTS_BYTES: usize = 16 * 1024 * 1024;

/// Characters of a repository's tag key and value. Source: ECR's rules, which its model leaves out.
pub const REPOSITORY_TAG_KEY_CHARS: usize = 128;
/// See [`REPOSITORY_TAG_KEY_CHARS`].
pub const REPOSITORY_TAG_VALUE_CHARS: usize = 256;

/// Characters of a caller's target that the log repeats.
pub const LOGGED_TARGET_CHARS: usize = 128;
