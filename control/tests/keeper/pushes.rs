//! Pushes that deploy by themselves: the last one wins, none is lost, none that failed is tried again.

use std::time::Duration;

use control::auto_deploy::AutoDeploy;
use model::configuration::SourceChange;
use model::image_reference::{ImageReference, ImageTag, Pick};
use model::operation::{OperationState, Outcome};
use model::port::{Audit, Clock, Revisions, Ring};
use model::service::ServiceStatus;
use model::testbed::{Script, create_service};
use model::wish::{LogPosition, UpdateService, Wish};

use super::{Platform, STEPS_MAX, World, block_on, digest_of};

/// A platform with its watch over pushes.
struct Watched<'a> {
    world: &'a World,
    platform: Platform,
    watch: AutoDeploy,
}

impl<'a> Watched<'a> {
    fn new(world: &'a World) -> Self {
        let platform = world.boot();
        let watch = AutoDeploy::new(platform.ports.clone());
        Self { world, platform, watch }
    }

    fn running(world: &'a World) -> Self {
        let mut watched = Self::new(world);
        watched.platform.create();
        watched.rest();
        watched
    }

    fn look(&mut self) {
        // Rung first: in virtual time it would sleep.
        self.platform.ports.bell.ring(&Ring::Pushes);
        block_on(self.watch.step());
    }

    /// Until nothing is under way, and nobody has anything to do.
    fn rest(&mut self) {
        let mut calm = 0;
        for _ in 0..STEPS_MAX {
            self.look();
            self.platform.step();
            calm = if self.world.service().status() == ServiceStatus::OperationInProgress { 0 } else { calm + 1 };
            if calm > 5 {
                return;
            }
        }
        panic!("it never rests: {:?}", self.world.events(&self.world.service()));
    }

    /// The image that serves.
    fn serves(&self) -> u8 {
        let service = self.world.service();
        let routed = self.world.edge.table().services[0].instances[0].name.revision;
        let image = block_on(Revisions::get(&*self.world.ledger, &service.id, routed)).unwrap().unwrap().image;
        (0..=u8::MAX).find(|byte| digest_of(*byte) == image.digest).expect("one of the test's")
    }

    fn deployments(&self) -> usize {
        self.world.outcomes(&self.world.service()).len() - 1
    }
}

#[test]
fn a_push_deploys_by_itself_and_the_audit_says_who() {
    let world = World::new();
    let mut watched = Watched::running(&world);
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (1, 0), "what was created with is deployed");
    world.push(2);
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (2, 1));
    let events = world.events(&world.service());
    assert!(events.iter().any(|event| event.contains("A new image was pushed")), "{events:?}");
    let rows = block_on(Audit::list(&*world.ledger, LogPosition(0), 1_000)).unwrap();
    let row = &rows.last().unwrap().1;
    assert_eq!(row.action, "apprunner:StartDeployment");
    assert_eq!(row.caller.arn(), "arn:aws:sts::000000000000:assumed-role/AWSServiceRoleForAppRunner/apprunner");
    assert_eq!(row.resource, world.service().arn().to_string());
}

#[test]
fn of_ten_pushes_in_a_second_the_last_one_is_deployed_and_none_is_lost() {
    // How many steps pass between two pushes: the storm meets every step of a deployment.
    for steps in 0..8 {
        let world = World::new();
        let mut watched = Watched::running(&world);
        for push in 2..12 {
            world.push(push);
            watched.look();
            for _ in 0..steps {
                watched.platform.step();
            }
        }
        watched.rest();
        assert_eq!(watched.serves(), 11, "{steps} steps apart");
        assert!(watched.deployments() <= 10, "{} deployments of ten pushes", watched.deployments());
        for outcome in world.outcomes(&world.service()) {
            assert!(matches!(outcome, OperationState::Ended { outcome: Outcome::Succeeded, .. }), "{outcome:?}");
        }
    }
}

#[test]
fn a_push_during_an_operation_is_deployed_as_soon_as_it_is_over() {
    let world = World::new();
    let mut watched = Watched::running(&world);
    world.push(2);
    watched.look();
    watched.platform.step();
    watched.platform.step();
    world.push(3);
    watched.look();
    assert_eq!(watched.deployments(), 1, "one at a time");
    let began = world.clock.now();
    watched.platform.until(&world, ServiceStatus::Running);
    // Not rung by the test: the end of the operation does.
    block_on(watched.watch.step());
    assert_eq!(watched.deployments(), 2);
    watched.rest();
    assert_eq!(watched.serves(), 3);
    assert!(world.clock.now().since(began) < Duration::from_secs(60));
}

#[test]
fn an_image_that_failed_is_not_tried_again_until_another_push() {
    let world = World::new();
    let mut watched = Watched::running(&world);
    for (push, script, serves, deployments) in [
        (2, Script::Exit(1), 1, 1),
        // The same again is no push.
        (2, Script::Serve, 1, 1),
        (3, Script::BadImage("It is broken.".to_owned()), 1, 2),
        (3, Script::Serve, 1, 2),
        // Back to what serves: nothing to deploy, and then the broken one is news again.
        (1, Script::Serve, 1, 2),
        (2, Script::Serve, 2, 3),
    ] {
        world.engine.script("hello", script);
        world.push(push);
        watched.rest();
        assert_eq!((watched.serves(), watched.deployments()), (serves, deployments), "after pushing {push}");
    }
    let mut watched = Watched::new(&world);
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (2, 3), "the next platform knows as much");
}

#[test]
fn an_update_to_another_tag_that_fails_does_not_make_the_old_tags_broken_image_news() {
    let world = World::new();
    let mut watched = Watched::running(&world);
    world.engine.script("hello", Script::Exit(1));
    world.push(2);
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (1, 1));
    world.push_as("v2", 3);
    let service = world.service();
    let mut image = service.configuration.image_source().clone();
    let ImageReference::Own(reference) = &mut image.reference else { panic!("it is ours") };
    reference.pick = Pick::Tag(ImageTag::parse("v2").unwrap());
    let update = || {
        let source = Some(SourceChange { image: Some(image.clone()), ..SourceChange::default() });
        Wish::Update(UpdateService { source, ..UpdateService::of(service.arn()) })
    };
    watched.platform.begin(update());
    watched.rest();
    world.engine.script("hello", Script::Serve);
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (1, 2), "nobody has pushed anything since");
    watched.platform.begin(update());
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (3, 3), "and what succeeded is known");
    world.push_as("v2", 4);
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (4, 4), "the new tag is followed");
}

#[test]
fn what_somebody_has_deployed_by_hand_and_failed_with_is_not_tried_again_by_itself() {
    let world = World::new();
    let mut watched = Watched::running(&world);
    world.engine.script("hello", Script::Exit(1));
    world.push(2);
    watched.platform.begin(Wish::Deploy { arn: world.service().arn() });
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (1, 1));
}

#[test]
fn a_paused_service_passes_pushes_over_and_does_not_make_up_for_them() {
    let world = World::new();
    let mut watched = Watched::running(&world);
    let arn = world.service().arn();
    watched.platform.begin(Wish::Pause { arn: arn.clone() });
    world.push(2);
    watched.rest();
    world.push(3);
    watched.look();
    watched.platform.begin(Wish::Resume { arn });
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (1, 2), "a pause and a resume");
    world.push(4);
    watched.rest();
    assert_eq!(watched.serves(), 4);
}

#[test]
fn who_has_switched_it_off_deploys_by_hand() {
    let world = World::new();
    let mut watched = Watched::new(&world);
    let mut wish = create_service("webs");
    let model::configuration::Source::Image(image) = &mut wish.configuration.source else { panic!("it is an image") };
    image.auto_deployments = Some(false);
    watched.platform.begin(Wish::Create(wish));
    watched.rest();
    world.push(2);
    watched.rest();
    assert_eq!((watched.serves(), watched.deployments()), (1, 0));
    watched.platform.begin(Wish::Deploy { arn: world.service().arn() });
    watched.rest();
    assert_eq!(watched.serves(), 2);
}
