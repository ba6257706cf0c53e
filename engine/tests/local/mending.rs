//! What others do to bridges, links, firewall and switches is found and mended, and goes on working for those who live there.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use engine::limit::NETWORK_SWEPT;
use engine::local::LocalEngine;
use engine::local::premises::Premises;
use engine::local::record::{EXIT_FILE, End, Exit};
use model::port::Engine;

use crate::bench::{Bench, PORT, exited, init, name, printed, ready, spec};
use crate::reach::ip;

/// Several sweeps, on a machine with a lot to do.
const MENDED: Duration = Duration::from_secs(60);

async fn until(what: &str, reached: impl Fn() -> bool) {
    let since = Instant::now();
    while !reached() {
        assert!(since.elapsed() < MENDED, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn answers(address: Ipv4Addr) -> bool {
    TcpStream::connect_timeout(&SocketAddr::from((address, PORT)), Duration::from_secs(2)).is_ok()
}

fn said(program: &str, words: &[&str]) -> String {
    String::from_utf8(Command::new(program).args(words).output().unwrap().stdout).unwrap()
}

/// The name of our end of an instance's link.
fn link(bench: &Bench, slot: u16) -> String {
    let folder = Premises::of(bench.data()).unwrap().shim(&name(slot));
    let berth: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join("berth.json")).unwrap()).unwrap();
    berth["link"].as_str().unwrap().to_owned()
}

fn is_guarded(link: &str) -> bool {
    let port = said("ip", &["-d", "link", "show", link]);
    port.contains("isolated on") && port.contains("locked on") && port.contains(" master or-")
}

async fn open_with_one(bench: &Bench) -> (LocalEngine, Ipv4Addr) {
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let address = ready(&engine, &name(0)).await.address.unwrap();
    assert!(is_guarded(&link(bench, 0)));
    (engine, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bridge_that_somebody_deletes_is_back_with_its_instances() {
    let bench = Bench::new();
    let (engine, address) = open_with_one(&bench).await;
    ip(&format!("link del {}", Premises::of(bench.data()).unwrap().bridge(0)));
    until("the instance is reached again", || answers(address)).await;
    until("its link is guarded again", || is_guarded(&link(&bench, 0))).await;
    drop(engine);
    bench.remove().await;
}

/// Whoever takes everything away closes the engine before: what it brought back meanwhile would stay.
#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_closed_brings_nothing_back_and_its_instances_live_on() {
    let bench = Bench::new();
    let (engine, address) = open_with_one(&bench).await;
    let link = link(&bench, 0);
    let inside = init(&bench, 0);
    engine.close().await;
    assert!(engine.start(&spec(1, &bench.resident("serves", &["serve"]).await)).await.is_err(), "it begins nothing");
    ip(&format!("link set {link} nomaster"));
    // An open one has it back at its next sweep.
    tokio::time::sleep(3 * NETWORK_SWEPT).await;
    assert!(!is_guarded(&link), "nobody has mended it");
    assert!(!answers(address));
    drop(engine);
    let engine = bench.open().await;
    until("the next one mends it", || is_guarded(&link) && answers(address)).await;
    assert_eq!(init(&bench, 0), inside, "the same instance");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_somebody_pulls_from_its_bridge_is_put_back_and_isolated_again() {
    let bench = Bench::new();
    let (engine, address) = open_with_one(&bench).await;
    let link = link(&bench, 0);
    ip(&format!("link set {link} nomaster"));
    until("the instance is reached again", || answers(address) && is_guarded(&link)).await;
    ip(&format!("link set {link} type bridge_slave isolated off"));
    until("it is isolated again", || is_guarded(&link)).await;
    ip(&format!("link set {link} type bridge_slave locked off"));
    until("it is locked again", || is_guarded(&link)).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_somebody_deletes_or_empties_is_loaded_again() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let table = Premises::of(bench.data()).unwrap().table();
    let rules = || said("nft", &["-s", "list", "table", "inet", &table]);
    let before = rules();
    assert!(before.contains("admin-prohibited"));
    for words in [vec!["delete", "table", "inet", &table], vec!["flush", "chain", "inet", &table, "forward"]] {
        assert!(Command::new("nft").args(&words).status().unwrap().success());
        until("the table is as it was", || rules() == before).await;
    }
    let flows = format!("{table}_flows");
    assert!(Command::new("nft").args(["delete", "table", "inet", &flows]).status().unwrap().success());
    until("conversations are counted again", || said("nft", &["list", "table", "inet", &flows]).contains("ct count over")).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn switches_that_somebody_overwrites_are_set_again() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let bridge = Premises::of(bench.data()).unwrap().bridge(0);
    let forwarding = format!("/proc/sys/net/ipv4/conf/{bridge}/forwarding");
    let is = |file: &str, value: &str| fs::read_to_string(file).unwrap().trim() == value;
    fs::write(&forwarding, "0").unwrap();
    let ipv6 = format!("/proc/sys/net/ipv6/conf/{bridge}/disable_ipv6");
    fs::write(&ipv6, "0").unwrap();
    until("both are set again", || is(&forwarding, "1") && is(&ipv6, "1")).await;
    drop(engine);
    bench.remove().await;
}

/// As many instances that are over as fill the first bridge, one place left out.
fn fill(bench: &Bench, taken: Ipv4Addr) {
    let premises = Premises::of(bench.data()).unwrap();
    let golden = include_str!("../golden/berth.json");
    let mut berth: serde_json::Value = serde_json::from_str(golden).unwrap();
    let [a, b, c, _] = taken.octets();
    let first = u32::from(Ipv4Addr::new(a, b, c & 0xf0, 2));
    let free = (0..509).map(|step| Ipv4Addr::from(first + step)).filter(|address| *address != taken);
    for (slot, address) in (1000..).zip(free) {
        berth["name"] = serde_json::to_value(name(slot)).unwrap();
        berth["address"] = address.to_string().into();
        berth["link"] = format!("made-up-{slot}").into();
        let folder = premises.shim(&name(slot));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("berth.json"), berth.to_string()).unwrap();
        let exit = Exit { end: End::Code(0), out_of_memory: false, ended_ms: 1, lines_dropped: 0, processes_refused: false };
        fs::write(folder.join(EXIT_FILE), exit.encode()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_bridge_is_full_the_next_one_begins_and_neither_reaches_the_other() {
    let bench = Bench::new();
    let (engine, first) = open_with_one(&bench).await;
    drop(engine);
    fill(&bench, first);

    let engine = bench.open().await;
    let gateways = engine.gateways();
    assert_eq!(gateways.borrow().len(), 1);
    let serves = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(1, &serves)).await.unwrap();
    let second = ready(&engine, &name(1)).await.address.unwrap();
    assert_eq!(second.octets()[2] & 0x0f, 2, "{second} is the second bridge's");
    assert_eq!(gateways.borrow().last().unwrap().octets(), {
        let [a, b, c, _] = second.octets();
        [a, b, c, 1]
    });
    assert!(is_guarded(&link(&bench, 1)));
    for (slot, neighbour) in [(2, first), (3, second)] {
        let image = bench.resident(&format!("tries-{slot}"), &[&format!("connect={neighbour}:{PORT}")]).await;
        engine.start(&spec(slot, &image)).await.unwrap();
        exited(&engine, &name(slot)).await;
        assert_eq!(printed(&engine, &name(slot)).await, ["connect fails"]);
    }
    drop(engine);

    let engine = bench.open().await;
    assert_eq!(engine.gateways().borrow().len(), 2, "both are taken over");
    for (slot, address) in [(0, first), (1, second)] {
        ready(&engine, &name(slot)).await;
        assert!(answers(address), "{address}");
        assert!(Path::new(&format!("/proc/{}", init(&bench, slot))).exists());
    }
    drop(engine);
    let premises = Premises::of(bench.data()).unwrap();
    bench.remove().await;
    assert!(!said("ip", &["link"]).contains(&premises.bridge(0)), "both are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_locks_the_folder_that_everybody_can_open_keeps_no_platform_waiting() {
    let stranger = fs::File::open("/run").unwrap();
    stranger.lock().unwrap();
    let bench = Bench::new();
    let engine = tokio::time::timeout(MENDED, bench.open()).await.expect("it waits for nobody");
    drop(stranger);
    let lock = fs::metadata("/run/outrunner/lock").unwrap();
    assert_eq!((lock.uid(), lock.mode() & 0o777), (0, 0o600), "nobody but root can open ours");
    drop(engine);
    bench.remove().await;
}
