//! Everybody who asks something of a platform: callers at two desks, pushes, requests; and what befalls the machine. Only while the storm lasts.
//!
//! Keeps what callers were promised, to be held against the end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use control::service::ServiceDesk;
use model::arn::ServiceArn;
use model::configuration::{Configuration, ImageSource, Source, SourceChange};
use model::given_variables::GivenVariables;
use model::image_reference::ImageReference;
use model::instance::{InstanceName, InstanceSpec};
use model::operation::OperationId;
use model::port::{Desk, Granted, RevisionDesk, Ring, Services};
use model::scaling_configuration::ScalingConfiguration;
use model::service::ServiceId;
use model::service_name::ServiceName;
use model::tag::Tags;
use model::testbed::{caller, configuration, service_id};
use model::trouble::Trouble;
use model::wish::{Accepted, CreateService, UpdateService, Wish};

use super::faults::SERVICES_MAX;
use super::registry::{Nature, TAGS, repository};
use super::scheduler::Group;
use super::world::World;

const NAMES: [&str; SERVICES_MAX] = ["webs", "shop", "apis", "blog", "mail", "docs", "maps", "chat"];
const NATURES: [Nature; 13] = [
    Nature::Serves,
    Nature::Serves,
    Nature::Serves,
    Nature::Serves,
    Nature::Serves,
    Nature::Slow,
    Nature::Flaky,
    Nature::Flaky,
    Nature::Sickly,
    Nature::Exits,
    Nature::Hangs,
    Nature::Elsewhere,
    Nature::Bad,
];

/// Callers, and what a platform has for them.
#[derive(Default)]
pub struct Customers {
    pub desks: Vec<Arc<ServiceDesk>>,
    /// Services that have a keeper, and those whose keeper is over.
    pub kept: BTreeSet<ServiceId>,
    pub over: Vec<ServiceId>,
    pub deaths: u64,
    /// Operations that somebody was told of.
    pub granted: Vec<(ServiceId, OperationId)>,
}

fn told(answer: &Result<Granted<Accepted>, Trouble>) -> String {
    match answer {
        Ok(Ok(accepted)) => format!("{} is granted {:?}", accepted.view.service.name, accepted.operation),
        Ok(Err(refusal)) => format!("refused: {refusal:?}"),
        Err(trouble) => format!("{trouble:?}"),
    }
}

impl World {
    /// Everybody begins.
    pub fn let_loose(&self) {
        for desk in 0..2 {
            let world = self.me();
            self.time.spawn(Group::World, async move { world.call(desk).await });
        }
        let (pushes, traffic, fate) = (self.me(), self.me(), self.me());
        self.time.spawn(Group::World, async move { pushes.push_now_and_then().await });
        self.time.spawn(Group::World, async move { traffic.send_requests().await });
        self.time.spawn(Group::World, async move { fate.strike().await });
    }

    async fn call(&self, desk: usize) {
        let longest = *self.chance.pick(&[2_000, 10_000, 30_000]);
        while self.is_stormy() {
            self.sleep(self.chance.millis(10, longest)).await;
            let Some(desk) = self.customers().desks.get(desk).cloned() else { continue };
            let name = *self.chance.pick(&NAMES[..self.faults.services]);
            let world = self.me();
            // Whoever is on the line when the platform dies learns nothing.
            self.time.spawn(Group::Platform, async move { world.ask(&desk, name).await });
        }
    }

    async fn ask(&self, desk: &ServiceDesk, name: &str) {
        let name = ServiceName::parse(name).expect("a name");
        let held = Services::by_name(&*self.ledger, &caller().scope, &name).await.expect("memory");
        let Some(service) = held.map(|found| found.value) else {
            let wish = CreateService { name, configuration: self.configuration(), tags: self.tags() };
            return self.wish(desk, Wish::Create(wish)).await;
        };
        let arn = service.arn();
        match self.chance.below(15) {
            0 | 1 => self.wish(desk, Wish::Pause { arn }).await,
            2..=4 => self.wish(desk, Wish::Resume { arn }).await,
            5 | 6 => self.wish(desk, Wish::Deploy { arn }).await,
            7 | 8 => self.wish(desk, Wish::Update(self.update(arn))).await,
            9 => self.wish(desk, Wish::Delete { arn }).await,
            10 => {
                let answer = desk.cancel(&caller(), &arn, None).await;
                self.note("a cancellation", || told(&answer));
                if matches!(answer, Ok(Ok(_))) {
                    self.count("an operation was cancelled");
                }
            }
            11 | 12 => {
                let to = self.chance.happens(500).then(|| 1 + u32::try_from(self.chance.below(6)).expect("few"));
                let answer = desk.roll_back(&caller(), &arn, to).await;
                self.granted("a rollback", answer);
            }
            _ => {
                let told = desk.tag(&caller(), &arn, self.tags()).await;
                self.note("tags", || format!("{}: {told:?}", service.name));
            }
        }
    }

    async fn wish(&self, desk: &ServiceDesk, wish: Wish) {
        let answer = desk.begin(&caller(), wish.clone()).await;
        self.granted("a wish", answer);
    }

    fn granted(&self, what: &'static str, answer: Result<Granted<Accepted>, Trouble>) {
        self.note(what, || told(&answer));
        if let Ok(Ok(Accepted { view, operation: Some(operation) })) = answer {
            self.count(&format!("{what} was granted"));
            self.customers().granted.push((view.service.id, operation));
        }
    }

    fn configuration(&self) -> Configuration {
        let configuration = configuration(8080);
        Configuration { source: Source::Image(self.source(configuration.image_source())), scaling: self.scaling(), ..configuration }
    }

    fn source(&self, like: &ImageSource) -> ImageSource {
        let identifier = format!("000000000000.dkr.ecr.us-east-1.amazonaws.com/{}:{}", repository().name, self.chance.pick(&TAGS));
        let reference = ImageReference::parse(&identifier).expect("a reference");
        let auto_deployments = *self.chance.pick(&[None, Some(true), Some(false)]);
        ImageSource { identifier, reference, auto_deployments, ..like.clone() }
    }

    fn scaling(&self) -> ScalingConfiguration {
        let instances_min = u16::try_from(1 + self.chance.below(2)).expect("few");
        let instances_max = instances_min + u16::try_from(self.chance.below(3)).expect("few");
        let concurrency_max = u32::try_from(1 + self.chance.below(3)).expect("few");
        ScalingConfiguration { concurrency_max, instances_min, instances_max, ..ScalingConfiguration::default() }
    }

    fn tags(&self) -> Tags {
        let mut tags = vec![("outrunner:startup-timeout", *self.chance.pick(&["15s", "60s"]))];
        tags.push(("outrunner:stop-grace", *self.chance.pick(&["1s", "5s", "30s"])));
        tags.push(("outrunner:request-timeout", *self.chance.pick(&["5s", "20s", "120s", "none"])));
        Tags(tags.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    fn update(&self, arn: ServiceArn) -> UpdateService {
        let mut update = UpdateService::of(arn);
        if self.chance.happens(500) {
            let image = self.source(configuration(8080).image_source());
            update.source =
                Some(SourceChange { auto_deployments: image.auto_deployments, image: Some(image), ..SourceChange::default() });
        }
        update.scaling = self.chance.happens(500).then(|| self.scaling());
        update
    }

    async fn push_now_and_then(&self) {
        let longest = *self.chance.pick(&[5_000, 20_000, 60_000]);
        while self.is_stormy() {
            self.sleep(self.chance.millis(100, longest)).await;
            let (tag, nature) = (*self.chance.pick(&TAGS), *self.chance.pick(&NATURES));
            self.push(tag, nature).await;
            model::port::Bell::ring(self, &Ring::Pushes);
        }
    }

    async fn send_requests(&self) {
        let (rest, burst) = (*self.chance.pick(&[1_000, 5_000, 20_000]), *self.chance.pick(&[1, 4, 12]));
        while self.is_stormy() {
            self.sleep(self.chance.millis(10, rest)).await;
            let services: Vec<ServiceId> = self.table().services.into_iter().map(|route| route.service).collect();
            if services.is_empty() {
                continue;
            }
            let service = self.chance.pick(&services).clone();
            for _ in 0..=self.chance.below(burst) {
                let longest = if self.chance.happens(950) { 3_000 } else { 100_000 };
                let (world, service, lasts) = (self.me(), service.clone(), self.chance.millis(1, longest));
                self.time.spawn(Group::World, async move { world.request(&service, lasts).await });
            }
        }
    }

    /// As many requests to every service that runs as its most instances can take at once.
    pub async fn burst(&self) {
        for service in self.ledger.kept().await.expect("memory") {
            let ScalingConfiguration { instances_max, concurrency_max, .. } = service.configuration.scaling;
            for _ in 0..u32::from(instances_max) * concurrency_max {
                let (world, id) = (self.me(), service.id.clone());
                self.time.spawn(Group::World, async move { world.request(&id, Duration::from_secs(60)).await });
            }
        }
    }

    /// What befalls the machine: deaths for no reason, a clock that is set, instances of services that nobody knows.
    async fn strike(&self) {
        if self.chance.happens(100) {
            self.leave_orphan(&self.stranger());
        }
        while self.is_stormy() {
            self.sleep(Duration::from_secs(10)).await;
            if self.chance.happens(self.faults.dies) && self.is_stormy() {
                self.time.crash();
            }
            if self.chance.happens(self.faults.power) && self.is_stormy() {
                self.lose_power();
            }
            if self.chance.happens(self.faults.clock) && self.is_stormy() {
                self.set_clock();
            }
            if self.chance.happens(self.faults.edge_dies) {
                self.kill_door();
                self.sleep(self.chance.millis(0, 8_000)).await;
                if !self.customers().desks.is_empty() {
                    self.revive_door();
                }
            }
        }
        self.revive_door();
    }

    fn stranger(&self) -> InstanceSpec {
        let configuration = configuration(8080);
        let image = model::revision::ImagePin {
            scope: repository().scope,
            repository: repository().name,
            digest: model::digest::Digest::from_hash(model::digest::Algorithm::Sha256, &[0; 32]),
        };
        InstanceSpec {
            name: InstanceName { service: service_id(9), revision: 1, slot: 0 },
            image,
            start_command: None,
            environment: configuration.image_source().environment(),
            given: GivenVariables::default(),
            role: None,
            identity: None,
            port: 8080,
            size: configuration.size,
            health: configuration.health,
            reach: Vec::new(),
        }
    }
}
