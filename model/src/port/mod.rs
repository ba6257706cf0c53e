//! What rooms ask of each other: small traits, one a noun, in our own nouns.
//!
//! Promises stand in the doc comments and are held by the conformance suites of `testbed`. No adapter's types, no timers.

mod answer;
mod board;
mod certificates;
mod clock;
mod desk;
mod engine;
mod exec;
mod identity;
mod image_copies;
mod images;
mod logs;
mod outside;
mod pinned_images;
mod registry;
mod repository_images;
mod revision_desk;
mod scaling_configurations;
mod services;
mod stats;

pub use answer::{Answer, Granted, Pause};
pub use board::{AccessRecords, Board, Gauge};
pub use certificates::Certificates;
pub use clock::{Bell, Clock, Dice, Ring, Wait, Woken, draw};
pub use desk::{Desk, FollowedLogs, LogQuery};
pub use engine::{Engine, Images};
pub use exec::{Execution, Executions};
pub use identity::{AccessKeys, AccessRoles, Action, Audit, Gatekeeper, LoginToken, Logins, PullOrder, Roles};
pub use image_copies::{CopiesRoom, ImageCopies};
pub use images::{BlobInfo, Blobs, ImageTags, Manifests, Repositories, UploadId};
pub use logs::{Events, LogGroups, LogLines};
pub use outside::{Hosts, RemoteRegistry, Resolver};
pub use pinned_images::PinnedImages;
pub use registry::{PutManifest, Stored};
pub use repository_images::{EachImage, RepositoryImages};
pub use revision_desk::RevisionDesk;
pub use scaling_configurations::ScalingConfigurations;
pub use services::{Commit, Operations, Revisions, ServiceChange, Services, Version, Versioned};
pub use stats::Stats;
