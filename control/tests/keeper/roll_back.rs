//! Out of an operation, and back to an earlier revision: what served before serves on, and an image that is kept is not asked for again.

use std::time::Duration;

use model::operation::{OperationKind, OperationState, Outcome};
use model::port::{Audit, Desk, RevisionDesk, Revisions};
use model::refusal::RefusalKind;
use model::service::{Service, ServiceStatus};
use model::testbed::{Script, caller};
use model::wish::{Accepted, LogPosition, PageRequest, Wish};

use super::guard::Guard;
use super::{Platform, World, block_on, digest_of, sweep_images};

const ALL: PageRequest = PageRequest { after: None, items_max: None };

fn running(world: &World) -> (Platform, Service) {
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(world, ServiceStatus::Running);
    (platform, service)
}

/// Pushes an image and deploys it.
fn deploy(world: &World, platform: &mut Platform, service: &Service, byte: u8) {
    world.push(byte);
    platform.begin(Wish::Deploy { arn: service.arn() });
    platform.until(world, ServiceStatus::Running);
}

fn back(platform: &Platform, service: &Service, to: Option<u32>) -> Accepted {
    block_on(platform.desk.roll_back(&caller(), &service.arn(), to)).unwrap().unwrap()
}

fn told(platform: &Platform, service: &Service) -> Vec<String> {
    let revisions = block_on(platform.desk.revisions(&caller(), &service.arn(), &ALL)).unwrap().unwrap().items;
    let told = revisions.iter().map(|view| {
        let restores = view.revision.restores.map(|earlier| format!(" of {earlier}")).unwrap_or_default();
        let marks = [(view.is_current, " current"), (!view.is_kept, " gone")];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
        format!("{}{restores}{marks}", view.revision.number)
    });
    told.collect()
}

#[test]
fn a_rollback_brings_the_image_of_before_back_as_a_new_revision_and_nothing_that_serves_is_disturbed() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    deploy(&world, &mut platform, &service, 2);
    assert_eq!(told(&platform, &service), ["2 current", "1"]);
    let guard = Guard::new(&world, 1);
    let accepted = back(&platform, &service, None);
    assert_eq!(accepted.view.service.status(), ServiceStatus::OperationInProgress);
    let took = guard.until(&mut platform, Duration::from_secs(60), |_| world.service().status() == ServiceStatus::Running);
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(guard.routed_names(), "r3-0");
    assert_eq!(told(&platform, &service), ["3 of 1 current", "2", "1"]);
    let restored = block_on(Revisions::get(&*world.ledger, &service.id, 3)).unwrap().unwrap();
    assert_eq!((restored.image.digest, restored.operation), (digest_of(1), accepted.operation));
    assert!(world.events(&service).iter().any(|event| event.contains("Going back to revision 1")), "{:?}", world.events(&service));
    let operations = block_on(platform.desk.operations(&caller(), &service.arn(), &ALL)).unwrap().unwrap().items;
    assert_eq!(operations[0].kind, OperationKind::Deployment, "the configuration is the same");
    let rows = block_on(Audit::list(&*world.ledger, LogPosition(0), 100)).unwrap();
    assert_eq!(rows.last().unwrap().1.action, "outrunner:RollBack");
}

#[test]
fn a_rollback_to_what_does_not_start_any_more_ends_where_it_came_from() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    deploy(&world, &mut platform, &service, 2);
    world.engine.script("hello", Script::Exit(3));
    back(&platform, &service, Some(1));
    let after = platform.until(&world, ServiceStatus::Running);
    assert!(matches!(&world.outcomes(&after)[0], OperationState::Ended { outcome: Outcome::RolledBack(_), .. }));
    assert_eq!(told(&platform, &service), ["3 of 1", "2 current", "1"]);
    assert_eq!(after.configuration, service.configuration);
}

#[test]
fn a_crash_after_a_rollback_was_granted_loses_nothing_of_it() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    deploy(&world, &mut platform, &service, 2);
    back(&platform, &service, Some(1));
    drop(platform);
    let mut next = world.boot();
    next.until(&world, ServiceStatus::Running);
    assert_eq!(told(&next, &service), ["3 of 1 current", "2", "1"]);
}

#[test]
fn the_newest_images_are_kept_and_what_is_gone_is_refused_in_words() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    for byte in 2..=7 {
        deploy(&world, &mut platform, &service, byte);
    }
    let row = |action: &str| model::audit::AuditRow {
        at: model::time::Timestamp::from_millis(1),
        caller: caller(),
        action: action.to_owned(),
        resource: "*".to_owned(),
    };
    let deletion = super::Deletion::WithImages;
    block_on(super::Repositories::delete(&*world.images, &world.repository(), deletion, &row("ecr:DeleteRepository")))
        .unwrap()
        .unwrap();
    world.clock.turn(Duration::from_secs(3_600));
    block_on(sweep_images(&platform.ports)).unwrap();
    assert_eq!(told(&platform, &service), ["7 current", "6", "5", "4", "3", "2 gone", "1 gone"]);
    let refused = block_on(platform.desk.roll_back(&caller(), &service.arn(), Some(2))).unwrap().unwrap_err();
    assert!(refused.kind == RefusalKind::Invalid && refused.message.contains("is not kept any more"), "{refused}");
    for (number, words) in [(7, "runs already"), (8, "has no revision 8"), (0, "has no revision 0")] {
        let refused = block_on(platform.desk.roll_back(&caller(), &service.arn(), Some(number))).unwrap().unwrap_err();
        assert!(refused.message.contains(words), "{refused}");
    }
    back(&platform, &service, Some(3));
    platform.until(&world, ServiceStatus::Running);
    assert_eq!(told(&platform, &service)[0], "8 of 3 current", "its own copy is enough");
}

#[test]
fn a_cancelled_deployment_ends_where_it_came_from_and_a_cancelled_creation_fails() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    world.engine.script("hello", Script::Hang);
    world.push(2);
    platform.begin(Wish::Deploy { arn: service.arn() });
    for _ in 0..5 {
        platform.step();
    }
    let guard = Guard::new(&world, 1);
    let cancelled = block_on(platform.desk.cancel(&caller(), &service.arn(), None)).unwrap().unwrap();
    let took = guard.until(&mut platform, Duration::from_secs(60), |_| world.service().status() == ServiceStatus::Running);
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(guard.routed_names(), "r1-0");
    let operations = block_on(platform.desk.operations(&caller(), &service.arn(), &ALL)).unwrap().unwrap().items;
    assert_eq!(Some(&operations[0].id), cancelled.operation.as_ref());
    let OperationState::Ended { outcome: Outcome::RolledBack(failure), .. } = &operations[0].state else {
        panic!("{:?}", operations[0].state)
    };
    assert_eq!(failure.message, "It was cancelled by arn:aws:iam::000000000000:root.");
    let refused = block_on(platform.desk.cancel(&caller(), &service.arn(), None)).unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::WrongState, "{refused}");

    let world = World::new();
    world.engine.script("hello", Script::Hang);
    let mut platform = world.boot();
    let service = platform.create();
    platform.step();
    block_on(platform.desk.cancel(&caller(), &service.arn(), None)).unwrap().unwrap();
    let failed = platform.until(&world, ServiceStatus::CreateFailed);
    assert!(matches!(&world.outcomes(&failed)[0], OperationState::Ended { outcome: Outcome::Failed(_), .. }));
    assert!(world.instances().is_empty());
}

#[test]
fn a_push_of_before_does_not_undo_a_rollback_and_the_next_one_is_deployed() {
    let world = World::new();
    let (mut platform, service) = running(&world);
    deploy(&world, &mut platform, &service, 2);
    back(&platform, &service, Some(1));
    let rolled_back = platform.until(&world, ServiceStatus::Running);
    assert_eq!(rolled_back.push_noticed, Some(digest_of(2)), "what the tag means is known, and passed over");
}
