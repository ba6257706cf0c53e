//! The process that sits by one instance: it starts the OCI runtime, waits for the instance's first process, keeps its
//! log pipe and its exit status, and outlives everybody else.
//! Never: threads, network, configuration, any decision about when an instance should run. Its orders come in one file.
//! Source of truth: `record` for everything that is read by another process.

pub mod exit;
pub mod journal;
pub mod limit;
pub mod lines;
pub mod loop_device;
pub mod mounts;
pub mod pair;
pub mod pipe;
pub mod record;
pub mod runtime;
pub mod socket;
pub mod syscall;
pub mod watch;
