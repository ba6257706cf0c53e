//! Secret variables: read at each deployment, kept with its revision, and by a tag deployed when they change.

use std::sync::Arc;

use control::auto_deploy::AutoDeploy;
use control::ports::Ports;
use control::roster::Roster;
use control::service::ServiceDesk;
use model::configuration::Source;
use model::operation::{OperationState, Outcome};
use model::port::{ResolvedSecrets, RevisionDesk, RevisionSecrets};
use model::secret::Secret;
use model::secret_reference::SecretReferences;
use model::service::{Phase, Service, ServiceStatus, Standing};
use model::testbed::{MemoryRevisionSecrets, ScriptedRoles, block_on, caller, create_service, role};
use model::wish::{CreateService, Wish};

use super::{DOMAIN, Platform, World};

fn secrets(value: &str) -> ResolvedSecrets {
    ResolvedSecrets {
        values: [("KEY".to_owned(), Secret::new(value))].into(),
        versions: [("KEY".to_owned(), format!("arn {value}"))].into(),
    }
}

/// A platform whose instance roles read what `roles` says.
fn boot(world: &World, roles: &Arc<ScriptedRoles>, kept: &Arc<MemoryRevisionSecrets>) -> Platform {
    let plain = world.boot();
    let ports = Ports { instance_roles: roles.clone(), revision_secrets: kept.clone(), ..plain.ports };
    let desk = ServiceDesk::new(ports.clone(), DOMAIN.to_owned(), 443);
    let roster = Roster::new(ports.clone(), DOMAIN.to_owned());
    Platform { ports, desk, roster, keepers: Vec::new() }
}

/// A service with one secret variable, and these tags.
fn wish(tags: &[(&str, &str)]) -> CreateService {
    let mut wish = create_service("webs");
    let Source::Image(source) = &mut wish.configuration.source else { panic!("it is an image") };
    let reference = [("KEY".to_owned(), "/key".to_owned())].into();
    source.image.as_mut().expect("it has a port").secrets = Some(SecretReferences::parse(reference).unwrap());
    source.auto_deployments = Some(false);
    wish.configuration.instance_role = Some(role("Runner").arn());
    wish.tags.0.extend(tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    wish
}

fn revision(service: &Service) -> u32 {
    match &service.phase {
        Phase::Still(Standing::Running { revision }) => *revision,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_read_fails_the_deployment_and_a_later_revision_has_what_is_current_then() {
    let world = World::new();
    let (roles, kept) = (Arc::default(), Arc::default());
    let mut platform = boot(&world, &roles, &kept);
    roles.answers(Ok(secrets("one")));
    platform.begin(Wish::Create(wish(&[])));
    let service = platform.until(&world, ServiceStatus::Running);
    assert_eq!(block_on(kept.get(&service.id, 1)).unwrap(), Some(secrets("one")));
    // What runs does not depend on the secret: an instance that ends is started again from what was kept.
    roles.answers(Err("The secret variable KEY could not be read: it is gone."));
    for name in world.instances() {
        world.engine.end(&name, model::instance::ExitCause::Code(1));
    }
    for _ in 0..50 {
        platform.step();
    }
    assert_eq!(world.instances().len(), 1);
    assert_eq!(world.service().status(), ServiceStatus::Running);
    // The next deployment does, says why, and rolls back.
    platform.begin(Wish::Deploy { arn: service.arn() });
    platform.until(&world, ServiceStatus::Running);
    let OperationState::Ended { outcome: Outcome::RolledBack(failure), .. } = &world.outcomes(&service)[0] else {
        panic!("{:?}", world.outcomes(&service))
    };
    assert_eq!(failure.message, "The secret variable KEY could not be read: it is gone.");
    roles.answers(Ok(secrets("two")));
    platform.begin(Wish::Deploy { arn: service.arn() });
    let service = platform.until(&world, ServiceStatus::Running);
    assert_eq!(block_on(kept.get(&service.id, revision(&service))).unwrap(), Some(secrets("two")));
    assert!(!world.events(&service).iter().any(|event| event.contains("two")), "no event shows a value");
}

#[test]
fn a_new_value_is_deployed_only_by_the_tag_and_once() {
    for (tags, deploys) in [(&[][..], false), (&[("outrunner:redeploy-on-secret-change", "on")][..], true)] {
        let world = World::new();
        let (roles, kept) = (Arc::default(), Arc::default());
        let mut platform = boot(&world, &roles, &kept);
        roles.answers(Ok(secrets("one")));
        platform.begin(Wish::Create(wish(tags)));
        let service = platform.until(&world, ServiceStatus::Running);
        let mut watch = AutoDeploy::new(platform.ports.clone());
        block_on(watch.step());
        assert_eq!(world.outcomes(&service).len(), 1, "nothing has changed");
        roles.answers(Ok(secrets("two")));
        block_on(watch.step());
        block_on(watch.step());
        platform.until(&world, ServiceStatus::Running);
        block_on(watch.step());
        assert_eq!(world.outcomes(&service).len(), if deploys { 2 } else { 1 }, "{tags:?}");
        let now = revision(&platform.until(&world, ServiceStatus::Running));
        let has = if deploys { secrets("two") } else { secrets("one") };
        assert_eq!(block_on(kept.get(&service.id, now)).unwrap(), Some(has));
        if deploys {
            assert!(world.events(&service).iter().any(|event| event.contains("A secret has changed (KEY)")));
        }
    }
}

#[test]
fn a_rollback_has_the_values_of_then_whatever_is_kept_under_its_number_and_is_not_undone() {
    let world = World::new();
    let (roles, kept) = (Arc::default(), Arc::default());
    let mut platform = boot(&world, &roles, &kept);
    roles.answers(Ok(secrets("one")));
    platform.begin(Wish::Create(wish(&[("outrunner:redeploy-on-secret-change", "on")])));
    let service = platform.until(&world, ServiceStatus::Running);
    roles.answers(Ok(secrets("two")));
    platform.begin(Wish::Deploy { arn: service.arn() });
    platform.until(&world, ServiceStatus::Running);
    // What a deployment left that ended before its revision was written.
    block_on(kept.keep(&service.id, 3, &secrets("three"))).unwrap();
    block_on(platform.desk.roll_back(&caller(), &service.arn(), Some(1))).unwrap().unwrap();
    let service = platform.until(&world, ServiceStatus::Running);
    assert_eq!(revision(&service), 3, "{:?}", world.outcomes(&service)[0]);
    let restored = block_on(platform.ports.revisions.get(&service.id, 3)).unwrap().unwrap();
    assert_eq!(restored.restores, Some(1));
    let mut watch = AutoDeploy::new(platform.ports.clone());
    block_on(watch.step());
    assert_eq!(revision(&platform.until(&world, ServiceStatus::Running)), 3, "the new value of before is passed over");
    let names = world.instances();
    let restored = names.iter().find(|name| name.revision == 3).expect("it runs");
    let given = world.engine.environment(restored).unwrap();
    assert_eq!(given.0.get("KEY").map(String::as_str), Some("one"));
}
