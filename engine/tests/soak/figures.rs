//! What the soak reads about this process, the kernel and the shims.
//! Source of truth: proc_meminfo(5), proc_pid_stat(5), proc_pid_smaps(5).

use std::fs;
use std::time::Duration;

/// How long everybody is watched doing nothing.
const WATCHED: Duration = Duration::from_secs(10);

/// Open descriptors of this process.
pub fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

fn meminfo(names: &[&str]) -> i64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap();
    let value = |line: &str| line.split_whitespace().nth(1).and_then(|number| number.parse::<i64>().ok()).unwrap_or(0);
    text.lines().filter(|line| names.iter().any(|name| line.starts_with(&format!("{name}:")))).map(value).sum()
}

/// Memory of the kernel's own that it cannot give back by itself.
fn kernel_kib() -> i64 {
    meminfo(&["SUnreclaim", "KernelStack", "PageTables", "Percpu"])
}

/// The same once it has come to rest: the least of some looks. Where we are alone, what the kernel keeps of those that are gone, until somebody needs the
/// memory, is asked back first.
pub async fn settled_kernel_kib(alone: bool) -> i64 {
    let mut least = i64::MAX;
    for _ in 0..if alone { 20 } else { 1 } {
        if alone {
            // Dead control groups stay as long as a page or an inode is charged to them. Source: the kernel's cgroup-v1 memory page, 4.4.
            let _ = fs::write("/proc/sys/vm/drop_caches", "3");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        least = least.min(kernel_kib());
    }
    least
}

/// The mean of the faster half: who works beside us makes times longer, never shorter.
pub fn lowest_half(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let half = &times[..times.len().div_ceil(2)];
    half.iter().sum::<f64>() / half.len() as f64
}

/// User and system time of a process and all its threads.
fn cpu(pid: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<u64> = stat.rsplit(')').next().unwrap_or_default().split(' ').filter_map(|field| field.parse().ok()).collect();
    // Without the state's letter, fields 14 and 15 are the tenth and eleventh; a tick is 10 ms on every Linux.
    Duration::from_millis(fields.get(10).zip(fields.get(11)).map_or(0, |(user, system)| (user + system) * 10))
}

fn pss_kib(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("Pss:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// The machine before the sleepers.
pub struct Idle {
    kernel_kib: i64,
    available_kib: i64,
}

impl Idle {
    pub fn before() -> Self {
        Self { kernel_kib: kernel_kib(), available_kib: meminfo(&["MemAvailable"]) }
    }

    /// Prints what so many cost, and what everybody does while nobody asks for anything.
    pub async fn report(&self, sleepers: u64, shims: &[u32]) {
        let count = i64::try_from(sleepers).unwrap();
        let used = (self.available_kib - meminfo(&["MemAvailable"])) / count;
        let kernel = (kernel_kib() - self.kernel_kib) / count;
        let pss = shims.iter().map(|pid| pss_kib(*pid)).sum::<u64>() / sleepers;
        println!("soak: one of them costs {used} KiB in all; of it the shim {pss} KiB (PSS), the kernel {kernel} KiB");
        let total = || shims.iter().map(|pid| cpu(&pid.to_string())).sum::<Duration>();
        let (platform, all) = (cpu("self"), total());
        tokio::time::sleep(WATCHED).await;
        let share = |time: Duration| 100.0 * time.as_secs_f64() / WATCHED.as_secs_f64();
        let (platform, all) = (share(cpu("self") - platform), share(total() - all));
        println!("soak: at rest the platform takes {platform:.2} % of a core, all shims together {all:.2} %");
    }
}
