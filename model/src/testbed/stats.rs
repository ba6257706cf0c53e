//! Counters of the instances of the engine in memory: each question costs each of them a little.

use crate::instance::InstancePhase;
use crate::instance_usage::{InstanceUsage, MemoryUsage, NetworkUsage};
use crate::port::{Answer, Stats};
use crate::testbed::MemoryEngine;
use crate::testbed::ledger::ready;

impl Stats for MemoryEngine {
    fn usage(&self) -> Answer<'_, Vec<InstanceUsage>> {
        let counted = self.count(|seen| match seen.phase {
            InstancePhase::Created
            | InstancePhase::Starting { .. }
            | InstancePhase::Ready
            | InstancePhase::Unwell { .. }
            | InstancePhase::Stopping
            | InstancePhase::Dormant(_) => true,
            InstancePhase::Exited(_) => false,
        });
        let usage = counted.into_iter().map(|(name, questions)| InstanceUsage {
            name,
            cpu_micros: Some(questions * 100),
            memory: Some(MemoryUsage { bytes: 10 << 20, bytes_max: Some(512 << 20), bytes_peak: Some(11 << 20), killed: Some(0) }),
            processes: Some(1),
            scratch_bytes: None,
            network: Some(NetworkUsage { received_bytes: questions * 60, received_packets: questions, ..NetworkUsage::default() }),
        });
        ready(usage.collect())
    }
}
