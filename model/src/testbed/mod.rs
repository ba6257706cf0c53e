//! In-memory implementations of the ports and the conformance suites that they and the real ones pass.
//!
//! Only tests enable the feature `testbed`. Real in what they promise: conditional commits, exactly-once log cursors, verified digests.

pub mod conformance;
mod desk;
mod edge;
mod engine;
mod executions;
mod gate;
mod images;
mod ledger;
mod logs;
mod names;
mod nouns;
mod remote;
mod repository_images;
mod revision_desk;
mod roles;
mod scaling_configurations;
mod stats;
mod vault;
mod world;

pub use desk::MemoryDesk;
pub use edge::MemoryEdge;
pub use engine::{MemoryEngine, Script};
pub use gate::{MemoryLogins, RootGate};
pub use images::{Hasher, MemoryImages, VecBody, collect};
pub use ledger::MemoryLedger;
pub use logs::MemoryLogs;
pub use names::{MemoryHosts, MemoryResolver};
pub use nouns::{access_record, caller, configuration, create_service, role, scope, service_id};
pub use remote::MemoryRemote;
pub use roles::{MemoryRoles, OpenAccess};
pub use vault::MemoryVault;
pub use world::{JumpingBell, SeededDice, TurnedClock, block_on};
