//! Hosts that two services want: nobody has them, and nobody works on that.

use model::port::Ring;
use model::service::ServiceStatus;
use model::testbed::create_service;
use model::wish::Wish;

use super::{DOMAIN, World};

#[test]
fn two_services_with_one_short_host_rest_and_publish_nothing_more() {
    let world = World::new();
    let mut platform = world.boot();
    for name in ["webs", "Webs"] {
        platform.begin(Wish::Create(create_service(name)));
    }
    platform.until(&world, ServiceStatus::Running);
    for _ in 0..20 {
        platform.step();
    }
    let table = world.edge.table();
    assert_eq!(table.services.len(), 2);
    let short = format!("webs.{DOMAIN}");
    assert!(table.services.iter().all(|route| route.instances.len() == 1 && !route.hosts.contains(&short)), "{table:?}");
    for _ in 0..20 {
        for route in &table.services {
            platform.ports.bell.ring(&Ring::Service(route.service.clone()));
        }
        platform.step();
    }
    assert_eq!(world.edge.table().generation, table.generation, "at rest nothing is published");
}
