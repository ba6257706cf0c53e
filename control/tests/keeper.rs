//! Keepers over in-memory ports and virtual time: whole walks, every failure of a start, and crashes between any two steps.

#[path = "keeper/bound.rs"]
mod bound;
#[path = "keeper/copies.rs"]
mod copies;
#[path = "keeper/given.rs"]
mod given;
#[path = "keeper/guard.rs"]
mod guard;
#[path = "keeper/hosts.rs"]
mod hosts;
#[path = "keeper/mending.rs"]
mod mending;
#[path = "keeper/output.rs"]
mod output;
#[path = "keeper/pushes.rs"]
mod pushes;
#[path = "keeper/roll_back.rs"]
mod roll_back;
#[path = "keeper/rollout.rs"]
mod rollout;
#[path = "keeper/scaling.rs"]
mod scaling;
#[path = "keeper/secrets.rs"]
mod secrets;
#[path = "keeper/spares.rs"]
mod spares;

mod memory;

use std::sync::Arc;

use control::image_sweep::sweep_images;
use control::ports::Ports;
use control::pump::Pump;
use control::roster::{Roster, first_routes};
use control::routes::Routes;
use control::service::{Keeper, ServiceDesk, Turn};
use control::spares::Spares;
use model::audit::AuditRow;
use model::digest::{Algorithm, Digest};
use model::image_reference::{ImageReference, ImageTag, Pick};
use model::instance::{ExitCause, InstanceName, InstancePhase, Rest};
use model::operation::{OperationState, Outcome};
use model::port::{
    Audit, Clock, Desk, Engine, Events, LogQuery, Manifests, Operations, PinnedImages, PutManifest, Repositories, Services,
};
use model::repository::{Deletion, Manifest, Repository, RepositoryKey, TagMutability};
use model::revision::ImagePin;
use model::service::{Service, ServiceStatus};
use model::tag::Tags;
use model::testbed::{
    JumpingBell, MemoryEdge, MemoryEngine, MemoryImages, MemoryLedger, MemoryLogs, MemoryVault, OpenAccess, Script, SeededDice,
    TurnedClock, block_on, caller, conformance, create_service,
};
use model::trouble::Retry;
use model::wish::{LogPosition, PageRequest, Wish};

/// What outlives a platform: ledger, images, engine, edge.
struct World {
    clock: Arc<TurnedClock>,
    ledger: Arc<MemoryLedger>,
    images: Arc<MemoryImages>,
    logs: Arc<MemoryLogs>,
    vault: Arc<MemoryVault>,
    access: Arc<OpenAccess>,
    engine: Arc<MemoryEngine>,
    edge: Arc<MemoryEdge>,
    dice: Arc<SeededDice>,
    /// How many services may have an instance made ahead.
    spares: usize,
}

const DOMAIN: &str = "outrunner.localhost";
const STEPS_MAX: usize = 5_000;

fn digest_of(byte: u8) -> Digest {
    Digest::from_hash(Algorithm::Sha256, &[byte; 32])
}

impl World {
    /// A world with the image `hello:v1` in its registry.
    fn new() -> Self {
        let clock = Arc::new(TurnedClock::at_millis(1_800_000_000_000));
        let world = Self {
            clock: clock.clone(),
            ledger: Arc::default(),
            images: Arc::new(MemoryImages::new(|_, bytes| digest_of(bytes.len() as u8))),
            logs: Arc::default(),
            vault: Arc::default(),
            access: Arc::default(),
            engine: Arc::new(MemoryEngine::new(clock)),
            edge: Arc::default(),
            dice: Arc::new(SeededDice::new(7)),
            spares: 0,
        };
        let row = AuditRow { at: world.clock.now(), caller: caller(), action: "ecr:PutImage".to_owned(), resource: "*".to_owned() };
        let key = world.repository();
        let made = Repository {
            key,
            created_at: world.clock.now(),
            tag_mutability: TagMutability::Mutable,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        block_on(Repositories::create(&*world.images, &made, &row)).unwrap().unwrap();
        world.push(1);
        world
    }

    fn repository(&self) -> RepositoryKey {
        let reference = create_service("webs").configuration.image_source().reference.own().expect("it is ours").clone();
        RepositoryKey { scope: reference.scope, name: reference.repository }
    }

    /// Points `hello:v1` at another image.
    fn push(&self, byte: u8) {
        self.push_as("v1", byte);
    }

    fn push_as(&self, tag: &str, byte: u8) {
        let row = AuditRow { at: self.clock.now(), caller: caller(), action: "ecr:PutImage".to_owned(), resource: "*".to_owned() };
        let manifest = Manifest {
            digest: digest_of(byte),
            media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
            size_bytes: 2,
            pushed_at: self.clock.now(),
            references: Vec::new(),
            subject: None,
            artifact_type: None,
            image_bytes: None,
        };
        let tag = Some(ImageTag::parse(tag).unwrap());
        let order = PutManifest { repository: self.repository(), manifest, bytes: "{}".into(), tag };
        block_on(Manifests::put(&*self.images, &order, &row)).unwrap().unwrap();
    }

    /// A platform that begins on what is there, as after a crash.
    fn boot(&self) -> Platform {
        let bell = Arc::new(JumpingBell::new(self.clock.clone()));
        let generation = self.edge.table().generation + 1;
        let routes = Arc::new(Routes::new(self.edge.clone(), self.clock.clone(), Vec::new(), generation));
        let ports = Ports {
            lines: self.logs.clone(),
            certificates: self.vault.clone(),
            access_roles: self.access.clone(),
            dice: self.dice.clone(),
            bell,
            routes,
            spares: Arc::new(Spares::new(self.spares)),
            ..memory::ports(&self.ledger, &self.images, &self.engine, &self.edge, &self.clock)
        };
        block_on(ports.routes.begin(block_on(first_routes(&ports, DOMAIN)).unwrap())).unwrap();
        let desk = ServiceDesk::new(ports.clone(), DOMAIN.to_owned(), 443);
        let roster = Roster::new(ports.clone(), DOMAIN.to_owned());
        Platform { ports, desk, roster, keepers: Vec::new() }
    }

    fn service(&self) -> Service {
        let webs = create_service("webs").name;
        let live = block_on(Services::by_name(&*self.ledger, &caller().scope, &webs)).unwrap();
        live.expect("the service is there").value
    }

    fn events(&self, service: &Service) -> Vec<String> {
        let events = block_on(Events::list(&*self.ledger, &service.id, LogPosition(0), 1_000)).unwrap();
        events.into_iter().map(|placed| placed.event.message).collect()
    }

    fn outcomes(&self, service: &Service) -> Vec<OperationState> {
        let page = PageRequest { after: None, items_max: None };
        block_on(Operations::list(&*self.ledger, &service.id, &page)).unwrap().items.into_iter().map(|o| o.state).collect()
    }

    fn instances(&self) -> Vec<InstanceName> {
        block_on(self.engine.all()).unwrap()
    }
}

struct Platform {
    ports: Ports,
    desk: ServiceDesk,
    roster: Roster,
    keepers: Vec<Keeper>,
}

impl Platform {
    fn create(&self) -> Service {
        let wish = Wish::Create(create_service("webs"));
        block_on(self.desk.begin(&caller(), wish)).unwrap().unwrap().view.service
    }

    fn begin(&self, wish: Wish) {
        block_on(self.desk.begin(&caller(), wish)).unwrap().unwrap();
    }

    /// Lets every keeper take one step.
    fn step(&mut self) {
        let fresh = block_on(self.roster.newcomers()).unwrap();
        self.keepers.extend(fresh.into_iter().map(|staff| staff.keeper));
        self.keepers.retain_mut(|keeper| block_on(keeper.step()) == Turn::Again);
    }

    fn until(&mut self, world: &World, status: ServiceStatus) -> Service {
        let id = world.service().id;
        for _ in 0..STEPS_MAX {
            let service = block_on(self.ports.services.by_id(&id)).unwrap().unwrap().value;
            if service.status() == status {
                return service;
            }
            self.step();
        }
        panic!("never {status:?}: {:?} {:?}", world.service().phase, world.events(&world.service()))
    }
}

#[test]
fn the_desk_keeps_its_promises() {
    let world = World::new();
    block_on(conformance::desk(&world.boot().desk));
}

#[test]
fn a_created_service_runs_is_carried_and_its_lines_are_taken_over() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    let table = world.edge.table();
    let short = format!("{}.{DOMAIN}", service.name);
    assert_eq!(table.services[0].hosts, [service.host(DOMAIN), short], "the long host and the one for people");
    assert_eq!(table.services[0].instances.len(), 1);
    assert!(matches!(world.outcomes(&service)[..], [OperationState::Ended { outcome: Outcome::Succeeded, .. }]));
    assert_eq!(block_on(Pump::new(platform.ports.clone(), service.id.clone()).step()), Turn::Again);
    let logs = block_on(platform.desk.logs(&caller(), &service.arn(), LogQuery::Tail { lines: 10 })).unwrap().unwrap();
    assert_eq!(logs.lines.iter().map(|placed| &placed.line.bytes[..]).collect::<Vec<_>>(), [b"serving"]);
}

#[test]
fn a_tag_that_acts_at_once_reaches_the_edge_without_a_deployment_and_nothing_else_moves() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    platform.step();
    let before = (world.edge.table().generation, world.instances());
    platform.step();
    assert_eq!(world.edge.table().generation, before.0, "at rest nothing is published");
    let tags = Tags([("outrunner:request-timeout".to_owned(), "7s".to_owned())].into());
    block_on(platform.desk.tag(&caller(), &service.arn(), tags)).unwrap().unwrap();
    platform.step();
    platform.step();
    let route = &world.edge.table().services[0];
    assert_eq!((route.request_timeout.map(|timeout| timeout.as_secs()), route.instances.len()), (Some(7), 1));
    assert_eq!((world.edge.table().generation, world.instances()), (before.0 + 1, before.1));
    block_on(platform.desk.untag(&caller(), &service.arn(), vec!["outrunner:request-timeout".to_owned()])).unwrap().unwrap();
    platform.step();
    assert_eq!(world.edge.table().services[0].request_timeout.map(|timeout| timeout.as_secs()), Some(120));
    let rows = block_on(Audit::list(&*world.ledger, LogPosition(0), 100)).unwrap();
    let actions: Vec<&str> = rows.iter().map(|(_, row)| row.action.as_str()).collect();
    assert_eq!(actions, ["apprunner:CreateService", "apprunner:TagResource", "apprunner:UntagResource"], "each with its row");
}

#[test]
fn every_failure_of_a_start_ends_the_creation_with_its_reason() {
    let cases = [
        (Script::Exit(3), "exit code: 3"),
        (Script::Elsewhere(8081), "listens on port 8081"),
        (Script::Hang, "Connection refused"),
        (Script::BadImage("The image has no linux/amd64.".to_owned()), "no linux/amd64"),
    ];
    for (script, reason) in cases {
        let world = World::new();
        world.engine.script("hello", script.clone());
        let mut platform = world.boot();
        platform.create();
        let service = platform.until(&world, ServiceStatus::CreateFailed);
        let OperationState::Ended { outcome: Outcome::Failed(failure), .. } = &world.outcomes(&service)[0] else { panic!() };
        assert!(failure.message.contains(reason), "{script:?}: {}", failure.message);
        assert!(world.events(&service).iter().any(|event| event.contains(reason)), "{script:?}: {:?}", world.events(&service));
        assert!(world.instances().is_empty(), "{script:?} leaves no instance");
        assert!(world.edge.table().services.is_empty(), "{script:?} leaves no route");
    }
}

#[test]
fn an_image_that_does_not_exist_is_named() {
    let world = World::new();
    let mut platform = world.boot();
    let mut wish = create_service("webs");
    let model::configuration::Source::Image(image) = &mut wish.configuration.source else { panic!("it is an image") };
    let ImageReference::Own(reference) = &mut image.reference else { panic!("it is ours") };
    reference.pick = Pick::Tag(ImageTag::parse("v9").unwrap());
    platform.begin(Wish::Create(wish));
    let before = world.clock.now();
    let service = platform.until(&world, ServiceStatus::CreateFailed);
    assert!(world.clock.now().since(before).as_millis() < 1_000, "without waiting for anything");
    let events = world.events(&service);
    assert!(
        events.iter().any(|event| event.contains("hello:v9 does not exist: the repository 'hello' has no tag 'v9'")),
        "{events:?}"
    );
}

#[test]
fn a_delete_unroutes_drains_and_stops_in_this_order() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    let instance = world.instances().remove(0);
    world.edge.carry(&instance, 1);
    platform.begin(Wish::Delete { arn: service.arn() });
    for _ in 0..20 {
        platform.step();
    }
    assert!(world.edge.table().services.is_empty(), "unrouted at once");
    assert_eq!(world.instances(), std::slice::from_ref(&instance), "a busy instance is not stopped");
    world.edge.carry(&instance, 0);
    platform.until_gone(&world, &service);
    assert!(world.instances().is_empty());
}

impl Platform {
    fn until_gone(&mut self, world: &World, service: &Service) {
        for _ in 0..STEPS_MAX {
            let now = block_on(world.ledger.by_id(&service.id)).unwrap().unwrap().value;
            if now.status() == ServiceStatus::Deleted {
                return;
            }
            self.step();
        }
        panic!("never deleted: {:?}", world.events(service));
    }
}

#[test]
fn a_platform_may_die_between_any_two_steps_of_a_create_and_a_delete() {
    for dies_after in 0..12 {
        let world = World::new();
        let mut platform = world.boot();
        let service = platform.create();
        for _ in 0..dies_after {
            platform.step();
        }
        let mut platform = world.boot();
        platform.until(&world, ServiceStatus::Running);
        assert_eq!(world.instances().len(), 1, "no second instance after {dies_after} steps");
        platform.begin(Wish::Delete { arn: service.arn() });
        for _ in 0..dies_after {
            platform.step();
        }
        let mut platform = world.boot();
        platform.until_gone(&world, &service);
        for _ in 0..3 {
            platform.step();
        }
        assert!(world.instances().is_empty(), "no orphan after {dies_after} steps");
        assert!(world.edge.table().services.is_empty());
    }
}

#[test]
fn a_new_platform_adopts_what_runs_and_changes_nothing() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    platform.until(&world, ServiceStatus::Running);
    let (table, instances) = (world.edge.table(), world.instances());
    let mut platform = world.boot();
    for _ in 0..5 {
        platform.step();
    }
    assert_eq!(world.edge.table().services, table.services);
    assert_eq!(world.instances(), instances);
}

#[test]
fn an_instance_that_ended_is_started_again_and_its_owner_is_told() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    let instance = world.instances().remove(0);
    world.engine.end(&instance, ExitCause::Code(137));
    for _ in 0..20 {
        platform.step();
    }
    assert_eq!(world.instances(), [instance]);
    assert_eq!(world.edge.table().services[0].instances.len(), 1, "the new one is carried");
    let events = world.events(&service);
    assert_eq!(events.iter().filter(|event| event.contains("exit code: 137")).count(), 1, "{events:?}");
}

#[test]
fn an_instance_with_a_full_disk_is_told_of_once_and_goes_on() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    world.engine.fill_disk(&world.instances()[0]);
    let told = || world.events(&service).iter().filter(|event| event.contains("has filled the 3 GB")).count();
    for _ in 0..5 {
        platform.step();
    }
    assert_eq!(told(), 1);
    let mut platform = world.boot();
    for _ in 0..5 {
        platform.step();
    }
    assert_eq!(told(), 1, "the next platform knows that it was told");
    assert_eq!(world.service().status(), ServiceStatus::Running);
}

#[test]
fn images_of_the_newest_revisions_stay_and_older_ones_go() {
    let world = World::new();
    let mut platform = world.boot();
    let service = platform.create();
    platform.until(&world, ServiceStatus::Running);
    for push in 2..=6 {
        world.push(push);
        platform.begin(Wish::Deploy { arn: service.arn() });
        platform.until(&world, ServiceStatus::Running);
    }
    let pin = |byte| {
        let RepositoryKey { scope, name } = world.repository();
        ImagePin { scope, repository: name, digest: digest_of(byte) }
    };
    let prepared = || [1, 2, 5, 6].map(|byte| world.engine.is_prepared(&pin(byte)));
    let row =
        AuditRow { at: world.clock.now(), caller: caller(), action: "ecr:DeleteRepository".to_owned(), resource: "*".to_owned() };
    block_on(world.images.delete(&world.repository(), Deletion::WithImages, &row)).unwrap().unwrap();
    let copied = |byte| block_on(PinnedImages::read(&*world.images, &pin(byte), &digest_of(byte))).unwrap().is_some();
    let copies = || [1, 2, 5, 6].map(copied);
    assert_eq!((prepared(), copies()), ([true; 4], [true; 4]), "what was deployed is copied: the repository is gone");
    world.clock.turn(std::time::Duration::from_millis(1));
    block_on(sweep_images(&platform.ports)).unwrap();
    assert_eq!((prepared(), copies()), ([true; 4], [false, true, true, true]), "the engine forgets nothing at the first look");
    block_on(sweep_images(&platform.ports)).unwrap();
    assert_eq!(prepared(), [false, false, true, true], "the newest and the one before it, for a start at once");
    platform.begin(Wish::Pause { arn: service.arn() });
    platform.until(&world, ServiceStatus::Paused);
    for _ in 0..2 {
        block_on(sweep_images(&platform.ports)).unwrap();
    }
    assert_eq!(
        (prepared(), copies()),
        ([false, false, true, true], [false, true, true, true]),
        "a paused service resumes with its own"
    );
    platform.begin(Wish::Delete { arn: service.arn() });
    platform.until_gone(&world, &service);
    for _ in 0..2 {
        block_on(sweep_images(&platform.ports)).unwrap();
    }
    assert_eq!((prepared(), copies()), ([false; 4], [false; 4]), "a deleted one needs none");
}

#[test]
fn a_paused_service_is_not_carried_and_resumes_where_it_was() {
    let world = World::new();
    let mut platform = world.boot();
    let service = platform.create();
    platform.until(&world, ServiceStatus::Running);
    platform.begin(Wish::Pause { arn: service.arn() });
    platform.until(&world, ServiceStatus::Paused);
    assert!(world.edge.table().services.is_empty() && world.instances().is_empty());
    platform.begin(Wish::Resume { arn: service.arn() });
    let resumed = platform.until(&world, ServiceStatus::Running);
    assert_eq!(resumed.revisions, 1, "no new revision");
    assert_eq!(world.instances()[0].short(), "r1-0");
}

#[test]
fn a_deployment_that_fails_leaves_the_old_version_serving() {
    let world = World::new();
    let mut platform = world.boot();
    let service = platform.create();
    platform.until(&world, ServiceStatus::Running);
    world.push(2);
    world.engine.script("hello", Script::Exit(1));
    platform.begin(Wish::Deploy { arn: service.arn() });
    let after = platform.until(&world, ServiceStatus::Running);
    assert!(matches!(&world.outcomes(&after)[0], OperationState::Ended { outcome: Outcome::RolledBack(_), .. }));
    assert_eq!(world.edge.table().services[0].instances[0].name.short(), "r1-0");
    assert_eq!(world.instances().iter().map(InstanceName::short).collect::<Vec<_>>(), ["r1-0"]);
}

#[test]
fn instances_of_unknown_services_are_ended() {
    let (world, other) = (World::new(), World::new());
    let mut platform = other.boot();
    platform.create();
    platform.until(&other, ServiceStatus::Running);
    // The same engine under a ledger that knows nothing of it.
    let world = World { engine: other.engine.clone(), ..world };
    assert_eq!(world.instances().len(), 1);
    block_on(world.boot().roster.end_orphans()).unwrap();
    assert!(world.instances().is_empty());
}

#[test]
fn an_image_that_cannot_be_unpacked_keeps_no_other_service_from_its_route() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let good = platform.until(&world, ServiceStatus::Running);
    world.engine.script("hello", Script::Trouble(Retry::Worthwhile));
    platform.begin(Wish::Create(create_service("stuck")));
    for _ in 0..5 {
        platform.step();
    }
    let mut platform = world.boot();
    assert_eq!(world.edge.table().services.len(), 1, "the first table is there before any keeper has begun");
    world.engine.script("hello", Script::Serve);
    world.engine.end(&block_on(world.engine.look(&good.id)).unwrap()[0].name, ExitCause::Code(1));
    world.engine.script("hello", Script::Trouble(Retry::Worthwhile));
    for _ in 0..10 {
        platform.step();
    }
    assert_eq!(world.instances().iter().filter(|name| name.service == good.id).count(), 1, "the other one is mended meanwhile");
}

#[test]
fn trouble_that_will_not_pass_ends_the_operation_and_trouble_that_lasts_too_long_does() {
    for (retry, longest) in [(Retry::Pointless, 1), (Retry::Worthwhile, 16 * 60)] {
        let world = World::new();
        world.engine.script("hello", Script::Trouble(retry));
        let mut platform = world.boot();
        platform.create();
        let before = world.clock.now();
        let service = platform.until(&world, ServiceStatus::CreateFailed);
        assert!(world.clock.now().since(before).as_secs() <= longest, "{retry:?}");
        assert!(world.events(&service).iter().any(|event| event.contains("platform")), "{:?}", world.events(&service));
    }
}

#[test]
fn a_platform_that_was_off_does_not_count_the_time_as_the_apps() {
    let world = World::new();
    let mut platform = world.boot();
    world.engine.script("hello", Script::Hang);
    platform.create();
    for _ in 0..4 {
        platform.step();
    }
    for name in world.instances() {
        block_on(world.engine.discard(&name)).unwrap();
    }
    world.clock.turn(std::time::Duration::from_secs(1_000));
    world.engine.script("hello", Script::Serve);
    world.boot().until(&world, ServiceStatus::Running);
}

#[test]
fn a_wanted_instance_that_rests_is_unrouted_woken_and_routed_again() {
    for rest in [Rest::Throttled, Rest::Frozen, Rest::PagedOut] {
        let world = World::new();
        let mut platform = world.boot();
        platform.create();
        let service = platform.until(&world, ServiceStatus::Running);
        let instance = world.instances().remove(0);
        block_on(world.engine.rest(&instance, rest)).unwrap();
        let told = world.events(&service).len();
        for _ in 0..4 {
            platform.step();
        }
        let [seen] = &block_on(world.engine.look(&service.id)).unwrap()[..] else { panic!("the same one") };
        assert_eq!((&seen.name, &seen.phase), (&instance, &InstancePhase::Ready), "{rest:?}");
        assert_eq!(world.edge.table().services[0].instances.len(), 1, "routed again");
        assert_eq!(world.events(&service).len(), told, "its owner need not know");
    }
}

#[test]
fn a_drain_that_an_earlier_platform_began_ends_too() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    world.edge.carry(&world.instances()[0], 1);
    platform.begin(Wish::Delete { arn: service.arn() });
    for _ in 0..3 {
        platform.step();
    }
    world.boot().until_gone(&world, &service);
}
