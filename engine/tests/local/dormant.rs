//! Instances at rest: what they cost, what they answer, who finds them so, and how they end.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::local::premises::Premises;
use model::health::HealthProtocol;
use model::instance::{ExitCause, InstanceName, InstancePhase, InstanceSpec, Rest, StopOrder};
use model::port::Engine;
use model::revision::ImagePin;

use crate::adoption::ended;
use crate::ahead::until_200;
use crate::bench::{Bench, PORT, exited, init, kill_9, name, printed, ready, see, spec, state, until};
use crate::conformance::say;

/// A group's file in the hierarchy that has it.
fn group_file(bench: &Bench, name: &InstanceName, hierarchies: &[&str], file: &str) -> PathBuf {
    let group = Premises::of(bench.data()).unwrap().cgroup(&name.to_string());
    let found = hierarchies.iter().map(|hierarchy| PathBuf::from(format!("/sys/fs/cgroup{hierarchy}{group}/{file}")));
    found.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("no {file} for {name}"))
}

fn is_frozen(bench: &Bench, name: &InstanceName) -> bool {
    let events = fs::read_to_string(group_file(bench, name, &["/unified", ""], "cgroup.events")).unwrap();
    events.contains("frozen 1")
}

fn quota(bench: &Bench, name: &InstanceName) -> String {
    let version_1 = format!("/sys/fs/cgroup/cpu{}/cpu.cfs_quota_us", Premises::of(bench.data()).unwrap().cgroup(&name.to_string()));
    match fs::read_to_string(version_1) {
        Ok(text) => text.trim().to_owned(),
        Err(_) => {
            let text = fs::read_to_string(group_file(bench, name, &[""], "cpu.max")).unwrap();
            text.split(' ').next().unwrap().to_owned()
        }
    }
}

/// Asked every second, and unwell as soon as it has failed once.
fn watched(slot: u16, image: &ImagePin) -> InstanceSpec {
    let mut spec = spec(slot, image);
    spec.health.protocol = HealthProtocol::Http;
    spec.health.path = "/health".to_owned();
    (spec.health.interval_seconds, spec.health.timeout_seconds) = (1, 1);
    (spec.health.healthy_threshold, spec.health.unhealthy_threshold) = (1, 1);
    spec
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kernel_does_what_was_asked_and_undoes_it() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let name = name(0);
    let address = SocketAddr::from((ready(&engine, &name).await.address.unwrap(), PORT));
    assert_eq!((quota(&bench, &name).as_str(), is_frozen(&bench, &name)), ("25000", false));
    for (rest, expected) in [
        (Rest::Throttled, ("1074", false)),
        (Rest::Frozen, ("25000", true)),
        (Rest::PagedOut, ("25000", true)),
        (Rest::Throttled, ("1074", false)),
        (Rest::PagedOut, ("25000", true)),
    ] {
        engine.rest(&name, rest).await.unwrap();
        assert_eq!((quota(&bench, &name).as_str(), is_frozen(&bench, &name)), expected, "{rest:?}");
    }
    assert!(TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok(), "a connect proves nothing");
    for rest in [Rest::Throttled, Rest::Frozen] {
        engine.rest(&name, rest).await.unwrap();
        engine.wake(&name).await.unwrap();
        assert_eq!((quota(&bench, &name).as_str(), is_frozen(&bench, &name)), ("25000", false), "awake");
        until_200(address);
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_one_that_rests_and_everybody_does_when_it_is_awake() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    let names = [name(0), name(1)];
    for slot in [0, 1] {
        engine.start(&watched(slot, &image)).await.unwrap();
    }
    for (name, rest) in names.iter().zip([Rest::Frozen, Rest::Throttled]) {
        ready(&engine, name).await;
        engine.rest(name, rest).await.unwrap();
    }
    // Not to be seen any sooner: that three questions were not asked.
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(3_500) {
        for (name, rest) in names.iter().zip([Rest::Frozen, Rest::Throttled]) {
            assert_eq!(see(&engine, name).await.unwrap().phase, InstancePhase::Dormant(rest));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for name in &names {
        engine.wake(name).await.unwrap();
        assert_eq!(see(&engine, name).await.unwrap().phase, InstancePhase::Ready);
    }
    fs::write(format!("/proc/{}/root/tmp/sick", init(&bench, 0)), "").unwrap();
    until(&engine, &names[0], |seen| matches!(seen.phase, InstancePhase::Unwell { .. })).await;
    engine.rest(&names[0], Rest::Frozen).await.unwrap();
    assert!(!is_frozen(&bench, &names[0]), "only a ready one rests");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_unwell_whose_rest_cannot_be_looked_at() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&watched(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    let rest = Premises::of(bench.data()).unwrap().shim(&name(0)).join("rest");
    symlink("rest", &rest).unwrap();
    // The last question that may have been on its way is answered; then: not to be seen any sooner, that others were not asked.
    tokio::time::sleep(Duration::from_secs(3)).await;
    fs::write(format!("/proc/{}/root/tmp/sick", init(&bench, 0)), "").unwrap();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    fs::remove_file(&rest).unwrap();
    assert_eq!(see(&engine, &name(0)).await.unwrap().phase, InstancePhase::Ready, "it may have rested all the time");
    until(&engine, &name(0), |seen| matches!(seen.phase, InstancePhase::Unwell { .. })).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_platform_finds_those_that_rest_at_rest_and_can_wake_them() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    for slot in 0..4 {
        // Patient: one slow answer on a busy machine is no illness.
        let mut spec = watched(slot, &image);
        spec.health.unhealthy_threshold = 5;
        engine.start(&spec).await.unwrap();
    }
    for slot in 0..4 {
        ready(&engine, &name(slot)).await;
    }
    engine.rest(&name(0), Rest::Throttled).await.unwrap();
    engine.rest(&name(1), Rest::Frozen).await.unwrap();
    drop(engine);
    let folder = |slot| Premises::of(bench.data()).unwrap().shim(&name(slot));
    // Died between writing it down and freezing; and between thawing and forgetting, which looks the same.
    fs::write(folder(2).join("rest"), "frozen").unwrap();
    fs::write(folder(3).join("rest"), "a word from the future").unwrap();

    let engine = bench.open().await;
    for (slot, rest) in [(0, Rest::Throttled), (1, Rest::Frozen), (2, Rest::Frozen), (3, Rest::Frozen)] {
        assert_eq!(see(&engine, &name(slot)).await.unwrap().phase, InstancePhase::Dormant(rest));
        let since = Instant::now();
        while is_frozen(&bench, &name(slot)) != (rest == Rest::Frozen) {
            assert!(since.elapsed() < Duration::from_secs(5), "{slot} is not brought to its rest");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    assert_eq!(quota(&bench, &name(0)), "1074");
    for slot in 0..4 {
        engine.wake(&name(slot)).await.unwrap();
        let seen = see(&engine, &name(slot)).await.unwrap();
        assert_eq!((seen.phase, quota(&bench, &name(slot)).as_str()), (InstancePhase::Ready, "25000"));
        until_200(SocketAddr::from((seen.address.unwrap(), PORT)));
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_rests_hears_that_it_shall_end_and_one_that_is_killed_dies_at_once() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["say=here", "serve"]).await;
    for slot in 0..5 {
        engine.start(&spec(slot, &image)).await.unwrap();
    }
    for slot in 0..5 {
        ready(&engine, &name(slot)).await;
    }
    for (slot, rest) in [(0, Rest::Throttled), (1, Rest::Frozen), (2, Rest::Frozen), (3, Rest::Frozen), (4, Rest::Frozen)] {
        engine.rest(&name(slot), rest).await.unwrap();
    }
    for slot in [0, 1] {
        engine.stop(&name(slot), StopOrder { grace: Duration::from_secs(20) }).await.unwrap();
        assert_eq!(exited(&engine, &name(slot)).await.how, ExitCause::Code(0));
        assert_eq!(printed(&engine, &name(slot)).await.last().unwrap(), "bye");
    }
    engine.stop(&name(2), StopOrder { grace: Duration::ZERO }).await.unwrap();
    assert_eq!(exited(&engine, &name(2)).await.how, ExitCause::Signal(9));
    // Its shim is killed: nobody is left who could wake it.
    let process = init(&bench, 3);
    kill_9(state(&bench, 3).shim_pid);
    assert_eq!(exited(&engine, &name(3)).await.how, ExitCause::Lost);
    ended(process).await;
    drop(engine);
    // And without a platform.
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rests_and_wakes_that_cross_end_in_one_of_both() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let name = name(0);
    let address = SocketAddr::from((ready(&engine, &name).await.address.unwrap(), PORT));
    for round in 0..40 {
        let rest = [Rest::Throttled, Rest::Frozen, Rest::PagedOut][round % 3];
        let (one, two, three) =
            futures_util::future::join3(engine.rest(&name, rest), engine.wake(&name), engine.rest(&name, Rest::Frozen)).await;
        one.and(two).and(three).unwrap();
        let rests = see(&engine, &name).await.unwrap().phase != InstancePhase::Ready;
        let asleep = is_frozen(&bench, &name) || quota(&bench, &name) == "1074";
        assert_eq!(rests, asleep, "round {round}: what is seen is what is");
    }
    engine.wake(&name).await.unwrap();
    until_200(address);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_paged_out_lies_on_the_swap_and_wakes_where_the_host_has_swap() {
    let has_swap = fs::read_to_string("/proc/swaps").unwrap().lines().count() > 1;
    if !has_swap {
        say("NOT CHECKED: this host has no swap, so nothing is paged out");
    }
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let name = name(0);
    let address = SocketAddr::from((ready(&engine, &name).await.address.unwrap(), PORT));
    engine.rest(&name, Rest::PagedOut).await.unwrap();
    let InstancePhase::Dormant(rest) = see(&engine, &name).await.unwrap().phase else { panic!("it rests") };
    let status = fs::read_to_string(format!("/proc/{}/status", init(&bench, 0))).unwrap();
    let swapped = status.lines().find_map(|line| line.strip_prefix("VmSwap:")?.split_whitespace().next()?.parse::<u64>().ok());
    let expected = if has_swap { (Rest::PagedOut, true) } else { (Rest::Frozen, false) };
    assert_eq!((rest, swapped.is_some_and(|kib| kib > 0)), expected, "{swapped:?} KiB on the swap");
    engine.wake(&name).await.unwrap();
    until_200(address);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_the_freezer_of_version_1_keeps_standing_ends_when_its_shim_is_killed() {
    let crun = Path::new("/usr/bin/crun");
    // It joins no group of version 2 where there are both.
    if !crun.exists() || !Path::new("/sys/fs/cgroup/freezer").exists() {
        say("NOT CHECKED: no crun, or no freezer of version 1, on this machine");
        return;
    }
    let mut bench = Bench::new();
    bench.settings.runtime = crun.to_owned();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    engine.rest(&name(0), Rest::Frozen).await.unwrap();
    let freezer = group_file(&bench, &name(0), &["/freezer"], "freezer.state");
    assert_eq!(fs::read_to_string(freezer).unwrap().trim(), "FROZEN");
    let process = init(&bench, 0);
    kill_9(state(&bench, 0).shim_pid);
    assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Lost);
    ended(process).await;
    drop(engine);
    bench.remove().await;
}
