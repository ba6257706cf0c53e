//! The platform's own copy of an image, from the moment it is found until a revision names it.

use std::sync::Arc;
use std::time::Duration;

use control::image_sweep::sweep_images;
use control::ports::Ports;
use control::service::Keeper;
use model::audit::AuditRow;
use model::instance::ImageProblem;
use model::port::{Answer, Clock, Images, PinnedImages, Repositories, Services};
use model::repository::{Deletion, RepositoryKey};
use model::revision::ImagePin;
use model::testbed::{TurnedClock, caller};
use model::time::Timestamp;

use super::{DOMAIN, STEPS_MAX, World, block_on, digest_of};

const SET_BACK_MILLIS: i64 = 60_000;

/// A clock that somebody has set back.
struct SetBack(Arc<TurnedClock>);

impl Clock for SetBack {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.now().millis() - SET_BACK_MILLIS)
    }
}

/// While an image is made ready, the sweep comes by.
struct Swept {
    ports: Ports,
    clock: Arc<TurnedClock>,
}

impl Images for Swept {
    fn prepare<'a>(&'a self, image: &'a ImagePin) -> Answer<'a, Result<(), ImageProblem>> {
        Box::pin(async move {
            self.clock.turn(Duration::from_secs(1));
            sweep_images(&self.ports).await?;
            self.ports.images.prepare(image).await
        })
    }

    fn keep<'a>(&'a self, images: &'a [ImagePin]) -> Answer<'a, ()> {
        self.ports.images.keep(images)
    }
}

#[test]
fn a_clock_that_is_set_back_during_a_deployment_lets_no_copy_be_swept_before_its_revision_is_there() {
    let world = World::new();
    let platform = world.boot();
    let service = platform.create();
    let ports = Ports { clock: Arc::new(SetBack(world.clock.clone())), ..platform.ports.clone() };
    let swept = Arc::new(Swept { ports: ports.clone(), clock: world.clock.clone() });
    let mut keeper = Keeper::new(Ports { images: swept, ..ports }, DOMAIN.to_owned(), service.id.clone());
    let revisions = || block_on(Services::by_id(&*world.ledger, &service.id)).unwrap().unwrap().value.revisions;
    for _ in (0..STEPS_MAX).take_while(|_| revisions() == 0) {
        let _ = block_on(keeper.step());
    }
    assert_eq!(revisions(), 1, "the image is found");
    let RepositoryKey { scope, name } = world.repository();
    let pin = ImagePin { scope, repository: name, digest: digest_of(1) };
    let row =
        AuditRow { at: world.clock.now(), caller: caller(), action: "ecr:DeleteRepository".to_owned(), resource: "*".to_owned() };
    block_on(Repositories::delete(&*world.images, &world.repository(), Deletion::WithImages, &row)).unwrap().unwrap();
    let copy = block_on(PinnedImages::read(&*world.images, &pin, &digest_of(1))).unwrap();
    assert!(copy.is_some(), "the repository is gone, and the platform has its copy");
}
