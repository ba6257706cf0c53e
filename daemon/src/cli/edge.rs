//! `outrunner edge`: the front door's process.

use crate::failure::Failure;

pub fn run() -> Result<(), Failure> {
    // Started through /proc/self/exe, it would be called "exe" in every list of processes.
    let _ = std::fs::write("/proc/self/comm", "outrunner");
    super::log_to_stderr();
    edge::run().map_err(|trouble| {
        Failure::other(format!("the front door is started by outrunner serve, not by hand: {}", trouble.chain()))
    })
}
