//! What an instance has used of its machine: counters since it began, and what it holds now.
//!
//! Never a rate: whoever wants one subtracts two. What a kernel does not count is none, not zero.

use crate::instance::InstanceName;

/// One instance's counters, all taken within one pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceUsage {
    pub name: InstanceName,
    /// Microseconds of CPU since it began, those of all its processors together.
    pub cpu_micros: Option<u64>,
    pub memory: Option<MemoryUsage>,
    /// Processes and threads that it has now.
    pub processes: Option<u64>,
    /// Bytes on disk that it has written and kept, where whatever limits them counts them.
    pub scratch_bytes: Option<u64>,
    pub network: Option<NetworkUsage>,
}

/// Memory as the kernel counts it against the limit: with the files that it holds in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryUsage {
    pub bytes: u64,
    /// The limit; none if there is none.
    pub bytes_max: Option<u64>,
    /// The most that there was at once.
    pub bytes_peak: Option<u64>,
    /// Processes that the kernel has ended for want of memory.
    pub killed: Option<u64>,
}

/// The instance's own side of its link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkUsage {
    pub received_bytes: u64,
    pub received_packets: u64,
    pub sent_bytes: u64,
    pub sent_packets: u64,
}
