//! Looks whether instances have filled what they may write, so that their owners are told.
//! Never stops a writer: the file system does. Never takes back what it said once: an app that deletes and fills again is
//! one piece of news.

use std::io;
use std::path::Path;

use model::instance::{DiskSeen, InstanceName, InstancePhase, InstanceSeen};

use crate::limit::{SCRATCH_FULL_PERCENT, SCRATCH_LOOK};
use crate::local::berth::write_private;
use crate::local::machine::Machine;
use crate::local::record::ROOT_FOLDER;

/// In an instance's folder once it has filled its disk.
pub const FULL_FILE: &str = "full";

/// Looks at every instance that runs, again and again.
pub async fn watch(machine: &Machine) {
    let mut told = false;
    loop {
        tokio::time::sleep(SCRATCH_LOOK).await;
        let all = machine.scratches.all_used().filter(|(used, limit)| is_full(*used, *limit));
        if let Some((used, limit)) = all.filter(|_| !told) {
            tracing::warn!(used, limit, "instances have filled what all may write together; raise --scratch-size, or stop some");
        }
        told = all.is_some();
        for name in machine.cared_for() {
            look_at(machine, &name).await;
        }
    }
}

/// Whoever sees an instance's end must see at the same time whether its disk was full: soon it may be discarded. True if
/// one of those that have ended was looked at, while the task that cares for it may not have come to it yet.
pub async fn look_at_the_dead(machine: &Machine, seen: &[InstanceSeen]) -> bool {
    let mut looked = false;
    for instance in seen {
        let ended = matches!(instance.phase, InstancePhase::Exited(_)) && instance.disk == DiskSeen::Room;
        if ended && machine.sight(&instance.name).is_some() {
            look_at(machine, &instance.name).await;
            looked = true;
        }
    }
    looked
}

/// Looks at one instance and writes down that its disk is full, if it is.
pub async fn look_at(machine: &Machine, name: &InstanceName) {
    if let Err(error) = try_look_at(machine, name).await {
        tracing::debug!(instance = %name, cause = %error, "nobody can tell how full an instance's disk is");
    }
}

/// Bytes that an instance has written and may write; none if nobody can tell.
pub async fn used(machine: &Machine, name: &InstanceName) -> io::Result<Option<(u64, u64)>> {
    // Seen through the shim: its mounts are its own.
    let state = machine.shim(name).state()?;
    let root = state.map(|state| Path::new("/proc").join(state.shim_pid.to_string()).join("cwd").join(ROOT_FOLDER));
    Ok(machine.scratches.used(&name.to_string(), root.as_deref()).await)
}

/// Writers are refused what does not fit whole: a little below the limit is full.
pub fn is_full(used: u64, limit: u64) -> bool {
    u128::from(used) * 100 >= u128::from(limit) * u128::from(SCRATCH_FULL_PERCENT)
}

async fn try_look_at(machine: &Machine, name: &InstanceName) -> io::Result<()> {
    let shim = machine.shim(name);
    if !shim.folder().try_exists()? || shim.has(FULL_FILE)? {
        return Ok(());
    }
    let Some((used, limit)) = used(machine, name).await? else { return Ok(()) };
    if !is_full(used, limit) {
        return Ok(());
    }
    tracing::info!(instance = %name, used, limit, "an instance has filled its disk");
    write_private(&shim.folder().join(FULL_FILE), b"")?;
    machine.ring(name);
    Ok(())
}
