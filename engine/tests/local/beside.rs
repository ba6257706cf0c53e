//! Beside what else a machine's owner runs: uplinks of another size, VPNs that take the whole way out, and other programs' firewalls.
//! Their rules stand here as those programs write them; the programs themselves are not needed.

use std::io::Write;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use engine::local::LocalEngine;
use engine::local::premises::Premises;
use model::port::Engine;
use nix::unistd::gettid;

use crate::bench::{Bench, init, name, printed_at_last, ready, spec};
use crate::reach::{OUTSIDE, connects_from, in_a_network_of_its_own, ip, listen, listener, with_an_outside};

/// Several sweeps, on a machine with a lot to do.
const DEADLINE: Duration = Duration::from_secs(60);
/// Behind the VPN, and nowhere else.
const FAR: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 80);
/// The machine's own address in the VPN.
const OWN: &str = "10.8.0.2";

fn said(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output().unwrap();
    assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a link carries, by the words of `ip link`.
fn mtu(listing: &str) -> u32 {
    let mut words = listing.split_ascii_whitespace().skip_while(|word| *word != "mtu");
    words.nth(1).unwrap_or_else(|| panic!("{listing}")).parse().unwrap()
}

/// Of the bridge, of the host's end of an instance's link, and of the instance's own.
fn sizes(bench: &Bench, slot: u16) -> [u32; 3] {
    let premises = Premises::of(bench.data()).unwrap();
    let berth = std::fs::read_to_string(premises.shim(&name(slot)).join("berth.json")).unwrap();
    let berth: serde_json::Value = serde_json::from_str(&berth).unwrap();
    let net = format!("--net=/proc/{}/ns/net", init(bench, slot));
    let ours = [premises.bridge(0), berth["link"].as_str().unwrap().to_owned()];
    let [bridge, link] = ours.map(|link| mtu(&said("ip", &["-o", "link", "show", &link])));
    [bridge, link, mtu(&said("nsenter", &[&net, "ip", "-o", "link", "show", "eth0"]))]
}

async fn start(bench: &Bench, engine: &LocalEngine, slot: u16) -> u32 {
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(slot, &image)).await.unwrap();
    ready(engine, &name(slot)).await;
    init(bench, slot)
}

fn forwarding(link: &str) -> String {
    std::fs::read_to_string(format!("/proc/sys/net/ipv4/conf/{link}/forwarding")).unwrap().trim().to_owned()
}

async fn until(what: &str, reached: impl Fn() -> bool) {
    let since = Instant::now();
    while !reached() {
        assert!(since.elapsed() < DEADLINE, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn instances_and_their_bridge_carry_what_the_uplink_carries_also_after_it_has_changed() {
    with_an_outside(async || {
        ip("link set up0 mtu 1400");
        let bench = Bench::new();
        let engine = bench.open().await;
        start(&bench, &engine, 0).await;
        assert_eq!(sizes(&bench, 0), [1400; 3]);
        drop(engine);
        ip("link set up0 mtu 1380");
        let engine = bench.open().await;
        start(&bench, &engine, 1).await;
        assert_eq!(sizes(&bench, 1), [1380; 3]);
        drop(engine);
        bench.remove().await;
    });
}

/// The VPN's other end: tells who seems to call.
fn far_end(ready: &mpsc::Sender<i32>, linked: &mpsc::Receiver<()>) -> Ipv4Addr {
    ready.send(gettid().as_raw()).unwrap();
    linked.recv().unwrap();
    for words in [format!("addr add {FAR}/32 dev vpn1"), "link set vpn1 up".to_owned(), format!("route add {OWN}/32 dev vpn1")] {
        ip(&words);
    }
    let socket = listen(([0, 0, 0, 0], 80).into());
    ready.send(0).unwrap();
    let caller = *socket.accept().unwrap().1.as_socket_ipv4().unwrap().ip();
    // With the thread its network would go.
    let _ = linked.recv();
    caller
}

/// Brings a VPN up beside a platform that runs, and looks whether instances go out that way.
fn goes_out_over(vpn: &'static [&'static str], rules: &'static str) {
    with_an_outside(async move || {
        let bench = Bench::new();
        let engine = bench.open().await;
        let inside = start(&bench, &engine, 0).await;
        assert!(!connects_from(inside, FAR, 80), "without the VPN nobody is there");

        let (ready, is_ready) = mpsc::channel();
        let (link, linked) = mpsc::channel();
        let far = in_a_network_of_its_own(move || far_end(&ready, &linked));
        let id = is_ready.recv().unwrap();
        ip("link add vpn0 type veth peer name vpn1");
        ip(&format!("link set vpn1 netns {id}"));
        ip(&format!("addr add {OWN}/32 dev vpn0"));
        ip("link set vpn0 mtu 1420 up");
        link.send(()).unwrap();
        assert_eq!(is_ready.recv().unwrap(), 0);
        assert_eq!(forwarding("vpn0"), "0", "so that it is we who switch it on");
        vpn.iter().for_each(|words| ip(words));
        load("nft", &["-f", "-"], rules);
        until("the VPN's link forwards", || forwarding("vpn0") == "1").await;
        assert!(connects_from(inside, FAR, 80));

        drop(engine);
        let engine = bench.open().await;
        start(&bench, &engine, 1).await;
        assert_eq!(sizes(&bench, 1), [1420; 3], "what the VPN carries");
        drop(engine);
        bench.remove().await;
        assert_eq!(forwarding("vpn0"), "0", "and what was changed is put back");
        drop(link);
        assert_eq!(far.join().unwrap().to_string(), OWN);
    });
}

/// Source: wg-quick(8), "Table" and "Routing all traffic"; the rules that it loads with nft.
#[test]
fn beside_a_full_tunnel_with_a_table_of_its_own_instances_go_out_through_it() {
    goes_out_over(
        &[
            "route add 0.0.0.0/0 dev vpn0 table 51820",
            "rule add not fwmark 51820 table 51820",
            "rule add table main suppress_prefixlength 0",
        ],
        r#"table ip wg-quick-vpn0 {
  chain preraw {
    type filter hook prerouting priority -300; policy accept;
    iifname != "vpn0" ip daddr 10.8.0.2 fib saddr type != local drop
  }
  chain premangle {
    type filter hook prerouting priority -150; policy accept;
    meta l4proto udp meta mark set ct mark
  }
  chain postmangle {
    type filter hook postrouting priority -150; policy accept;
    meta l4proto udp meta mark 51820 ct mark set meta mark
  }
}
"#,
    );
}

/// Source: openvpn(8), `--redirect-gateway def1`.
#[test]
fn beside_a_tunnel_that_takes_each_half_of_the_internet_instances_go_out_through_it() {
    goes_out_over(&["route add 0.0.0.0/1 dev vpn0", "route add 128.0.0.0/1 dev vpn0"], "");
}

fn load(program: &str, words: &[&str], text: &str) {
    let mut child = Command::new(program).args(words).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{program} {words:?}");
}

/// What ufw loads when it is enabled with its defaults: deny what comes in and what is routed.
/// Source: ufw(8) and ufw-framework(8).
const UFW: &str = "*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-before-input - [0:0]
:ufw-before-forward - [0:0]
:ufw-not-local - [0:0]
:ufw-user-input - [0:0]
:ufw-user-forward - [0:0]
:ufw-after-input - [0:0]
:ufw-reject-forward - [0:0]
-A INPUT -j ufw-before-input
-A INPUT -j ufw-after-input
-A FORWARD -j ufw-before-forward
-A FORWARD -j ufw-reject-forward
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -j ufw-not-local
-A ufw-before-input -j ufw-user-input
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m addrtype --dst-type BROADCAST -j RETURN
-A ufw-not-local -j DROP
-A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-forward -j ufw-user-forward
COMMIT
";

/// What podman's netavark loads for its default network and one more that is isolated.
/// Source: netavark's own description of its nftables driver; `nft list table inet netavark` on a machine that has it.
const NETAVARK: &str = r#"table inet netavark {
  chain INPUT {
    type filter hook input priority filter; policy accept;
    ip saddr 10.88.0.0/16 meta l4proto { tcp, udp } th dport 53 accept
  }
  chain FORWARD {
    type filter hook forward priority filter; policy accept;
    ct state invalid drop
    jump NETAVARK-ISOLATION-1
    ip daddr 10.88.0.0/16 ct state related,established accept
    ip saddr 10.88.0.0/16 accept
  }
  chain POSTROUTING {
    type nat hook postrouting priority srcnat; policy accept;
    meta mark & 0x00002000 == 0x00002000 masquerade
    ip saddr 10.88.0.0/16 ip daddr != 224.0.0.0/4 masquerade
  }
  chain PREROUTING {
    type nat hook prerouting priority dstnat; policy accept;
    fib daddr type local jump NETAVARK-HOSTPORT-DNAT
  }
  chain NETAVARK-HOSTPORT-DNAT {
    tcp dport 8080 dnat ip to 10.88.0.2:80
  }
  chain NETAVARK-ISOLATION-1 {
    iifname "podman1" oifname != "podman1" jump NETAVARK-ISOLATION-2
  }
  chain NETAVARK-ISOLATION-2 {
    oifname "podman0" drop
  }
}
"#;

#[test]
fn beside_ufw_and_podman_instances_work_and_their_rules_are_afterwards_as_they_were() {
    with_an_outside(async || {
        let as_loaded = || (said("iptables", &["-S"]), said("nft", &["--stateless", "list", "table", "inet", "netavark"]));
        // Its chains ask the kernel for conversations, as ours do.
        load("iptables-restore", &[], UFW);
        load("nft", &["-f", "-"], NETAVARK);
        let before = as_loaded();
        let mut bench = Bench::new();
        let door = listener();
        bench.settings.front_door_ports = vec![door.port];
        let engine = bench.open().await;
        let gateway = *engine.gateways().borrow().first().unwrap();
        let targets = [format!("connect={gateway}:{}", door.port), format!("connect={OUTSIDE}:80"), "serve".to_owned()];
        let image = bench.resident("tries", &targets.each_ref().map(String::as_str)).await;
        engine.start(&spec(0, &image)).await.unwrap();
        ready(&engine, &name(0)).await;
        let words = printed_at_last(&engine, &name(0), |lines| lines.len() >= 2).await;
        assert_eq!(words[..2], ["connect works", "connect works"]);

        // It is reloaded with everything that is in its tables.
        load("iptables-restore", &[], UFW);
        let inside = init(&bench, 0);
        let outside: Ipv4Addr = OUTSIDE.parse().unwrap();
        until("instances pass again after a reload", || {
            connects_from(inside, gateway, door.port) && connects_from(inside, outside, 80)
        })
        .await;
        drop(engine);
        bench.remove().await;
        assert_eq!(as_loaded(), before);
    });
}

#[test]
fn a_platform_takes_other_addresses_where_a_route_leads_to_those_that_it_would_have_taken() {
    with_an_outside(async || {
        let bench = Bench::new();
        let subnet = |engine: &LocalEngine| {
            let [a, b, c, _] = engine.gateways().borrow().first().unwrap().octets();
            format!("{a}.{b}.{}.0/20", c & 0xf0)
        };
        let engine = bench.open().await;
        let first = subnet(&engine);
        drop(engine);
        bench.remove().await;

        ip(&format!("route add {first} via {OUTSIDE}"));
        let engine = bench.open().await;
        assert_ne!(subnet(&engine), first, "that route's are not ours");
        let inside = start(&bench, &engine, 0).await;
        assert!(connects_from(inside, OUTSIDE.parse().unwrap(), 80));
        assert!(said("ip", &["route", "show", &first]).contains("via"), "their route is as it was");
        drop(engine);
        bench.remove().await;

        ip(&format!("route del {first}"));
        let engine = bench.open().await;
        assert_eq!(subnet(&engine), first, "it was the route that was in the way");
        drop(engine);
        bench.remove().await;
    });
}
