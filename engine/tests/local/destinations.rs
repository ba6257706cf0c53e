//! Destinations that are opened to single instances: over a restart, behind the host's own rules, and behind links that do not forward.

use std::net::Ipv4Addr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use engine::local::premises::Premises;
use engine::local::{LocalEngine, Ports};
use model::instance::InstanceSpec;
use model::port::{Answer, Engine, Hosts};
use model::reach::Reach;
use nix::unistd::gettid;

use crate::bench::{Bench, init, kill_9, name, ready, spec};
use crate::reach::{OUTSIDE, UPLINK, connects_from, in_a_network_of_its_own, ip, listen, listener, with_an_outside};

/// A machine with a lot to do.
const DEADLINE: Duration = Duration::from_secs(60);

/// A name server that never answers.
struct Silent;

impl Hosts for Silent {
    fn addresses<'a>(&'a self, _host: &'a str) -> Answer<'a, Vec<Ipv4Addr>> {
        Box::pin(std::future::pending())
    }
}

async fn open_with_silent_names(bench: &Bench) -> LocalEngine {
    let ports = Ports { hosts: Arc::new(Silent), ..bench.ports() };
    let opened = tokio::time::timeout(DEADLINE, LocalEngine::open(bench.settings.clone(), ports)).await;
    opened.expect("an engine waits for no name server").unwrap_or_else(|trouble| panic!("{}", trouble.chain()))
}

fn nft(words: &[&str]) -> String {
    let output = Command::new("nft").args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn ways(bench: &Bench) -> String {
    nft(&["list", "set", "inet", &Premises::of(bench.data()).unwrap().table(), "reach"])
}

async fn start(bench: &Bench, engine: &LocalEngine, slot: u16, reach: &str) -> u32 {
    let image = bench.resident("serves", &["serve"]).await;
    let reach = Reach::parse_list("outrunner:reach", reach).unwrap();
    engine.start(&InstanceSpec { reach, ..spec(slot, &image) }).await.unwrap();
    ready(engine, &name(slot)).await;
    init(bench, slot)
}

#[test]
fn a_restart_closes_no_destination_also_while_no_name_server_answers() {
    with_an_outside(async || {
        let bench = Bench::new();
        let target = listen(([0, 0, 0, 0], 0).into());
        let port = target.local_addr().unwrap().as_socket().unwrap().port();
        bench.hosts.0.lock().unwrap().insert("db.test".to_owned(), vec![UPLINK.parse().unwrap()]);
        let engine = bench.open().await;
        let inside = start(&bench, &engine, 0, &format!("db.test:{port}")).await;
        let is_over = Arc::new(AtomicBool::new(false));
        let tries = Arc::new(AtomicUsize::new(0));
        let loops = {
            let (is_over, tries, port, address) = (is_over.clone(), tries.clone(), port, UPLINK.parse().unwrap());
            std::thread::spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    assert!(connects_from(inside, address, port), "it was open before");
                    tries.fetch_add(1, Ordering::SeqCst);
                }
            })
        };
        let accepts = {
            let is_over = is_over.clone();
            target.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
            std::thread::spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    let _ = target.accept();
                }
            })
        };
        let more = async |count: usize| {
            let (since, before) = (Instant::now(), tries.load(Ordering::SeqCst));
            while tries.load(Ordering::SeqCst) < before + count && !loops.is_finished() {
                assert!(since.elapsed() < DEADLINE, "nobody tries");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        more(1).await;
        for _ in 0..3 {
            let before = ways(&bench);
            assert!(before.contains(UPLINK), "{before}");
            more(3).await;
        }
        drop(engine);
        let engine = open_with_silent_names(&bench).await;
        assert!(ways(&bench).contains(UPLINK));
        more(3).await;
        is_over.store(true, Ordering::SeqCst);
        loops.join().unwrap();
        accepts.join().unwrap();

        // One that ends while no platform is there leaves nothing open.
        drop(engine);
        kill_9(inside);
        let since = Instant::now();
        while !Premises::of(bench.data()).unwrap().shim(&name(0)).join("exit").exists() {
            assert!(since.elapsed() < DEADLINE, "its shim does not write its end down");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let engine = open_with_silent_names(&bench).await;
        assert!(!ways(&bench).contains("elements"), "{}", ways(&bench));
        drop(engine);
        bench.remove().await;
    });
}

#[test]
fn a_port_that_the_host_publishes_is_open_where_a_tag_names_it_and_closed_elsewhere() {
    with_an_outside(async || {
        for words in [
            "add table ip published",
            "add chain ip published before { type nat hook prerouting priority dstnat; }",
            "add rule ip published before ip daddr 203.0.113.2 tcp dport 5000 dnat to 10.99.99.99:80",
        ] {
            nft(&[words]);
        }
        let here = listener();
        nft(&[&format!("add rule ip published before ip daddr {UPLINK} tcp dport 5001 redirect to :{}", here.port)]);
        let bench = Bench::new();
        let engine = bench.open().await;
        let named = start(&bench, &engine, 0, &format!("{UPLINK}:5000,{UPLINK}:5001")).await;
        let other = start(&bench, &engine, 1, &format!("{UPLINK}:1")).await;
        let uplink = UPLINK.parse().unwrap();
        assert!(connects_from(named, uplink, 5000), "what is published for somebody behind");
        assert!(connects_from(named, uplink, 5001), "and for the host itself");
        assert!(!connects_from(named, "10.99.99.99".parse().unwrap(), 80), "not by its own address");
        assert!(!connects_from(other, uplink, 5000) && !connects_from(other, uplink, 5001), "another instance");
        drop(engine);
        bench.remove().await;
    });
}

/// A network behind the machine, with somebody at 10.77.0.9 who listens on port 80.
fn behind(ready: &mpsc::Sender<i32>, linked: &mpsc::Receiver<()>) {
    ready.send(gettid().as_raw()).unwrap();
    linked.recv().unwrap();
    for words in ["addr add 10.77.0.9/24 dev lan1", "link set lan1 up", "route add default via 10.77.0.1"] {
        ip(words);
    }
    let _socket = listen(([0, 0, 0, 0], 80).into());
    ready.send(0).unwrap();
    // With the thread its network would go.
    let _ = linked.recv();
}

fn forwarding(link: &str) -> String {
    std::fs::read_to_string(format!("/proc/sys/net/ipv4/conf/{link}/forwarding")).unwrap().trim().to_owned()
}

#[test]
fn a_destination_behind_a_link_that_does_not_forward_answers_and_its_neighbours_do_not_reach_a_gateway() {
    with_an_outside(async || {
        let (ready, is_ready) = mpsc::channel();
        let (link, linked) = mpsc::channel();
        let neighbour = in_a_network_of_its_own(move || behind(&ready, &linked));
        let neighbour_id = is_ready.recv().unwrap();
        ip("link add lan0 type veth peer name lan1");
        ip(&format!("link set lan1 netns {neighbour_id}"));
        ip("addr add 10.77.0.1/24 dev lan0");
        ip("link set lan0 up");
        link.send(()).unwrap();
        assert_eq!(is_ready.recv().unwrap(), 0);

        let mut bench = Bench::new();
        let door = listener();
        bench.settings.front_door_ports = vec![door.port];
        let engine = bench.open().await;
        assert_eq!(forwarding("lan0"), "0");
        let named = start(&bench, &engine, 0, "10.77.0.9:80").await;
        assert_eq!(forwarding("lan0"), "1", "for what comes back");
        assert!(connects_from(named, "10.77.0.9".parse().unwrap(), 80));

        let neighbour_id = u32::try_from(neighbour_id).unwrap();
        let gateway = *engine.gateways().borrow().first().unwrap();
        assert!(connects_from(neighbour_id, "10.77.0.1".parse().unwrap(), door.port), "the host's own address is its owner's");
        assert!(!connects_from(neighbour_id, gateway, door.port), "a gateway is the instances'");
        let outside = OUTSIDE.parse().unwrap();
        assert!(!connects_from(neighbour_id, outside, 80), "and the machine is no router for it");
        // Only our table keeps it from being one: the kernel forwards here now, and the outside knows the way back.
        let table = Premises::of(bench.data()).unwrap().table();
        let is_router = || {
            nft(&[&format!("delete table inet {table}")]);
            connects_from(neighbour_id, outside, 80)
        };
        // It may have been mended in between.
        assert!(is_router() || is_router(), "without our table");
        drop(engine);
        bench.remove().await;
        assert_eq!(forwarding("lan0"), "0", "and what was changed is put back");
        drop(link);
        neighbour.join().unwrap();
    });
}

#[test]
fn a_firewall_that_refuses_our_rules_is_told_and_keeps_no_platform_from_starting() {
    with_an_outside(async || {
        for words in ["add table ip filter", "add chain ip filter FORWARD { type filter hook forward priority 10; policy drop; }"] {
            nft(&[words]);
        }
        let refused = Command::new("iptables").args(["-I", "FORWARD", "-j", "ACCEPT"]).output().unwrap();
        assert!(!refused.status.success(), "this table is not iptables' own");
        let bench = Bench::new();
        let engine = bench.open().await;
        start(&bench, &engine, 0, &format!("{UPLINK}:1")).await;
        drop(engine);
        bench.remove().await;
    });
}
