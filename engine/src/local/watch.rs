//! Cares for one instance: follows its shim, attends to its health, waits for its end.
//! Never ends an instance that its shim still keeps, or may keep: only a lock that is free says that a shim is gone.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::select;
use model::instance::{ExitCause, InstancePhase, InstanceSeen};
use model::port::Ring;
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::limit::{LOOK_AGAIN, LOOK_AGAIN_LATER, ORPHAN_END, SHIM_END};
use crate::local::berth::{Berth, write_private};
use crate::local::freezer::Freezer;
use crate::local::machine::Machine;
use crate::local::premises::Premises;
use crate::local::shim::Shim;
use crate::local::{cgroup, door, fullness, health, runtime, seen};

/// In an instance's folder once its shim was found dead; holds milliseconds since 1970.
pub const LOST_FILE: &str = "lost";

/// Returns when the instance has ended and everything about its end is written down. Its door is open until then: `door` is
/// its socket, where there is one already.
pub async fn watch(machine: &Arc<Machine>, berth: &Berth, door: Option<OwnedFd>) {
    let shim = machine.shim(&berth.name);
    // Whichever is over first: the door never is. It closes here, before anybody else takes the instance's address.
    select(pin!(until_gone(machine, berth, &shim)), pin!(door::keep(machine, berth, &shim, door))).await;
    // Before its owner sees the end: a full disk may be the reason.
    fullness::look_at(machine, &berth.name).await;
    if !is_accounted_for(berth, &shim).await {
        lost(machine, berth, &shim).await;
    }
    say_ended(machine, berth).await;
}

/// Attends to an instance until its shim has gone.
async fn until_gone(machine: &Arc<Machine>, berth: &Berth, shim: &Shim) {
    loop {
        match shim.follow().await {
            Ok(Some(stream)) => {
                let end = pin!(follow(machine, berth, stream));
                select(end, pin!(health::attend(machine, berth, shim))).await;
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(instance = %berth.name, cause = %error, "a shim cannot be followed; it is tried again");
                tokio::time::sleep(LOOK_AGAIN_LATER).await;
                continue;
            }
        }
        // The lock is let go a moment after the socket closes.
        if shim.gone(SHIM_END).await {
            return;
        }
        tracing::error!(instance = %berth.name, "a shim does not listen and does not end, or cannot be looked at; it is tried again");
    }
}

/// The one line about an instance's end.
async fn say_ended(machine: &Arc<Machine>, berth: &Berth) {
    let (machine, name) = (machine.clone(), berth.name.clone());
    let said = move || {
        let Ok(Some(InstanceSeen { phase: InstancePhase::Exited(exit), .. })) = seen::see(&machine, &name) else { return };
        let (cause, code) = match exit.how {
            ExitCause::Code(code) => ("exit", Some(code)),
            ExitCause::Signal(signal) => ("signal", Some(signal)),
            ExitCause::OutOfMemory => ("memory", None),
            ExitCause::NeverStarted(_) => ("never_started", None),
            ExitCause::EngineTrouble(_) => ("trouble", None),
            ExitCause::Lost => ("lost", None),
        };
        let asked = exit.asked;
        tracing::info!(name: "instance_ended", service = %name.service, instance = %name, cause, code, asked, "an instance has ended");
    };
    // Only a panic could end it otherwise, and that has been said by then.
    let _ = tokio::task::spawn_blocking(said).await;
}

/// Whether the end is written down. Waits until that can be seen.
async fn is_accounted_for(berth: &Berth, shim: &Shim) -> bool {
    loop {
        match shim.exit().and_then(|exit| Ok(exit.is_some() || shim.has(LOST_FILE)?)) {
            Ok(known) => return known,
            Err(error) => tracing::warn!(instance = %berth.name, cause = %error, "an exit cannot be read; it is tried again"),
        }
        tokio::time::sleep(LOOK_AGAIN_LATER).await;
    }
}

/// Rings for whoever takes the log over, until the shim ends.
async fn follow(machine: &Machine, berth: &Berth, mut stream: UnixStream) {
    let mut news = [0; 256];
    while let Ok(1..) = stream.read(&mut news).await {
        machine.ports.bell.ring(&Ring::Output(berth.name.service.clone()));
    }
}

/// The shim died and left the instance without anybody who reads its log or its exit: it ends too.
async fn lost(machine: &Machine, berth: &Berth, shim: &Shim) {
    let name = berth.name.to_string();
    tracing::warn!(instance = name, "the shim is gone; its instance is ended");
    // Whoever clears it away later tries again, and is told.
    let _ = end_orphan(&machine.settings.runtime, &machine.premises, &name).await;
    let at = machine.ports.clock.now().millis().to_string();
    if let Err(error) = write_private(&shim.folder().join(LOST_FILE), at.as_bytes()) {
        tracing::error!(instance = name, cause = %error, "a lost instance cannot be marked as one");
    }
}

/// What an end has left.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// No process.
    Nothing,
    /// A process that the kernel does not end.
    Something,
}

/// Ends an instance that has no shim, and makes the runtime forget it. Absence is success.
pub async fn end_orphan(runtime: &Path, premises: &Premises, name: &str) -> Left {
    let group = premises.cgroup(name);
    kill(&group).await;
    let own = runtime::of_instance(&premises.shims().join(name));
    runtime::forget(own.as_deref().unwrap_or(runtime), &premises.runtime_root(), name).await;
    let empty = async {
        // Killed anew each time: a runtime that was still at work may have put somebody in after the first look.
        while !cgroup::is_empty(&group) {
            tokio::time::sleep(LOOK_AGAIN).await;
            kill(&group).await;
        }
    };
    let left = match timeout(ORPHAN_END, empty).await {
        Ok(()) => Left::Nothing,
        Err(_) => {
            tracing::error!(instance = name, "an instance without a shim does not end");
            Left::Something
        }
    };
    cgroup::remove(&group);
    left
}

async fn kill(group: &str) {
    let group = group.to_owned();
    let killed = move || {
        cgroup::kill(&group);
        if let Some(freezer) = Freezer::of(&group) {
            // One that rested would not end otherwise where the host has no better freezer. Nothing is left to thaw on others.
            let _ = freezer.thaw(Duration::ZERO);
        }
    };
    // Only a panic could end it otherwise, and that has been said by then.
    let _ = tokio::task::spawn_blocking(killed).await;
}
