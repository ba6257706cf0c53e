//! What an instance looks like to the engine's caller, read from its shim's folder.
//! Never changes anything. Never guesses: what cannot be looked at is trouble, not an end.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::os::unix::fs::MetadataExt;

use model::instance::{DiskSeen, Exit, ExitCause, InstanceName, InstancePhase, InstanceSeen};
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::doing::Doing;
use crate::limit::FAULT_BYTES;
use crate::local::berth::Berth;
use crate::local::cause;
use crate::local::fullness::FULL_FILE;
use crate::local::health::READY_FILE;
use crate::local::logs;
use crate::local::machine::Machine;
use crate::local::record::{self, End, Phase};
use crate::local::shim::Shim;
use crate::local::watch::LOST_FILE;

/// One instance; none if it is not there.
pub fn see(machine: &Machine, name: &InstanceName) -> Result<Option<InstanceSeen>, Trouble> {
    look(machine, name).doing(|| format!("looking at {name}"))
}

fn look(machine: &Machine, name: &InstanceName) -> io::Result<Option<InstanceSeen>> {
    let shim = machine.shim(name);
    let Some(berth) = Berth::find(shim.folder())? else { return Ok(None) };
    let (phase, address) = phase(machine, &shim, &berth)?;
    let started_at = Timestamp::from_millis(berth.created_ms);
    let disk = if shim.has(FULL_FILE)? { DiskSeen::Full } else { DiskSeen::Room };
    Ok(Some(InstanceSeen { name: name.clone(), started_at, address, phase, disk }))
}

fn phase(machine: &Machine, shim: &Shim, berth: &Berth) -> io::Result<(InstancePhase, Option<Ipv4Addr>)> {
    // Alive first, exit after: a shim that ends between the two has written its exit.
    let alive = shim.alive()?;
    if let Some(exit) = shim.exit()? {
        return Ok((InstancePhase::Exited(exited(machine, berth, exit)?), None));
    }
    let running = matches!(shim.state()?.map(|state| state.phase), Some(Phase::Running { .. }));
    let sight = machine.sight(&berth.name);
    if alive {
        let address = running.then_some(berth.address);
        let sight = sight.unwrap_or_default();
        let phase = match (shim.has(READY_FILE)?, sight.unwell) {
            (true, None) => InstancePhase::Ready,
            (true, Some(last_probe)) => InstancePhase::Unwell { last_probe },
            (false, _) => InstancePhase::Starting { last_probe: sight.last_probe, elsewhere: sight.elsewhere },
        };
        return Ok((phase, address));
    }
    if sight.is_some() && !running {
        // Its image is being prepared, or its shim prepares the rest.
        return Ok((InstancePhase::Starting { last_probe: None, elsewhere: None }, None));
    }
    let how = ExitCause::Lost;
    Ok((InstancePhase::Exited(Exit { at: lost_at(shim)?, how, last_lines: last_lines(machine, berth)? }), None))
}

/// When its shim was found dead. Where that is not written down (yet): when something in its folder last changed, which
/// stays the same however often somebody looks.
fn lost_at(shim: &Shim) -> io::Result<Timestamp> {
    let millis = match shim.read(LOST_FILE)?.and_then(|text| text.trim().parse().ok()) {
        Some(millis) => millis,
        None => {
            let changed = fs::metadata(shim.folder())?;
            changed.mtime().saturating_mul(1000).saturating_add(changed.mtime_nsec() / 1_000_000)
        }
    };
    Ok(Timestamp::from_millis(millis))
}

fn exited(machine: &Machine, berth: &Berth, exit: record::Exit) -> io::Result<Exit> {
    let at = Timestamp::from_millis(i64::try_from(exit.ended_ms).unwrap_or(i64::MAX));
    let last_lines = last_lines(machine, berth)?;
    let how = match exit.end {
        // The kernel may have ended one process of many; only the first one's end is the instance's.
        End::Signal(9) | End::Code(137) if exit.out_of_memory => ExitCause::OutOfMemory,
        End::Code(code) => match cause::of_exec(code, &last_lines) {
            Some(words) => ExitCause::NeverStarted(words),
            None => ExitCause::Code(code),
        },
        End::Signal(signal) => ExitCause::Signal(signal),
        End::NeverStarted(complaint) => {
            ExitCause::NeverStarted(cause::in_plain_letters(&cause::of_runtime(&complaint), FAULT_BYTES))
        }
    };
    Ok(Exit { at, how, last_lines })
}

/// An exit without them is worth something too, where nobody can understand them any more; but whoever looks again may.
fn last_lines(machine: &Machine, berth: &Berth) -> io::Result<Vec<String>> {
    let folder = machine.premises.logs(&berth.name.to_string());
    match logs::last_lines(&folder, berth.run) {
        Err(error) if error.raw_os_error().is_none_or(|number| number == libc::ENOENT) => {
            tracing::warn!(instance = %berth.name, %error, "the last lines of an instance cannot be read");
            Ok(Vec::new())
        }
        lines => lines,
    }
}
