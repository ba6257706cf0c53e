//! `outrunner edge`: the front door's process.

use crate::failure::Failure;

pub fn run() -> Result<(), Failure> {
    // Started through /proc/self/exe, it would be called "exe" in every list of processes.
    let _ = std::fs::write("/proc/self/comm", "outrunner");
    super::log_to_stderr();
    Ok(edge::run()?)
}
