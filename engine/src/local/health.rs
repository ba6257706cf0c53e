//! Asks an instance how it is: without rest until it is healthy for the first time, then as often as its service wants.
//! Never ends an instance: that somebody is unwell is said, and what follows is for others to decide. Never blames an
//! instance for a question that we could not ask. Never asks one that rests: a frozen socket takes every connection.
//! Source of truth: the service's health check; the App Runner reference on its thresholds, which count answers in a row.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use model::instance::Elsewhere;
use model::time::Timestamp;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::limit::{
    CPU_UNITS_AT_START, CREATED_LOOK, LISTENING_EVERY, LISTENING_FIRST, LOOK_AGAIN_LATER, PROBE_PAUSE_MAX, PROBE_PAUSE_MIN,
    PROBE_PAUSE_PART, PROBE_SLOWLY, PROBE_SLOWLY_AFTER,
};
use crate::listening::Listening;
use crate::local::berth::{Berth, write_private};
use crate::local::machine::Machine;
use crate::local::record::Phase;
use crate::local::shim::Shim;
use crate::local::{cgroup, door, dormant};
use crate::probe::{self, Probed};

/// In an instance's folder once it was healthy.
pub const READY_FILE: &str = "ready";

/// Cares for an instance's health for as long as anybody waits for this.
pub async fn attend(machine: &Arc<Machine>, berth: &Berth, shim: &Shim) -> Infallible {
    let mut stirs = machine.stirs(&berth.name).expect("who attends cares for it");
    until_begun(shim, &mut stirs).await;
    match shim.has(READY_FILE) {
        // An earlier platform may have died between two steps.
        Ok(true) => dormant::mend(machine, berth).await,
        // Not to be seen: asking once more shows the same.
        Ok(false) | Err(_) => begin(machine, berth, shim).await,
    }
    keep_asking(machine, berth, shim, stirs).await
}

/// Waits as long as it is only made ahead.
async fn until_begun(shim: &Shim, stirs: &mut watch::Receiver<u64>) {
    loop {
        stirs.borrow_and_update();
        match shim.state().map(|state| state.map(|state| state.phase)) {
            // Looked at again even so: a platform that waited too briefly for "go" was not told when it came true.
            Ok(Some(Phase::Created { .. })) => drop(timeout(CREATED_LOOK, stirred(stirs)).await),
            Ok(Some(Phase::Paired | Phase::Running { .. }) | None) | Err(_) => return,
        }
    }
}

/// Waits until it is begun, put to rest or woken.
async fn stirred(stirs: &mut watch::Receiver<u64>) {
    // The other end lives as long as somebody cares for the instance, and that is who waits here.
    stirs.changed().await.expect("who attends cares for it");
}

/// Until it is healthy for the first time.
async fn begin(machine: &Machine, berth: &Berth, shim: &Shim) {
    let began = Instant::now();
    let mut look_at = began + LISTENING_FIRST;
    let mut well = InARow::default();
    loop {
        match probe::ask(berth.address, berth.port, &berth.health).await {
            Probed::Well => {
                if well.count() >= berth.health.healthy_threshold {
                    break;
                }
            }
            Probed::Unwell(words) | Probed::NotAsked(words) => {
                well = InARow::default();
                machine.notice(&berth.name, |sight| sight.last_probe = Some(words));
            }
        }
        if Instant::now() >= look_at {
            look_at = Instant::now() + LISTENING_EVERY;
            look_elsewhere(machine, berth, shim);
        }
        let took = began.elapsed();
        let pause = (took / PROBE_PAUSE_PART).clamp(PROBE_PAUSE_MIN, PROBE_PAUSE_MAX);
        tokio::time::sleep(if took > PROBE_SLOWLY_AFTER { PROBE_SLOWLY } else { pause }).await;
    }
    // First: as soon as it counts as healthy, it has what it is paid for and no more.
    lower_cpu(machine, berth, shim);
    while let Err(error) = write_private(&shim.folder().join(READY_FILE), b"") {
        tracing::error!(instance = %berth.name, cause = %error, "a healthy instance cannot be marked as one");
        tokio::time::sleep(LOOK_AGAIN_LATER).await;
    }
    let name = &berth.name;
    tracing::info!(name: "instance_ready", service = %name.service, instance = %name, seconds = began.elapsed().as_secs_f64(), "an instance is ready");
    machine.ring(&berth.name);
}

/// From then on, at the service's own pace.
async fn keep_asking(machine: &Machine, berth: &Berth, shim: &Shim, mut stirs: watch::Receiver<u64>) -> Infallible {
    let health = &berth.health;
    let interval = Duration::from_secs(health.interval_seconds.max(1).into());
    let (mut well, mut unwell) = (InARow::default(), InARow::default());
    loop {
        stirs.borrow_and_update();
        match shim.has(dormant::REST_FILE) {
            Ok(false) => {}
            Ok(true) => {
                (well, unwell) = (InARow::default(), InARow::default());
                stirred(&mut stirs).await;
                continue;
            }
            // It may rest: then its silence would be taken for an illness.
            Err(error) => {
                tracing::warn!(instance = %berth.name, cause = %error, "nobody can see whether an instance rests; it is tried again");
                tokio::time::sleep(LOOK_AGAIN_LATER).await;
                continue;
            }
        }
        let question = async {
            tokio::time::sleep(interval).await;
            probe::ask(berth.address, berth.port, health).await
        };
        // What is asked while it falls asleep is no question any more, also if we see both at once.
        let Either::Left((answer, _)) = select(pin!(question), pin!(stirred(&mut stirs))).await else { continue };
        if stirs.has_changed().unwrap_or(true) {
            continue;
        }
        let changed = match answer {
            Probed::Well => {
                unwell = InARow::default();
                well.count() >= health.healthy_threshold && judge(machine, berth, None)
            }
            Probed::Unwell(words) => {
                well = InARow::default();
                unwell.count() >= health.unhealthy_threshold && judge(machine, berth, Some(words))
            }
            Probed::NotAsked(words) => {
                tracing::warn!(instance = %berth.name, cause = words, "an instance cannot be asked whether it is well");
                false
            }
        };
        if changed {
            machine.ring(&berth.name);
        }
    }
}

/// Writes down whether it is unwell. True if it was the opposite before.
fn judge(machine: &Machine, berth: &Berth, unwell: Option<String>) -> bool {
    let mut changed = false;
    machine.notice(&berth.name, |sight| {
        changed = sight.unwell.is_some() != unwell.is_some();
        sight.unwell = unwell;
    });
    changed
}

/// Equal answers without another one between them.
#[derive(Default)]
struct InARow(u8);

impl InARow {
    fn count(&mut self) -> u8 {
        self.0 = self.0.saturating_add(1);
        self.0
    }
}

fn lower_cpu(machine: &Machine, berth: &Berth, shim: &Shim) {
    if berth.cpu_units < CPU_UNITS_AT_START {
        let group = machine.premises.cgroup(&berth.name.to_string());
        if let Err(error) = cgroup::set_cpu(&group, berth.cpu_units)
            && !dormant::is_over(shim).unwrap_or(false)
        {
            tracing::warn!(instance = %berth.name, cause = %error, "the CPU of a healthy instance cannot be lowered to its size");
        }
    }
}

/// Looks where an instance that does not answer listens instead.
fn look_elsewhere(machine: &Machine, berth: &Berth, shim: &Shim) {
    let Ok(Some(Phase::Running { init_pid, .. })) = shim.state().map(|state| state.map(|state| state.phase)) else { return };
    let mut found = Listening::of(init_pid);
    // What stands there for the platform is none of the application's.
    let door = door::port(shim);
    found.loopback_ports.retain(|port| Some(*port) != door);
    let now = machine.ports.clock.now();
    let mut changed = false;
    machine.notice(&berth.name, |sight| {
        let before = sight.elsewhere.take();
        let elsewhere = elsewhere(found, berth.port, before.as_ref().map(|(before, _)| before), now);
        changed = before.as_ref().map(|(before, _)| before) != elsewhere.as_ref();
        // The same as before goes on; anything else begins now.
        sight.elsewhere = if changed { elsewhere.map(|elsewhere| (elsewhere, Instant::now())) } else { before };
    });
    if changed {
        machine.ring(&berth.name);
    }
}

/// None if it listens where it shall, or nowhere yet. Other ports than before are a new beginning: it is still moving.
fn elsewhere(found: Listening, port: u16, before: Option<&Elsewhere>, now: Timestamp) -> Option<Elsewhere> {
    if found.is_empty() || found.ports.contains(&port) {
        return None;
    }
    let Listening { ports, loopback_ports } = found;
    let same = before.filter(|before| before.ports == ports && before.loopback_ports == loopback_ports);
    Some(Elsewhere { since: same.map_or(now, |before| before.since), ports, loopback_ports })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_that_moves_from_port_to_port_has_not_been_elsewhere_all_the_time() {
        let at = Timestamp::from_millis;
        let on = |ports: &[u16], before: Option<&Elsewhere>, now| {
            elsewhere(Listening { ports: ports.to_vec(), loopback_ports: Vec::new() }, 8080, before, at(now))
        };
        let first = on(&[8081], None, 1000);
        let second = on(&[8081], first.as_ref(), 2000);
        assert_eq!(second.as_ref().map(|elsewhere| elsewhere.since), Some(at(1000)));
        let third = on(&[8082], second.as_ref(), 3000);
        assert_eq!(third.as_ref().map(|elsewhere| elsewhere.since), Some(at(3000)));
        assert_eq!(on(&[8080, 8082], third.as_ref(), 4000), None);
        assert_eq!(on(&[], third.as_ref(), 4000), None);
    }
}
