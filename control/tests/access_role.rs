//! Deployments of a service whose access role may, or may not, pull its image.

mod memory;

use std::sync::Arc;

use control::ports::Ports;
use control::roster::{Roster, first_routes};
use control::service::{Keeper, ServiceDesk, Turn};
use model::audit::AuditRow;
use model::configuration::Source;
use model::digest::{Algorithm, Digest};
use model::image_reference::ImageTag;
use model::operation::{Operation, OperationState, Outcome};
use model::port::{Clock, Desk, Events, Manifests, Operations, PutManifest, Repositories};
use model::repository::{Manifest, Repository, RepositoryKey, TagMutability};
use model::service::{Service, ServiceStatus};
use model::tag::Tags;
use model::testbed::{
    MemoryEdge, MemoryEngine, MemoryImages, MemoryLedger, OpenAccess, TurnedClock, block_on, caller, create_service, role,
};
use model::wish::{LogPosition, PageRequest, Wish};

const DOMAIN: &str = "outrunner.localhost";
const STEPS_MAX: usize = 5_000;

struct House {
    ports: Ports,
    desk: ServiceDesk,
    roster: Roster,
    keepers: Vec<Keeper>,
    access: Arc<OpenAccess>,
    images: Arc<MemoryImages>,
    clock: Arc<TurnedClock>,
}

fn digest() -> Digest {
    Digest::from_hash(Algorithm::Sha256, &[1; 32])
}

impl House {
    /// A house with the repository `hello`, and no image in it.
    fn new() -> Self {
        let clock = Arc::new(TurnedClock::at_millis(1_800_000_000_000));
        let ledger = Arc::new(MemoryLedger::default());
        let images = Arc::new(MemoryImages::new(|_, _| digest()));
        let (engine, edge) = (Arc::new(MemoryEngine::new(clock.clone())), Arc::new(MemoryEdge::default()));
        let access = Arc::new(OpenAccess::default());
        let ports = Ports { access_roles: access.clone(), ..memory::ports(&ledger, &images, &engine, &edge, &clock) };
        block_on(ports.routes.begin(block_on(first_routes(&ports, DOMAIN)).unwrap())).unwrap();
        let desk = ServiceDesk::new(ports.clone(), DOMAIN.to_owned(), 443);
        let roster = Roster::new(ports.clone(), DOMAIN.to_owned());
        let house = Self { ports, desk, roster, keepers: Vec::new(), access, images, clock };
        let (key, created_at) = (house.repository(), house.clock.now());
        let made = Repository {
            key,
            created_at,
            tag_mutability: TagMutability::Mutable,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        block_on(Repositories::create(&*house.images, &made, &house.row())).unwrap().unwrap();
        house
    }

    fn row(&self) -> AuditRow {
        AuditRow { at: self.clock.now(), caller: caller(), action: "test".to_owned(), resource: "*".to_owned() }
    }

    fn repository(&self) -> RepositoryKey {
        let reference = create_service("webs").configuration.image_source().reference.clone();
        let own = reference.own().expect("the image is of our own registry").clone();
        RepositoryKey { scope: own.scope, name: own.repository }
    }

    fn push(&self) {
        let manifest = Manifest {
            digest: digest(),
            media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
            size_bytes: 2,
            pushed_at: self.clock.now(),
            references: Vec::new(),
            subject: None,
            artifact_type: None,
            image_bytes: None,
        };
        let tag = Some(ImageTag::parse("v1").unwrap());
        let order = PutManifest { repository: self.repository(), manifest, bytes: "{}".into(), tag };
        block_on(Manifests::put(&*self.images, &order, &self.row())).unwrap().unwrap();
    }

    /// Creates a service with an access role.
    fn create(&self) -> Service {
        let mut wish = create_service("webs");
        let Source::Image(image) = &mut wish.configuration.source else { panic!("it is an image") };
        image.access_role = Some(role("Puller").arn());
        block_on(self.desk.begin(&caller(), Wish::Create(wish))).unwrap().unwrap().view.service
    }

    fn until(&mut self, service: &Service, status: ServiceStatus) {
        for _ in 0..STEPS_MAX {
            let now = block_on(self.ports.services.by_id(&service.id)).unwrap().unwrap().value;
            if now.status() == status {
                return;
            }
            let fresh = block_on(self.roster.newcomers()).unwrap();
            self.keepers.extend(fresh.into_iter().map(|staff| staff.keeper));
            self.keepers.retain_mut(|keeper| block_on(keeper.step()) == Turn::Again);
        }
        panic!("never {status:?}: {:?}", self.events(service));
    }

    fn operations(&self, service: &Service) -> Vec<Operation> {
        let page = PageRequest { after: None, items_max: None };
        block_on(Operations::list(&*self.ports.operations, &service.id, &page)).unwrap().items
    }

    fn events(&self, service: &Service) -> Vec<String> {
        let events = block_on(Events::list(&*self.ports.events, &service.id, LogPosition(0), 1_000)).unwrap();
        events.into_iter().map(|placed| placed.event.message).collect()
    }
}

#[test]
fn a_role_that_may_not_pull_fails_the_creation_in_the_words_of_the_policy_engine() {
    let mut house = House::new();
    house.access.deny(Some("The access role may not pull: attach a policy."));
    // No image was pushed: who may not pull does not learn it.
    let service = house.create();
    house.until(&service, ServiceStatus::CreateFailed);
    let operations = house.operations(&service);
    let OperationState::Ended { outcome: Outcome::Failed(failure), .. } = &operations[0].state else { panic!("{operations:?}") };
    assert_eq!(failure.message, "The access role may not pull: attach a policy.");
    assert!(house.events(&service).iter().any(|event| event.contains(&failure.message)), "{:?}", house.events(&service));
    assert!(block_on(house.ports.engine.all()).unwrap().is_empty(), "nothing was started");
}

#[test]
fn a_role_that_may_pull_is_asked_again_at_the_next_deployment_and_not_before() {
    let mut house = House::new();
    house.push();
    let service = house.create();
    house.until(&service, ServiceStatus::Running);
    // What runs does not stop because a policy changed.
    house.access.deny(Some("not any more"));
    for _ in 0..20 {
        house.keepers.retain_mut(|keeper| block_on(keeper.step()) == Turn::Again);
    }
    house.until(&service, ServiceStatus::Running);
    let runs = block_on(house.ports.engine.all()).unwrap();
    assert_eq!(runs.len(), 1);
    // The next deployment is refused and rolled back: what ran runs on.
    block_on(house.desk.begin(&caller(), Wish::Deploy { arn: service.arn() })).unwrap().unwrap();
    house.until(&service, ServiceStatus::Running);
    let operations = house.operations(&service);
    let OperationState::Ended { outcome: Outcome::RolledBack(failure), .. } = &operations[0].state else {
        panic!("{operations:?}")
    };
    assert_eq!(failure.message, "not any more");
    assert_eq!(block_on(house.ports.engine.all()).unwrap(), runs);
    house.access.deny(None);
    block_on(house.desk.begin(&caller(), Wish::Deploy { arn: service.arn() })).unwrap().unwrap();
    house.until(&service, ServiceStatus::Running);
    let state = &house.operations(&service)[0].state;
    assert!(matches!(state, OperationState::Ended { outcome: Outcome::Succeeded, .. }), "{state:?}");
}
