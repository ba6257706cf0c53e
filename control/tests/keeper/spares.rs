//! Instances made ahead: for the services used most recently, when all is still, never routed, and nobody's trouble when they fail.

use std::time::Duration;

use model::access_log::AccessRecord;
use model::instance::{InstanceName, InstancePhase};
use model::port::{Clock, Desk, Engine, Ring, Services};
use model::scaling_configuration::ScalingConfiguration;
use model::service::{Service, ServiceId, ServiceStatus};
use model::testbed::{Script, access_record, caller, create_service};
use model::wish::Wish;

use super::guard::Guard;
use super::{Platform, World, block_on};

const MAX: usize = 4;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A service of one to `max` instances that take two requests each, in a world where `spares` services have an instance made ahead.
fn running(spares: usize, max: usize) -> (World, Platform, Service) {
    let world = World { spares, ..World::new() };
    let mut platform = world.boot();
    platform.begin(wish("webs", max));
    let service = platform.until(&world, ServiceStatus::Running);
    (world, platform, service)
}

fn wish(name: &str, max: usize) -> Wish {
    let mut wish = create_service(name);
    wish.configuration.scaling =
        ScalingConfiguration { concurrency_max: 2, instances_min: 1, instances_max: max as u16, ..ScalingConfiguration::default() };
    Wish::Create(wish)
}

impl Guard<'_> {
    /// `r1-1`, those that are made ahead.
    fn made_ahead(&self) -> String {
        let made = self.seen().into_iter().filter(|seen| seen.phase == InstancePhase::Created);
        made.map(|seen| seen.name.short()).collect::<Vec<_>>().join(" ")
    }
}

impl World {
    fn phase(&self, short: &str) -> Option<InstancePhase> {
        let seen = block_on(self.engine.look(&self.service().id)).unwrap();
        seen.into_iter().find(|seen| seen.name.short() == short).map(|seen| seen.phase)
    }

    fn wait_for_slots(&self, platform: &Platform, waiting: u32) {
        let id = self.service().id;
        self.edge.hold(&id, waiting);
        platform.ports.bell.ring(&Ring::Service(id));
    }
}

#[test]
fn a_service_that_is_still_gets_one_and_a_burst_begins_it() {
    let (world, mut platform, service) = running(16, MAX);
    let guard = Guard::new(&world, MAX);
    guard.pass(&mut platform, Duration::from_millis(4_500));
    assert_eq!(guard.names(), "r1-0", "it has not been still for long enough");
    guard.until(&mut platform, seconds(1), |guard| guard.made_ahead() == "r1-1");
    guard.pass(&mut platform, seconds(3_600));
    assert_eq!((guard.names().as_str(), guard.routed_names().as_str()), ("r1-0 r1-1", "r1-0"), "it waits, and is not routed");
    let made_at = guard.seen()[1].started_at;
    world.wait_for_slots(&platform, 4);
    let took = guard.until(&mut platform, seconds(1), |_| world.phase("r1-1") == Some(InstancePhase::Ready));
    assert_eq!(took, Duration::ZERO, "the burst begins what is there");
    assert!(guard.seen()[1].started_at > made_at);
    guard.until(&mut platform, seconds(1), |guard| guard.routed_names() == "r1-0 r1-1");
    guard.until(&mut platform, seconds(7), |guard| guard.made_ahead() == "r1-2");
    world.wait_for_slots(&platform, 0);
    guard.until(&mut platform, seconds(80), |guard| guard.names() == "r1-0");
    guard.until(&mut platform, seconds(80), |guard| guard.made_ahead() == "r1-1");
    assert!(!world.events(&service).iter().any(|event| event.contains("ended")), "nobody need know");
}

#[test]
fn where_no_more_may_run_or_none_is_wanted_none_is_made() {
    for (spares, max) in [(16, 1), (0, MAX)] {
        let (world, mut platform, _) = running(spares, max);
        let guard = Guard::new(&world, max);
        guard.pass(&mut platform, seconds(600));
        assert_eq!(guard.names(), "r1-0", "{spares} spares, at most {max} instances");
    }
    let (world, mut platform, _) = running(1, 1);
    let other = launched(&mut platform, "others");
    platform.ports.spares.used([&world.service().id]);
    for _ in 0..10 {
        platform.step();
    }
    let seen = block_on(world.engine.look(&other)).unwrap();
    assert_eq!(seen.len(), 2, "the one that may not have one takes nobody's place");
}

#[test]
fn a_service_at_rest_with_a_spare_asks_the_front_door_nothing_and_is_not_looked_at_more_often() {
    let (world, mut platform, _) = running(16, MAX);
    let guard = Guard::new(&world, MAX);
    guard.pass(&mut platform, seconds(20));
    let (before, began, mut steps) = (world.edge.reads(), world.clock.now(), 0);
    while world.clock.now().since(began) < seconds(3_600) {
        platform.step();
        steps += 1;
    }
    assert_eq!(world.edge.reads(), before);
    assert!(steps <= 400, "{steps} looks in an hour");
    assert_eq!(guard.made_ahead(), "r1-1");
}

#[test]
fn a_deployment_replaces_it_and_a_pause_takes_it_away() {
    let (world, mut platform, service) = running(16, MAX);
    let guard = Guard::new(&world, MAX);
    guard.until(&mut platform, seconds(20), |guard| guard.made_ahead() == "r1-1");
    world.push(2);
    platform.begin(Wish::Deploy { arn: service.arn() });
    guard.until(&mut platform, seconds(5), |guard| guard.routed_names() == "r2-0");
    guard.until(&mut platform, seconds(5), |guard| guard.names() == "r2-0");
    guard.until(&mut platform, seconds(20), |guard| guard.names() == "r2-0 r2-1" && guard.made_ahead() == "r2-1");
    platform.begin(Wish::Pause { arn: service.arn() });
    guard.until(&mut platform, seconds(5), |_| world.service().status() == ServiceStatus::Paused);
    guard.pass(&mut platform, seconds(600));
    assert_eq!(guard.names(), "");
    platform.begin(Wish::Resume { arn: service.arn() });
    guard.until(&mut platform, seconds(30), |guard| guard.made_ahead() == "r2-1");
    platform.begin(Wish::Delete { arn: service.arn() });
    guard.until(&mut platform, seconds(30), |guard| guard.names().is_empty());
}

#[test]
fn one_that_fails_is_no_news_and_is_tried_again_less_and_less_often() {
    let (world, mut platform, service) = running(16, MAX);
    world.engine.script("hello", Script::BadImage("The image has no such command.".to_owned()));
    let told = world.events(&service).len();
    let (began, mut tries) = (world.clock.now(), 0);
    while world.clock.now().since(began) < seconds(3_600) {
        let before = world.phase("r1-1");
        platform.step();
        tries += u32::from(before.is_none() && world.phase("r1-1").is_some());
    }
    assert!((3..=7).contains(&tries), "{tries} tries in an hour");
    assert_eq!((world.events(&service).len(), world.service().exits, world.service().status()), (told, 0, ServiceStatus::Running));
    world.engine.script("hello", Script::Serve);
    Guard::new(&world, MAX).until(&mut platform, seconds(3_700), |guard| guard.made_ahead() == "r1-1");
}

#[test]
fn the_service_used_last_takes_the_place_of_the_one_used_least_recently() {
    let world = World { spares: 16, ..World::new() };
    let mut platform = world.boot();
    let services: Vec<ServiceId> = (0..17).map(|n| launched(&mut platform, &format!("webs-{n}"))).collect();
    let without = |platform: &mut Platform| {
        for _ in 0..12 {
            platform.step();
        }
        let lacks = |id: &&ServiceId| {
            let seen = block_on(world.engine.look(id)).unwrap();
            assert!(seen.len() <= 2, "{seen:?}");
            !seen.iter().any(|seen| seen.phase == InstancePhase::Created)
        };
        services.iter().filter(lacks).cloned().collect::<Vec<_>>()
    };
    assert_eq!(without(&mut platform), services[..1]);
    used(&world, &platform, &services[0]);
    assert_eq!(without(&mut platform), services[1..2]);
    // The next platform begins with those that it finds.
    let mut platform = world.boot();
    assert_eq!(without(&mut platform), services[1..2]);
    let arn = block_on(world.ledger.by_id(&services[5])).unwrap().unwrap().value.arn();
    platform.begin(Wish::Pause { arn });
    assert_eq!(without(&mut platform), services[5..6], "who is away leaves its place");
}

/// A service that runs.
fn launched(platform: &mut Platform, name: &str) -> ServiceId {
    let begun = block_on(platform.desk.begin(&caller(), wish(name, MAX))).unwrap().unwrap();
    let id = begun.view.service.id;
    for _ in 0..100 {
        platform.step();
        if block_on(platform.ports.services.by_id(&id)).unwrap().unwrap().value.status() == ServiceStatus::Running {
            return id;
        }
    }
    panic!("{name} never runs")
}

/// The front door has carried a request.
fn used(world: &World, platform: &Platform, service: &ServiceId) {
    world.edge.record(AccessRecord { service: service.clone(), ..access_record("/") });
    let mut writer = control::access_log::AccessWriter::new(platform.ports.clone(), world.edge.clone());
    block_on(writer.step());
}

#[test]
fn a_platform_may_die_between_any_two_steps_of_it() {
    for dies_after in 0..16 {
        let world = World { spares: 16, ..World::new() };
        let mut platform = world.boot();
        platform.begin(wish("webs", MAX));
        let mut deployed = false;
        for _ in 0..3 {
            for _ in 0..dies_after {
                platform.step();
            }
            platform = world.boot();
            let guard = Guard::new(&world, MAX);
            let revision = if deployed { 2 } else { 1 };
            let both = format!("r{revision}-0 r{revision}-1");
            guard.until(&mut platform, seconds(200), |guard| guard.names() == both && guard.made_ahead().ends_with("-1"));
            let names: Vec<InstanceName> = guard.routed();
            assert_eq!(names.len(), 1, "after {dies_after} steps");
            if !deployed {
                platform.begin(Wish::Deploy { arn: world.service().arn() });
                deployed = true;
            }
        }
    }
}
