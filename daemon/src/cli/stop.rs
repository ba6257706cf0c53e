//! `outrunner stop`: ends everything of a data dir. A living platform is asked; what a dead one left is ended directly, by its locks.
//!
//! Never touches the ledger: the next start brings the services back.

use std::time::{Duration, Instant};

use clap::Args;
use rustix::process::{Pid, Signal, kill_process};

use super::DataDir;
use crate::failure::{Failure, while_doing};
use crate::host::{Held, Lock, Place};
use crate::leftovers;
use crate::limit::STOP_WAIT;
use crate::run_file::RunFile;

#[derive(Args, Debug)]
pub struct StopArgs {
    #[command(flatten)]
    data_dir: DataDir,
}

const LOOK: Duration = Duration::from_millis(50);

pub fn run(args: &StopArgs) -> Result<(), Failure> {
    let place = args.data_dir.place()?;
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::other("stop needs root: it ends containers and networks. Run it with sudo."));
    }
    end_everything(&place)
}

/// Ends the platform that lives on a data dir, if there is one, and what it or a dead one has left.
pub fn end_everything(place: &Place) -> Result<(), Failure> {
    let _lock = match Lock::take(place)? {
        Ok(lock) => lock,
        Err(held) => end_platform(place, &held)?,
    };
    // Kept by a platform that died; one that ended in order has left nothing to end.
    let runtime = RunFile::read(place).map_or_else(|_| "runc".to_owned(), |run| run.runtime);
    super::on_this_thread(leftovers::remove(place, &runtime))?;
    RunFile::remove(place);
    Ok(())
}

/// Asks a living platform to end, and waits until its lock is free.
fn end_platform(place: &Place, held: &Held) -> Result<Lock, Failure> {
    let pid = held.pid.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw).ok_or_else(|| {
        Failure::other(format!("something holds the lock of {} and does not say who it is", place.data_dir.display()))
    })?;
    kill_process(pid, Signal::TERM).map_err(while_doing(format!("asking the platform (pid {}) to end", pid.as_raw_nonzero())))?;
    let began = Instant::now();
    while began.elapsed() < STOP_WAIT {
        if let Ok(lock) = Lock::take(place)? {
            return Ok(lock);
        }
        std::thread::sleep(LOOK);
    }
    Err(Failure::other(format!(
        "the platform (pid {}) has not ended within {} s. It may wait for an instance's grace; try again, or kill -9 it and run outrunner stop once more",
        pid.as_raw_nonzero(),
        STOP_WAIT.as_secs()
    )))
}
