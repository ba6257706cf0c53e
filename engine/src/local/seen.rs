//! What an instance looks like to the engine's caller, read from its shim's folder.
//! Never changes anything.

use std::fs;

use model::instance::{Exit, ExitCause, InstanceName, InstancePhase, InstanceSeen};
use model::time::Timestamp;

use crate::local::berth::Berth;
use crate::local::cause;
use crate::local::logs;
use crate::local::machine::Machine;
use crate::local::record::{self, End, Phase};
use crate::local::shim::Shim;
use crate::local::watch::{LOST_FILE, READY_FILE};

/// One instance; none if it is not there.
pub fn see(machine: &Machine, name: &InstanceName) -> Option<InstanceSeen> {
    let shim = machine.shim(name);
    let berth = Berth::read(shim.folder()).ok()?;
    let (phase, address) = phase(machine, &shim, &berth);
    let started_at = Timestamp::from_millis(berth.created_ms);
    Some(InstanceSeen { name: name.clone(), started_at, address, phase })
}

fn phase(machine: &Machine, shim: &Shim, berth: &Berth) -> (InstancePhase, Option<std::net::Ipv4Addr>) {
    // Alive first, exit after: a shim that ends between the two has written its exit.
    let alive = shim.alive();
    if let Some(exit) = shim.exit() {
        return (InstancePhase::Exited(exited(machine, berth, exit)), None);
    }
    if alive {
        let running = matches!(shim.state().map(|state| state.phase), Some(Phase::Running { .. }));
        let address = running.then_some(berth.address);
        if shim.folder().join(READY_FILE).exists() {
            return (InstancePhase::Ready, address);
        }
        let sight = machine.sight(&berth.name).unwrap_or_default();
        return (InstancePhase::Starting { last_probe: sight.last_probe, elsewhere: sight.elsewhere }, address);
    }
    let ran = matches!(shim.state().map(|state| state.phase), Some(Phase::Running { .. }));
    if machine.sight(&berth.name).is_some() && !ran {
        // Its image is being prepared, or its shim prepares the rest.
        return (InstancePhase::Starting { last_probe: None, elsewhere: None }, None);
    }
    let at = fs::read_to_string(shim.folder().join(LOST_FILE)).ok().and_then(|text| text.trim().parse().ok());
    let at = at.map_or_else(|| machine.ports.clock.now(), Timestamp::from_millis);
    (InstancePhase::Exited(Exit { at, how: ExitCause::Lost, last_lines: last_lines(machine, berth) }), None)
}

fn exited(machine: &Machine, berth: &Berth, exit: record::Exit) -> Exit {
    let at = Timestamp::from_millis(i64::try_from(exit.ended_ms).unwrap_or(i64::MAX));
    let last_lines = last_lines(machine, berth);
    let how = match exit.end {
        // The kernel may have ended one process of many; only the first one's end is the instance's.
        End::Signal(9) | End::Code(137) if exit.out_of_memory => ExitCause::OutOfMemory,
        End::Code(code) => match cause::of_exec(code, &last_lines) {
            Some(words) => ExitCause::NeverStarted(words),
            None => ExitCause::Code(code),
        },
        End::Signal(signal) => ExitCause::Signal(signal),
        End::NeverStarted(complaint) => ExitCause::NeverStarted(cause::of_runtime(&complaint)),
    };
    Exit { at, how, last_lines }
}

fn last_lines(machine: &Machine, berth: &Berth) -> Vec<String> {
    let folder = machine.premises.logs(&berth.name.to_string());
    logs::last_lines(&folder, berth.run).unwrap_or_else(|error| {
        tracing::warn!(instance = %berth.name, %error, "the last lines of an instance cannot be read");
        Vec::new()
    })
}
