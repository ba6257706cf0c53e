//! A front door without a platform: bench/*.py carry requests through it, count its routes and its idle connections.
//! Never a test: it asserts that things work, not what they cost. Source of truth: standard input, a command a line, an answer a line.
//!
//! Arguments: the run folder, how many cores carry, and the front door's command (`outrunner edge`; with `self` it is this program).
//! Commands: `serve ADDRESS…` (one service at [`HOST`] with these instances), `fill N` (the same and N services of one instance each beside it).
//! The end of standard input ends the front door.

use std::io::BufRead;
use std::net::SocketAddrV4;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use edge::{FrontDoor, Listen, Order};
use mimalloc::MiMalloc;
use model::access_log::AccessLog;
use model::certificate::{Certificate, CertificateTable};
use model::instance::InstanceName;
use model::port::{Bell, Board, Ring, Wait};
use model::route_table::{InstanceRoute, RouteTable, ServiceRoute};
use model::secret::Secret;
use model::service::ServiceId;
use model::time::Timestamp;

/// As in `outrunner`.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

const HOST: &str = "abcdefghij.us-east-1.outrunner.test";
const NAMES: &str = "*.us-east-1.outrunner.test";
const CHILD: &str = "OUTRUNNER_BENCH_IS_THE_EDGE";
const FAR_FUTURE: Timestamp = Timestamp::from_millis(4_000_000_000_000);

/// Nobody waits for it here.
struct Deaf;

impl Bell for Deaf {
    fn ring(&self, _: &Ring) {}

    fn wait<'a>(&'a self, _: &'a Ring, _: Duration) -> Wait<'a> {
        unreachable!("the front door waits for no bell")
    }
}

#[expect(clippy::disallowed_methods, reason = "argv is this program's own")]
fn main() {
    if std::env::var_os(CHILD).is_some() {
        return edge::run().expect("the front door lives and drains");
    }
    // Cargo adds `--bench`.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let (Some(run), Some(cores), Some(program)) = (words.next(), words.next(), words.next()) else {
        eprintln!("usage: front_door RUN_FOLDER CORES COMMAND… < commands; see bench/");
        return;
    };
    let rest: Vec<String> = words.collect();
    let order = Order {
        run: PathBuf::from(run),
        http: anywhere(),
        https: anywhere(),
        cores: cores.parse().expect("a number of cores"),
        command: Box::new(move || command(&program, &rest)),
        user: None,
        bell: Arc::new(Deaf),
        replaces: false,
    };
    let front = FrontDoor::open(order).expect("the front door opens");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(obey(&front));
    runtime.block_on(front.drain_and_stop(Duration::from_secs(1)));
}

fn command(program: &str, rest: &[String]) -> Command {
    let mut command = if program == "self" { Command::new("/proc/self/exe") } else { Command::new(program) };
    command.args(rest).env(CHILD, "1").env("OUTRUNNER_LOG", "warn").stdout(Stdio::null());
    command
}

async fn obey(front: &FrontDoor) {
    let certificates = CertificateTable { generation: 1, certificates: vec![certificate()] };
    front.publish_certificates(&certificates).await.expect("certificates in force");
    let (mut generation, mut origin) = (0, Vec::new());
    println!("https {} http {} pid {}", front.https().port(), front.http().port(), front.pid().expect("it lives"));
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let mut words = line.split_whitespace();
        let mut services = Vec::new();
        match words.next() {
            Some("serve") => origin = words.map(|word| word.parse().expect("an address")).collect(),
            Some("fill") => {
                let count: u32 = words.next().and_then(|word| word.parse().ok()).expect("a count");
                services.extend((1..=count).map(filler));
            }
            Some(_) | None => panic!("no such command: {line}"),
        }
        services.push(service(0, HOST.to_owned(), &origin));
        generation += 1;
        front.publish(&RouteTable { generation, services, doors: Vec::new() }).await.expect("routes in force");
        println!("done");
    }
}

/// A service as most are: a host of its own and one instance.
fn filler(number: u32) -> ServiceRoute {
    let [_, a, b, c] = number.to_be_bytes();
    service(number, format!("s{number:09}.us-east-1.outrunner.test"), &[SocketAddrV4::new([10, a, b, c].into(), 8080)])
}

fn service(number: u32, host: String, instances: &[SocketAddrV4]) -> ServiceRoute {
    let mut id = [7; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    let service = ServiceId::from_random(id);
    let seat = |(address, slot): (&SocketAddrV4, u16)| InstanceRoute {
        name: InstanceName { service: service.clone(), revision: 1, slot },
        address: *address,
    };
    ServiceRoute {
        instances: instances.iter().zip(0..).map(seat).collect(),
        service,
        hosts: vec![host],
        concurrency_max: 100,
        hold_queue_max: 1000,
        hold_max: Duration::from_secs(20),
        request_timeout: Some(Duration::from_secs(120)),
        access_log: AccessLog::On,
    }
}

fn certificate() -> Certificate {
    let names = vec![NAMES.to_owned()];
    let made = rcgen::generate_simple_self_signed(names.clone()).expect("valid names");
    Certificate {
        names,
        chain: vec![made.cert.der().to_vec()],
        key: Secret::new(made.signing_key.serialize_der()),
        not_after: FAR_FUTURE,
    }
}

fn anywhere() -> Listen {
    Listen::At("127.0.0.1:0".parse().expect("an address"))
}
