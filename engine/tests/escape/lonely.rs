//! What a program tries by itself: system calls, files, processes, sockets, bombs.

use std::fs;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use engine::local::LocalEngine;
use engine::local::premises::Premises;
use model::port::Engine;
use socket2::{Domain, Socket, Type};

use crate::attempt::{Attempt, Targets, attempts};
use crate::bench::{Bench, PORT, name, printed, ready, spec, until};
use crate::guard::Guard;
use crate::image::{USERS, assert_all_fail, program, said, tries};
use crate::neighbour::Neighbour;
use crate::plain::Plain;
use crate::verdict::{Proof, Verdict, print, say};

const KEY: &str = "outrunner-escape";

/// What the kernel says when it does not have a thing at all.
const NOT_ON_THIS_KERNEL: [&str; 4] =
    ["Function not implemented", "Operation not supported", "Address family not supported by protocol", "it is not answered"];

/// How the filter answers: programs depend on it.
const ANSWERS: &[&str] = &[
    "namespaces fails: Operation not permitted",
    "key fails: Operation not permitted",
    "bpf fails: Operation not permitted",
    "rings fails: Operation not permitted",
    // The C library falls back to clone.
    "clone3 fails: Function not implemented",
    #[cfg(target_arch = "x86_64")]
    "old-calls fails: signal 31",
];

/// Things on the host that an instance must not get at. Gone when dropped.
struct Bait {
    process: Child,
    _abstract_socket: UnixListener,
    _loopback: Socket,
}

impl Drop for Bait {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The shim as it is started by a platform that holds keys.
fn shim_with_keys(bench: &Bench) -> PathBuf {
    let wrapper = bench.data().join("shim-with-keys");
    let text = format!("#!/bin/sh\nexec {} with-key={KEY} {} \"$@\"\n", program().display(), bench.settings.shim.display());
    fs::write(&wrapper, text).unwrap();
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
    wrapper
}

fn bait(bench: &Bench) -> (Bait, Targets) {
    let file = bench.data().join("secret");
    fs::write(&file, "of the platform's\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let abstract_name = format!("outrunner-escape-{}", Premises::of(bench.data()).unwrap().id);
    let address = SocketAddr::from_abstract_name(&abstract_name).unwrap();
    let loopback = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    loopback.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    loopback.listen(16).unwrap();
    let loopback_port = loopback.local_addr().unwrap().as_socket().unwrap().port();
    let process = Command::new("sleep").arg("300").spawn().unwrap();
    let limits = ["/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max"];
    let targets = Targets {
        process: process.id(),
        file: file.display().to_string(),
        socket: Premises::of(bench.data()).unwrap().shim(&name(9)).join("sock").display().to_string(),
        abstract_socket: format!("@{abstract_name}"),
        loopback_port,
        key: KEY.to_owned(),
        limit_file: if Path::new("/sys/fs/cgroup/memory").exists() { limits[0] } else { limits[1] },
    };
    (Bait { process, _abstract_socket: UnixListener::bind_addr(&address).unwrap(), _loopback: loopback }, targets)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_program_gets_out_of_its_instance_and_the_neighbour_notices_nothing() {
    let mut bench = Bench::new();
    bench.settings.shim = shim_with_keys(&bench);
    let engine = bench.open().await;
    let (mut bait, targets) = bait(&bench);
    let neighbour = a_neighbour(&bench, &engine).await;
    let attempts = attempts(&targets);
    try_all(&bench, &engine, &attempts, ANSWERS, &mut bait).await;

    let stays = tries(&bench, "stays", 0, &["stay".to_owned()]).await;
    engine.start(&spec(2, &stays)).await.unwrap();
    until(&engine, &name(2), |seen| seen.address.is_some()).await;
    let plain = Plain::of(&bench, 2, KEY);
    let (proven, wrong): (Vec<_>, Vec<_>) = attempts.iter().map(|attempt| prove(&plain, attempt)).partition(Result::is_ok);
    let wrong: Vec<String> = wrong.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let mut verdicts: Vec<Verdict> = proven.into_iter().filter_map(Result::ok).collect();
    verdicts.push(flood(&bench, &engine, &plain).await);
    verdicts.push(watchers(&bench, &engine, &plain).await);
    let asked = neighbour.has_noticed_nothing().await;
    print("Alone", &verdicts, &asked.to_string());
    drop(engine);
    bench.remove().await;
}

/// What a runtime with a kernel of its own allows: it is that kernel's, and no call of the host's.
const OF_AN_OWN_KERNEL: [&str; 3] = ["rings", "namespaces", "kernel-log"];
/// What ends such a kernel, and with it the instance, before the program could say that it fails.
const ENDS_AN_OWN_KERNEL: [&str; 2] = ["processes=2100", "memory=640"];

#[tokio::test(flavor = "multi_thread")]
async fn no_program_gets_out_of_an_instance_of_crun_either() {
    by_programs_with("/usr/bin/crun", &[], &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_program_gets_out_of_an_instance_of_runsc_either() {
    by_programs_with("/usr/bin/runsc", &OF_AN_OWN_KERNEL, &ENDS_AN_OWN_KERNEL).await;
}

async fn by_programs_with(runtime: &str, allowed: &[&str], ending: &[&str]) {
    if !Path::new(runtime).exists() {
        return say(&format!("NOT CHECKED with {runtime}: it is not installed (tests/install-packages installs it)\n"));
    }
    let mut bench = Bench::new();
    bench.settings.shim = shim_with_keys(&bench);
    bench.settings.runtime = runtime.into();
    let engine = bench.open().await;
    let (mut bait, targets) = bait(&bench);
    let neighbour = a_neighbour(&bench, &engine).await;
    let is_in = |words: &[&str], attempt: &Attempt| words.contains(&attempt.word.as_str());
    let attempts = attempts(&targets).into_iter().filter(|attempt| !is_in(allowed, attempt));
    let (last, attempts): (Vec<_>, Vec<_>) = attempts.partition(|attempt| is_in(ending, attempt));
    assert_eq!(last.len(), ending.len());
    try_all(&bench, &engine, &attempts, if allowed.is_empty() { ANSWERS } else { &[] }, &mut bait).await;
    for (slot, (attempt, user)) in (2..).zip(last.iter().flat_map(|attempt| USERS.map(|user| (attempt, user)))) {
        let image = tries(&bench, &format!("ends-{slot}"), user, std::slice::from_ref(&attempt.word)).await;
        engine.start(&spec(slot, &image)).await.unwrap();
        let lines = said(&engine, &name(slot)).await;
        assert!(!lines.iter().any(|line| line.contains(" works")), "{} as {user}: {lines:?}", attempt.word);
    }
    let asked = neighbour.has_noticed_nothing().await;
    say(&format!("\nAlone, with {runtime}: each of {} attempts fails as every user; {asked}\n", attempts.len() + last.len()));
    drop(engine);
    bench.remove().await;
}

/// An instance that serves, in slot 9.
async fn a_neighbour(bench: &Bench, engine: &LocalEngine) -> Neighbour {
    let serves = tries(bench, "serves", 0, &[format!("serve={PORT}")]).await;
    engine.start(&spec(9, &serves)).await.unwrap();
    Neighbour::at((ready(engine, &name(9)).await.address.unwrap(), PORT).into())
}

/// All attempts, in real instances, as root inside and as a user. Each must fail.
async fn try_all(bench: &Bench, engine: &LocalEngine, attempts: &[Attempt], answers: &[&str], bait: &mut Bait) {
    let words: Vec<String> = attempts.iter().map(|attempt| attempt.word.clone()).collect();
    for (slot, user) in (0..).zip(USERS) {
        let image = tries(bench, &format!("as-{user}"), user, &words).await;
        engine.start(&spec(slot, &image)).await.unwrap();
        let lines = said(engine, &name(slot)).await;
        // Root inside is root already; that is nobody outside.
        let tried: Vec<String> = words.iter().filter(|word| *word != "become-root" || user != 0).cloned().collect();
        assert_all_fail(&lines, &tried);
        for expected in answers {
            assert!(lines.iter().any(|line| line == expected), "{expected:?} is not in {lines:#?}");
        }
    }
    assert!(bait.process.try_wait().unwrap().is_none(), "the process outside lives");
}

/// With all guards it fails, without them it works: where the kernel has it at all.
fn prove(plain: &Plain, attempt: &Attempt) -> Result<Verdict, String> {
    let name = attempt.word.split('=').next().unwrap();
    let guarded = plain.guarded(attempt);
    if !guarded.starts_with(&format!("{name} fails: ")) {
        return Err(format!("{} in a plain run with its guards: {guarded}", attempt.word));
    }
    let unguarded = plain.unguarded(attempt);
    let unguarded = unguarded.trim();
    let proof = if unguarded.starts_with(&format!("{name} works:")) {
        Proof::Works
    } else {
        // What is said with and without the guards alike may be said by a guard that was not taken away.
        let of_the_kernel = unguarded != guarded.trim() && NOT_ON_THIS_KERNEL.iter().any(|words| unguarded.ends_with(words));
        // The platform's own limit is not higher, and raising it takes a capability.
        let of_the_platform = name == "files" && unguarded.ends_with("Too many open files");
        if !of_the_kernel && !of_the_platform {
            return Err(format!("{} without {:?}: {unguarded}", attempt.word, attempt.guards));
        }
        Proof::NotProvable(unguarded.to_owned())
    };
    Ok(Verdict { aim: attempt.aim.to_owned(), guards: attempt.guards.to_vec(), proof })
}

const FLOOD_MIB: u64 = 80;

/// Lines without end are dropped beyond the cap; a plain runtime would have kept them all.
async fn flood(bench: &Bench, engine: &LocalEngine, plain: &Plain) -> Verdict {
    let word = format!("flood={FLOOD_MIB}");
    let mut fewest = u64::MAX;
    for (slot, user) in (3..).zip(USERS) {
        let image = tries(bench, &format!("floods-as-{user}"), user, std::slice::from_ref(&word)).await;
        engine.start(&spec(slot, &image)).await.unwrap();
        crate::bench::exited(engine, &name(slot)).await;
        let folder = Premises::of(bench.data()).unwrap().logs(&name(slot).to_string());
        let kept = bytes_below(&folder);
        assert!(kept > 0 && kept < engine::limit::LOGS_BYTES + (4 << 20), "{kept} bytes kept of user {user}'s");
        assert!(!printed(engine, &name(slot)).await.is_empty());
        fewest = fewest.min(plain.run(&[&word], user, &[], "").len() as u64);
    }
    let proof = if fewest > FLOOD_MIB << 20 { Proof::Works } else { Proof::NotProvable(format!("{fewest} bytes without a shim")) };
    Verdict { aim: "flood the disk with lines".to_owned(), guards: vec![Guard::LogCap], proof }
}

/// Whether the host's root still gets one of what the kernel has few of for each user.
fn is_one_left() -> bool {
    let output = Command::new(program()).arg("one-watcher").output().unwrap();
    output.stdout.starts_with(b"one-watcher works:")
}

/// An instance takes all watchers of files that it can get: they are its own root's, and nobody else lacks any.
async fn watchers(bench: &Bench, engine: &LocalEngine, plain: &Plain) -> Verdict {
    let words = ["watchers".to_owned(), "stay".to_owned()];
    // Two of each: what one took, another of the same user must not lack either.
    for (slot, user) in (5..).zip(USERS.into_iter().flat_map(|user| [user; 2])) {
        let image = tries(bench, &format!("watches-as-{user}"), user, &words).await;
        engine.start(&spec(slot, &image)).await.unwrap();
        until(engine, &name(slot), |seen| seen.address.is_some()).await;
        let since = Instant::now();
        while printed(engine, &name(slot)).await.is_empty() {
            assert!(since.elapsed() < Duration::from_secs(10), "it says nothing");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let lines = printed(engine, &name(slot)).await;
        assert!(lines[0].starts_with("watchers: ") && lines[0] != "watchers: 0", "{lines:?}");
    }
    assert!(is_one_left(), "the host's root lacks what an instance took");
    let words = words.each_ref().map(String::as_str);
    let left = USERS.map(|user| plain.while_it_stays(&words, user, |said| is_one_left().then(|| said.to_owned())));
    let proof = match left.into_iter().flatten().next() {
        None => Proof::Works,
        Some(said) => Proof::NotProvable(format!("{said}, and the host's root gets more")),
    };
    Verdict { aim: "take all file watchers of the host's root".to_owned(), guards: vec![Guard::OwnAccount], proof }
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| if entry.path().is_dir() { bytes_below(&entry.path()) } else { entry.metadata().unwrap().len() }).sum()
}
