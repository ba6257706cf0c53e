//! Runs instances: images unpacked, namespaces, networks, limits, probes and logs, behind the ports `Engine` and `Images`.
//! Never decides when something starts or stops, never reads the ledger, never listens for anybody.
//! Source of truth for what exists on the machine: the folders of the shims, never this process's memory.

pub mod limit;
pub mod local;

mod doing;
mod listening;
mod plain_letters;
mod probe;
