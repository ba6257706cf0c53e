//! Boards and gauges: what is published is in force when the board answers, and never goes back.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use crate::access_log::AccessLog;
use crate::certificate::CertificateTable;
use crate::instance::InstanceName;
use crate::port::{Board, Gauge};
use crate::route_table::{InstanceRoute, RouteTable, ServiceRoute};
use crate::testbed::service_id;

fn table(generation: u64) -> RouteTable {
    let name = InstanceName { service: service_id(1), revision: 1, slot: 0 };
    let service = ServiceRoute {
        service: service_id(1),
        hosts: vec!["one.example".to_owned()],
        instances: vec![InstanceRoute { name, address: SocketAddrV4::new(Ipv4Addr::LOCALHOST, 9) }],
        concurrency_max: 3,
        hold_queue_max: 3,
        hold_max: Duration::from_secs(1),
        request_timeout: None,
        access_log: AccessLog::On,
    };
    RouteTable { generation, services: vec![service], doors: Vec::new() }
}

/// All promises of the two ports that need no traffic. `first` is above every generation published before.
pub async fn edge(board: &dyn Board, gauge: &dyn Gauge, first: u64) {
    board.publish_certificates(&CertificateTable { generation: first, certificates: Vec::new() }).await.unwrap();
    board.publish(&table(first + 1)).await.unwrap();
    let demand = gauge.read().await.unwrap();
    assert_eq!(demand.generation, first + 1, "the table is in force when the board answers");
    assert!(demand.instances.is_empty(), "nothing is in flight, and an instance that is not listed has none: {demand:?}");
    board.publish(&table(first)).await.unwrap();
    assert_eq!(gauge.read().await.unwrap().generation, first + 1, "an older table changes nothing");
    board.publish(&table(first + 1)).await.unwrap();
    board.publish(&table(first + 5)).await.unwrap();
    assert_eq!(gauge.read().await.unwrap().generation, first + 5);
    board.publish_certificates(&CertificateTable { generation: first, certificates: Vec::new() }).await.unwrap();
}
