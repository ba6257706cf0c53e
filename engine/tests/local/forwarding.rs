//! What the machine forwards because a platform runs on it, and that it is no router for anybody else.

use std::fs;
use std::io::Write;
use std::net::UdpSocket;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use engine::local::premises::Premises;
use model::port::Engine;
use nix::unistd::gettid;

use crate::bench::{Bench, name, ready, spec};
use crate::reach::{in_a_network_of_its_own, ip};

const PACKETS: u64 = 5;

/// A neighbour on the uplink's network who takes our machine for a router to what lies behind it.
fn neighbour(ready: &mpsc::Sender<i32>, send: &mpsc::Receiver<()>) {
    ready.send(gettid().as_raw()).unwrap();
    send.recv().unwrap();
    for words in ["addr add 203.0.113.1/24 dev out0", "link set out0 up", "route add 198.51.100.0/24 via 203.0.113.2"] {
        ip(words);
    }
    let socket = UdpSocket::bind("203.0.113.1:0").unwrap();
    ready.send(0).unwrap();
    while send.recv().is_ok() {
        for _ in 0..PACKETS {
            socket.send_to(b"x", "198.51.100.9:9").unwrap();
        }
    }
}

/// The machine's side: an uplink with the default route, and a network behind.
fn plug_in(neighbour: i32) {
    for words in ["link set lo up", "link add up0 type veth peer name out0", "link add lan0 type veth peer name lan1"] {
        ip(words);
    }
    for link in ["lan0", "lan1"] {
        fs::write(format!("/proc/sys/net/ipv6/conf/{link}/disable_ipv6"), "1").unwrap();
    }
    ip(&format!("link set out0 netns {neighbour}"));
    for words in [
        "addr add 203.0.113.2/24 dev up0",
        "link set up0 up",
        "route add default via 203.0.113.1",
        "addr add 198.51.100.1/24 dev lan0",
        "link set lan0 up",
        "link set lan1 up",
        "neigh add 198.51.100.9 lladdr 02:00:00:00:00:09 dev lan0 nud permanent",
    ] {
        ip(words);
    }
}

/// Packets that have arrived at the network behind.
fn arrived() -> u64 {
    let table = fs::read_to_string("/proc/thread-self/net/dev").unwrap();
    let line = table.lines().find_map(|line| line.trim().strip_prefix("lan1:")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}

fn until(mut reached: impl FnMut() -> bool, what: &str) {
    let since = Instant::now();
    while !reached() {
        assert!(since.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::yield_now();
    }
}

fn rules(bench: &Bench) -> String {
    let table = Premises::of(bench.data()).unwrap().table();
    let output = Command::new("nft").args(["list", "table", "inet", &table]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn forwarding(link: &str) -> String {
    fs::read_to_string(format!("/proc/sys/net/ipv4/conf/{link}/forwarding")).unwrap().trim().to_owned()
}

#[test]
fn a_machine_that_was_no_router_does_not_become_one_for_its_uplinks_neighbours() {
    let (ready, is_ready) = mpsc::channel();
    let (send, sent) = mpsc::channel();
    let outside = in_a_network_of_its_own(move || neighbour(&ready, &sent));
    let machine = in_a_network_of_its_own(move || {
        plug_in(is_ready.recv().unwrap());
        send.send(()).unwrap();
        assert_eq!(is_ready.recv().unwrap(), 0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(is_no_router(&send));
    });
    machine.join().unwrap();
    outside.join().unwrap();
}

async fn is_no_router(send: &mpsc::Sender<()>) {
    let bench = Bench::new();
    let engine = bench.open().await;
    assert_eq!(forwarding("up0"), "1", "for the instances");
    send.send(()).unwrap();
    until(|| rules(&bench).contains(&format!("counter packets {PACKETS} bytes")), "every packet is dropped");
    assert_eq!(arrived(), 0);

    // An owner who wants a router has one, from the next start of an instance on at the latest.
    fs::write("/proc/sys/net/ipv4/ip_forward", "1").unwrap();
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    send.send(()).unwrap();
    until(|| arrived() == PACKETS, "what the owner wants is forwarded");
    drop(engine);
    bench.remove().await;
    assert_eq!(forwarding("up0"), "1", "as the owner wants it");
}

/// Holds the table of a platform, so that nobody else may load it.
struct Squatter(Child);

impl Squatter {
    fn of(bench: &Bench) -> Self {
        let table = Premises::of(bench.data()).unwrap().table();
        let mut child = Command::new("nft").arg("-i").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let input = child.stdin.as_mut().unwrap();
        writeln!(input, "add table inet {table} {{ flags owner; }}").unwrap();
        until(|| rules(bench).contains("flags owner"), "the table is there");
        Self(child)
    }
}

impl Drop for Squatter {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_start_whose_firewall_fails_leaves_neither_bridge_nor_forwarding() {
    let (ready, is_ready) = mpsc::channel();
    let (send, sent) = mpsc::channel();
    let outside = in_a_network_of_its_own(move || neighbour(&ready, &sent));
    let machine = in_a_network_of_its_own(move || {
        plug_in(is_ready.recv().unwrap());
        send.send(()).unwrap();
        assert_eq!(is_ready.recv().unwrap(), 0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(fails_and_leaves_nothing());
    });
    machine.join().unwrap();
    outside.join().unwrap();
}

async fn fails_and_leaves_nothing() {
    let bench = Bench::new();
    let bridge = format!("/proc/sys/net/ipv4/conf/{}", Premises::of(bench.data()).unwrap().bridge(0));
    let squatter = Squatter::of(&bench);
    let trouble = bench.try_open().await.err().expect("the firewall cannot be loaded");
    assert!(trouble.chain().contains("loading the firewall"), "{}", trouble.chain());
    assert_eq!((forwarding("up0").as_str(), fs::exists(&bridge).unwrap()), ("0", false));
    drop(squatter);

    // And when everything is removed while the table is not ours, the rest goes all the same.
    let engine = bench.open().await;
    assert_eq!((forwarding("up0").as_str(), fs::exists(&bridge).unwrap()), ("1", true));
    drop(engine);
    let table = Premises::of(bench.data()).unwrap().table();
    assert!(Command::new("nft").args(["delete", "table", "inet", &table]).status().unwrap().success());
    let squatter = Squatter::of(&bench);
    assert!(bench.try_remove().await.is_err(), "it is said");
    assert_eq!((forwarding("up0").as_str(), fs::exists(&bridge).unwrap()), ("0", false));
    assert!(!Premises::of(bench.data()).unwrap().run().exists());
    drop(squatter);
    bench.remove().await;
}
