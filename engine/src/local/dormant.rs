//! Instances at rest: throttled, frozen, paged out; and awake again.
//! Never decides who rests: that is asked for. Never touches one that was not healthy.
//! Source of truth: the file `rest` in an instance's folder. It is written before the kernel is asked to put an instance
//! to rest, and removed after the kernel has woken it: whoever finds it does again what it says, and nothing is lost.

use std::fs;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::instance::{InstanceName, InstancePhase, Rest};
use model::trouble::Trouble;

use crate::doing::Doing;
use crate::limit::{FREEZING, REST_CPU_UNITS, WAKING};
use crate::local::berth::{Berth, write_private};
use crate::local::freezer::Freezer;
use crate::local::machine::{Machine, Sight};
use crate::local::record::{ORDER_FILE, Order};
use crate::local::shim::Shim;
use crate::local::{cgroup, seen};

/// In an instance's folder while it rests: one of `WORDS`.
pub const REST_FILE: &str = "rest";
const WORDS: [(&str, Rest); 3] = [("throttled", Rest::Throttled), ("frozen", Rest::Frozen), ("paged out", Rest::PagedOut)];

/// How an instance rests; none if it is awake. A word from the future counts as the deepest rest that a kernel has.
pub fn resting(shim: &Shim) -> io::Result<Option<Rest>> {
    let Some(text) = shim.read(REST_FILE)? else { return Ok(None) };
    let known = WORDS.iter().find(|(word, _)| *word == text.trim());
    Ok(Some(known.map_or(Rest::Frozen, |(_, rest)| *rest)))
}

/// Puts a ready instance to rest, or from one rest to another. In any other phase nothing changes.
pub async fn rest(machine: &Arc<Machine>, name: &InstanceName, rest: Rest) -> Result<(), Trouble> {
    let doing = || format!("putting {name} to rest");
    let (place, whose) = (machine.clone(), name.clone());
    let settled = tokio::task::spawn_blocking(move || settle(&place, &whose, rest)).await.doing(doing)??;
    let Some(at) = settled.filter(|_| rest == Rest::PagedOut && has_swap()) else { return Ok(()) };
    let _one_of_few = machine.paging.acquire().await.doing(doing)?;
    let (machine, name) = (machine.clone(), name.clone());
    let paged_out = move || -> io::Result<()> {
        // Woken while it waited for its place on the disk. Without the turn: whoever wakes it now must not wait for the disk.
        let rests = machine.stirs(&name).is_some_and(|stirs| *stirs.borrow() == at);
        if rests && cgroup::page_out(&machine.premises.cgroup(&name.to_string())) {
            note_paged_out(&machine, &name, at)?;
        }
        Ok(())
    };
    tokio::task::spawn_blocking(paged_out).await.doing(doing)?.doing(doing)
}

/// Answers the stir that this was; none if nothing was to be done.
fn settle(machine: &Machine, name: &InstanceName, rest: Rest) -> Result<Option<u64>, Trouble> {
    let doing = || format!("putting {name} to rest");
    // Nobody cares for one that is not there, or over.
    let Some(turn) = machine.turn(name) else { return Ok(None) };
    let _turn = turn.lock().expect("nothing panics in its turn");
    if machine.sight(name).is_none_or(|sight| sight.ending) {
        return Ok(None);
    }
    let before = match seen::see(machine, name)?.map(|seen| seen.phase) {
        Some(InstancePhase::Ready) => None,
        Some(InstancePhase::Dormant(before)) => Some(before),
        Some(
            InstancePhase::Created
            | InstancePhase::Starting { .. }
            | InstancePhase::Unwell { .. }
            | InstancePhase::Stopping
            | InstancePhase::Exited(_),
        )
        | None => return Ok(None),
    };
    if before == Some(rest) {
        return Ok(None);
    }
    let shim = machine.shim(name);
    let Some(berth) = Berth::find(shim.folder()).doing(doing)? else { return Ok(None) };
    // Paged out is frozen until it is.
    let kernels = rest.min(Rest::Frozen);
    write(&shim, kernels).doing(doing)?;
    let at = machine.stir(name);
    let group = machine.premises.cgroup(&name.to_string());
    if let Err(error) = apply(&group, &berth, kernels) {
        if is_over(&shim).doing(doing)? {
            return Ok(None);
        }
        // Half asleep is worse than awake: it takes connections and answers nobody.
        let woken = wake_up(&group, &berth).and_then(|()| remove(&shim));
        if let Err(error) = woken {
            tracing::error!(instance = %name, cause = %error, "an instance that could not be put to rest cannot be woken either");
        }
        machine.stir(name);
        return Err(error).doing(doing);
    }
    machine.ring(name);
    Ok(Some(at.unwrap_or_default()))
}

fn note_paged_out(machine: &Machine, name: &InstanceName, at: u64) -> io::Result<()> {
    let Some(turn) = machine.turn(name) else { return Ok(()) };
    let _turn = turn.lock().expect("nothing panics in its turn");
    // Woken meanwhile, or put to rest anew: then this says nothing.
    if machine.stirs(name).is_some_and(|stirs| *stirs.borrow() == at) {
        write(&machine.shim(name), Rest::PagedOut)?;
        machine.ring(name);
    }
    Ok(())
}

/// Wakes an instance that rests. Awake already, and absent, are success.
pub async fn wake(machine: &Arc<Machine>, name: &InstanceName) -> Result<(), Trouble> {
    let doing = format!("waking {name}");
    let (machine, name) = (machine.clone(), name.clone());
    let woken = move || -> io::Result<()> {
        let Some(turn) = machine.turn(&name) else { return Ok(()) };
        let _turn = turn.lock().expect("nothing panics in its turn");
        let shim = machine.shim(&name);
        if !shim.has(REST_FILE)? {
            return Ok(());
        }
        let Some(berth) = Berth::find(shim.folder())? else { return Ok(()) };
        let woken = wake_up(&machine.premises.cgroup(&name.to_string()), &berth);
        // It may have ended in its sleep: then there is nobody to wake.
        if woken.is_err() && is_over(&shim)? {
            return Ok(());
        }
        let woken = woken.and_then(|()| remove(&shim));
        machine.notice(&name, |sight| note_waking(sight, woken.is_ok(), Instant::now()));
        if woken.is_err() {
            machine.ring(&name);
        }
        woken?;
        machine.stir(&name);
        machine.ring(&name);
        Ok(())
    };
    tokio::task::spawn_blocking(woken).await.doing(|| doing.clone())?.doing(|| doing)
}

/// One that cannot be woken for long is of no use to anybody: it counts as unwell, and so it is replaced.
fn note_waking(sight: &mut Sight, woken: bool, now: Instant) {
    if woken {
        if sight.unwakeable.take().is_some() {
            sight.unwell = None;
        }
        return;
    }
    let since = *sight.unwakeable.get_or_insert(now);
    if now.duration_since(since) >= WAKING {
        sight.unwell = Some("It rests and cannot be woken.".to_owned());
    }
}

/// What an earlier platform may have left between two steps: brings the kernel to what the file says.
pub async fn mend(machine: &Arc<Machine>, berth: &Berth) {
    let (machine, berth) = (machine.clone(), berth.clone());
    let mended = move || {
        let Some(turn) = machine.turn(&berth.name) else { return };
        let _turn = turn.lock().expect("nothing panics in its turn");
        let group = machine.premises.cgroup(&berth.name.to_string());
        cgroup::forbid_swap(&group);
        let shim = machine.shim(&berth.name);
        let mended = match resting(&shim) {
            Ok(Some(rest)) => apply(&group, &berth, rest),
            Ok(None) => wake_up(&group, &berth),
            Err(error) => Err(error),
        };
        if let Err(error) = mended
            && !is_over(&shim).unwrap_or(false)
        {
            tracing::warn!(instance = %berth.name, cause = %error, "an instance cannot be brought to the rest that it shall have");
        }
    };
    // Only a panic could end it otherwise, and that has been said by then.
    let _ = tokio::task::spawn_blocking(mended).await;
}

/// Wakes an instance that shall end in peace, without a platform that could take turns. Absence is success.
pub async fn rouse(shim: &Shim) {
    let shim = shim.clone();
    // Only a panic could end it otherwise, and that has been said by then.
    let _ = tokio::task::spawn_blocking(move || rouse_now(&shim)).await;
}

fn rouse_now(shim: &Shim) {
    let roused = || -> io::Result<()> {
        let Some(group) = group_at_rest(shim)? else { return Ok(()) };
        wake_up(&group, &Berth::read(shim.folder())?)?;
        remove(shim)
    };
    if let Err(error) = roused()
        && !is_over(shim).unwrap_or(false)
    {
        tracing::warn!(folder = %shim.folder().display(), cause = %error, "an instance that rests cannot be woken for its end");
    }
}

/// Thaws an instance that was killed where the host's freezer keeps the dead standing. It may be gone: then nothing is to be done.
pub async fn let_die(shim: &Shim) {
    let shim = shim.clone();
    let thawed = move || {
        let freezer = group_at_rest(&shim).ok().flatten().as_deref().and_then(Freezer::of);
        if let Some(freezer @ Freezer::Version1(_)) = freezer {
            let _ = freezer.thaw(Duration::ZERO);
        }
    };
    let _ = tokio::task::spawn_blocking(thawed).await;
}

/// The control group of an instance that rests, as its shim was told; none if it is awake.
fn group_at_rest(shim: &Shim) -> io::Result<Option<String>> {
    if resting(shim)?.is_none() {
        return Ok(None);
    }
    let order = shim.read(ORDER_FILE)?.map(|order| Order::decode(&order).map_err(io::Error::other)).transpose()?;
    Ok(order.map(|order| order.cgroup))
}

/// Whether the instance has ended: its end is written down before its control group goes.
pub fn is_over(shim: &Shim) -> io::Result<bool> {
    Ok(!shim.alive()? || shim.exit()?.is_some())
}

fn apply(group: &str, berth: &Berth, rest: Rest) -> io::Result<()> {
    match rest {
        Rest::Throttled => {
            cgroup::set_cpu(group, REST_CPU_UNITS)?;
            thaw(group)
        }
        Rest::Frozen | Rest::PagedOut => {
            // At full size: a throttled process comes to its stop only when it has its next share.
            cgroup::set_cpu(group, berth.cpu_units)?;
            Freezer::of(group).ok_or_else(|| io::Error::other("this host has no freezer for it"))?.freeze(FREEZING)
        }
    }
}

fn wake_up(group: &str, berth: &Berth) -> io::Result<()> {
    cgroup::set_cpu(group, berth.cpu_units)?;
    thaw(group)
}

fn thaw(group: &str) -> io::Result<()> {
    match Freezer::of(group) {
        Some(freezer) => freezer.thaw(FREEZING),
        None => Ok(()),
    }
}

fn write(shim: &Shim, rest: Rest) -> io::Result<()> {
    let (word, _) = WORDS.iter().find(|(_, known)| *known == rest).expect("every rest has its word");
    write_private(&shim.folder().join(REST_FILE), word.as_bytes())
}

fn remove(shim: &Shim) -> io::Result<()> {
    match fs::remove_file(shim.folder().join(REST_FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Whether there is anywhere to page out to.
fn has_swap() -> bool {
    fs::read_to_string("/proc/swaps").is_ok_and(|text| text.lines().count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_cannot_be_woken_for_long_is_unwell_and_one_that_wakes_is_not() {
        let began = Instant::now();
        let mut sight = Sight::default();
        note_waking(&mut sight, false, began);
        note_waking(&mut sight, false, began + WAKING / 2);
        assert_eq!(sight.unwell, None, "it may still wake");
        note_waking(&mut sight, false, began + WAKING);
        assert_eq!(sight.unwell.as_deref(), Some("It rests and cannot be woken."));
        note_waking(&mut sight, true, began + WAKING);
        assert_eq!((sight.unwell.take(), sight.unwakeable), (None, None));
        sight.unwell = Some("sick".to_owned());
        note_waking(&mut sight, true, began);
        assert_eq!(sight.unwell.as_deref(), Some("sick"), "that is for its health check to say");
        note_waking(&mut sight, false, began + 2 * WAKING);
        assert_eq!(sight.unwakeable, Some(began + 2 * WAKING), "counted anew");
    }
}
