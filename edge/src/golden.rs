//! Each version of each document against its golden file: field order is the format, and a front door may be older than the platform
//! that talks to it. A test that fails here means: raise the version, so that a living front door of the old one is replaced.
//! Never rewrites a file unless `UPDATE` is set. Source of truth: `tests/golden/`.

use std::fmt::Debug;
use std::path::Path;
use std::time::Duration;

use model::access_log::AccessLog;
use model::certificate::{Certificate, CertificateTable};
use model::demand::{Demand, ServiceDemand};
use model::instance::InstanceName;
use model::route_table::{DoorRoute, InstanceRoute, RouteTable, ServiceRoute};
use model::secret::Secret;
use model::service::ServiceId;
use model::time::Timestamp;

use crate::document::{
    Access, Applied, Ask, AskAccess, Carried, Counts, Document, DrainOrder, Hello, ListenerScheme, Listeners, Protocol, Rung,
    Table, decode, encode,
};
use crate::tally::Figures;

#[expect(clippy::disallowed_methods, reason = "rewrites a golden file when it is asked to")]
fn check<D: Document + PartialEq + Debug>(name: &str, document: &D) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}_v{}.hex", D::VERSION));
    let bytes = encode(document);
    let lines: Vec<String> =
        bytes.chunks(32).map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>()).collect();
    let written = lines.join("\n") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &written).expect("the folder is there");
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert_eq!(written, golden, "{name}: its bytes have changed");
    let digits: String = golden.split_whitespace().collect();
    let golden: Vec<u8> =
        (0..digits.len() / 2).map(|n| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).expect("hexadecimal")).collect();
    assert_eq!(&decode::<D>(&golden).expect("a golden document decodes"), document, "{name}");
}

fn service() -> ServiceId {
    ServiceId::from_random([0xab; 16])
}

fn instance() -> InstanceName {
    InstanceName { service: service(), revision: 3, slot: 1 }
}

#[test]
fn the_route_table_is_as_it_was() {
    let route = ServiceRoute {
        service: service(),
        hosts: vec!["abcdefghij.us-east-1.outrunner.localhost".to_owned(), "www.example.com".to_owned()],
        instances: vec![InstanceRoute { name: instance(), address: "10.1.2.3:8080".parse().expect("an address") }],
        concurrency_max: 100,
        hold_queue_max: 1000,
        hold_max: Duration::from_secs(30),
        request_timeout: Some(Duration::from_millis(120_500)),
        access_log: AccessLog::Sample { percent: 10 },
    };
    let endless = ServiceRoute { instances: Vec::new(), request_timeout: None, hosts: Vec::new(), ..route.clone() };
    let door = DoorRoute { hosts: vec!["api.outrunner.localhost".to_owned()], socket: "/run/x/api.sock".to_owned(), public: true };
    check("routes", &RouteTable { generation: 300, services: vec![route, endless], doors: vec![door] });
}

#[test]
fn the_certificate_table_is_as_it_was() {
    let certificate = Certificate {
        names: vec!["*.us-east-1.outrunner.localhost".to_owned()],
        chain: vec![vec![1, 2, 3], vec![4]],
        key: Secret::new([5, 6]),
        not_after: Timestamp::from_millis(1_800_000_000_000),
    };
    check("certificates", &CertificateTable { generation: 2, certificates: vec![certificate] });
}

#[test]
fn the_conversation_is_as_it_was() {
    check("hello", &Hello { build: "0.1.0".to_owned(), pid: 4711, routes: 3, certificates: 2 });
    let schemes = vec![ListenerScheme::Http, ListenerScheme::Https];
    check("listeners", &Listeners { folder: "/run/x/edge".to_owned(), schemes });
    let problems = vec!["a.example: no".to_owned()];
    check("applied", &Applied { table: Table::Certificates, generation: 2, refused: Some("why".to_owned()), problems });
    check("ask", &Ask { number: 300 });
    check("rung", &Rung { services: vec![service()] });
    check("ask_access", &AskAccess { run: 7, have: 300 });
    let carried = Carried {
        service: service(),
        began_us: 1_000_000,
        duration_us: 1_500,
        held_us: 3,
        method: "GET".to_owned(),
        path: "/x".to_owned(),
        status: 200,
        request_bytes: 0,
        response_bytes: 5_000_000_000,
        request_id: [9; 16],
        instance: Some(instance()),
        protocol: Protocol::Http2,
        client: "192.0.2.7".parse().expect("an address"),
    };
    let refused = Carried {
        status: 503,
        instance: None,
        protocol: Protocol::Http1,
        client: "::1".parse().expect("an address"),
        ..carried.clone()
    };
    let lost = vec![(service(), 4)];
    check("access", &Access { run: 7, number: 301, now_us: 2_000_000, carried: vec![carried, refused], lost, is_full: true });
    check("drain", &DrainOrder { within_ms: 30_000 });
    let demand = Demand {
        is_partial: false,
        generation: 3,
        services: [(service(), ServiceDemand { in_flight: 2, waiting: 1, requests: 1000 })].into(),
        instances: [(instance(), 2)].into(),
    };
    let figures =
        Figures { counts: vec![1, 300], times: vec![7], time_us: 1 << 40, cores: 2, notes_waiting: 5, connections_max: 32_768 };
    check("figures", &figures);
    check("counts", &Counts { number: 300, demand });
}
