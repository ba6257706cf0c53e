//! What an instance may reach, tried from inside.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use engine::local::premises::Premises;
use model::instance::InstanceSpec;
use model::port::Engine;
use model::reach::Reach;
use nix::sched::{CloneFlags, unshare};
use nix::unistd::gettid;
use socket2::{Domain, Socket, Type};

use crate::bench::{Bench, exited, init, name, printed, printed_at_last, ready, spec};

#[tokio::test(flavor = "multi_thread")]
async fn neighbours_the_host_and_private_addresses_are_out_of_reach() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let serves = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &serves)).await.unwrap();
    let neighbour = ready(&engine, &name(0)).await.address.unwrap();
    let host = tokio::task::spawn_blocking(listener).await.unwrap();
    let gateway = {
        let [a, b, c, _] = neighbour.octets();
        Ipv4Addr::new(a, b, c & 0xf0, 1)
    };
    let targets = [
        format!("connect={neighbour}:8080"),
        format!("connect={gateway}:{}", host.port),
        "connect=169.254.169.254:80".to_owned(),
        "connect=10.0.0.1:80".to_owned(),
        "connect=127.0.0.1:8080".to_owned(),
    ];
    let mut words: Vec<&str> = targets.iter().map(String::as_str).collect();
    words.extend(["show=/etc/resolv.conf", "exit=0"]);
    let tries = bench.resident("tries", &words).await;
    engine.start(&spec(1, &tries)).await.unwrap();
    exited(&engine, &name(1)).await;
    let lines = printed(&engine, &name(1)).await;
    assert_eq!(lines.iter().filter(|line| *line == "connect fails").count(), targets.len(), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("nameserver 127.")), "{lines:#?}");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_front_door_is_in_reach_at_the_gateway_and_only_under_an_instances_own_hardware_address() {
    let mut bench = Bench::new();
    let [door, other] = [listener(), listener()];
    bench.settings.front_door_ports = vec![door.port];
    let engine = bench.open().await;
    let serves = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &serves)).await.unwrap();
    ready(&engine, &name(0)).await;
    let gateway = *engine.gateways().borrow().first().unwrap();
    let inside = init(&bench, 0);
    assert!(connects_from(inside, gateway, door.port));
    assert!(!connects_from(inside, gateway, other.port), "no other port");
    let forged =
        format!("ip link set eth0 down && ip link set eth0 address 02:42:00:00:00:99 up && ip route add default via {gateway}");
    assert!(in_its_network(inside, &["sh", "-c", &forged]).success());
    assert!(!connects_from(inside, gateway, door.port), "a forged address gets nothing through");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ipv6_from_the_bridge_is_dropped_also_where_somebody_has_switched_it_on() {
    let mut bench = Bench::new();
    let socket = Socket::new(Domain::IPV6, Type::STREAM, None).unwrap();
    socket.bind(&"[::]:0".parse::<SocketAddr>().unwrap().into()).unwrap();
    socket.listen(16).unwrap();
    let port = socket.local_addr().unwrap().as_socket().unwrap().port();
    bench.settings.front_door_ports = vec![port];
    let engine = bench.open().await;
    let serves = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &serves)).await.unwrap();
    ready(&engine, &name(0)).await;
    let premises = Premises::of(bench.data()).unwrap();
    let (bridge, table) = (premises.bridge(0), premises.table());
    let inside = init(&bench, 0);
    let address = "ip addr replace fd00:9::2/64 dev eth0 nodad";
    assert!(in_its_network(inside, &["sh", "-c", address]).success());
    let gateway = *engine.gateways().borrow().first().unwrap();
    assert!(connects_from(inside, gateway, port), "by IPv4 it is open");
    let dropped = || {
        let rules = Command::new("nft").args(["list", "chain", "inet", &table, "input"]).output().unwrap();
        let rules = String::from_utf8(rules.stdout).unwrap();
        !rules.lines().find(|line| line.contains("nfproto ipv6")).unwrap().contains("packets 0 ")
    };
    let since = Instant::now();
    while !dropped() {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing arrives that could be dropped");
        // The sweep switches it off again, so it may have to be switched on more than once.
        std::fs::write(format!("/proc/sys/net/ipv6/conf/{bridge}/disable_ipv6"), "0").unwrap();
        let _ = Command::new("ip").args(["addr", "replace", "fd00:9::1/64", "dev", &bridge, "nodad"]).status();
        let connect = format!("exec 3<>/dev/tcp/fd00:9::1/{port}");
        assert!(!in_its_network(inside, &["timeout", "1", "bash", "-c", &connect]).success(), "IPv6 gets through");
    }
    drop(engine);
    bench.remove().await;
}

/// Runs a program of the host's in an instance's network.
pub fn in_its_network(process: u32, words: &[&str]) -> std::process::ExitStatus {
    let net = format!("--net=/proc/{process}/ns/net");
    Command::new("nsenter").arg(net).args(words).stderr(std::process::Stdio::null()).status().unwrap()
}

pub fn connects_from(process: u32, address: Ipv4Addr, port: u16) -> bool {
    in_its_network(process, &["timeout", "4", "bash", "-c", &format!("exec 3<>/dev/tcp/{address}/{port}")]).success()
}

pub struct Listening {
    pub port: u16,
    _socket: Socket,
}

/// Something on the host that would answer.
pub fn listener() -> Listening {
    let socket = listen("0.0.0.0:0".parse().unwrap());
    let port = socket.local_addr().unwrap().as_socket().unwrap().port();
    Listening { port, _socket: socket }
}

pub fn listen(address: SocketAddr) -> Socket {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&address.into()).unwrap();
    socket.listen(16).unwrap();
    socket
}

/// One command of `ip`.
pub fn ip(words: &str) {
    let status = Command::new("ip").args(words.split(' ')).status().unwrap();
    assert!(status.success(), "ip {words}");
}

/// Runs `work` on a thread with a network of its own, and gives it the thread's id.
pub fn in_a_network_of_its_own<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> std::thread::JoinHandle<T> {
    std::thread::spawn(|| {
        unshare(CloneFlags::CLONE_NEWNET).unwrap();
        work()
    })
}

pub const OUTSIDE: &str = "203.0.113.1";
/// The machine's own address on its way out.
pub const UPLINK: &str = "203.0.113.2";

/// Where clouds tell machines their secrets. What is at fd00:ec2::254 is IPv6, and nothing of that passes.
const METADATA: [(&str, &str); 3] =
    [("AWS, Google, Azure", "169.254.169.254"), ("Azure's host", "168.63.129.16"), ("Alibaba", "100.100.100.200")];

/// A machine somewhere, with a public, a private and clouds' addresses: tells each caller who it seems to be.
fn outside(ready: &mpsc::Sender<i32>, linked: &mpsc::Receiver<()>) -> Ipv4Addr {
    ready.send(gettid().as_raw()).unwrap();
    linked.recv().unwrap();
    for words in ["addr add 203.0.113.1/24 dev out0", "addr add 10.99.99.99/32 dev out0", "link set out0 up"] {
        ip(words);
    }
    // To whoever is behind the machine, should it be a router.
    ip(&format!("route add 10.77.0.0/24 via {UPLINK}"));
    for (_, address) in METADATA {
        ip(&format!("addr add {address}/32 dev out0"));
    }
    let socket = listen(SocketAddr::from(([0, 0, 0, 0], 80)));
    ready.send(0).unwrap();
    let (mut caller, address) = socket.accept().unwrap();
    let _ = caller.write_all(b"hello");
    // With the thread its network would go, and the link's other end with it.
    linked.recv().unwrap();
    *address.as_socket_ipv4().unwrap().ip()
}

/// Runs `work` on a machine of its own with an uplink to the outside. Answers what it answers, and as whom it came to the outside.
pub fn with_an_outside<T, F, Fut>(work: F) -> (T, Ipv4Addr)
where
    T: Send + 'static,
    F: FnOnce() -> Fut + Send + 'static,
    Fut: Future<Output = T>,
{
    let (ready, is_ready) = mpsc::channel();
    let (link, linked) = mpsc::channel();
    let outside = in_a_network_of_its_own(move || outside(&ready, &linked));
    let inside = in_a_network_of_its_own(move || {
        let outside = is_ready.recv().unwrap();
        for words in ["link set lo up", "link add up0 type veth peer name out0"] {
            ip(words);
        }
        ip(&format!("link set out0 netns {outside}"));
        link.send(()).unwrap();
        for words in [&format!("addr add {UPLINK}/24 dev up0"), "link set up0 up", &format!("route add default via {OUTSIDE}")] {
            ip(words);
        }
        assert_eq!(is_ready.recv().unwrap(), 0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let tried = runtime.block_on(work());
        // The outside waits for a first caller, also where no instance was one.
        let _ = std::net::TcpStream::connect_timeout(&format!("{OUTSIDE}:80").parse().unwrap(), Duration::from_secs(5));
        link.send(()).unwrap();
        tried
    });
    (inside.join().unwrap(), outside.join().unwrap())
}

#[test]
fn the_internet_is_reached_under_the_machines_own_address_and_private_ones_behind_it_are_not() {
    let (tried, caller) = with_an_outside(tries_the_outside);
    let metadata = METADATA.map(|(cloud, _)| (cloud, "connect fails"));
    let tried: Vec<_> = METADATA.map(|(cloud, _)| cloud).into_iter().chain(["private", "public"]).zip(&tried).collect();
    let tried: Vec<_> = tried.into_iter().map(|(whose, what)| (whose, what.as_str())).collect();
    assert_eq!(tried[..METADATA.len()], metadata);
    assert_eq!(tried[METADATA.len()..], [("private", "connect fails"), ("public", "connect works")]);
    assert_eq!(caller.to_string(), UPLINK);
}

#[test]
fn what_a_tag_names_is_open_to_its_own_instances_and_nothing_else() {
    with_an_outside(async || {
        let bench = Bench::new();
        let [named, other] = [listener(), listener()];
        let reach = |list: &str| Reach::parse_list("outrunner:reach", list).unwrap();
        bench.hosts.0.lock().unwrap().insert("db.test".to_owned(), vec!["10.99.99.99".parse().unwrap()]);
        let engine = bench.open().await;
        let serves = bench.resident("serves", &["serve"]).await;
        for (slot, list) in [(0, format!("db.test:80, {UPLINK}:{}, late.test:80", named.port)), (1, format!("{UPLINK}:1"))] {
            let spec = InstanceSpec { reach: reach(&list), ..spec(slot, &serves) };
            engine.start(&spec).await.unwrap();
            ready(&engine, &name(slot)).await;
        }
        let [private, uplink, late] = ["10.99.99.99", UPLINK, "10.99.99.98"].map(|address| address.parse().unwrap());
        let check = || {
            let [with, without] = [0, 1].map(|slot| init(&bench, slot));
            assert!(connects_from(with, private, 80), "by name");
            assert!(connects_from(with, uplink, named.port), "the host's own address");
            assert!(!connects_from(with, uplink, other.port), "another port");
            assert!(!connects_from(with, late, 80), "a name that leads nowhere");
            assert!(!connects_from(without, private, 80) && !connects_from(without, uplink, named.port), "another instance");
        };
        check();
        drop(engine);
        let engine = bench.open().await;
        check();

        ip(&format!("route add {late}/32 via {OUTSIDE}"));
        bench.hosts.0.lock().unwrap().insert("late.test".to_owned(), vec![late, "169.254.169.254".parse().unwrap()]);
        let table = Premises::of(bench.data()).unwrap().table();
        let open = || {
            let set = Command::new("nft").args(["list", "set", "inet", &table, "reach"]).output().unwrap();
            String::from_utf8(set.stdout).unwrap()
        };
        let since = Instant::now();
        while !open().contains(&late.to_string()) {
            assert!(since.elapsed() < Duration::from_secs(60), "a name that leads somewhere by now is not open: {}", open());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(!open().contains("169.254"), "whatever a name says");
        for slot in [0, 1] {
            engine.discard(&name(slot)).await.unwrap();
        }
        assert!(!open().contains("elements"), "closed with the instances: {}", open());
        drop(engine);
        bench.remove().await;
    });
}

fn iptables(words: &str) -> String {
    let output = Command::new("iptables").args(words.split(' ')).output().expect("iptables");
    assert!(output.status.success(), "iptables {words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn beside_a_firewall_that_drops_everything_instances_work_and_nothing_of_ours_stays_in_it() {
    let (rules, _) = with_an_outside(async || {
        for words in ["-P FORWARD DROP", "-P INPUT DROP", "-N DOCKER-USER", "-I FORWARD -j DOCKER-USER"] {
            iptables(words);
        }
        let before = iptables("-S");
        let mut bench = Bench::new();
        let door = listener();
        bench.settings.front_door_ports = vec![door.port];
        let engine = bench.open().await;
        let gateway = *engine.gateways().borrow().first().unwrap();
        let targets = [format!("connect={gateway}:{}", door.port), format!("connect={OUTSIDE}:80"), "serve".to_owned()];
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        let image = bench.resident("tries", &targets).await;
        engine.start(&spec(0, &image)).await.unwrap();
        ready(&engine, &name(0)).await;
        let words = printed_at_last(&engine, &name(0), |lines| lines.len() >= 2).await;
        assert_eq!(words[..2], ["connect works", "connect works"]);
        assert!(iptables("-S DOCKER-USER").contains(&Premises::of(bench.data()).unwrap().table()));

        // And when that firewall is made anew while we run.
        iptables("-F DOCKER-USER");
        let since = Instant::now();
        while !iptables("-S DOCKER-USER").contains("-j ACCEPT") {
            assert!(since.elapsed() < Duration::from_secs(60), "our rules do not come back");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        drop(engine);
        bench.remove().await;
        (before, iptables("-S"))
    });
    assert_eq!(rules.1, rules.0);
}

async fn tries_the_outside() -> Vec<String> {
    let bench = Bench::new();
    let engine = bench.open().await;
    let mut words: Vec<String> = METADATA.iter().map(|(_, address)| format!("connect={address}:80")).collect();
    words.extend(["connect=10.99.99.99:80".to_owned(), format!("connect={OUTSIDE}:80")]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let image = bench.resident("tries", &words).await;
    engine.start(&spec(0, &image)).await.unwrap();
    exited(&engine, &name(0)).await;
    let lines = printed(&engine, &name(0)).await;
    let forwarding = |link: &str| std::fs::read_to_string(format!("/proc/sys/net/ipv4/conf/{link}/forwarding")).unwrap();
    assert_eq!(forwarding("up0").trim(), "1");
    assert_eq!(std::fs::read_to_string("/proc/sys/net/ipv4/ip_forward").unwrap().trim(), "0", "the machine's own switch stays");
    drop(engine);
    bench.remove().await;
    assert_eq!(forwarding("up0").trim(), "0", "and what was changed is put back");
    lines
}
