//! CPU and memory of an instance.
//!
//! Source: App Runner API Reference: the values, the unit forms and the allowed pairs.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// An allowed pair. Printed on the wire as plain numbers in strings (`"1024"`, `"2048"`), whatever form was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InstanceSize {
    /// 1024 are one vCPU.
    pub cpu_units: u32,
    pub memory_mib: u32,
}

/// vCPU units and the MiB that go with them.
const PAIRS: [(u32, &[u32]); 5] =
    [(256, &[512, 1024]), (512, &[1024]), (1024, &[2048, 3072, 4096]), (2048, &[4096, 6144]), (4096, &[8192, 10240, 12288])];

impl Default for InstanceSize {
    fn default() -> Self {
        Self { cpu_units: 1024, memory_mib: 2048 }
    }
}

impl InstanceSize {
    /// Reads `256` or `0.25 vCPU`, `512` or `0.5 GB`; what is left out keeps the value of `base`; then checks the pair.
    pub fn parse(cpu: Option<&str>, memory: Option<&str>, base: Self) -> Result<Self, Refusal> {
        let size = Self {
            cpu_units: cpu.map_or(Ok(base.cpu_units), |text| units(text, "vCPU", "Cpu"))?,
            memory_mib: memory.map_or(Ok(base.memory_mib), |text| units(text, "GB", "Memory"))?,
        };
        let allowed = PAIRS.iter().find(|(cpu, _)| *cpu == size.cpu_units).map(|(_, memory)| *memory);
        match allowed {
            Some(memory) if memory.contains(&size.memory_mib) => Ok(size),
            Some(memory) => Err(Refusal::invalid(format!(
                "Cpu {} and Memory {} do not go together. With Cpu {} Memory can be {}.",
                size.cpu_units,
                size.memory_mib,
                size.cpu_units,
                memory.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
            ))),
            None => Err(Refusal::invalid(format!("Cpu {} is not one of 256, 512, 1024, 2048, 4096.", size.cpu_units))),
        }
    }
}

/// `1024`, or `1 vCPU`: the number before the unit counts 1024ths.
fn units(text: &str, unit: &str, member: &str) -> Result<u32, Refusal> {
    let wrong = || Refusal::invalid(format!("'{text}' is not a value of {member}: expected a number, or a number and {unit}."));
    match text.strip_suffix(unit) {
        None => text.parse().map_err(|_| wrong()),
        Some(number) => match number.trim_end() {
            "0.25" => Ok(256),
            "0.5" => Ok(512),
            whole => whole.parse::<u32>().ok().and_then(|n| n.checked_mul(1024)).ok_or_else(wrong),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_unit_forms_mean_the_same_and_only_the_tables_pairs_are_allowed() {
        let size = |cpu, memory| InstanceSize::parse(Some(cpu), Some(memory), InstanceSize::default());
        assert_eq!(size("0.25 vCPU", "0.5 GB").unwrap(), InstanceSize { cpu_units: 256, memory_mib: 512 });
        assert_eq!(size("256", "512").unwrap(), size("0.25 vCPU", "0.5 GB").unwrap());
        assert_eq!(size("4 vCPU", "12 GB").unwrap(), InstanceSize { cpu_units: 4096, memory_mib: 12288 });
        for (cpu, memory) in [("256", "2048"), ("512", "512"), ("3072", "4096"), ("one", "512"), ("1024", "2 TB"), ("", "")] {
            assert!(size(cpu, memory).is_err(), "{cpu} {memory}");
        }
        let bigger = InstanceSize::parse(None, Some("4 GB"), InstanceSize::default()).unwrap();
        assert_eq!(bigger, InstanceSize { cpu_units: 1024, memory_mib: 4096 });
    }
}
