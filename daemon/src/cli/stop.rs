//! `outrunner stop`: ends everything of a data dir. A living platform is asked; what a dead one left is ended directly, by its locks.
//!
//! Never touches the ledger: the next start brings the services back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use control::closing::Closing;
use engine::local::LocalEngine;
use rustix::process::{Pid, Signal, kill_process};

use store::Store;

use super::DataDir;
use crate::bell::Bells;
use crate::clock::{SystemClock, SystemDice};
use crate::closing::close_all;
use crate::failure::{Failure, while_doing};
use crate::first_run::master_key;
use crate::host::{Held, Lock, Place};
use crate::limit::{EDGE_DRAIN, STOP_WAIT};
use crate::run_file::RunFile;
use crate::wiring;

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
    let _lock = match Lock::take(&place)? {
        Ok(lock) => lock,
        Err(held) => end_platform(&place, &held)?,
    };
    super::on_this_thread(end_leftovers(&place))?;
    RunFile::remove(&place);
    place.remove_run_dir()
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

/// Ends the front door and the instances that have no platform, and takes the network away.
async fn end_leftovers(place: &Place) -> Result<(), Failure> {
    let run = place.run_dir();
    edge::stop_left_behind(&run, EDGE_DRAIN).map_err(while_doing("ending the front door"))?;
    // The runtime's name does not matter to what is ended by control group; its default is there wherever serve has run.
    let settings = wiring::engine_settings(place, "runc")?;
    if let Err(failure) = close_instances(place, &settings).await {
        eprintln!("outrunner: instances are ended without their last output: {failure}");
    }
    Ok(LocalEngine::remove_everything(&settings, model::limit::STOP_GRACE).await?)
}

/// The orderly way, which keeps what the instances printed last. Needs the ledger and the engine to be in order.
async fn close_instances(place: &Place, settings: &engine::local::Settings) -> Result<(), Failure> {
    let left = std::fs::read_dir(place.run_dir().join("shims")).is_ok_and(|mut entries| entries.next().is_some());
    if !left {
        return Ok(());
    }
    let clock = Arc::new(SystemClock);
    let store = Store::open(&place.data_dir, clock.clone(), &master_key(place, &SystemDice)?)?;
    let ports = engine::local::Ports { blobs: Arc::new(store.clone()), clock, bell: Arc::new(Bells::default()) };
    let engine = Arc::new(LocalEngine::open(settings.clone(), ports).await?);
    let closing = Closing { services: Arc::new(store.clone()), engine, lines: Arc::new(store) };
    close_all(&closing).await;
    Ok(())
}
