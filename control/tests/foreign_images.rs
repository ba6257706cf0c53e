//! Images of other registries: copied once, continued after a crash, and then nobody's but ours.

mod memory;

use std::sync::Arc;

use bytes::Bytes;
use control::image_sweep::sweep_images;
use control::limit::{COPIES_BYTES, COPY_DISK_LEFT, COPY_IMAGE_BYTES};
use control::ports::Ports;
use control::roster::{Roster, first_routes};
use control::routes::Routes;
use control::service::{Keeper, ServiceDesk, Turn};
use model::audit::AuditRow;
use model::configuration::Source;
use model::digest::{Algorithm, Digest};
use model::foreign_image::ForeignImage;
use model::image_reference::{ImageReference, OwnImage};
use model::instance::StopOrder;
use model::operation::{Operation, OperationState, Outcome};
use model::port::{Audit, Blobs, Clock, CopiesRoom, Desk, Engine, Manifests, Operations, Revisions, UploadId};
use model::repository::RepositoryKey;
use model::revision::ImagePin;
use model::service::{Service, ServiceStatus};
use model::testbed::{
    MemoryEdge, MemoryEngine, MemoryImages, MemoryLedger, MemoryRemote, TurnedClock, VecBody, block_on, caller, create_service,
};
use model::wish::{LogPosition, PageRequest, Wish};

const STEPS_MAX: usize = 2_000;
const LAYERS: [&[u8]; 2] = [b"the lower layer", b"the upper layer"];

/// Not a hash, but different for the few inputs of these tests.
fn toy_hash(_: Algorithm, bytes: &[u8]) -> Digest {
    let sum = |i: usize| bytes.iter().enumerate().fold(i as u8, |sum, (at, b)| sum.rotate_left(3) ^ b.wrapping_add(at as u8));
    Digest::from_hash(Algorithm::Sha256, &(0..32).map(sum).collect::<Vec<u8>>())
}

struct World {
    clock: Arc<TurnedClock>,
    ledger: Arc<MemoryLedger>,
    images: Arc<MemoryImages>,
    remote: Arc<MemoryRemote>,
    engine: Arc<MemoryEngine>,
}

struct Platform {
    ports: Ports,
    desk: ServiceDesk,
    roster: Roster,
    keepers: Vec<Keeper>,
}

fn image() -> ForeignImage {
    ForeignImage::parse("docker.io/nginx:1").unwrap()
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(TurnedClock::at_millis(1_800_000_000_000));
        Self {
            clock: clock.clone(),
            ledger: Arc::default(),
            images: Arc::new(MemoryImages::new(toy_hash)),
            remote: Arc::new(MemoryRemote::new(toy_hash)),
            engine: Arc::new(MemoryEngine::new(clock)),
        }
    }

    /// A platform that begins on what is there, as after a crash.
    fn boot(&self) -> Platform {
        let edge = Arc::new(MemoryEdge::default());
        let _routes = Arc::new(Routes::new(edge.clone(), self.clock.clone(), Vec::new(), 1));
        let ports =
            Ports { remote: self.remote.clone(), ..memory::ports(&self.ledger, &self.images, &self.engine, &edge, &self.clock) };
        block_on(ports.routes.begin(block_on(first_routes(&ports, "outrunner.localhost")).unwrap())).unwrap();
        let desk = ServiceDesk::new(ports.clone(), "outrunner.localhost".to_owned(), 443);
        let roster = Roster::new(ports.clone(), "outrunner.localhost".to_owned());
        Platform { ports, desk, roster, keepers: Vec::new() }
    }

    fn operation(&self, service: &Service) -> Operation {
        let page = PageRequest { after: None, items_max: None };
        block_on(Operations::list(&*self.ledger, &service.id, &page)).unwrap().items.remove(0)
    }

    fn failure(&self, service: &Service) -> String {
        match self.operation(service).state {
            OperationState::Ended { outcome: Outcome::Failed(failure), .. } => failure.message,
            other => panic!("{other:?}"),
        }
    }
}

impl Platform {
    fn create(&self, name: &str, reference: ImageReference) -> Service {
        let mut wish = create_service(name);
        let Source::Image(source) = &mut wish.configuration.source else { panic!("it is an image") };
        source.identifier = reference.to_string();
        source.reference = reference;
        block_on(self.desk.begin(&caller(), Wish::Create(wish))).unwrap().unwrap().view.service
    }

    fn step(&mut self) {
        let fresh = block_on(self.roster.newcomers()).unwrap();
        self.keepers.extend(fresh.into_iter().map(|staff| staff.keeper));
        self.keepers.retain_mut(|keeper| block_on(keeper.step()) == Turn::Again);
    }

    fn until(&mut self, service: &Service, status: ServiceStatus) -> Service {
        for _ in 0..STEPS_MAX {
            let now = block_on(self.ports.services.by_id(&service.id)).unwrap().unwrap().value;
            if now.status() == status {
                return now;
            }
            self.step();
        }
        panic!("never {status:?}")
    }
}

#[test]
fn an_image_of_another_registry_is_copied_and_runs_and_the_next_service_asks_for_the_manifest_alone() {
    let world = World::new();
    let digest = world.remote.offer(&image(), &LAYERS);
    let mut platform = world.boot();
    let first = platform.create("first", ImageReference::Foreign(image()));
    let first = platform.until(&first, ServiceStatus::Running);
    let asked = world.remote.take_asked();
    assert_eq!(asked.len(), 4, "the manifest, the configuration and two layers: {asked:?}");
    let revision = block_on(Revisions::get(&*world.ledger, &first.id, 1)).unwrap().unwrap();
    assert_eq!(revision.image.digest, digest, "what was found is pinned");
    assert!(revision.image.repository.is_of_copies());
    let key = RepositoryKey { scope: revision.image.scope, name: revision.image.repository };
    assert!(block_on(Manifests::get(&*world.images, &key, &digest)).unwrap().is_some());

    let second = platform.create("second", ImageReference::Foreign(image()));
    platform.until(&second, ServiceStatus::Running);
    assert_eq!(world.remote.take_asked(), ["manifest docker.io/library/nginx:1"]);
}

#[test]
fn a_service_restarts_without_the_registry_that_its_image_came_from() {
    let world = World::new();
    world.remote.offer(&image(), &LAYERS);
    let mut platform = world.boot();
    let service = platform.create("webs", ImageReference::Foreign(image()));
    platform.until(&service, ServiceStatus::Running);
    world.remote.take_asked();
    world.remote.refuse(Some("docker.io cannot be reached."));
    for name in block_on(world.engine.all()).unwrap() {
        block_on(world.engine.stop(&name, StopOrder { grace: std::time::Duration::ZERO })).unwrap();
        block_on(world.engine.discard(&name)).unwrap();
    }
    let mut platform = world.boot();
    for _ in 0..50 {
        platform.step();
    }
    assert_eq!(block_on(world.engine.all()).unwrap().len(), 1);
    assert_eq!(world.remote.take_asked(), Vec::<String>::new());
}

#[test]
fn what_another_registry_refuses_ends_the_creation_in_its_words() {
    let world = World::new();
    let mut platform = world.boot();
    let missing = platform.create("missing", ImageReference::Foreign(image()));
    platform.until(&missing, ServiceStatus::CreateFailed);
    assert!(world.failure(&missing).starts_with("The image docker.io/library/nginx:1 does not exist"));

    world.remote.offer(&image(), &LAYERS);
    world.remote.cut_at(4);
    let cut = platform.create("broken-off", ImageReference::Foreign(image()));
    platform.until(&cut, ServiceStatus::CreateFailed);
    assert!(world.failure(&cut).contains("broke off in the middle"), "{}", world.failure(&cut));

    world.remote.refuse(Some("docker.io has had enough of us."));
    let refused = platform.create("refused", ImageReference::Foreign(image()));
    platform.until(&refused, ServiceStatus::CreateFailed);
    assert_eq!(world.failure(&refused), "docker.io has had enough of us.");
}

#[test]
fn a_copy_that_takes_too_long_fails_with_words_and_the_next_try_goes_on_from_there() {
    let world = World::new();
    world.remote.offer(&image(), &LAYERS);
    world.remote.slow(world.clock.clone(), std::time::Duration::from_secs(600));
    let mut platform = world.boot();
    let service = platform.create("webs", ImageReference::Foreign(image()));
    platform.until(&service, ServiceStatus::CreateFailed);
    let message = world.failure(&service);
    assert!(message.contains("took longer than 15 minutes") && message.contains("goes on from there"), "{message}");
    let first = world.remote.take_asked();
    world.remote.slow(world.clock.clone(), std::time::Duration::ZERO);
    let again = platform.create("again", ImageReference::Foreign(image()));
    platform.until(&again, ServiceStatus::Running);
    let config = first.iter().find(|asked| asked.starts_with("blob")).expect("the configuration was copied");
    assert!(!world.remote.take_asked().contains(config), "and is not asked for again");
}

#[test]
fn a_copy_that_no_service_needs_goes_after_a_day_and_one_that_runs_stays() {
    let world = World::new();
    let other = ForeignImage::parse("docker.io/nginx:2").unwrap();
    let (kept, spare) = (world.remote.offer(&image(), &LAYERS), world.remote.offer(&other, &[b"its only layer"]));
    let mut platform = world.boot();
    for (name, image) in [("webs", image()), ("short", other.clone())] {
        let service = platform.create(name, ImageReference::Foreign(image));
        platform.until(&service, ServiceStatus::Running);
        if name == "short" {
            block_on(platform.desk.begin(&caller(), Wish::Delete { arn: service.arn() })).unwrap().unwrap();
            platform.until(&service, ServiceStatus::Deleted);
        }
    }
    let key = RepositoryKey::of_copies(&other);
    let are_there = || [&kept, &spare].map(|digest| block_on(Manifests::get(&*world.images, &key, digest)).unwrap().is_some());
    block_on(sweep_images(&platform.ports)).unwrap();
    assert_eq!(are_there(), [true, true], "a moment after it was copied it may be wanted again");
    world.clock.turn(std::time::Duration::from_secs(25 * 3600));
    block_on(sweep_images(&platform.ports)).unwrap();
    assert_eq!(are_there(), [true, false]);
}

#[test]
fn copies_go_also_while_another_service_looks_for_its_image_and_the_one_that_it_found_stays() {
    let world = World::new();
    let other = ForeignImage::parse("docker.io/nginx:2").unwrap();
    let (found, spare) = (world.remote.offer(&image(), &LAYERS), world.remote.offer(&other, &[b"its only layer"]));
    let mut platform = world.boot();
    for (name, image) in [("webs", image()), ("short", other)] {
        let service = platform.create(name, ImageReference::Foreign(image));
        platform.until(&service, ServiceStatus::Running);
        block_on(platform.desk.begin(&caller(), Wish::Delete { arn: service.arn() })).unwrap().unwrap();
        platform.until(&service, ServiceStatus::Deleted);
    }
    world.clock.turn(std::time::Duration::from_secs(25 * 3600));
    let looks = platform.create("looks", ImageReference::Foreign(image()));
    let key = RepositoryKey::of_copies(&image());
    let pin = ImagePin { scope: key.scope.clone(), repository: key.name.clone(), digest: found.clone() };
    // As its keeper does first of all.
    assert!(block_on(platform.ports.image_copies.touch(&pin, world.clock.now())).unwrap());
    block_on(sweep_images(&platform.ports)).unwrap();
    let are_there = [&found, &spare].map(|digest| block_on(Manifests::get(&*world.images, &key, digest)).unwrap().is_some());
    assert_eq!(are_there, [true, false]);
    world.clock.turn(std::time::Duration::from_secs(1));
    let now = world.clock.now();
    platform.until(&looks, ServiceStatus::Running);
    let kept = block_on(Manifests::get(&*world.images, &key, &found)).unwrap().expect("it is needed");
    assert!(kept.pushed_at >= now, "its keeper said so before it pinned it");
}

#[test]
fn a_copy_that_there_is_no_room_for_is_refused_with_numbers_and_nothing_of_it_is_asked_for() {
    let gib = 1 << 30;
    let room = |taken_bytes: u64, free_bytes: u64| CopiesRoom { taken_bytes, free_bytes };
    let cases = [
        (COPY_IMAGE_BYTES, room(0, u64::MAX), "images of more than 16 GiB are not copied"),
        (4 * gib, room(COPIES_BYTES - 5 * gib, u64::MAX), "take 59 GiB already"),
        (4 * gib, room(0, 8 * gib + COPY_DISK_LEFT), "the disk of the data dir has 8 GiB left, of which 512 MiB stay free"),
    ];
    for (layer_bytes, room, words) in cases {
        let world = World::new();
        world.remote.offer(&image(), &LAYERS);
        world.remote.claim(&image(), layer_bytes);
        world.images.set_room(room);
        let mut platform = world.boot();
        let service = platform.create("webs", ImageReference::Foreign(image()));
        platform.until(&service, ServiceStatus::CreateFailed);
        assert!(world.failure(&service).contains(words), "{}", world.failure(&service));
        assert_eq!(world.remote.take_asked(), ["manifest docker.io/library/nginx:1"]);
    }
    let world = World::new();
    world.remote.offer(&image(), &LAYERS);
    let bytes = LAYERS.iter().map(|layer| layer.len() as u64).sum::<u64>() + "config of docker.io/library/nginx:1".len() as u64;
    world.images.set_room(room(COPIES_BYTES - bytes, bytes + COPY_DISK_LEFT));
    let mut platform = world.boot();
    let service = platform.create("webs", ImageReference::Foreign(image()));
    platform.until(&service, ServiceStatus::Running);
}

/// Leaves what a crash leaves: a blob's upload with some bytes.
fn leave(world: &World, blob: &[u8], left: &'static [u8]) {
    let key = RepositoryKey::of_copies(&image());
    let upload = UploadId(toy_hash(Algorithm::Sha256, blob).hex()[..32].to_owned());
    block_on(Blobs::begin(&*world.images, &key, &upload)).unwrap();
    let body = Box::new(VecBody(vec![Ok(Bytes::from_static(left))]));
    block_on(Blobs::append(&*world.images, &key, &upload, 0, body, 1_000)).unwrap().unwrap();
}

#[test]
fn a_copy_that_a_crash_interrupted_goes_on_where_it_was_and_one_that_is_torn_begins_anew() {
    for (left, from) in
        [(&b"the lower"[..], vec![9]), (&b"the other"[..], vec![9, 0]), (&b"much more than there is of it"[..], vec![0])]
    {
        let world = World::new();
        world.remote.offer(&image(), &LAYERS);
        leave(&world, LAYERS[0], left);
        let mut platform = world.boot();
        let service = platform.create("webs", ImageReference::Foreign(image()));
        platform.until(&service, ServiceStatus::Running);
        let blob = toy_hash(Algorithm::Sha256, LAYERS[0]);
        let asked = world.remote.take_asked();
        let of_blob: Vec<String> = asked.into_iter().filter(|asked| asked.contains(blob.as_str())).collect();
        let expected: Vec<String> = from.iter().map(|from| format!("blob {blob} from {from}")).collect();
        assert_eq!(of_blob, expected, "{}", String::from_utf8_lossy(left));
    }
}

#[test]
fn what_our_registry_lacks_is_looked_for_in_the_real_one_under_the_same_name() {
    let world = World::new();
    let own = OwnImage::parse("000000000000.dkr.ecr.us-east-1.amazonaws.com/team/hello:v1").unwrap();
    let mut platform = world.boot();
    let missing = platform.create("missing", ImageReference::Own(own.clone()));
    platform.until(&missing, ServiceStatus::CreateFailed);
    let message = world.failure(&missing);
    assert!(message.contains("has no tag 'v1'") && message.contains("The upstream ECR lacks it too."), "{message}");
    let digest = world.remote.offer(&own.at_ecr(), &LAYERS);
    let service = platform.create("webs", ImageReference::Own(own));
    let service = platform.until(&service, ServiceStatus::Running);
    let revision = block_on(Revisions::get(&*world.ledger, &service.id, 1)).unwrap().unwrap();
    assert_eq!(revision.image.digest, digest);
    assert_eq!(revision.image.repository.as_str(), "~000000000000.dkr.ecr.us-east-1.amazonaws.com/team/hello");
    assert_eq!(revision.configuration.image_source().identifier, "000000000000.dkr.ecr.us-east-1.amazonaws.com/team/hello:v1");
}

#[test]
fn every_copy_is_in_the_audit_log_with_the_operation_that_made_it() {
    let world = World::new();
    world.remote.offer(&image(), &LAYERS);
    let mut platform = world.boot();
    let service = platform.create("webs", ImageReference::Foreign(image()));
    platform.until(&service, ServiceStatus::Running);
    let rows: Vec<AuditRow> = world.images.audited();
    assert_eq!(rows.len(), 5, "the place, three blobs and the manifest");
    let operation = world.operation(&service).id.to_string();
    for row in &rows {
        assert_eq!((row.action.as_str(), row.resource.as_str()), ("outrunner:CopyImage", "docker.io/library/nginx:1"));
        assert_eq!(row.caller.request_id, operation);
    }
    let of_calls = block_on(Audit::list(&*world.ledger, LogPosition(0), 10)).unwrap();
    assert_eq!(of_calls.len(), 1, "the call that created the service");
    assert!(world.clock.now().millis() > 0);
}
