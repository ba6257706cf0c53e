//! A long life in a short time: instances come, rest, wake and go, shims and whole platforms are killed at random points, and the machine is as it
//! was before, no slower and no fuller.
//! `make soak` runs it long and alone on the machine; `make test` a little of it, where others may work beside it: then only what bears our name counts.
//! OUTRUNNER_SOAK_SEED repeats a run as far as the kernel's own timing allows.
#![allow(clippy::disallowed_methods)] // a soak's settings come by its environment

#[path = "local/bench.rs"]
#[expect(dead_code, reason = "the rest of it is for the tests of single promises")]
mod bench;
#[path = "soak/figures.rs"]
mod figures;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use engine::local::LocalEngine;
use engine::local::premises::Premises;
use engine::local::record::State;
use model::instance::{InstanceName, InstancePhase, Rest, StopOrder};
use model::port::{Dice, Engine, Stats};
use model::revision::ImagePin;
use model::testbed::SeededDice;

use crate::bench::{Bench, name, ready, see, spec, until};
use crate::figures::{Idle, descriptors, lowest_half, settled_kernel_kib};

/// Slots that one platform plays with at a time.
const SLOTS: u64 = 6;
/// How often the counters of all sleepers are read.
const LOOKS: u32 = 10;
/// Of the kernel's memory, so much a kill is what it does not give back at once.
const KILL_KIB: i64 = 8;
/// In the data folder, a file for each platform that has come so far.
const AT_WORK: &str = "soak-at-work";

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

struct Luck(SeededDice);

impl Luck {
    fn below(&self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % limit
    }
}

/// Nobody else works on this machine: all of it is looked at, between the parts too. A look takes seconds where many work.
fn alone() -> bool {
    setting("OUTRUNNER_SOAK_ALONE", 0) == 1
}

/// What `leakcheck.sh` sees, the data folder's and the run folder's files too; where we are not alone, the lines that name us.
fn machine(bench: &Bench) -> Vec<String> {
    let premises = Premises::of(bench.data()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/leakcheck.sh");
    let output = Command::new(script).arg(bench.data()).arg(premises.run()).output().unwrap();
    assert!(output.status.success(), "leakcheck.sh: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (alone, data) = (alone(), bench.data().to_string_lossy().into_owned());
    let link = format!("ov{}", &premises.id[..4]);
    let ours = |line: &&str| [&premises.id, &link, &data].into_iter().any(|name| line.contains(name.as_str()));
    // A layer's mark goes when the disk has it, whoever comes and goes.
    let lasting = |line: &&str| !line.ends_with("/.unsettled");
    text.lines().filter(|line| alone || ours(line)).filter(lasting).map(unnumbered).collect()
}

/// Places that are made ahead have numbers: how many there are counts, not which.
fn unnumbered(line: &str) -> String {
    match line.split_once("/.spare-") {
        Some((before, after)) => format!("{before}/.spare-{}", after.trim_start_matches(|digit: char| digit.is_ascii_digit())),
        None => line.to_owned(),
    }
}

/// Namespaces and neighbours go a little after who had them.
fn unchanged(bench: &Bench, before: &[String]) {
    let since = Instant::now();
    loop {
        let now = machine(bench);
        let more: Vec<_> = now.iter().filter(|line| !before.contains(line)).collect();
        // Who was dead before and has been taken away since is nothing of ours.
        let dead = |line: &&String| line.starts_with("process zombie ");
        let less: Vec<_> = before.iter().filter(|line| !now.contains(line) && !dead(line)).collect();
        if more.is_empty() && less.is_empty() {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "the machine is not as it was: more {more:#?}, less {less:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_life_leaves_the_machine_as_it_was() {
    // This program is the platforms too that it kills.
    if let (Some(data), Some(shim)) = (std::env::var_os("OUTRUNNER_SOAK_DATA"), std::env::var_os("OUTRUNNER_SOAK_SHIM")) {
        return be_a_platform(Path::new(&data), PathBuf::from(shim)).await;
    }
    let cycles = setting("OUTRUNNER_SOAK_CYCLES", 40);
    let kills = setting("OUTRUNNER_SOAK_KILLS", 12);
    let sleepers = setting("OUTRUNNER_SOAK_SLEEPERS", 0);
    let seed = setting("OUTRUNNER_SOAK_SEED", u64::from(std::process::id()));
    println!("soak: {cycles} cycles, {kills} kills, {sleepers} sleepers, OUTRUNNER_SOAK_SEED={seed}");
    let bench = Bench::new();
    // A platform that has had an instance keeps its image's layers, and the folders that others are in.
    let engine = bench.open().await;
    engine.start(&spec(0, &image(&bench).await)).await.unwrap();
    drop(engine);
    bench.remove().await;
    let untouched = machine(&bench);
    let luck = Luck(SeededDice::new(seed));
    come_and_go(&bench, &luck, cycles).await;
    killed(&bench, &luck, kills).await;
    if alone() {
        unchanged(&bench, &untouched);
    }
    asleep(&bench, sleepers).await;
    unchanged(&bench, &untouched);
}

/// One platform, many lives, each in another way.
async fn come_and_go(bench: &Bench, luck: &Luck, cycles: u64) {
    let engine = bench.open().await;
    let image = image(bench).await;
    // The kernel's tables and caches grow to the size that they keep in the first thousand.
    let enough = alone() && cycles >= 500;
    for _ in 0..setting("OUTRUNNER_SOAK_WARM", if enough { 1000 } else { 5 }) {
        once(&engine, &image, luck).await;
    }
    let machine_before = alone().then(|| machine(bench));
    let (open_before, kernel_before) = (descriptors(), settled_kernel_kib(alone()).await);
    let began = Instant::now();
    let mut times = Vec::new();
    for _ in 0..cycles {
        times.push(once(&engine, &image, luck).await);
    }
    if let Some(before) = machine_before {
        unchanged(bench, &before);
    }
    // Whoever saw the last instance through may still have its hands on it.
    let settled_by = Instant::now() + Duration::from_secs(10);
    let mut open_after = descriptors();
    while open_after > open_before + 2 && Instant::now() < settled_by {
        tokio::time::sleep(Duration::from_millis(50)).await;
        open_after = descriptors();
    }
    assert!(open_after <= open_before + 2, "descriptors: {open_before} before, {open_after} after");
    let grown = settled_kernel_kib(alone()).await - kernel_before;
    println!("soak: {cycles} cycles in {:.1} s", began.elapsed().as_secs_f64());
    println!("soak: kernel memory grew by {grown} KiB in {cycles} cycles, descriptors {open_before} → {open_after}");
    // Half a KiB each is what a thousand of them change without leaving anything; the smallest thing to leave, a group or a namespace, is tens.
    assert!(!enough || grown < i64::try_from(cycles / 2).unwrap(), "{grown} KiB of kernel memory in {cycles} cycles");
    let tenth = (times.len() / 10).max(5).min(times.len());
    let (first, last) = (lowest_half(&times[..tenth]), lowest_half(&times[times.len() - tenth..]));
    println!("soak: a start took {first:.1} ms in the first tenth, {last:.1} ms in the last (means of the faster halves)");
    // Judged like the kernel's memory: whoever begins to work beside us makes every start slower.
    assert!(!enough || last < first * 1.5 + 5.0, "starts get slower: {first:.1} ms, then {last:.1} ms");
    drop(engine);
    bench.remove().await;
}

async fn image(bench: &Bench) -> ImagePin {
    bench.resident("serves", &["say=hello", "serve"]).await
}

/// Milliseconds until its start was answered.
async fn once(engine: &LocalEngine, image: &ImagePin, luck: &Luck) -> f64 {
    let slot = u16::try_from(luck.below(SLOTS)).unwrap();
    let (name, spec) = (name(slot), spec(slot, image));
    let kind = luck.below(6);
    if kind == 0 {
        engine.create(&spec).await.unwrap();
        if luck.below(2) == 0 {
            engine.discard(&name).await.unwrap();
        }
        engine.discard(&name).await.unwrap();
    }
    let began = Instant::now();
    engine.start(&spec).await.unwrap();
    let took = began.elapsed().as_secs_f64() * 1000.0;
    if kind != 1 {
        ready(engine, &name).await;
    }
    match kind {
        2 => engine.rest(&name, Rest::Throttled).await.unwrap(),
        3 | 4 => engine.rest(&name, Rest::Frozen).await.unwrap(),
        _ => {}
    }
    if kind == 3 {
        engine.wake(&name).await.unwrap();
    }
    if kind != 5 {
        engine.stop(&name, StopOrder { grace: Duration::from_secs(10) }).await.unwrap();
    }
    engine.discard(&name).await.unwrap();
    took
}

/// Platforms that are killed in the middle of whatever they do, and shims too.
async fn killed(bench: &Bench, luck: &Luck, kills: u64) {
    let kernel_before = settled_kernel_kib(alone()).await;
    // What every platform needs is unpacked once: it shall be killed at other work.
    drop(bench.open().await);
    let (began, mut shims) = (Instant::now(), 0);
    for round in 0..kills {
        let mut platform = platform(bench, luck.below(u64::MAX));
        // One in four before it has anything, the others at their work.
        if luck.below(4) != 0 {
            at_work(&mut platform, bench).await;
        }
        tokio::time::sleep(Duration::from_millis(luck.below(400))).await;
        if luck.below(2) == 0 {
            shims += u64::from(kill_a_shim(bench, luck));
        }
        assert!(platform.try_wait().unwrap().is_none(), "round {round}: the platform ended by itself");
        platform.kill().unwrap();
        platform.wait().unwrap();
    }
    println!("soak: {kills} platforms and {shims} shims killed in {:.1} s", began.elapsed().as_secs_f64());
    assert!(shims >= kills / 10, "{shims} shims were there to be killed: the platforms started little");
    let engine = bench.open().await;
    let image = image(bench).await;
    let found = engine.all().await.unwrap();
    println!("soak: {} instances were left, and are adopted", found.len());
    for name in &found {
        let seen = see(&engine, name).await.unwrap();
        // Whatever it is now, it can be brought to what is wanted.
        engine.wake(name).await.unwrap();
        engine.start(&spec(name.slot, &image)).await.unwrap();
        match seen.phase {
            InstancePhase::Exited(_) => {}
            InstancePhase::Created
            | InstancePhase::Starting { .. }
            | InstancePhase::Ready
            | InstancePhase::Unwell { .. }
            | InstancePhase::Dormant(_)
            | InstancePhase::Stopping => comes_to_something(&engine, name).await,
        }
        engine.discard(name).await.unwrap();
    }
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    bench.remove().await;
    let _ = fs::remove_dir_all(bench.data().join(AT_WORK));
    let grown = settled_kernel_kib(alone()).await - kernel_before;
    println!("soak: kernel memory grew by {grown} KiB over {kills} kills");
    // One that is left in every tenth kill, with its group and its namespaces, is more.
    let enough = alone() && kills >= 100;
    assert!(!enough || grown < KILL_KIB * i64::try_from(kills).unwrap(), "{grown} KiB of kernel memory over {kills} kills");
}

/// Waits until the platform has opened its engine.
async fn at_work(platform: &mut Child, bench: &Bench) {
    let since = Instant::now();
    while !bench.data().join(AT_WORK).join(platform.id().to_string()).exists() {
        assert!(platform.try_wait().unwrap().is_none(), "the platform ended by itself");
        assert!(since.elapsed() < Duration::from_secs(60), "the platform does not come to work");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// It is well, or its end is told: its shim may have been killed before it stood.
async fn comes_to_something(engine: &LocalEngine, name: &InstanceName) {
    until(engine, name, |seen| match seen.phase {
        InstancePhase::Ready | InstancePhase::Exited(_) => true,
        InstancePhase::Created
        | InstancePhase::Starting { .. }
        | InstancePhase::Unwell { .. }
        | InstancePhase::Dormant(_)
        | InstancePhase::Stopping => false,
    })
    .await;
}

fn kill_a_shim(bench: &Bench, luck: &Luck) -> bool {
    let shims = Premises::of(bench.data()).unwrap().shims();
    let states = fs::read_dir(shims).into_iter().flatten().flatten().map(|entry| entry.path());
    let states: Vec<PathBuf> = states.filter(|folder| folder.join("state").exists() && !folder.join("exit").exists()).collect();
    if states.is_empty() {
        return false;
    }
    let chosen = &states[usize::try_from(luck.below(states.len() as u64)).unwrap()];
    let state = fs::read_to_string(chosen.join("state")).ok().and_then(|text| State::decode(&text).ok());
    let Some(state) = state else { return false };
    // Only what is our shim: its id may be another's by now.
    let words = fs::read_to_string(format!("/proc/{}/cmdline", state.shim_pid)).unwrap_or_default();
    words.contains(&*chosen.to_string_lossy()) && {
        let _ = Command::new("kill").args(["-9", &state.shim_pid.to_string()]).stderr(Stdio::null()).status();
        true
    }
}

/// A platform of its own process on the same data.
fn platform(bench: &Bench, seed: u64) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "a_long_life_leaves_the_machine_as_it_was", "--nocapture"]);
    command.env("OUTRUNNER_SOAK_DATA", bench.data()).env("OUTRUNNER_SOAK_SHIM", &bench.settings.shim);
    command.env("OUTRUNNER_SOAK_PLATFORM_SEED", seed.to_string()).stdout(Stdio::null());
    command.spawn().unwrap()
}

/// Until it is killed.
async fn be_a_platform(data: &Path, shim: PathBuf) {
    let bench = Bench::at(data, shim);
    let luck = Luck(SeededDice::new(setting("OUTRUNNER_SOAK_PLATFORM_SEED", 1)));
    let image = image(&bench).await;
    let engine = bench.open().await;
    fs::create_dir_all(bench.data().join(AT_WORK)).unwrap();
    fs::write(bench.data().join(AT_WORK).join(std::process::id().to_string()), "").unwrap();
    loop {
        let slots = [luck.below(SLOTS), luck.below(SLOTS), luck.below(SLOTS)];
        let deeds = slots.map(|slot| play(&engine, &image, u16::try_from(slot).unwrap(), luck.below(8)));
        futures_util::future::join_all(deeds).await;
    }
}

/// Errors are no matter here: shims are being killed. That everything can be cleared in the end is.
async fn play(engine: &LocalEngine, image: &ImagePin, slot: u16, deed: u64) {
    let (name, spec) = (name(slot), spec(slot, image));
    let outcome = match deed {
        0 | 1 => engine.start(&spec).await,
        2 => engine.create(&spec).await,
        3 => engine.rest(&name, Rest::Throttled).await,
        4 => engine.rest(&name, Rest::Frozen).await,
        5 => engine.wake(&name).await,
        6 => engine.stop(&name, StopOrder { grace: Duration::from_millis(100) }).await,
        _ => engine.discard(&name).await,
    };
    if let Err(trouble) = outcome {
        eprintln!("soak: {}", trouble.chain());
    }
}

/// As many as a platform may have, all frozen: what they cost.
async fn asleep(bench: &Bench, sleepers: u64) {
    if sleepers == 0 {
        println!("soak: NOT CHECKED: what many sleeping instances cost (OUTRUNNER_SOAK_SLEEPERS is 0)");
        return;
    }
    let engine = bench.open().await;
    let image = image(bench).await;
    let idle = Idle::before();
    let began = Instant::now();
    let slots: Vec<u16> = (0..u16::try_from(sleepers).unwrap()).collect();
    for some in slots.chunks(16) {
        let lulled = some.iter().map(|slot| lull(&engine, &image, *slot));
        futures_util::future::join_all(lulled).await;
    }
    println!("soak: {sleepers} started and frozen in {:.1} s", began.elapsed().as_secs_f64());
    let shims: Vec<u32> = slots.iter().map(|slot| bench::state(bench, *slot).shim_pid).collect();
    idle.report(sleepers, &shims).await;
    let mut looks = Vec::new();
    for _ in 0..LOOKS {
        let looked = Instant::now();
        assert_eq!(engine.usage().await.unwrap().len(), slots.len());
        looks.push(looked.elapsed().as_secs_f64() * 1000.0);
    }
    println!("soak: the counters of all of them read in {:.1} ms (mean of the faster half of {LOOKS})", lowest_half(&looks));
    let woken = Instant::now();
    engine.wake(&name(0)).await.unwrap();
    println!("soak: one of them woken in {:.2} ms", woken.elapsed().as_secs_f64() * 1000.0);
    drop(engine);
    let reopened = Instant::now();
    let engine = bench.open().await;
    println!("soak: a new platform has adopted them in {:.1} s", reopened.elapsed().as_secs_f64());
    assert_eq!(engine.all().await.unwrap().len(), slots.len());
    drop(engine);
    let removed = Instant::now();
    bench.remove().await;
    println!("soak: and all are removed in {:.1} s", removed.elapsed().as_secs_f64());
}

async fn lull(engine: &LocalEngine, image: &ImagePin, slot: u16) {
    engine.start(&spec(slot, image)).await.unwrap();
    ready(engine, &name(slot)).await;
    engine.rest(&name(slot), Rest::Frozen).await.unwrap();
}
