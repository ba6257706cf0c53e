//! Instances that end or become unwell while they serve: their owner is told, and they are replaced.

use super::*;

#[test]
fn instances_that_keep_ending_are_started_less_and_less_often() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    world.engine.script("hello", Script::Exit(1));
    world.engine.end(&world.instances()[0], ExitCause::Code(1));
    let before = world.clock.now();
    while world.clock.now().since(before).as_secs() < 3_600 {
        platform.step();
    }
    let told = world.events(&service).iter().filter(|event| event.contains("An instance ended")).count();
    assert!((8..=22).contains(&told), "{told} starts in an hour");
}

#[test]
fn instances_that_never_get_ready_are_started_less_and_less_often() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    let tags = Tags([("outrunner:startup-timeout".to_owned(), "2s".to_owned())].into());
    block_on(platform.desk.tag(&caller(), &service.arn(), tags)).unwrap().unwrap();
    world.engine.script("hello", Script::Hang);
    world.engine.end(&world.instances()[0], ExitCause::Code(1));
    let before = world.clock.now();
    while world.clock.now().since(before).as_secs() < 3_600 {
        platform.step();
    }
    let told = world.events(&service).iter().filter(|event| event.contains("The instance is replaced")).count();
    assert!((8..=22).contains(&told), "{told} starts in an hour");
}

#[test]
fn an_unwell_instance_is_unrouted_told_and_replaced() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    let instance = world.instances().remove(0);
    world.engine.turn(&instance, InstancePhase::Unwell { last_probe: "GET /health answered 500.".to_owned() });
    platform.step();
    assert!(world.edge.table().services[0].instances.is_empty(), "unrouted first");
    for _ in 0..20 {
        platform.step();
    }
    assert_eq!(world.edge.table().services[0].instances.len(), 1, "replaced");
    assert!(world.events(&service).iter().any(|event| event.contains("answered 500")), "{:?}", world.events(&service));
}
