//! Deployments, updates, pauses: old beside new, nothing that serves is disturbed, and nobody waits for a grace.

use std::time::Duration;

use model::instance::ExitCause;
use model::operation::{OperationState, Outcome};
use model::port::{Clock, Desk};
use model::refusal::RefusalKind;
use model::service::ServiceStatus;
use model::testbed::{Script, caller, create_service};
use model::wish::{UpdateService, Wish};

use super::guard::Guard;
use super::{Platform, World, block_on};

fn running(world: &World) -> (Platform, model::service::Service) {
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(world, ServiceStatus::Running);
    (platform, service)
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

fn memory(arn: &model::arn::ServiceArn, cpu: &str, memory: &str) -> Wish {
    Wish::Update(UpdateService {
        arn: arn.clone(),
        source: None,
        cpu: Some(cpu.to_owned()),
        memory: Some(memory.to_owned()),
        health: None,
        scaling: None,
        observability_enabled: None,
        observability_configuration: None,
        network: None,
        instance_role: None,
    })
}

impl World {
    fn is_still(&self) -> bool {
        self.service().status() != ServiceStatus::OperationInProgress
    }
}

#[test]
fn a_deployment_ends_with_the_swap_and_the_old_version_drains_on() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    let guard = Guard::new(&world, 1);
    let old = world.instances().remove(0);
    world.edge.carry(&old, 1);
    world.push(2);
    platform.begin(Wish::Deploy { arn: service.arn() });
    let took = guard.until(&mut platform, minutes(1), |_| world.is_still());
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!((guard.routed_names().as_str(), guard.names().as_str()), ("r2-0", "r1-0 r2-0"));
    assert!(matches!(&world.outcomes(&service)[0], OperationState::Ended { outcome: Outcome::Succeeded, .. }));
    guard.pass(&mut platform, minutes(1));
    assert_eq!(guard.names(), "r1-0 r2-0", "whoever is still served there is served to the end");
    world.edge.carry(&old, 0);
    guard.until(&mut platform, Duration::from_secs(15), |guard| guard.names() == "r2-0");
    let events = world.events(&service);
    let id = |event: &String| event.contains("Deployment with ID : ") && event.contains("Triggering event : SERVICE_DEPLOY");
    assert_eq!(events.iter().filter(|event| id(event)).count(), 1, "{events:?}");
    assert!(events.contains(&"[AppRunner] Deployment completed successfully.".to_owned()), "{events:?}");
    assert!(!events.iter().any(|event| event.contains("An instance ended")), "the end of the old one is no news: {events:?}");
}

#[test]
fn an_old_version_that_never_gets_empty_goes_after_the_longest_request() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    world.edge.carry(&world.instances()[0], 1);
    platform.begin(Wish::Deploy { arn: service.arn() });
    platform.until(&world, ServiceStatus::Running);
    let swapped = world.clock.now();
    while world.instances().len() > 1 {
        platform.step();
    }
    let drained = world.clock.now().since(swapped).as_secs();
    assert!((125..=136).contains(&drained), "{drained} s");
}

#[test]
fn nobody_waits_for_a_grace_and_what_serves_is_mended_meanwhile() {
    let world = World::new();
    world.engine.script("hello", Script::ServeDeaf);
    let (mut platform, service) = running(&world);
    let guard = Guard::new(&world, 1);
    world.engine.script("hello", Script::Serve);
    platform.begin(Wish::Deploy { arn: service.arn() });
    let took = guard.until(&mut platform, minutes(1), |_| world.is_still());
    assert!(took < Duration::from_secs(2), "{took:?}");
    let swapped = world.clock.now();
    guard.pass(&mut platform, Duration::from_secs(1));
    let serving = world.instances().remove(1);
    world.engine.end(&serving, ExitCause::Code(1));
    guard.until(&mut platform, Duration::from_secs(1), |guard| guard.routed_names().is_empty());
    guard.until(&mut platform, Duration::from_secs(5), |guard| guard.routed_names() == "r2-0");
    assert_eq!(guard.names(), "r1-0 r2-0", "the old one still has its grace");
    guard.until(&mut platform, minutes(1), |guard| guard.names() == "r2-0");
    let grace = world.clock.now().since(swapped).as_secs();
    assert!((29..40).contains(&grace), "{grace} s");
}

#[test]
fn a_version_that_does_not_start_is_never_routed_and_the_old_configuration_is_shown_again() {
    for (script, reason) in [
        (Script::Exit(3), "exit code: 3"),
        (Script::Elsewhere(8081), "listens on port 8081"),
        (Script::Hang, "Connection refused"),
        (Script::BadImage("The image has no linux/amd64.".to_owned()), "no linux/amd64"),
    ] {
        let world = World::new();
        let (mut platform, service) = running(&world);
        let guard = Guard::new(&world, 1);
        world.engine.script("hello", script.clone());
        platform.begin(memory(&service.arn(), "1 vCPU", "2 GB"));
        assert_eq!(world.service().configuration.size.cpu_units, 1024, "while it is tried");
        guard.until(&mut platform, minutes(6), |guard| {
            assert_eq!(guard.routed_names(), "r1-0", "{script:?}");
            world.is_still()
        });
        let after = world.service();
        assert_eq!((after.status(), after.configuration), (ServiceStatus::Running, service.configuration.clone()), "{script:?}");
        let OperationState::Ended { outcome: Outcome::RolledBack(failure), .. } = &world.outcomes(&service)[0] else { panic!() };
        assert!(failure.message.contains(reason), "{script:?}: {}", failure.message);
        let events = world.events(&service);
        let told = events.iter().any(|event| event.contains("failed and was rolled back") && event.contains(reason));
        assert!(told, "{script:?}: {events:?}");
        guard.until(&mut platform, minutes(1), |guard| guard.names() == "r1-0");
        world.engine.script("hello", Script::Serve);
        platform.begin(memory(&service.arn(), "1 vCPU", "2 GB"));
        guard.until(&mut platform, minutes(1), |_| world.is_still());
        assert!(guard.routed_names().starts_with('r') && guard.routed_names() != "r1-0", "{script:?}: {}", guard.routed_names());
        let events = world.events(&service);
        let deployed = "[AppRunner] Service update completed successfully. New application and configuration is deployed.";
        assert!(events.iter().any(|event| event == deployed), "{events:?}");
    }
}

#[test]
fn a_service_whose_creation_failed_is_mended_by_an_update() {
    let world = World::new();
    world.engine.script("hello", Script::Exit(1));
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::CreateFailed);
    platform.begin(memory(&service.arn(), "1 vCPU", "2 GB"));
    platform.until(&world, ServiceStatus::CreateFailed);
    assert!(matches!(&world.outcomes(&service)[0], OperationState::Ended { outcome: Outcome::Failed(_), .. }));
    world.engine.script("hello", Script::Serve);
    platform.begin(memory(&service.arn(), "1 vCPU", "2 GB"));
    let service = platform.until(&world, ServiceStatus::Running);
    assert_eq!(service.configuration.size.cpu_units, 1024);
    assert_eq!(Guard::new(&world, 1).routed_names(), "r3-0");
}

#[test]
fn a_pause_unroutes_drains_and_stops_and_a_resume_takes_the_same_image_again() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    let guard = Guard::new(&world, 1);
    let instance = world.instances().remove(0);
    world.edge.carry(&instance, 1);
    platform.begin(Wish::Pause { arn: service.arn() });
    guard.until(&mut platform, minutes(1), |_| world.edge.table().services.is_empty());
    guard.pass(&mut platform, minutes(1));
    assert!(!world.is_still() && guard.names() == "r1-0", "whoever is still served there is served to the end");
    world.edge.carry(&instance, 0);
    guard.until(&mut platform, minutes(1), |_| world.is_still());
    assert_eq!((world.service().status(), guard.names().as_str()), (ServiceStatus::Paused, ""));
    world.push(2);
    platform.begin(Wish::Resume { arn: service.arn() });
    guard.until(&mut platform, minutes(1), |_| world.is_still());
    assert_eq!((world.service().status(), guard.routed_names().as_str()), (ServiceStatus::Running, "r1-0"));
    for outcome in &world.outcomes(&service)[..2] {
        assert!(matches!(outcome, OperationState::Ended { outcome: Outcome::Succeeded, .. }), "Copilot knows no other end");
    }
}

#[test]
fn a_resume_that_fails_rests_paused_and_the_next_one_finds_the_name_free() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    platform.begin(Wish::Pause { arn: service.arn() });
    platform.until(&world, ServiceStatus::Paused);
    for script in [Script::Exit(1), Script::Hang] {
        world.engine.script("hello", script);
        platform.begin(Wish::Resume { arn: service.arn() });
        platform.until(&world, ServiceStatus::Paused);
        assert_eq!(world.instances(), []);
    }
    world.engine.script("hello", Script::Serve);
    platform.begin(Wish::Resume { arn: service.arn() });
    platform.until(&world, ServiceStatus::Running);
    assert_eq!(Guard::new(&world, 1).routed_names(), "r1-0");
}

#[test]
fn while_an_operation_runs_every_wish_is_refused_in_its_own_words() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    world.engine.script("hello", Script::Hang);
    platform.begin(Wish::Deploy { arn: service.arn() });
    for _ in 0..3 {
        platform.step();
    }
    let arn = service.arn();
    for (wish, kind) in [
        (memory(&arn, "1 vCPU", "2 GB"), RefusalKind::WrongState),
        (Wish::Deploy { arn: arn.clone() }, RefusalKind::Invalid),
        (Wish::Pause { arn: arn.clone() }, RefusalKind::WrongState),
        (Wish::Resume { arn: arn.clone() }, RefusalKind::WrongState),
        (Wish::Delete { arn: arn.clone() }, RefusalKind::WrongState),
        (Wish::Create(create_service("webs")), RefusalKind::Invalid),
    ] {
        let refusal = block_on(platform.desk.begin(&caller(), wish.clone())).unwrap().unwrap_err();
        assert_eq!(refusal.kind, kind, "{wish:?}: {refusal}");
    }
}

#[test]
fn a_platform_may_die_between_any_two_steps_of_a_deployment_a_pause_and_a_resume() {
    for dies_after in 0..12 {
        let world = World::new();
        let (mut platform, service) = running(&world);
        world.push(2);
        let arn = service.arn();
        for (wish, status, routed) in [
            (Wish::Deploy { arn: arn.clone() }, ServiceStatus::Running, "r2-0"),
            (Wish::Pause { arn: arn.clone() }, ServiceStatus::Paused, ""),
            (Wish::Resume { arn: arn.clone() }, ServiceStatus::Running, "r2-0"),
        ] {
            platform.begin(wish);
            for _ in 0..dies_after {
                platform.step();
            }
            platform = world.boot();
            let guard = Guard::new(&world, 1);
            guard.until(&mut platform, minutes(3), |_| world.is_still());
            assert_eq!((world.service().status(), guard.routed_names().as_str()), (status, routed), "after {dies_after} steps");
            guard.until(&mut platform, minutes(3), |guard| guard.names() == routed);
        }
    }
}
