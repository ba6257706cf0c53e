//! What rooms ask of each other: small traits, one a noun, in our own nouns.
//!
//! Promises stand in the doc comments and are held by the conformance suites of `testbed`. No adapter's types, no timers.

mod accounts;
mod answer;
mod aws_upstreams;
mod board;
mod certificates;
mod clock;
mod custom_domains;
mod desk;
mod engine;
mod exec;
mod identity;
mod image_copies;
mod image_pushes;
mod images;
mod instance_roles;
mod instance_sessions;
mod logs;
mod outside;
mod pinned_images;
mod policy_holders;
mod quotas;
mod real_roles;
mod records;
mod registry;
mod repository_images;
mod revision_desk;
mod scaling_configurations;
mod sealed_nouns;
mod services;
mod stats;
mod token_keys;
mod users;
mod vpc_ingress;

pub use accounts::{Accounts, IdentityProviders};
pub use answer::{Answer, Granted, Pause};
pub use aws_upstreams::AwsUpstreams;
pub use board::{AccessRecords, Board, Gauge};
pub use certificates::Certificates;
pub use clock::{Bell, Clock, Dice, Ring, Wait, Woken, draw};
pub use custom_domains::CustomDomains;
pub use desk::{Desk, FollowedLogs, LogQuery};
pub use engine::{Engine, Images};
pub use exec::{Execution, Executions};
pub use identity::{
    AccessKeys, AccessRoles, Action, Audit, Facts, Gatekeeper, LoginToken, Logins, PullOrder, Roles, UNTOLD_RESOURCE,
};
pub use image_copies::{CopiesRoom, ImageCopies};
pub use image_pushes::{ImagePushes, Pushed};
pub use images::{BlobInfo, Blobs, ImageTags, Manifests, Repositories, UploadId};
pub use instance_roles::{InstanceRoles, ReadOrder, ResolvedSecrets, RevisionSecrets};
pub use instance_sessions::{EventDesk, InstanceSessions};
pub use logs::{Events, LogGroups, LogLines};
pub use outside::{Hosts, Issuers, RemoteRegistry, Resolver};
pub use pinned_images::PinnedImages;
pub use policy_holders::PolicyHolders;
pub use quotas::Quotas;
pub use real_roles::RealRoles;
pub use records::{Connections, ObservabilityConfigurations, Records, VpcConnectors};
pub use registry::{PutManifest, Stored};
pub use repository_images::{EachImage, RepositoryImages};
pub use revision_desk::RevisionDesk;
pub use scaling_configurations::ScalingConfigurations;
pub use sealed_nouns::SealedNouns;
pub use services::{Commit, Operations, Revisions, ServiceChange, Services, Version, Versioned};
pub use stats::Stats;
pub use token_keys::{IdentityTokens, TokenKeys};
pub use users::{ManagedPolicies, Users};
pub use vpc_ingress::VpcIngressConnections;
