//! What our processes cost this machine, as the kernel counts it: platform, front door, shims.
//! Never looks at a process that is not ours: the front door is the one that the platform keeps, shims say who they are in their folders.
//! Source of truth: proc(5).

use std::fs;
use std::path::Path;

use crate::host::Place;
use crate::limit::SHIMS_MEASURED;

/// Processes of one program, all together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    pub processes: u64,
    pub pss_bytes: u64,
    pub rss_bytes: u64,
    pub cpu_seconds: f64,
    pub descriptors: u64,
    pub descriptors_max: u64,
    pub threads: u64,
}

impl Cost {
    fn plus(self, other: Self) -> Self {
        Self {
            processes: self.processes + other.processes,
            pss_bytes: self.pss_bytes + other.pss_bytes,
            rss_bytes: self.rss_bytes + other.rss_bytes,
            cpu_seconds: self.cpu_seconds + other.cpu_seconds,
            descriptors: self.descriptors + other.descriptors,
            descriptors_max: self.descriptors_max.max(other.descriptors_max),
            threads: self.threads + other.threads,
        }
    }

    fn times(self, factor: f64) -> Self {
        let more = |number: u64| (number as f64 * factor) as u64;
        Self {
            processes: more(self.processes),
            pss_bytes: more(self.pss_bytes),
            rss_bytes: more(self.rss_bytes),
            cpu_seconds: self.cpu_seconds * factor,
            descriptors: more(self.descriptors),
            descriptors_max: self.descriptors_max,
            threads: more(self.threads),
        }
    }
}

/// One process; none if it is gone, or another's.
pub fn of(pid: u32) -> Option<Cost> {
    let folder = Path::new("/proc").join(pid.to_string());
    let read = |file: &str| fs::read_to_string(folder.join(file)).ok();
    let rollup = read("smaps_rollup").unwrap_or_default();
    let stat = read("stat")?;
    // The name before it may hold anything, spaces and brackets too.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    let ticks = rustix::param::clock_ticks_per_second().max(1);
    Some(Cost {
        processes: 1,
        pss_bytes: kilobytes(&rollup, "Pss:").unwrap_or(0),
        rss_bytes: kilobytes(&rollup, "Rss:").unwrap_or(0),
        // Counted from the field behind the name: utime is the 12th, stime the 13th, the number of threads the 18th.
        cpu_seconds: (number(11)? + number(12)?) as f64 / ticks as f64,
        threads: number(17)?,
        descriptors: fs::read_dir(folder.join("fd")).map_or(0, |files| files.count() as u64),
        descriptors_max: read("limits").as_deref().and_then(descriptors_max).unwrap_or(0),
    })
}

/// All shims of a platform. Of very many, some are measured and stand for the rest.
pub fn of_shims(place: &Place) -> Cost {
    let folders = fs::read_dir(place.run_dir().join("shims"));
    let states = folders.into_iter().flatten().flatten().filter_map(|entry| fs::read_to_string(entry.path().join("state")).ok());
    let pids: Vec<u32> =
        states.filter_map(|state| state.lines().find_map(|line| line.strip_prefix("shim_pid ")?.parse().ok())).collect();
    let is_shim = |pid: &&u32| fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.starts_with("outrunner-shim"));
    let measured = pids.iter().filter(is_shim).take(SHIMS_MEASURED).filter_map(|pid| of(*pid)).fold(Cost::default(), Cost::plus);
    if pids.len() > SHIMS_MEASURED && measured.processes > 0 {
        return measured.times(pids.len() as f64 / measured.processes as f64);
    }
    measured
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(rest.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()? << 10)
}

/// The soft limit. Source: proc(5), /proc/<pid>/limits.
fn descriptors_max(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_measured_and_one_that_is_gone_is_not() {
        let cost = of(std::process::id()).expect("we live");
        assert!(
            cost.rss_bytes >= cost.pss_bytes && cost.pss_bytes > 100_000 && cost.threads >= 1 && cost.descriptors >= 3,
            "{cost:?}"
        );
        assert!(cost.descriptors_max >= cost.descriptors, "{cost:?}");
        assert_eq!(of(u32::MAX), None);
    }
}
