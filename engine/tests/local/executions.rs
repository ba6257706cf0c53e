//! Commands in running instances, by the real runtime: what they print and are given, who they are, and that they end.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytes::Bytes;
use engine::local::premises::Premises;
use engine::local::{LocalEngine, Way};
use model::environment::Environment;
use model::execution::{ExecutionEnd, ExecutionNews, ExecutionOrder, ExecutionStream, TerminalSize};
use model::port::{Engine, Execution, Executions, Pause, Stats};
use model::testbed::conformance::{ExecutionBench, executions, stats};
use serde_json::json;

use crate::bench::{Bench, base_layer, init, kill_9, name, ready, spec};
use crate::conformance::say;

fn pause() -> Pause<'static> {
    Box::pin(tokio::time::sleep(Duration::from_millis(5)))
}

fn order(words: &[&str]) -> ExecutionOrder {
    let words = ["/resident"].iter().chain(words).map(|word| (*word).to_owned()).collect();
    ExecutionOrder::parse(words, None).unwrap()
}

async fn begin(engine: &LocalEngine, order: &ExecutionOrder) -> Box<dyn Execution> {
    engine.execute(&name(0), order).await.unwrap_or_else(|trouble| panic!("{}", trouble.chain())).unwrap()
}

struct Told {
    out: Vec<u8>,
    err: Vec<u8>,
    end: ExecutionEnd,
}

async fn news(execution: &dyn Execution, so_far: &[u8]) -> ExecutionNews {
    let news = tokio::time::timeout(Duration::from_secs(20), execution.news()).await;
    news.unwrap_or_else(|_| panic!("no more than {:?}", String::from_utf8_lossy(so_far))).unwrap().unwrap()
}

async fn rest(execution: &dyn Execution) -> Told {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    loop {
        match news(execution, &out).await {
            ExecutionNews::Printed { stream: ExecutionStream::Out, bytes } => out.extend_from_slice(&bytes),
            ExecutionNews::Printed { stream: ExecutionStream::Err, bytes } => err.extend_from_slice(&bytes),
            ExecutionNews::Ended(end) => return Told { out, err, end },
        }
    }
}

async fn run(engine: &LocalEngine, order: &ExecutionOrder) -> (String, ExecutionEnd) {
    let told = rest(&*begin(engine, order).await).await;
    (String::from_utf8(told.out).unwrap(), told.end)
}

/// An engine with a resident that serves in the first place.
async fn serving(bench: &Bench) -> LocalEngine {
    let engine = bench.open().await;
    let config = json!({ "User": "app", "WorkingDir": "/tmp", "Env": ["BOTH=image", "PATH=/"], "Cmd": ["/resident", "serve"] });
    let image = bench.image("serves", &[base_layer()], config).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    engine
}

/// The processes of the first instance, but for its first one.
fn others(bench: &Bench) -> Vec<u32> {
    let group = Premises::of(bench.data()).unwrap().cgroup(&name(0).to_string());
    let roots = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"].map(PathBuf::from);
    let root = roots.into_iter().find(|root| root.join("cgroup.procs").exists()).unwrap();
    let text = fs::read_to_string(root.join(group.trim_start_matches('/')).join("cgroup.procs")).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).filter(|pid| *pid != init(bench, 0)).collect()
}

/// The processes of the first instance, by whichever kernel has them.
fn running(bench: &Bench, runtime: &str) -> Vec<u32> {
    if !runtime.ends_with("runsc") {
        return others(bench);
    }
    let root = Premises::of(bench.data()).unwrap().runtime_root();
    let mut command = std::process::Command::new(runtime);
    command.arg("--root").arg(root).args(["ps", "--format", "json", &name(0).to_string()]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Of `/proc/<pid>/limits`.
fn open_files(pid: u32) -> String {
    let text = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    text.lines().find(|line| line.starts_with("Max open files")).unwrap().to_owned()
}

/// Neither in our session nor at our terminal. Source: proc_pid_stat(5), the 6th and 7th field.
fn assert_apart(pid: u32) {
    let fields = |pid: u32| {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let (_, after) = text.rsplit_once(") ").unwrap();
        let fields: Vec<i64> = after.split(' ').skip(1).map_while(|field| field.parse().ok()).collect();
        (fields[2], fields[3])
    };
    assert_ne!(fields(pid).0, fields(std::process::id()).0, "it is in the platform's session");
    assert_eq!(fields(pid).1, 0, "it has a terminal that is not the instance's");
}

async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_engine_keeps_the_promises_of_commands_with_every_runtime() {
    for runtime in ["/usr/sbin/runc", "/usr/bin/crun", "/usr/bin/runsc"] {
        if Path::new(runtime).exists() {
            keeps_its_promises(runtime).await;
        } else {
            say(&format!("NOT CHECKED with {runtime}: it is not installed (tests/install-packages installs it)"));
        }
    }
}

async fn keeps_its_promises(runtime: &str) {
    let mut bench = Bench::new();
    bench.settings.runtime = runtime.into();
    let engine = serving(&bench).await;
    let before = running(&bench, runtime);
    let held = begin(&engine, &order(&["stay"])).await;
    assert_eq!(running(&bench, runtime).len(), before.len() + 1, "{runtime}");
    if !runtime.ends_with("runsc") {
        assert_apart(others(&bench)[0]);
    }
    drop(held);
    eventually(&format!("{runtime}: the command has ended"), || running(&bench, runtime) == before).await;
    let words = |text: &str| text.split(' ').map(str::to_owned).collect();
    let suite = ExecutionBench {
        instance: name(0),
        says_hello: words("/resident say=hello"),
        exits_with_3: words("resident exit=3"),
        copies: words("/resident copy"),
        sizes: words("/resident size"),
        stays: words("/resident stay"),
        missing: words("/nowhere"),
    };
    executions(&engine, &engine, &suite, &pause).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_engine_counts_what_its_instances_use() {
    let bench = Bench::new();
    let engine = serving(&bench).await;
    if engine.scratch_way() != Way::Shared {
        let usage = engine.usage().await.unwrap();
        assert!(usage[0].scratch_bytes.is_some_and(|bytes| bytes > 0), "{usage:?}");
    }
    stats(&engine, &engine, &name(0), &pause).await;
    // The links are known to the next platform too.
    let image = bench.resident("next", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    let engine = bench.open().await;
    ready(&engine, &name(0)).await;
    stats(&engine, &engine, &name(0), &pause).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_who_and_where_its_instance_is_with_the_same_rights_and_limits() {
    let bench = Bench::new();
    let engine = serving(&bench).await;
    let (lines, _) = run(&engine, &order(&["who", "cwd", "env", "mknod", "raw", "show=/proc/self/status"])).await;
    let own = |key: &str, text: &str| {
        text.lines().find_map(|line| Some(line.split_once(key)?.1.split_whitespace().collect::<Vec<_>>().join(" "))).unwrap()
    };
    let status = fs::read_to_string(format!("/proc/{}/status", init(&bench, 0))).unwrap();
    for key in ["NoNewPrivs:", "Seccomp:", "CapBnd:", "CapEff:", "CapPrm:", "CapInh:", "CapAmb:"] {
        assert_eq!(own(key, &lines), own(key, &status), "{key}");
    }
    for expected in ["uid 1000 gid 1001", "cwd /tmp", "env BOTH=image", "env PORT=8080", "mknod refused", "raw refused"] {
        assert!(lines.lines().any(|line| line == expected), "{expected}: {lines}");
    }
    let mut asked =
        ExecutionOrder::parse(["resident", "who", "cwd", "env"].map(str::to_owned).to_vec(), Some("/".to_owned())).unwrap();
    asked.user = Some("root".to_owned());
    asked.environment = Environment(BTreeMap::from([("BOTH".to_owned(), "asked".to_owned())]));
    let (lines, _) = run(&engine, &asked).await;
    for expected in ["uid 0 gid 0", "cwd /", "env BOTH=asked", "env PORT=8080"] {
        assert!(lines.lines().any(|line| line == expected), "{expected}: {lines}");
    }
    asked.user = Some("stranger".to_owned());
    let refusal = engine.execute(&name(0), &asked).await.unwrap().err().unwrap();
    assert!(refusal.message.contains("'stranger' is not in its /etc/passwd"), "{refusal}");

    let held = begin(&engine, &order(&["stay"])).await;
    let [process] = others(&bench)[..] else { panic!("one more process is in the instance: {:?}", others(&bench)) };
    for (file, what) in [("cgroup", "control groups"), ("uid_map", "ids")] {
        let read = |pid: u32| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap();
        assert_eq!(read(process), read(init(&bench, 0)), "{what}");
    }
    assert_eq!(open_files(process), open_files(init(&bench, 0)));
    assert_apart(process);
    let arguments = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    assert!(!arguments.into_iter().any(|words| String::from_utf8_lossy(&words).contains("BOTH=")), "variables are no arguments");
    drop(held);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn output_errors_signals_and_a_mebibyte_come_as_they_are() {
    let bench = Bench::new();
    let engine = serving(&bench).await;
    let told = rest(&*begin(&engine, &order(&["say=out", "err=wrong", "exit=4"])).await).await;
    assert_eq!((&told.out[..], &told.err[..], told.end), (&b"out\n"[..], &b"wrong\n"[..], ExecutionEnd::Code(4)));
    assert_eq!(run(&engine, &order(&["kill=11"])).await.1, ExecutionEnd::Signal(11));
    assert_eq!(run(&engine, &order(&["kill=9"])).await.1, ExecutionEnd::Signal(9));
    let told = rest(&*begin(&engine, &order(&["flood=1048577"])).await).await;
    assert_eq!((told.out.len(), told.end), (1_048_577, ExecutionEnd::Code(0)));

    let copies = begin(&engine, &order(&["copy"])).await;
    let sent: Vec<u8> = (0..1_000_000u32).map(|n| ((n * 7) >> 3) as u8).collect();
    let write = async {
        for piece in sent.chunks(70_000) {
            copies.input(Bytes::copy_from_slice(piece)).await.unwrap();
        }
        copies.end_input().await.unwrap();
    };
    let (told, ()) = tokio::join!(rest(&*copies), write);
    assert!(told.out == sent, "binary input comes back as it was");
    drop(copies);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_is_one_with_keys_that_are_signals() {
    let bench = Bench::new();
    let engine = serving(&bench).await;
    let mut asked = order(&["say=line", "stay"]);
    asked.terminal = Some(TerminalSize { columns: 80, rows: 24 });
    let session = begin(&engine, &asked).await;
    let mut out = Vec::new();
    // Which of the two terminals ends the lines is between them while the runtime sets them up: there may be a carriage return too many.
    while !(out.starts_with(b"line") && out.ends_with(b"\n")) {
        match news(&*session, &out).await {
            ExecutionNews::Printed { bytes, .. } => out.extend_from_slice(&bytes),
            ended @ ExecutionNews::Ended(_) => panic!("{ended:?}"),
        }
    }
    // Control-C.
    session.input(Bytes::from_static(b"\x03")).await.unwrap();
    let told = rest(&*session).await;
    assert_eq!(told.end, ExecutionEnd::Signal(2), "{}", String::from_utf8_lossy(&told.out));
    drop(session);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_ends_with_whoever_asked_for_it_and_with_the_platform() {
    let bench = Bench::new();
    let engine = serving(&bench).await;
    let folder = Premises::of(bench.data()).unwrap().shim(&name(0)).join("exec");
    let left = || fs::read_dir(&folder).into_iter().flatten().count();
    for terminal in [None, Some(TerminalSize { columns: 80, rows: 24 })] {
        let mut asked = order(&["child-stays", "stay"]);
        asked.terminal = terminal;
        let held = begin(&engine, &asked).await;
        eventually("both run", || others(&bench).len() == 2).await;
        drop(held);
        eventually("both are ended", || others(&bench).is_empty()).await;
        assert_eq!(left(), 0);
    }
    // Whoever does not even wait for the beginning. That comes when it comes: nothing left says nothing before the folder has changed.
    let wanted = order(&["stay"]);
    let changed = || fs::metadata(&folder).unwrap().modified().unwrap();
    let before = changed();
    let _ = tokio::time::timeout(Duration::from_millis(1), engine.execute(&name(0), &wanted)).await;
    eventually("it has begun, and nothing is left of it", || changed() != before && left() == 0 && others(&bench).is_empty()).await;

    // As kill -9 of a platform leaves it: nobody drops anything, and the runtime's ends are closed.
    let held = begin(&engine, &wanted).await;
    let process = others(&bench)[0];
    std::mem::forget(held);
    assert_eq!(left(), 1);
    drop(engine);
    assert!(Path::new(&format!("/proc/{process}")).exists());
    let engine = bench.open().await;
    eventually("the next platform ends it", || others(&bench).is_empty()).await;
    assert_eq!(left(), 0);
    ready(&engine, &name(0)).await;

    // A command may not outlive its instance.
    let held = begin(&engine, &wanted).await;
    kill_9(init(&bench, 0));
    assert_eq!(rest(&*held).await.end, ExecutionEnd::Signal(9));
    drop(held);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_a_frozen_instance_is_refused_and_does_not_hang() {
    let bench = Bench::new();
    let engine = serving(&bench).await;
    let group = Premises::of(bench.data()).unwrap().cgroup(&name(0).to_string());
    let files = [
        (format!("/sys/fs/cgroup/unified{group}/cgroup.freeze"), ["1", "0"], "cgroup.events", "frozen 1"),
        (format!("/sys/fs/cgroup{group}/cgroup.freeze"), ["1", "0"], "cgroup.events", "frozen 1"),
        // Where a runtime must not see version 2.
        (format!("/sys/fs/cgroup/freezer{group}/freezer.state"), ["FROZEN", "THAWED"], "freezer.state", "FROZEN"),
    ];
    let (file, [freeze, thaw], seen, frozen) = files.into_iter().find(|(file, ..)| Path::new(file).exists()).expect("a freezer");
    let seen = PathBuf::from(&file).with_file_name(seen);
    fs::write(&file, freeze).unwrap();
    eventually("it is frozen", || fs::read_to_string(&seen).unwrap().lines().any(|line| line == frozen)).await;
    let refusal = engine.execute(&name(0), &order(&["say=x"])).await.unwrap().err().unwrap();
    assert!(refusal.message.contains("is at rest"), "{refusal}");
    fs::write(&file, thaw).unwrap();
    // One that is throttled only would take minutes for what a moment takes.
    let rest = Premises::of(bench.data()).unwrap().shim(&name(0)).join("rest");
    fs::write(&rest, "throttled").unwrap();
    let refusal = engine.execute(&name(0), &order(&["say=x"])).await.unwrap().err().unwrap();
    assert!(refusal.message.contains("is at rest"), "{refusal}");
    fs::remove_file(rest).unwrap();
    assert_eq!(run(&engine, &order(&["say=x"])).await, ("x\n".to_owned(), ExecutionEnd::Code(0)));
    drop(engine);
    bench.remove().await;
}
