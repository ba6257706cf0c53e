//! What is known of an instance's end, and writing it down so that it survives everybody who waits for it.
//! Never judges: a code is a code.

use std::fs::{self, File};
use std::io::{Result, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::record::{EXIT_FILE, End, Exit};

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Milliseconds since the machine began; none if the kernel does not say. Source: proc_uptime(5), which the engine compares with.
pub fn uptime_ms() -> Option<u64> {
    let text = fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = text.split(' ').next()?.split_once('.')?;
    Some(seconds.parse::<u64>().ok()? * 1000 + hundredths.parse::<u64>().ok()? * 10)
}

/// Reads a raw wait status.
pub fn end_of(status: i32) -> End {
    if libc::WIFSIGNALED(status) { End::Signal(libc::WTERMSIG(status)) } else { End::Code(libc::WEXITSTATUS(status)) }
}

/// Whether the kernel has ended a process of this control group for want of memory. Asked before the runtime removes
/// the group. Hierarchies of version 1, hybrid and version 2 keep the same line in different files.
pub fn out_of_memory(cgroup: &str) -> bool {
    let files = [
        format!("/sys/fs/cgroup/memory{cgroup}/memory.oom_control"),
        format!("/sys/fs/cgroup{cgroup}/memory.events"),
        format!("/sys/fs/cgroup/unified{cgroup}/memory.events"),
    ];
    counts(&files, "oom_kill ")
}

/// Whether the kernel has refused a process of this control group another one, as there were as many as there may be.
pub fn processes_refused(cgroup: &str) -> bool {
    let files = [format!("/sys/fs/cgroup/pids{cgroup}/pids.events"), format!("/sys/fs/cgroup{cgroup}/pids.events")];
    counts(&files, "max ")
}

/// Whether a line in one of the files has this key and a number that is not zero.
fn counts(files: &[String], key: &str) -> bool {
    let counts = |text: String| text.lines().any(|line| line.strip_prefix(key).is_some_and(|n| n.trim() != "0"));
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).any(counts)
}

/// Writes the exit file in the current folder: complete or not there.
pub fn write(exit: &Exit) -> Result<()> {
    let new = format!("{EXIT_FILE}.new");
    let mut file = File::create(&new)?;
    file.write_all(exit.encode().as_bytes())?;
    file.sync_all()?;
    fs::rename(new, EXIT_FILE)?;
    File::open(".")?.sync_all()
}
