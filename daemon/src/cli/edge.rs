//! `outrunner edge`: the front door's process.

use crate::failure::Failure;
use crate::sight;

pub fn run() -> Result<(), Failure> {
    // Started through /proc/self/exe, it would be called "exe" in every list of processes.
    let _ = std::fs::write("/proc/self/comm", "outrunner");
    sight::open_lines(sight::format_of_environment());
    edge::run().map_err(|trouble| {
        Failure::other(format!("the front door is started by outrunner serve, not by hand: {}", trouble.chain()))
    })
}
