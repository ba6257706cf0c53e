//! What outlives what: platforms come and go, instances stay; and everything can be taken away again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use engine::local::LocalEngine;
use engine::local::premises::Premises;
use engine::local::record::State;
use model::instance::{ExitCause, InstancePhase, StopOrder};
use model::port::Engine;

use crate::bench::{Bench, exited, init, kill_9, name, printed, printed_at_last, ready, see, spec, state, until};

/// Waits until a process has ended; whoever inherited it may not have read its status yet.
pub async fn ended(pid: u32) {
    let since = Instant::now();
    let runs = || fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    while runs() {
        assert!(since.elapsed() < Duration::from_secs(5), "{pid} has not ended");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_platform_finds_the_instances_as_they_are_and_changes_nothing() {
    let bench = Bench::new();
    let first = bench.open().await;
    let serves = bench.resident("serves", &["say=hello", "serve"]).await;
    let hangs = bench.resident("hangs", &["late=1500", "serve"]).await;
    let over = bench.resident("over", &["exit=5"]).await;
    for (slot, image) in [(0, &serves), (1, &hangs), (2, &over)] {
        first.start(&spec(slot, image)).await.unwrap();
    }
    let before = ready(&first, &name(0)).await;
    let ended = exited(&first, &name(2)).await;
    let process = init(&bench, 0);
    drop(first);

    let second = bench.open().await;
    assert_eq!(see(&second, &name(0)).await.unwrap(), before);
    assert_eq!(exited(&second, &name(2)).await, ended);
    assert_eq!(init(&bench, 0), process);
    assert!(Path::new(&format!("/proc/{process}")).exists());
    second.start(&spec(0, &serves)).await.unwrap();
    assert_eq!(init(&bench, 0), process, "it is left as it is");
    printed_at_last(&second, &name(0), |lines| lines.first().is_some_and(|line| line == "hello")).await;
    ready(&second, &name(1)).await;
    let new = spec(3, &serves);
    second.start(&new).await.unwrap();
    let new = ready(&second, &name(3)).await;
    assert_ne!(new.address, before.address);
    second.stop(&name(0), StopOrder { grace: Duration::from_secs(10) }).await.unwrap();
    assert_eq!(exited(&second, &name(0)).await.how, ExitCause::Code(0));
    drop(second);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_whose_shim_is_killed_is_lost_and_leaves_nothing() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    for slot in [0, 1] {
        engine.start(&spec(slot, &image)).await.unwrap();
        ready(&engine, &name(slot)).await;
    }
    let process = init(&bench, 0);
    let said = printed_at_last(&engine, &name(0), |lines| !lines.is_empty()).await;
    kill_9(state(&bench, 0).shim_pid);
    assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Lost);
    ended(process).await;
    assert_eq!(printed(&engine, &name(0)).await, said, "what its shim had taken is there, once");
    engine.discard(&name(0)).await.unwrap();
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;

    // The same while no platform runs.
    let process = init(&bench, 1);
    drop(engine);
    kill_9(state(&bench, 1).shim_pid);
    let engine = bench.open().await;
    assert_eq!(exited(&engine, &name(1)).await.how, ExitCause::Lost);
    ended(process).await;
    assert_eq!(see(&engine, &name(0)).await.unwrap().phase, InstancePhase::Ready, "its neighbour goes on");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_cannot_be_looked_at_is_trouble_and_lives_on() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let before = ready(&engine, &name(0)).await;
    let process = init(&bench, 0);
    drop(engine);

    // Neither its socket nor its lock can be opened; any error but absence will do, as too many open files would.
    let folder = Premises::of(bench.data()).unwrap().shim(&name(0));
    for file in ["sock", "lock"] {
        fs::rename(folder.join(file), folder.join(format!("{file}.away"))).unwrap();
        std::os::unix::fs::symlink(file, folder.join(file)).unwrap();
    }
    let engine = bench.open().await;
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(500) {
        let trouble = engine.look(&name(0).service).await.unwrap_err();
        assert!(trouble.chain().contains("looking at"), "{}", trouble.chain());
        assert!(Path::new(&format!("/proc/{process}")).exists());
        tokio::task::yield_now().await;
    }
    for file in ["sock", "lock"] {
        fs::rename(folder.join(format!("{file}.away")), folder.join(file)).unwrap();
    }
    assert_eq!(see(&engine, &name(0)).await.unwrap(), before, "it was well all the time");
    kill_9(process);
    assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Signal(9), "and somebody cares for it");
    drop(engine);

    // The same with its numbers: the platform does not start, rather than end what it cannot read.
    let berth = folder.join("berth.json");
    fs::rename(&berth, folder.join("away")).unwrap();
    std::os::unix::fs::symlink("berth.json", &berth).unwrap();
    assert!(bench.try_open().await.is_err());
    fs::rename(folder.join("away"), &berth).unwrap();
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_that_cannot_be_written_down_has_one_time_however_often_it_is_looked_at() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    let folder = Premises::of(bench.data()).unwrap().shim(&name(0));
    fs::create_dir(folder.join("lost.new")).unwrap();
    kill_9(state(&bench, 0).shim_pid);
    let first = exited(&engine, &name(0)).await;
    assert_eq!(first.how, ExitCause::Lost);
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(50) {
        assert_eq!(exited(&engine, &name(0)).await, first);
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_instance_has_the_cpu_of_its_size_and_so_it_has_under_the_next_platform() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    let file = cpu_quota(&bench);
    let quota = || fs::read_to_string(&file).unwrap().split(' ').next().unwrap().trim().to_owned();
    assert_eq!(quota(), "25000", "a quarter of a vCPU, from the moment it is healthy on");
    drop(engine);
    fs::write(&file, "100000").unwrap();
    let engine = bench.open().await;
    let since = Instant::now();
    while quota() != "25000" {
        assert!(since.elapsed() < Duration::from_secs(5), "it keeps {}", quota());
        tokio::task::yield_now().await;
    }
    drop(engine);
    bench.remove().await;
}

fn cpu_quota(bench: &Bench) -> PathBuf {
    let group = Premises::of(bench.data()).unwrap().cgroup(&name(0).to_string());
    let files = [format!("/sys/fs/cgroup/cpu{group}/cpu.cfs_quota_us"), format!("/sys/fs/cgroup{group}/cpu.max")];
    files.map(PathBuf::from).into_iter().find(|file| file.exists()).expect("the instance has a control group")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shim_that_answers_no_more_does_not_keep_its_instance_alive() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    let process = init(&bench, 0);
    let shim = state(&bench, 0).shim_pid.to_string();
    assert!(Command::new("kill").args(["-STOP", &shim]).status().unwrap().success());
    engine.discard(&name(0)).await.unwrap();
    ended(process).await;
    assert!(engine.all().await.unwrap().is_empty());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_whose_folder_somebody_removed_is_found_by_its_control_group() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    for slot in [0, 1] {
        engine.start(&spec(slot, &image)).await.unwrap();
        ready(&engine, &name(slot)).await;
    }
    drop(engine);
    let processes = [init(&bench, 0), init(&bench, 1)];
    let premises = Premises::of(bench.data()).unwrap();
    fs::remove_dir_all(premises.shim(&name(0))).unwrap();
    let engine = bench.open().await;
    ended(processes[0]).await;
    assert_eq!(see(&engine, &name(1)).await.unwrap().phase, InstancePhase::Ready);
    drop(engine);
    fs::remove_dir_all(premises.run()).unwrap();
    bench.remove().await;
    ended(processes[1]).await;
    nothing_is_left(&bench).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_ends_while_no_platform_runs_is_seen_with_its_code() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["say=hello", "serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    kill_9(init(&bench, 0));
    let engine = bench.open().await;
    let exit = exited(&engine, &name(0)).await;
    assert_eq!(exit.how, ExitCause::Signal(9));
    assert_eq!(exit.last_lines[0], "hello");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_a_dying_platform_left_half_done_is_begun_anew() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    engine.stop(&name(0), StopOrder { grace: Duration::ZERO }).await.unwrap();
    exited(&engine, &name(0)).await;
    drop(engine);
    let folder = Premises::of(bench.data()).unwrap().shim(&name(0));
    // Between "spawn the shim" and "go": what the last start was told, told to a new shim.
    for file in ["exit", "state", "sock", "ready", "lock", "stopping", "up", "wk"] {
        let _ = fs::remove_file(folder.join(file));
    }
    let scratch = Premises::of(bench.data()).unwrap().pool().join(name(0).to_string());
    for used in ["upper", "work"] {
        fs::remove_dir_all(scratch.join(used)).unwrap();
    }
    let status = Command::new(&bench.settings.shim).arg(&folder).status().unwrap();
    assert!(status.success());
    let engine = bench.open().await;
    assert!(engine.all().await.unwrap().is_empty(), "it is gone");
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    // Between "make the folder" and "spawn the shim".
    let berth = fs::read(folder.join("berth.json")).unwrap();
    let half = Premises::of(bench.data()).unwrap().shim(&name(1));
    fs::create_dir(&half).unwrap();
    fs::write(half.join("berth.json"), String::from_utf8(berth).unwrap().replace("\"slot\": 0", "\"slot\": 1")).unwrap();
    let engine = bench.open().await;
    assert_eq!(engine.all().await.unwrap(), [name(0)]);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_life_of_the_machine_left_is_cleared() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["exit=1"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    exited(&engine, &name(0)).await;
    drop(engine);
    let file = Premises::of(bench.data()).unwrap().shim(&name(0)).join("state");
    let state = State { boot_id: "another".to_owned(), ..state(&bench, 0) };
    fs::write(file, state.encode()).unwrap();
    let engine = bench.open().await;
    assert!(engine.all().await.unwrap().is_empty());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shim_that_cannot_begin_is_our_trouble_and_leaves_nothing() {
    let mut bench = Bench::new();
    bench.settings.shim = "/bin/false".into();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    let trouble = engine.start(&spec(0, &image)).await.unwrap_err();
    assert!(trouble.chain().contains("starting the shim"), "{}", trouble.chain());
    assert!(engine.start(&spec(0, &image)).await.is_err(), "trying again at once is trying again");
    assert!(engine.all().await.unwrap().is_empty());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_machine_lacks_is_said_with_what_to_do() {
    let mut bench = Bench::new();
    assert_eq!(LocalEngine::missing(&bench.settings).await, Vec::<String>::new());
    bench.settings.shim = "/nowhere/outrunner-shim".into();
    bench.settings.runtime = "no-such-runtime".into();
    let missing = LocalEngine::missing(&bench.settings).await;
    assert!(missing.iter().any(|words| words.contains("no-such-runtime")), "{missing:?}");
    assert!(missing.iter().any(|words| words.contains("/nowhere/outrunner-shim")), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_stops_waiting_leaves_no_half_instance() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    let spec = spec(0, &image);
    let _ = tokio::time::timeout(Duration::from_millis(1), engine.start(&spec)).await;
    ready(&engine, &name(0)).await;
    drop(engine);
    bench.remove().await;
}

/// Waits until it is so: a shim that was told to leave needs a moment for its process and its mounts.
async fn nothing_is_left(bench: &Bench) {
    let since = Instant::now();
    while !left(bench).is_empty() {
        assert!(since.elapsed() < Duration::from_secs(60), "{:?}", left(bench));
        tokio::task::yield_now().await;
    }
}

/// Everything on the machine that a platform with this data folder could have left.
fn left(bench: &Bench) -> Vec<String> {
    let premises = Premises::of(bench.data()).unwrap();
    let output = |program: &str, words: &[&str]| {
        let output = Command::new(program).args(words).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let mut left = Vec::new();
    let links = output("ip", &["-o", "link"]);
    left.extend(
        links
            .lines()
            .filter(|line| line.contains(&premises.bridge(0)) || line.contains(&premises.link_prefix()))
            .map(str::to_owned),
    );
    let tables = output("nft", &["list", "tables"]);
    left.extend(tables.lines().filter(|line| line.contains(&premises.table())).map(str::to_owned));
    let groups = output("find", &["/sys/fs/cgroup", "-type", "d", "-name", premises.cgroup_root().trim_start_matches('/')]);
    left.extend(groups.lines().map(str::to_owned));
    let data = bench.data().to_str().unwrap();
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    left.extend(mounts.lines().filter(|line| line.contains(&premises.id) || line.contains(data)).map(str::to_owned));
    left.extend(output("losetup", &["-a"]).lines().filter(|line| line.contains(data)).map(str::to_owned));
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let words = fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        if words.contains(&premises.id) {
            left.push(words.replace('\0', " "));
        }
    }
    left.extend(premises.run().exists().then(|| premises.run().display().to_string()));
    for folder in ["scratch", "logs/incoming"] {
        let entries = fs::read_dir(bench.data().join(folder)).into_iter().flatten().flatten();
        left.extend(entries.map(|entry| entry.path().display().to_string()));
    }
    left
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_taken_away_even_when_the_platform_is_dead() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    let over = bench.resident("over", &["exit=5"]).await;
    for (slot, image) in [(0, &image), (1, &image), (2, &over)] {
        engine.start(&spec(slot, image)).await.unwrap();
    }
    ready(&engine, &name(0)).await;
    ready(&engine, &name(1)).await;
    drop(engine);
    kill_9(state(&bench, 1).shim_pid);
    assert!(left(&bench).len() >= 5, "the look at the machine sees something: {:?}", left(&bench));
    LocalEngine::remove_everything(&bench.settings, Duration::from_secs(5)).await.unwrap();
    nothing_is_left(&bench).await;
    LocalEngine::remove_everything(&bench.settings, Duration::ZERO).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_starts_at_once_do_not_get_into_each_others_way() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    let specs: Vec<_> = (0..10).map(|slot| spec(slot, &image)).collect();
    let starts = specs.iter().chain(&specs).map(|spec| engine.start(spec));
    for outcome in futures_util::future::join_all(starts).await {
        outcome.unwrap();
    }
    let mut addresses = std::collections::BTreeSet::new();
    for slot in 0..10 {
        addresses.insert(ready(&engine, &name(slot)).await.address);
    }
    assert_eq!(addresses.len(), 10);
    futures_util::future::join_all(specs.iter().map(|spec| engine.discard(&spec.name))).await;
    assert!(engine.all().await.unwrap().is_empty());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_platforms_live_side_by_side() {
    let (one, two) = (Bench::new(), Bench::new());
    let engines = (one.open().await, two.open().await);
    let images = (one.resident("serves", &["serve"]).await, two.resident("serves", &["serve"]).await);
    engines.0.start(&spec(0, &images.0)).await.unwrap();
    engines.1.start(&spec(0, &images.1)).await.unwrap();
    let first = ready(&engines.0, &name(0)).await;
    let second = ready(&engines.1, &name(0)).await;
    assert_ne!(first.address, second.address);
    drop(engines);
    one.remove().await;
    // The other's shims have copies of every mount that was there when they began, the first one's pool among them.
    let since = Instant::now();
    while !left(&one).is_empty() {
        assert!(since.elapsed() < Duration::from_secs(10), "it is held by the other: {:?}", left(&one));
        tokio::task::yield_now().await;
    }
    let engine = two.open().await;
    assert_eq!(until(&engine, &name(0), |_| true).await, second, "removing one leaves the other");
    let folder: PathBuf = Premises::of(two.data()).unwrap().run();
    assert!(folder.join("subnet").exists());
    drop(engine);
    two.remove().await;
}
