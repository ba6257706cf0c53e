//! In-memory implementations of the ports and the conformance suites that they and the real ones pass.
//!
//! Only tests enable the feature `testbed`. Real in what they promise: conditional commits, exactly-once log cursors, verified digests.

mod accounts;
mod aws_upstreams;
pub mod conformance;
mod custom_domains;
mod desk;
mod edge;
mod engine;
mod executions;
mod gate;
mod image_pushes;
mod images;
mod instance_sessions;
mod issuers;
mod ledger;
mod logs;
mod managed_policies;
mod names;
mod nouns;
mod policy_holders;
mod quotas;
mod real_roles;
mod records;
mod remote;
mod repository_images;
mod revision_desk;
mod roles;
mod scaling_configurations;
mod sealed_nouns;
mod stats;
mod token_keys;
mod users;
mod vault;
mod vpc_ingress;
mod world;

pub use accounts::MemoryAccounts;
pub use aws_upstreams::{Arrived, MemoryAwsUpstreams};
pub use desk::MemoryDesk;
pub use edge::MemoryEdge;
pub use engine::{MemoryEngine, Script};
pub use gate::{MemoryLogins, RootGate};
pub use image_pushes::{ManifestReader, MemoryPushes, NamedByManifest};
pub use images::{Hasher, MemoryImages, VecBody, collect};
pub use instance_sessions::MemorySessions;
pub use issuers::MemoryIssuers;
pub use ledger::MemoryLedger;
pub use logs::MemoryLogs;
pub use managed_policies::MemoryManagedPolicies;
pub use names::{MemoryHosts, MemoryResolver};
pub use nouns::{
    access_record, caller, configuration, create_service, managed_policy, managed_secret, parameter, revision, role, scope,
    service_id, user,
};
pub use policy_holders::MemoryPolicyHolders;
pub use quotas::MemoryQuotas;
pub use real_roles::MemoryRealRoles;
pub use remote::MemoryRemote;
pub use roles::{MemoryRoles, OpenAccess};
pub use sealed_nouns::{MemoryRevisionSecrets, MemorySealed, ScriptedRoles};
pub use token_keys::MemoryTokenKeys;
pub use vault::MemoryVault;
pub use world::{JumpingBell, SeededDice, TurnedClock, block_on};
