//! Scaling: up at once, down after a minute, never under the requests of anybody, never over the most.

use std::time::Duration;

use model::instance::{ExitCause, InstanceName, InstancePhase};
use model::port::{Clock, Desk, Dice, Ring};
use model::scaling_configuration::ScalingConfiguration;
use model::service::{Service, ServiceStatus};
use model::testbed::{Script, SeededDice, caller, create_service};
use model::wish::Wish;

use super::guard::Guard;
use super::{Platform, World, block_on};

const MAX: usize = 4;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A service of one to four instances that take two requests each.
fn running(world: &World) -> (Platform, Service) {
    let mut platform = world.boot();
    let mut wish = create_service("webs");
    wish.configuration.scaling =
        ScalingConfiguration { concurrency_max: 2, instances_min: 1, instances_max: MAX as u16, ..ScalingConfiguration::default() };
    platform.begin(Wish::Create(wish));
    let service = platform.until(world, ServiceStatus::Running);
    (platform, service)
}

impl World {
    /// So many requests wait, and the edge rings.
    fn burst(&self, platform: &Platform, waiting: u32) {
        let service = self.service();
        self.edge.hold(&service.id, waiting);
        platform.ports.bell.ring(&Ring::Service(service.id));
    }

    fn instance(&self, short: &str) -> InstanceName {
        InstanceName::parse(&format!("{}.{short}", self.service().id)).unwrap()
    }
}

#[test]
fn a_burst_is_met_at_once_and_with_no_more_than_may_be() {
    for (waiting, routed) in [(1, "r1-0 r1-1"), (3, "r1-0 r1-1 r1-2"), (10_000, "r1-0 r1-1 r1-2 r1-3")] {
        let world = World::new();
        let (mut platform, _) = running(&world);
        let guard = Guard::new(&world, MAX);
        world.edge.carry(&world.instance("r1-0"), 2);
        world.burst(&platform, waiting);
        let took = guard.until(&mut platform, seconds(1), |guard| guard.routed_names() == routed);
        assert!(took < Duration::from_millis(600), "{waiting} waiting: {took:?}");
        guard.pass(&mut platform, seconds(30));
        assert_eq!((guard.routed_names().as_str(), guard.names().as_str()), (routed, routed));
    }
}

#[test]
fn fewer_run_only_after_a_minute_of_less_the_highest_slots_go_first_and_a_busy_one_is_served_to_the_end() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    let guard = Guard::new(&world, MAX);
    world.burst(&platform, 8);
    guard.until(&mut platform, seconds(1), |guard| guard.routed().len() == 4);
    world.burst(&platform, 0);
    world.edge.carry(&world.instance("r1-3"), 1);
    world.edge.carry(&world.instance("r1-0"), 2);
    guard.pass(&mut platform, seconds(57));
    assert_eq!(guard.routed().len(), 4);
    guard.until(&mut platform, seconds(5), |guard| guard.routed_names() == "r1-0 r1-1");
    guard.until(&mut platform, seconds(1), |guard| guard.names() == "r1-0 r1-1 r1-3");
    guard.pass(&mut platform, seconds(20));
    assert_eq!(guard.names(), "r1-0 r1-1 r1-3", "it still serves somebody");
    world.edge.carry(&world.instance("r1-3"), 0);
    guard.until(&mut platform, seconds(5), |guard| guard.names() == "r1-0 r1-1");
    guard.until(&mut platform, seconds(65), |guard| guard.names() == "r1-0");
    let events = world.events(&service);
    assert!(!events.iter().any(|event| event.contains("ended")), "nobody need know: {events:?}");
    let exits = world.service().exits;
    assert_eq!(exits, 0, "and it was no crash");
}

#[test]
fn one_that_is_wanted_again_while_it_drains_is_routed_again() {
    let world = World::new();
    let (mut platform, _) = running(&world);
    let guard = Guard::new(&world, MAX);
    world.burst(&platform, 4);
    guard.until(&mut platform, seconds(1), |guard| guard.routed().len() == 2);
    world.burst(&platform, 0);
    world.edge.carry(&world.instance("r1-1"), 1);
    guard.until(&mut platform, seconds(70), |guard| guard.routed_names() == "r1-0");
    world.burst(&platform, 4);
    let took = guard.until(&mut platform, seconds(1), |guard| guard.routed().len() == 3);
    assert!(took < seconds(1));
    assert_eq!(guard.routed_names(), "r1-0 r1-1 r1-2");
}

#[test]
fn a_service_at_rest_asks_the_front_door_nothing() {
    let world = World::new();
    let (mut platform, _) = running(&world);
    let guard = Guard::new(&world, MAX);
    guard.pass(&mut platform, seconds(20));
    let before = world.edge.reads();
    let mut steps = 0;
    let began = world.clock.now();
    while world.clock.now().since(began) < seconds(3_600) {
        platform.step();
        steps += 1;
    }
    assert_eq!(world.edge.reads(), before);
    assert!(steps <= 400, "{steps} looks in an hour");
}

#[test]
fn a_platform_that_comes_back_gives_what_it_finds_a_minute() {
    let world = World::new();
    let (mut platform, _) = running(&world);
    let guard = Guard::new(&world, MAX);
    world.burst(&platform, 8);
    guard.until(&mut platform, seconds(1), |guard| guard.routed().len() == 4);
    world.burst(&platform, 0);
    let mut platform = world.boot();
    assert_eq!(guard.routed().len(), 4, "already in the first table");
    guard.pass(&mut platform, seconds(57));
    assert_eq!(guard.routed().len(), 4);
    guard.until(&mut platform, seconds(10), |guard| guard.names() == "r1-0");
}

#[test]
fn a_new_version_begins_with_as_many_as_the_old_one_has() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    let guard = Guard::new(&world, MAX);
    world.burst(&platform, 6);
    guard.until(&mut platform, seconds(1), |guard| guard.routed().len() == 3);
    world.burst(&platform, 0);
    platform.begin(Wish::Deploy { arn: service.arn() });
    guard.until(&mut platform, seconds(10), |guard| {
        assert!(guard.routed().len() == 3, "capacity never falls: {}", guard.routed_names());
        guard.routed_names() == "r2-0 r2-1 r2-2"
    });
    guard.until(&mut platform, seconds(10), |guard| guard.names() == "r2-0 r2-1 r2-2");
}

#[test]
fn a_burst_is_met_while_the_next_version_starts() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    let guard = Guard::new(&world, MAX);
    world.engine.script("hello", Script::Hang);
    platform.begin(Wish::Deploy { arn: service.arn() });
    guard.until(&mut platform, seconds(5), |guard| guard.names() == "r1-0 r2-0");
    world.engine.script("hello", Script::Serve);
    world.burst(&platform, 8);
    guard.until(&mut platform, seconds(5), |guard| guard.routed_names() == "r1-0 r1-1 r1-2 r1-3");
    assert_eq!(world.service().status(), ServiceStatus::OperationInProgress);
}

#[test]
fn while_a_lower_one_is_mended_one_that_is_not_wanted_any_more_serves_in_its_place() {
    let world = World::new();
    let (mut platform, _) = running(&world);
    let guard = Guard::new(&world, MAX);
    world.burst(&platform, 4);
    guard.until(&mut platform, seconds(1), |guard| guard.routed().len() == 2);
    world.burst(&platform, 0);
    guard.pass(&mut platform, seconds(58));
    world.engine.script("hello", Script::Hang);
    world.engine.end(&world.instance("r1-0"), ExitCause::Code(1));
    guard.pass(&mut platform, seconds(30));
    assert_eq!(guard.routed_names(), "r1-1", "the service is never without one");
}

#[test]
fn a_burst_is_met_while_those_that_are_not_wanted_any_more_take_their_grace() {
    let world = World::new();
    world.engine.script("hello", Script::ServeDeaf);
    let (mut platform, _) = running(&world);
    let guard = Guard::new(&world, MAX);
    world.burst(&platform, 8);
    guard.until(&mut platform, seconds(1), |guard| guard.routed().len() == 4);
    world.burst(&platform, 0);
    guard.until(&mut platform, seconds(70), |guard| guard.routed_names() == "r1-0");
    guard.pass(&mut platform, seconds(2));
    assert_eq!(guard.names(), "r1-0 r1-1 r1-2 r1-3", "three are deaf");
    world.burst(&platform, 8);
    let took = guard.until(&mut platform, seconds(5), |guard| guard.routed_names() == "r1-0 r1-4 r1-5 r1-6");
    assert!(took < seconds(1), "{took:?}");
    guard.pass(&mut platform, seconds(40));
    assert_eq!(guard.names(), "r1-0 r1-4 r1-5 r1-6", "those stay, also when the lower slots are free");
}

#[test]
fn a_front_door_that_says_nothing_keeps_nobody_from_mending_and_nothing_is_stopped_under_its_requests() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    let guard = Guard::new(&world, MAX);
    world.edge.carry(&world.instance("r1-0"), 1);
    platform.begin(Wish::Deploy { arn: service.arn() });
    platform.until(&world, ServiceStatus::Running);
    world.edge.carry(&world.instance("r1-0"), 0);
    world.edge.fall_silent(true);
    world.engine.end(&world.instance("r2-0"), ExitCause::Code(1));
    let began = world.clock.now();
    while world.clock.now().since(began) < seconds(20) {
        platform.step();
    }
    assert_eq!(guard.routed_names(), "r2-0");
    let lives = guard.seen().into_iter().filter(|seen| seen.phase == InstancePhase::Ready).count();
    assert_eq!(
        (guard.names().as_str(), lives),
        ("r1-0 r2-0", 2),
        "the new one is mended, and of the old one nobody knows that it is empty"
    );
    world.edge.fall_silent(false);
    guard.until(&mut platform, seconds(10), |guard| guard.names() == "r2-0");
}

/// A world in which anything may happen, always the same of one seed.
struct Fate<'a> {
    world: &'a World,
    guard: Guard<'a>,
    platform: Platform,
    luck: SeededDice,
}

impl Fate<'_> {
    fn draw(&self, below: u8) -> u8 {
        let mut byte = [0];
        self.luck.fill(&mut byte);
        byte[0] % below
    }

    fn try_to(&self, wish: Wish) {
        // Refused or not.
        let _ = block_on(self.platform.desk.begin(&caller(), wish)).unwrap();
    }

    fn happens(&mut self) {
        let (world, arn) = (self.world, self.world.service().arn());
        match self.draw(12) {
            0 => self.try_to(Wish::Deploy { arn }),
            1 => self.try_to(Wish::Pause { arn }),
            2 => self.try_to(Wish::Resume { arn }),
            3 | 4 => world.burst(&self.platform, u32::from(self.draw(20))),
            5 | 6 => {
                if let Some(name) = self.guard.routed().get(usize::from(self.draw(4))) {
                    world.edge.carry(name, u32::from(self.draw(3)));
                }
            }
            7 => {
                if let Some(name) = world.instances().get(usize::from(self.draw(4))) {
                    world.edge.carry(name, 0);
                    world.engine.end(name, ExitCause::Code(1));
                }
            }
            8 => {
                world.push(self.draw(9) + 1);
                let scripts = [Script::Serve, Script::Serve, Script::ServeDeaf, Script::Exit(1), Script::Hang];
                world.engine.script("hello", scripts[usize::from(self.draw(5))].clone());
            }
            9 => self.platform = world.boot(),
            _ => {
                let time = seconds(u64::from(self.draw(40)));
                self.guard.pass(&mut self.platform, time);
            }
        }
        for _ in 0..self.draw(6) {
            self.guard.step(&mut self.platform);
        }
        // Requests end sooner or later: no drain here lasts longer than the longest request.
        for name in world.instances().iter().filter(|name| !self.guard.routed().contains(name)) {
            world.edge.carry(name, 0);
        }
    }

    fn calms_down(&mut self) {
        self.world.engine.script("hello", Script::Serve);
        self.world.burst(&self.platform, 0);
        for name in self.world.instances() {
            self.world.edge.carry(&name, 0);
        }
        // As long as the longest pause after crashes, and then some.
        self.guard.pass(&mut self.platform, seconds(700));
    }
}

#[test]
fn whatever_happens_nothing_that_serves_is_disturbed_and_in_the_end_all_is_as_promised() {
    let (mut ran, mut paused) = (0, 0);
    for seed in 1..=25 {
        // In every other one with instances made ahead.
        let spares = usize::from(seed % 2 == 0);
        let world = World { spares, ..World::new() };
        let (platform, _) = running(&world);
        let mut fate = Fate { world: &world, guard: Guard::new(&world, MAX), platform, luck: SeededDice::new(seed) };
        for _ in 0..60 {
            fate.happens();
        }
        fate.calms_down();
        let names = fate.guard.names();
        match world.service().status() {
            ServiceStatus::Running => {
                ran += 1;
                assert!(names.starts_with(&fate.guard.routed_names()), "seed {seed}: {names}");
                assert_eq!((fate.guard.routed().len(), world.instances().len()), (1, 1 + spares), "seed {seed}: {names}");
            }
            ServiceStatus::Paused => {
                paused += 1;
                assert_eq!(names, "", "seed {seed}");
            }
            other => panic!("seed {seed}: {other:?} {:?}", world.events(&world.service())),
        }
    }
    assert!(ran > 0 && paused > 0, "{ran} ran in the end, {paused} were paused");
}
