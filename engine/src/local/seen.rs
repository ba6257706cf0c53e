//! What an instance looks like to the engine's caller, read from its shim's folder.
//! Never changes anything. Never guesses: what cannot be looked at is trouble, not an end.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use model::instance::{DiskSeen, Elsewhere, Exit, ExitCause, InstanceName, InstancePhase, InstanceSeen, LimitReached};
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::doing::Doing;
use crate::limit::{FAULT_BYTES, LAST_LINE_BYTES, PIDS};
use crate::local::age;
use crate::local::berth::Berth;
use crate::local::cause::{self, NeverBegan};
use crate::local::dormant;
use crate::local::fullness::FULL_FILE;
use crate::local::health::READY_FILE;
use crate::local::logs;
use crate::local::machine::Machine;
use crate::local::program::Program;
use crate::local::provenance::MADE_BY_FILE;
use crate::local::record::{self, End, Phase, STATE_FILE};
use crate::local::shim::Shim;
use crate::local::stopping::{self, STOP_FILE};
use crate::local::watch::LOST_FILE;
use crate::plain_letters::in_plain_letters;

/// One instance; none if it is not there.
pub fn see(machine: &Machine, name: &InstanceName) -> Result<Option<InstanceSeen>, Trouble> {
    let seen = match look(machine, name) {
        // It is discarded while it is looked at: gone, as soon as what names it is.
        Err(error) if error.kind() == io::ErrorKind::NotFound && matches!(Berth::find(machine.shim(name).folder()), Ok(None)) => {
            Ok(None)
        }
        seen => seen,
    };
    seen.doing(|| format!("looking at {name}"))
}

fn look(machine: &Machine, name: &InstanceName) -> io::Result<Option<InstanceSeen>> {
    let shim = machine.shim(name);
    let Some(berth) = Berth::find(shim.folder())? else { return Ok(None) };
    let (phase, address) = phase(machine, &shim, &berth)?;
    let started_at = started_at(machine, &shim, &berth)?;
    let disk = if shim.has(FULL_FILE)? { DiskSeen::Full } else { DiskSeen::Room };
    Ok(Some(InstanceSeen { name: name.clone(), started_at, address, phase, disk }))
}

/// When it was asked to begin: long after it was made, if it was made ahead.
fn started_at(machine: &Machine, shim: &Shim, berth: &Berth) -> io::Result<Timestamp> {
    if shim.has(MADE_BY_FILE)?
        && let Some(Phase::Running { started_ms, started_uptime_ms, .. }) = shim.state()?.map(|state| state.phase)
    {
        return Ok(today(machine, i64::try_from(started_ms).unwrap_or(i64::MAX), started_uptime_ms));
    }
    Ok(today(machine, berth.created_ms, berth.created_uptime_ms))
}

/// A moment that was written down by both clocks, in the time of today's.
fn today(machine: &Machine, written_ms: i64, uptime_ms: Option<u64>) -> Timestamp {
    let written = Timestamp::from_millis(written_ms);
    let age = uptime_ms.and_then(|then| age::uptime()?.checked_sub(Duration::from_millis(then)));
    age.map_or(written, |age| age::moment(written, age, machine.ports.clock.now()))
}

fn phase(machine: &Machine, shim: &Shim, berth: &Berth) -> io::Result<(InstancePhase, Option<Ipv4Addr>)> {
    // Alive first, exit after: a shim that ends between the two has written its exit.
    let alive = shim.alive()?;
    if let Some(exit) = shim.exit()? {
        return Ok((InstancePhase::Exited(exited(machine, shim, berth, exit)?), None));
    }
    let state = shim.state()?.map(|state| state.phase);
    let made = matches!(state, Some(Phase::Created { .. } | Phase::Running { .. }));
    let sight = machine.sight(&berth.name);
    let ending = shim.has(STOP_FILE)? || sight.as_ref().is_some_and(|sight| sight.ending);
    if ending && (alive || sight.is_some()) {
        return Ok((InstancePhase::Stopping, made.then_some(berth.address)));
    }
    if alive {
        let address = made.then_some(berth.address);
        if matches!(state, Some(Phase::Created { .. })) {
            return Ok((InstancePhase::Created, address));
        }
        let sight = sight.unwrap_or_default();
        let phase = match (shim.has(READY_FILE)?, sight.unwell) {
            (true, None) => dormant::resting(shim)?.map_or(InstancePhase::Ready, InstancePhase::Dormant),
            (true, Some(last_probe)) => InstancePhase::Unwell { last_probe },
            (false, _) => {
                let now = machine.ports.clock.now();
                let today = |(elsewhere, since): (Elsewhere, Instant)| Elsewhere {
                    since: age::moment(elsewhere.since, since.elapsed(), now),
                    ..elsewhere
                };
                InstancePhase::Starting { last_probe: sight.last_probe, elsewhere: sight.elsewhere.map(today) }
            }
        };
        return Ok((phase, address));
    }
    if sight.is_some() && !made {
        // Its image is being prepared, or its shim prepares the rest.
        return Ok((InstancePhase::Starting { last_probe: None, elsewhere: None }, None));
    }
    let last_lines = last_lines(machine, berth)?.iter().map(|line| in_plain_letters(line, LAST_LINE_BYTES)).collect();
    let exit = Exit { at: lost_at(shim)?, how: ExitCause::Lost, last_lines, limits_reached: Vec::new(), asked: ending };
    Ok((InstancePhase::Exited(exit), None))
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

fn exited(machine: &Machine, shim: &Shim, berth: &Berth, exit: record::Exit) -> io::Result<Exit> {
    let at = Timestamp::from_millis(i64::try_from(exit.ended_ms).unwrap_or(i64::MAX));
    let last_lines = last_lines(machine, berth)?;
    let asked = stopping::was_asked_before(shim, exit.ended_ms)?;
    let processes = exit.processes_refused.then_some(LimitReached::Processes { max: PIDS.unsigned_abs() });
    let out_of_memory = exit.out_of_memory;
    let how = machine.end(berth, || cause_of(shim, exit, &last_lines))?;
    let memory = (out_of_memory && how != ExitCause::OutOfMemory).then_some(LimitReached::Memory);
    let disk = shim.has(FULL_FILE)?.then_some(LimitReached::Disk);
    let last_lines = last_lines.iter().map(|line| in_plain_letters(line, LAST_LINE_BYTES)).collect();
    Ok(Exit { at, how, last_lines, limits_reached: [processes, memory, disk].into_iter().flatten().collect(), asked })
}

fn cause_of(shim: &Shim, exit: record::Exit, last_lines: &[String]) -> io::Result<ExitCause> {
    let program = || Program::of_instance(shim.folder());
    let plain = |words: String| in_plain_letters(&words, FAULT_BYTES);
    Ok(match exit.end {
        // The kernel may have ended one process of many; only the first one's end is the instance's.
        End::Signal(9) | End::Code(137) if exit.out_of_memory => ExitCause::OutOfMemory,
        End::Code(code) => match cause::of_exec(code, last_lines, program) {
            Some(words) => ExitCause::NeverStarted(plain(words)),
            None => ExitCause::Code(code),
        },
        End::Signal(signal) => ExitCause::Signal(signal),
        // Without a state there was no shim: the words are our own, about the image.
        End::NeverStarted(words) if !shim.has(STATE_FILE)? => ExitCause::NeverStarted(plain(words)),
        End::NeverStarted(complaint) => match cause::of_runtime(&complaint, program().as_ref()) {
            NeverBegan::Owners(words) => ExitCause::NeverStarted(plain(words)),
            NeverBegan::Engines(words) => ExitCause::EngineTrouble(plain(words)),
        },
    })
}

/// An exit without them is worth something too, where nobody can understand them any more; but whoever looks again may.
fn last_lines(machine: &Machine, berth: &Berth) -> io::Result<Vec<String>> {
    let folder = machine.premises.logs(&berth.name.to_string());
    match logs::last_lines(&folder, berth.run) {
        Err(error) if error.raw_os_error().is_none_or(|number| number == libc::ENOENT) => {
            tracing::warn!(instance = %berth.name, cause = %error, "the last lines of an instance cannot be read");
            Ok(Vec::new())
        }
        lines => lines,
    }
}
