//! The registry's limits, each with its reason. Reaching one is a tested behaviour.

use std::time::Duration;

/// Largest blob, in bytes: 10 GiB, which was ECR's limit for a layer for years.
pub const BLOB_BYTES: u64 = 10 << 30;
/// Largest manifest, in bytes. Source: ECR service model, `ImageManifest` 1–4194304; the specification asks for at least this.
pub const MANIFEST_BYTES: u64 = 4 << 20;
/// Blobs and manifests that one manifest may name. Each is looked up before the manifest is kept.
pub const MANIFEST_REFERENCES: usize = 4096;
/// Open uploads of one access key, or of one role's sessions together: what was begun, not ended, and touched within `UPLOAD_REMEMBERED`.
/// Clients push at most a few layers at once; the rest is room for many pushes side by side.
pub const UPLOADS_PER_LOGIN: usize = 256;
/// Open uploads of everybody together: bounds the table.
pub const UPLOADS: usize = 8192;
/// An upload that nobody touched for so long is no longer counted. The store keeps it until its own sweep, so a client may resume.
pub const UPLOAD_REMEMBERED: Duration = Duration::from_secs(3600);
/// Longest silence inside a request's body. Then the body counts as cut off.
pub const BODY_SILENCE: Duration = Duration::from_secs(60);
/// Missing references of a manifest that a refusal names one by one.
pub const MISSING_NAMED: usize = 3;
/// Longest time that a manifest's body may take.
pub const MANIFEST_TIME: Duration = Duration::from_secs(60);
/// Manifests held whole in memory at once, from everybody: with `MANIFEST_BYTES` it bounds what they take.
pub const MANIFESTS_HELD: usize = 32;
/// Changing calls under way at once, from everybody. Each holds one piece of its body, so this bounds memory and open files.
pub const CALLS: usize = 512;
/// Blobs and manifests that are sent at once, to everybody: each holds one piece in memory, and a file.
pub const BODIES_SENT: usize = 512;
/// When a client that was told to slow down may come again, in seconds.
pub const RETRY_AFTER_SECONDS: u32 = 5;
/// Tags in one answer of `tags/list`; more are reached by its `Link`. Source: ECR's `ListImages`, at most 1000.
pub const TAGS_PAGE: u32 = 1000;
/// Referrers in one answer; more are reached by its `Link`.
pub const REFERRERS_PAGE: usize = 100;
/// A referrers answer is ended, and continued by its `Link`, once its annotations make it this long.
pub const REFERRERS_BYTES: usize = MANIFEST_BYTES as usize;
/// How long a login password is good. Source: ECR's `GetAuthorizationToken`.
pub const LOGIN: Duration = Duration::from_secs(12 * 3600);
/// How long a link to a layer is good. Source: ECR gives out links of Amazon S3, which are good for an hour.
pub const LAYER_LINK: Duration = Duration::from_secs(3600);
/// Longest `Authorization` value that is looked at, in bytes. Ours is about 250, and up to 21,000 of a session with the
/// longest policy of its own and as many tags as it may have.
pub const AUTHORIZATION_BYTES: usize = 24 << 10;

/// Characters of a client's name that the audit log keeps.
pub const USER_AGENT_CHARS: usize = 256;
