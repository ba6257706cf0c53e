//! Cares for one instance: asks it until it is healthy, then waits for its end.
//! Never ends an instance that its shim still keeps.

use std::path::Path;
use std::pin::pin;
use std::time::Instant;

use futures_util::future::{Either, select};
use model::instance::Elsewhere;
use model::port::Ring;
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::limit::{
    CPU_UNITS_AT_START, LISTENING_EVERY, LOOK_AGAIN, ORPHAN_END, PROBE_EVERY, PROBE_SLOWLY, PROBE_SLOWLY_AFTER, SHIM_END,
};
use crate::listening::Listening;
use crate::local::berth::{Berth, write_private};
use crate::local::machine::Machine;
use crate::local::premises::Premises;
use crate::local::record::Phase;
use crate::local::shim::Shim;
use crate::local::{cgroup, runtime};
use crate::probe;

/// In an instance's folder once it was healthy.
pub const READY_FILE: &str = "ready";
/// In an instance's folder once its shim was found dead; holds milliseconds since 1970.
pub const LOST_FILE: &str = "lost";

/// Returns when the instance has ended and everything about its end is written down.
pub async fn watch(machine: &Machine, berth: &Berth) {
    let shim = machine.shim(&berth.name);
    if let Ok(stream) = shim.follow().await {
        let end = pin!(follow(machine, berth, stream));
        if shim.folder().join(READY_FILE).exists() {
            end.await;
        } else if let Either::Right(((), end)) = select(end, pin!(until_healthy(machine, berth, &shim))).await {
            end.await;
        }
    }
    // The lock is let go a moment after the socket closes.
    if !shim.gone(SHIM_END).await {
        tracing::error!(instance = %berth.name, "a shim closed its socket and does not end");
        return;
    }
    if shim.exit().is_none() && !shim.folder().join(LOST_FILE).exists() {
        lost(machine, berth, &shim).await;
    }
}

/// Rings for whoever takes the log over, until the shim ends.
async fn follow(machine: &Machine, berth: &Berth, mut stream: UnixStream) {
    let mut news = [0; 256];
    while let Ok(1..) = stream.read(&mut news).await {
        machine.ports.bell.ring(&Ring::Output(berth.name.service.clone()));
    }
}

async fn until_healthy(machine: &Machine, berth: &Berth, shim: &Shim) {
    let began = Instant::now();
    let mut looked: Option<Instant> = None;
    loop {
        match probe::ask(berth.address, berth.port, &berth.health).await {
            Ok(()) => break,
            Err(words) => machine.notice(&berth.name, |sight| sight.last_probe = Some(words)),
        }
        if looked.is_none_or(|looked| looked.elapsed() >= LISTENING_EVERY) {
            looked = Some(Instant::now());
            look_elsewhere(machine, berth, shim);
        }
        let slowly = began.elapsed() > PROBE_SLOWLY_AFTER;
        tokio::time::sleep(if slowly { PROBE_SLOWLY } else { PROBE_EVERY }).await;
    }
    if let Err(error) = write_private(&shim.folder().join(READY_FILE), b"") {
        tracing::error!(instance = %berth.name, %error, "a healthy instance cannot be marked as one");
    }
    if berth.cpu_units < CPU_UNITS_AT_START {
        let group = machine.premises.cgroup(&berth.name.to_string());
        if let Err(error) = cgroup::set_cpu(&group, berth.cpu_units) {
            tracing::warn!(instance = %berth.name, %error, "the CPU of a healthy instance cannot be lowered to its size");
        }
    }
    machine.ring(&berth.name);
}

/// Looks where an instance that does not answer listens instead.
fn look_elsewhere(machine: &Machine, berth: &Berth, shim: &Shim) {
    let Some(Phase::Running { init_pid, .. }) = shim.state().map(|state| state.phase) else { return };
    let found = Listening::of(init_pid);
    let now = machine.ports.clock.now();
    let mut changed = false;
    machine.notice(&berth.name, |sight| {
        let since = sight.elsewhere.as_ref().map_or(now, |elsewhere| elsewhere.since);
        let elsewhere = (!found.is_empty() && !found.ports.contains(&berth.port)).then_some(Elsewhere {
            since,
            ports: found.ports,
            loopback_ports: found.loopback_ports,
        });
        changed = sight.elsewhere != elsewhere;
        sight.elsewhere = elsewhere;
    });
    if changed {
        machine.ring(&berth.name);
    }
}

/// The shim died and left the instance without anybody who reads its log or its exit: it ends too.
async fn lost(machine: &Machine, berth: &Berth, shim: &Shim) {
    let name = berth.name.to_string();
    tracing::warn!(instance = name, "the shim is gone; its instance is ended");
    end_orphan(&machine.settings.runtime, &machine.premises, &name).await;
    let at = machine.ports.clock.now().millis().to_string();
    if let Err(error) = write_private(&shim.folder().join(LOST_FILE), at.as_bytes()) {
        tracing::error!(instance = name, %error, "a lost instance cannot be marked as one");
    }
}

/// Ends an instance that has no shim, and makes the runtime forget it. Absence is success.
pub async fn end_orphan(runtime: &Path, premises: &Premises, name: &str) {
    let group = premises.cgroup(name);
    cgroup::kill(&group);
    runtime::forget(runtime, &premises.runtime_root(), name).await;
    let empty = async {
        while !cgroup::is_empty(&group) {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    if timeout(ORPHAN_END, empty).await.is_err() {
        tracing::error!(instance = name, "an instance without a shim does not end");
    }
    cgroup::remove(&group);
}
