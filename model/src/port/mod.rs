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
mod registry;
mod services;
mod stats;

pub use answer::{Answer, Granted, Pause};
pub use board::{Board, Gauge};
pub use certificates::Certificates;
pub use clock::{Bell, Clock, Dice, Ring, draw};
pub use desk::{Desk, FollowedLogs, LogQuery};
pub use engine::{Engine, Images};
pub use exec::{Execution, Executions};
pub use identity::{AccessKeys, Action, Audit, Gatekeeper, LoginToken, Logins};
pub use image_copies::ImageCopies;
pub use images::{BlobInfo, Blobs, ImageTags, Manifests, Repositories, UploadId};
pub use logs::{Events, LogLines};
pub use outside::{Hosts, RemoteRegistry, Resolver};
pub use registry::{PutManifest, Stored};
pub use services::{Commit, Operations, Revisions, ServiceChange, Services, Version, Versioned};
pub use stats::Stats;
