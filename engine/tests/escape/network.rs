//! What a program tries by the network: the host, the neighbour, the cloud's address, and more conversations than it may have.
//! The guards stand on the machine, in this test's own network namespace: there they are taken away from a running instance.

use std::fs;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use engine::limit::{FLOWS, FLOWS_SHARE};
use engine::local::LocalEngine;
use engine::local::premises::Premises;
use model::instance::InstancePhase;
use model::port::Engine;
use serde_json::Value;
use socket2::{Domain, Socket, Type};

use crate::bench::{Bench, PORT, name, ready, see, spec};
use crate::guard::Guard;
use crate::image::{USERS, assert_all_fail, said, tries};
use crate::neighbour::Neighbour;
use crate::verdict::{Proof, Verdict, print};

/// Where clouds tell machines their secrets. What AWS has at fd00:ec2::254 is IPv6, and nothing of that passes.
const CLOUDS: [(&str, &str); 3] = [
    ("169.254.169.254", "reach the cloud's credentials at 169.254.169.254"),
    ("168.63.129.16", "reach Azure's host at 168.63.129.16"),
    ("100.100.100.200", "reach Alibaba's metadata at 100.100.100.200"),
];
/// A public address behind the uplink, where nobody answers.
const NOBODY: &str = "203.0.113.1";
const PROOF: Duration = Duration::from_secs(20);

/// Whether a command of the machine's network tools has worked.
fn net(words: &str) -> bool {
    let mut words = words.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

/// An uplink into nowhere, and the cloud's address on the host itself.
fn uplink() {
    let routes = fs::read_to_string("/proc/thread-self/net/route").unwrap();
    let leads_out = routes.lines().any(|route| route.split('\t').nth(1) == Some("00000000"));
    assert!(!leads_out, "this is the machine's own network: run it through tests/as-root, since it changes addresses and routes");
    for words in [
        "ip link add up0 type veth peer name out0",
        "ip link set out0 up",
        "ip addr add 203.0.113.2/24 dev up0",
        "ip link set up0 up",
        "ip neighbour add 203.0.113.1 lladdr 02:00:00:00:00:01 nud permanent dev up0",
        "ip route add default via 203.0.113.1",
    ] {
        assert!(net(words), "{words}");
    }
    for (address, _) in CLOUDS {
        assert!(net(&format!("ip addr add {address}/32 dev lo")), "{address}");
    }
}

fn listener() -> (Socket, u16) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&std::net::SocketAddr::from(([0, 0, 0, 0], 0)).into()).unwrap();
    socket.listen(64).unwrap();
    let port = socket.local_addr().unwrap().as_socket().unwrap().port();
    (socket, port)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_the_host_or_a_neighbour_and_nobody_takes_all_conversations() {
    uplink();
    let bench = Bench::new();
    let engine = bench.open().await;
    let serves = tries(&bench, "serves", 0, &[format!("serve={PORT}")]).await;
    engine.start(&spec(9, &serves)).await.unwrap();
    let address = ready(&engine, &name(9)).await.address.unwrap();
    let (_host, port) = listener();
    let gateway = {
        let [a, b, c, _] = address.octets();
        Ipv4Addr::new(a, b, c & 0xf0, 1)
    };
    let mut attempts = vec![
        (format!("reach={address}:{PORT}"), "reach another instance by its address", vec![Guard::PortIsolation, Guard::Firewall]),
        (format!("reach={gateway}:{port}"), "reach a service of the host at the bridge's address", vec![Guard::Firewall]),
        (format!("reach=203.0.113.2:{port}"), "reach a service of the host at the uplink's address", vec![Guard::Firewall]),
    ];
    attempts.extend(CLOUDS.map(|(address, aim)| (format!("reach={address}:{port}"), aim, vec![Guard::Firewall])));
    let words: Vec<String> = attempts.iter().map(|(word, _, _)| word.clone()).collect();
    let neighbour = Neighbour::at((address, PORT).into());
    for (slot, user) in (0..).zip(USERS) {
        let image = tries(&bench, &format!("as-{user}"), user, &words).await;
        engine.start(&spec(slot, &image)).await.unwrap();
    }
    for slot in [0, 1] {
        assert_all_fail(&said(&engine, &name(slot)).await, &words);
    }
    let mut verdicts = vec![flows(&bench, &engine).await];
    for (slot, (word, aim, guards)) in (2..).zip(attempts) {
        let proof = reached_without(&bench, &engine, slot, &word, &guards).await;
        verdicts.push(Verdict { aim: aim.to_owned(), guards, proof });
    }
    let asked = neighbour.has_noticed_nothing().await;
    print("By the network", &verdicts, &asked.to_string());
    drop(engine);
    bench.remove().await;
}

/// Takes guards off the running machine, again and again in case that the engine puts them back, until the attempt works.
async fn reached_without(bench: &Bench, engine: &LocalEngine, slot: u16, word: &str, guards: &[Guard]) -> Proof {
    let words = [format!("patient={}", PROOF.as_millis()), word.to_owned()];
    let image = tries(bench, &format!("without-{slot}"), 0, &words).await;
    engine.start(&spec(slot, &image)).await.unwrap();
    let since = Instant::now();
    let over = async || see(engine, &name(slot)).await.is_some_and(|seen| matches!(seen.phase, InstancePhase::Exited(_)));
    while !over().await && since.elapsed() < PROOF {
        if guards.contains(&Guard::PortIsolation) {
            for link in ports(&Premises::of(bench.data()).unwrap().link_prefix()) {
                net(&format!("bridge link set dev {link} isolated off"));
            }
        }
        net(&format!("nft delete table inet {}", Premises::of(bench.data()).unwrap().table()));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let lines = said(engine, &name(slot)).await;
    assert!(lines.iter().any(|line| line.starts_with("reach works:")), "{word} without {guards:?}: {lines:?}");
    Proof::Works
}

/// The bridge's ports, in this network namespace: /sys shows another's.
fn ports(prefix: &str) -> Vec<String> {
    let output = Command::new("bridge").args(["-json", "link", "show"]).output().unwrap();
    let links: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let names = links.iter().filter_map(|link| link["ifname"].as_str());
    names.filter(|name| name.starts_with(prefix)).map(str::to_owned).collect()
}

fn conversations() -> u32 {
    fs::read_to_string("/proc/sys/net/netfilter/nf_conntrack_count").unwrap().trim().parse().unwrap()
}

/// The kernel remembers as many as one instance may have, and no more, whatever it sends; and all without the limit.
async fn flows(bench: &Bench, engine: &LocalEngine) -> Verdict {
    let room: u32 = fs::read_to_string("/proc/sys/net/netfilter/nf_conntrack_max").unwrap().trim().parse().unwrap();
    let limit = FLOWS.min(room / FLOWS_SHARE);
    let mut images = Vec::new();
    for (slot, user) in (20..).zip(USERS) {
        let image = tries(bench, &format!("flows-as-{user}"), user, &[format!("flows={NOBODY}")]).await;
        let before = conversations();
        engine.start(&spec(slot, &image)).await.unwrap();
        assert!(!said(engine, &name(slot)).await.is_empty());
        // Those that others began before may have been forgotten meanwhile.
        let taken = conversations().saturating_sub(before);
        // The neighbour's own are counted here, too.
        assert!((limit / 2..limit + 1000).contains(&taken), "{taken} conversations of user {user}'s with a limit of {limit}");
        images.push(image);
    }
    for (slot, image) in (22..).zip(&images) {
        let before = conversations();
        // The sweep may have put it back since the first.
        net(&format!("nft delete table inet {}_flows", Premises::of(bench.data()).unwrap().table()));
        engine.start(&spec(slot, image)).await.unwrap();
        said(engine, &name(slot)).await;
        // Earlier ones are forgotten after half a minute, however slow this machine is: they are not taken off.
        let more = conversations().saturating_sub(before);
        assert!(more > limit + 1000, "{more} conversations without a limit");
    }
    Verdict { aim: "take all conversations of the machine".to_owned(), guards: vec![Guard::FlowLimit], proof: Proof::Works }
}
