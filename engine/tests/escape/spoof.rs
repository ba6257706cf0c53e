//! An instance that has all rights over its own network and sends under others' names: only what stands outside stops it.
//! Everything happens in a network of this test's own, with an outside of its own, whose guards are taken away one set at a time.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, UdpSocket};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use engine::local::premises::Premises;
use model::port::Engine;
use nix::sched::{CloneFlags, setns, unshare};
use nix::unistd::gettid;

use crate::bench::{Bench, PORT, init, name, ready, spec};
use crate::guard::Guard;
use crate::image::{program, tries};
use crate::verdict::{Proof, Verdict, print};

const OUTSIDE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
/// Nobody's here.
const FOREIGN: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
/// Of the gateway: open to instances.
const NAMES: u16 = 53;
const DISCARD: u16 = 9;
const DEADLINE: Duration = Duration::from_secs(30);

fn net(words: &str) {
    let mut all = words.split(' ');
    let status = Command::new(all.next().unwrap()).args(all).stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{words}");
}

fn nft(words: &[&str], text: &str) -> String {
    let mut child =
        Command::new("nft").args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("nft is needed here");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "nft {words:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Routes that lead back elsewhere are no reason here to drop what comes in.
fn without_reverse_paths() {
    for entry in fs::read_dir("/proc/sys/net/ipv4/conf").unwrap().flatten() {
        fs::write(entry.path().join("rp_filter"), "0").unwrap();
    }
}

/// A socket outlives its thread, and keeps its network.
fn outside(ready: &mpsc::Sender<i32>, linked: &mpsc::Receiver<()>) -> UdpSocket {
    unshare(CloneFlags::CLONE_NEWNET).unwrap();
    ready.send(gettid().as_raw()).unwrap();
    linked.recv().unwrap();
    net(&format!("ip addr add {OUTSIDE}/24 dev out0"));
    net("ip link set out0 up");
    without_reverse_paths();
    UdpSocket::bind((OUTSIDE, DISCARD)).unwrap()
}

/// A machine with an uplink; answers who listens at its far end.
fn plug_in() -> UdpSocket {
    unshare(CloneFlags::CLONE_NEWNET).unwrap();
    let (ready, is_ready) = mpsc::channel();
    let (link, linked) = mpsc::channel();
    let outside = thread::spawn(move || outside(&ready, &linked));
    let id = is_ready.recv().unwrap();
    net("ip link set lo up");
    net("ip link add up0 type veth peer name out0");
    net(&format!("ip link set out0 netns {id}"));
    net("ip addr add 203.0.113.2/24 dev up0");
    net("ip link set up0 up");
    net(&format!("ip route add default via {OUTSIDE}"));
    link.send(()).unwrap();
    outside.join().unwrap()
}

fn listening_in(process: u32) -> UdpSocket {
    let bound = thread::spawn(move || {
        setns(File::open(format!("/proc/{process}/ns/net")).unwrap(), CloneFlags::CLONE_NEWNET).unwrap();
        UdpSocket::bind((Ipv4Addr::UNSPECIFIED, DISCARD)).unwrap()
    });
    bound.join().unwrap()
}

/// What has arrived within that time.
fn heard(socket: &UdpSocket, within: Duration) -> Option<String> {
    socket.set_read_timeout(Some(within)).unwrap();
    let mut bytes = [0; 64];
    match socket.recv(&mut bytes) {
        Ok(count) => Some(String::from_utf8_lossy(&bytes[..count]).into_owned()),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
        Err(error) => panic!("{error}"),
    }
}

fn card(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("02:42:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}

/// Somebody to send to: who hears it, whose hardware address leads there, his address and his port.
struct Target<'a> {
    socket: &'a UdpSocket,
    at: Ipv4Addr,
    address: Ipv4Addr,
    port: u16,
}

/// As whom a frame is sent: whose hardware address it has, and whose address.
type Who = (Ipv4Addr, Ipv4Addr);

/// The instance that lies.
struct Liar {
    process: u32,
    link: String,
    table: String,
    listing: String,
}

impl Liar {
    fn sends(&self, (card_of, source): Who, target: &Target<'_>, words: &str) {
        let word = format!("spoof={}/{}/{source}/{}/{}/{words}", card(card_of), card(target.at), target.address, target.port);
        let net = format!("--net=/proc/{}/ns/net", self.process);
        let output = Command::new("nsenter").arg(net).arg(program()).arg(word).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.starts_with("spoof works"), "the frame leaves: {said}");
    }

    fn take_away(&self, guard: Guard) {
        match guard {
            Guard::PortIsolation => net(&format!("bridge link set dev {} isolated off", self.link)),
            Guard::PortLock => net(&format!("bridge link set dev {} locked off", self.link)),
            Guard::OwnAddress => {
                let chain = format!("inet {} antispoof", self.table);
                drop(nft(&["-f", "-"], &format!("add table inet {}\nadd chain {chain}\nflush chain {chain}\n", self.table)));
            }
            Guard::Firewall => {
                let table = &self.table;
                drop(nft(&["-f", "-"], &format!("add table inet {table}\ndelete table inet {table}\n")));
            }
            guard => panic!("{guard:?} is not one of the network's"),
        }
    }

    fn put_back(&self) {
        net(&format!("bridge link set dev {} isolated on locked on", self.link));
        let table = &self.table;
        nft(&["-f", "-"], &format!("add table inet {table}\ndelete table inet {table}\n{}", self.listing));
    }

    /// Whether it arrives without these guards, however often the sweep puts them back.
    fn arrives_without(&self, guards: &[Guard], who: Who, target: &Target<'_>, words: &str) -> bool {
        let since = Instant::now();
        while since.elapsed() < DEADLINE {
            guards.iter().for_each(|guard| self.take_away(*guard));
            self.sends(who, target, words);
            if heard(target.socket, Duration::from_millis(100)).is_some_and(|heard| heard == words) {
                return true;
            }
        }
        false
    }
}

/// The next that is heard is this, and nothing before it.
fn next_is(socket: &UdpSocket, words: &str, when: &str) {
    assert_eq!(heard(socket, DEADLINE).as_deref(), Some(words), "{when}");
}

#[test]
fn an_instance_with_all_rights_over_its_network_sends_under_no_name_but_its_own() {
    let machine = thread::spawn(|| {
        let far = plug_in();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(lies(&far));
    });
    machine.join().unwrap();
}

async fn lies(far: &UdpSocket) {
    use Guard::{Firewall, OwnAddress, PortIsolation, PortLock};
    let bench = Bench::new();
    let engine = bench.open().await;
    let serves = tries(&bench, "serves", 0, &[format!("serve={PORT}")]).await;
    let mut addresses = Vec::new();
    for slot in 0..3 {
        engine.start(&spec(slot, &serves)).await.unwrap();
        addresses.push(ready(&engine, &name(slot)).await.address.unwrap());
    }
    let [own, other, third]: [Ipv4Addr; 3] = addresses.try_into().unwrap();
    without_reverse_paths();
    let gateway = *engine.gateways().borrow().first().unwrap();
    let (host, neighbour) = (UdpSocket::bind((gateway, NAMES)).unwrap(), listening_in(init(&bench, 2)));
    let premises = Premises::of(bench.data()).unwrap();
    let berth = fs::read_to_string(premises.shim(&name(0)).join("berth.json")).unwrap();
    let berth: serde_json::Value = serde_json::from_str(&berth).unwrap();
    let table = premises.table();
    let listing = nft(&["--stateless", "list", "table", "inet", &table], "");
    let liar = Liar { process: init(&bench, 0), link: berth["link"].as_str().unwrap().to_owned(), table, listing };

    let names = &Target { socket: &host, at: gateway, address: gateway, port: NAMES };
    let outside = &Target { socket: far, at: gateway, address: OUTSIDE, port: DISCARD };
    let beside = &Target { socket: &neighbour, at: third, address: third, port: DISCARD };
    let lies = vec![
        ("ask the gateway from nobody's address", (own, FOREIGN), names, vec![OwnAddress]),
        ("ask the gateway from another's address", (own, other), names, vec![OwnAddress]),
        ("ask the gateway from another's card", (other, own), names, vec![PortLock, OwnAddress]),
        ("ask the gateway as another altogether", (other, other), names, vec![PortLock]),
        ("send outside from nobody's address", (own, FOREIGN), outside, vec![OwnAddress, Firewall]),
        ("send outside from another's address", (own, other), outside, vec![OwnAddress]),
        ("send outside as another altogether", (other, other), outside, vec![PortLock]),
        ("send to a neighbour", (own, own), beside, vec![PortIsolation, Firewall]),
        ("send to a neighbour from nobody's address", (own, FOREIGN), beside, vec![PortIsolation, Firewall]),
        ("send to a neighbour as another altogether", (other, other), beside, vec![PortIsolation, PortLock, Firewall]),
    ];
    // Where the kernel shows bridged packets to the firewall (br_netfilter), that keeps neighbours apart, too.
    for (_, who, target, _) in &lies {
        liar.sends(*who, target, "lie");
    }
    // What is sent afterwards arrives, so what was sent before has not.
    liar.sends((own, own), names, "truth");
    next_is(&host, "truth", "at the gateway");
    liar.sends((own, own), outside, "truth");
    next_is(far, "truth", "outside");
    UdpSocket::bind((gateway, 0)).unwrap().send_to(b"truth", (third, DISCARD)).unwrap();
    next_is(&neighbour, "truth", "at the neighbour");

    let mut verdicts = Vec::new();
    for (number, (aim, who, target, guards)) in lies.into_iter().enumerate() {
        assert!(liar.arrives_without(&guards, who, target, &format!("lie-{number}")), "{aim} without {guards:?}");
        liar.put_back();
        verdicts.push(Verdict { aim: aim.to_owned(), guards, proof: Proof::Works });
    }
    // The guards are back. An earlier lie may have been put through twice.
    liar.sends((other, other), beside, "lie-again");
    UdpSocket::bind((gateway, 0)).unwrap().send_to(b"end", (third, DISCARD)).unwrap();
    loop {
        let late = heard(&neighbour, DEADLINE).expect("the neighbour hears the gateway again");
        if late == "end" {
            break;
        }
        assert_ne!(late, "lie-again", "after the guards are back");
    }
    print("Under others' names, with all rights inside", &verdicts, "only what stands outside counts");
    drop(engine);
    bench.remove().await;
}
