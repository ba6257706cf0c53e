//! Builds the rooms and plugs them together: the only place that knows all of them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use api::{InstanceRoleReader, InstanceSessionIssuer, PolicyGate, TokenIssuer};
use axum::Router;
use control::auto_deploy::AutoDeploy;
use control::certificates::LocalCertificates;
use control::checkpoint::Checkpoints;
use control::ports::Ports;
use control::roster::{Roster, first_routes};
use control::routes::Routes;
use control::service::{ServiceDesk, Surroundings};
use control::spares::Spares;
use edge::{FrontDoor, Origin};
use engine::local::LocalEngine;
use model::account::{AccountId, Region, Scope};
use model::port::{Accounts, Bell, Clock, Gatekeeper, Logins, RemoteRegistry, Services};
use model::secret::Secret;
use outside::{NameServer, Upstream};
use registry::SignedLogins;
use store::Store;

use crate::anchors::system_roots;
use crate::aws_upstream::Elsewhere;
use crate::bell::Bells;
use crate::clock::{SystemClock, SystemDice};
use crate::config::Settings;
use crate::ephemeral::test_key;
use crate::failure::Failure;
use crate::first_run::{Credentials, Root, derived_key, master_key, root_key};
use crate::host::{AUTHORITY_FILE, BUNDLE_FILE, Place, REGISTRY_AUTHORITY_FILE, keep_file};
use crate::instance_door::InstanceDoors;
use crate::names::{self, Names};
use crate::provocation::Provocations;
use crate::{front_door, identity_tokens, programs};

/// A platform whose rooms are open.
pub struct Platform {
    pub ports: Ports,
    pub front_door: Arc<FrontDoor>,
    pub router: Router,
    pub roster: Roster,
    pub auto_deploy: AutoDeploy,
    pub certificates: LocalCertificates,
    pub clock: Arc<SystemClock>,
    pub store: Store,
    pub names: Names,
    pub engine: Arc<LocalEngine>,
    /// How full the rooms are.
    pub rooms: Rooms,
    /// Who signs identity tokens, and into whose instances they are laid; nothing where there are none.
    pub tokens: Option<Tokens>,
}

/// The rooms whose queues the figures show.
pub struct Rooms {
    api_and_registry: (api::Fullness, registry::Fullness),
    engine: Arc<LocalEngine>,
    instance_doors: Arc<InstanceDoors>,
}

impl Rooms {
    /// How much all instances together may keep on their own disks.
    pub fn scratch_bytes_max(&self) -> u64 {
        self.engine.scratch_bytes_max()
    }

    /// Of each queue: its name, how many there are in it, and how many there may be.
    pub fn queues(&self) -> Vec<(&'static str, usize, usize)> {
        let (api, registry) = &self.api_and_registry;
        let mut queues = api.queues();
        queues.extend(registry.queues());
        queues.extend(self.engine.queues());
        queues.extend(self.instance_doors.queues());
        queues
    }
}

/// Who signs identity tokens, and who lays them into instances.
pub type Tokens = (Arc<TokenIssuer>, Arc<LocalEngine>);

/// The tools that every room shares, and the memory.
struct Ground {
    clock: Arc<SystemClock>,
    dice: Arc<SystemDice>,
    bell: Arc<dyn Bell>,
    /// The master key.
    key: Secret,
    store: Store,
    stored: Arc<Store>,
    /// Who may do what: one for all doors, and for the roles that services pull with.
    gate: Arc<PolicyGate>,
    /// Those whose registries answer: the platform's own first.
    accounts: Vec<AccountId>,
    /// The real AWS, and what stands in for it.
    elsewhere: Elsewhere,
}

impl Ground {
    async fn open(settings: &Settings, place: &Place) -> Result<Self, Failure> {
        let (clock, dice) = (Arc::new(SystemClock), Arc::new(SystemDice));
        let key = master_key(place, &*dice)?;
        let store = Store::open(&place.data_dir, clock.clone(), &key)?;
        store.retain_new_log_groups_for(settings.log_retention);
        let given = settings.test_keys.then(|| test_key(&settings.scope.account));
        let root = Root { scope: &settings.scope, credentials: Credentials::Own, given };
        root_key(place, root, &store, &*clock, &*dice).await?;
        let mut accounts = vec![settings.scope.account.clone()];
        for account in Accounts::list(&store).await? {
            // Also one whose creation was cut short: it has no key yet.
            let scope = Scope { account: account.id.clone(), region: settings.scope.region.clone() };
            let root = Root { scope: &scope, credentials: Credentials::OfAccount, given: None };
            root_key(place, root, &store, &*clock, &*dice).await?;
            accounts.push(account.id);
        }
        let stored = Arc::new(store.clone());
        let gate = Arc::new(
            PolicyGate::new(stored.clone(), stored.clone(), stored.clone(), stored.clone(), clock.clone())
                .with_guard(settings.guard_policy.clone()),
        );
        let elsewhere = settings.upstreams.open(clock.clone())?;
        Ok(Self { clock, dice, bell: Arc::new(Bells::default()), key, stored, store, gate, accounts, elsewhere })
    }

    fn ports(
        &self,
        engine: Arc<LocalEngine>,
        front_door: &Arc<FrontDoor>,
        routes: Routes,
        remote: Arc<dyn RemoteRegistry>,
        (spares, checkpoints, surroundings): (Spares, Checkpoints, Surroundings),
    ) -> Ports {
        Ports {
            services: self.stored.clone(),
            operations: self.stored.clone(),
            revisions: self.stored.clone(),
            events: self.stored.clone(),
            repositories: self.stored.clone(),
            repository_images: self.stored.clone(),
            image_tags: self.stored.clone(),
            manifests: self.stored.clone(),
            pinned_images: self.stored.clone(),
            pin_dates: Arc::default(),
            blobs: self.stored.clone(),
            image_copies: self.stored.clone(),
            remote,
            copies: Arc::default(),
            pump_turns: Arc::default(),
            lines: self.stored.clone(),
            certificates: self.stored.clone(),
            access_roles: self.gate.clone(),
            instance_roles: self.instance_roles(),
            revision_secrets: self.stored.clone(),
            engine: engine.clone(),
            images: engine,
            board: front_door.clone(),
            gauge: front_door.clone(),
            clock: self.clock.clone(),
            dice: self.dice.clone(),
            bell: self.bell.clone(),
            routes: Arc::new(routes),
            spares: Arc::new(spares),
            checkpoints: Arc::new(checkpoints),
            surroundings: Arc::new(surroundings),
        }
    }

    /// What reads secrets with the rights of instance roles.
    fn instance_roles(&self) -> Arc<InstanceRoleReader> {
        Arc::new(InstanceRoleReader::new(self.gate.clone(), self.stored.clone(), self.stored.clone()))
    }

    /// Logins at the registry, for the API that gives them and for the door that asks for them.
    fn logins(&self) -> Arc<dyn Logins> {
        let key = derived_key(&self.key, "registry logins");
        Arc::new(SignedLogins::new(&key, self.clock.clone(), self.dice.clone(), self.stored.clone()))
    }

    /// Who signs the identity tokens of instances, with a key to do so; nothing where the world could not ask for it.
    async fn tokens(&self, settings: &Settings, https_port: u16, engine: &Arc<LocalEngine>) -> Result<Option<Tokens>, Failure> {
        if !identity_tokens::are_made(settings.identity_tokens, &settings.domain, https_port) {
            return Ok(None);
        }
        let issuer = TokenIssuer::new(self.stored.clone(), self.clock.clone(), self.dice.clone(), settings.domain.clone());
        issuer.tend().await?;
        let issuer = Arc::new(issuer);
        engine.make_tokens_by(issuer.clone());
        Ok(Some((issuer, engine.clone())))
    }

    /// The platform's own.
    fn own_account(&self) -> AccountId {
        self.accounts.first().expect("the platform has an account of its own").clone()
    }

    /// The doors that callers and image clients come to, and what instances find at theirs.
    fn routers(
        &self,
        desk: ServiceDesk,
        regions: Vec<Region>,
        registry_hosts: Vec<String>,
        operator_logins: api::OperatorLogins,
        (said, makes_tokens): (&Settings, bool),
        session_life: Option<Duration>,
    ) -> Result<Routers, Failure> {
        let gatekeeper: Arc<dyn Gatekeeper> = self.gate.clone();
        let logins = self.logins();
        let session_key = derived_key(&self.key, "session tokens");
        let settings = api::Settings {
            account: self.own_account(),
            registry_hosts,
            page_key: derived_key(&self.key, "page tokens"),
            session_key: session_key.clone(),
            regions,
            audited_reads: said.audited_reads(),
            operator_logins,
            guard_policy: said.guard_policy.clone(),
            quotas: said.quotas,
            makes_tokens,
        };
        let desk = Arc::new(desk);
        let registry = self.registry(logins.clone());
        let api = api::Ports {
            desk: desk.clone(),
            revision_desk: desk.clone(),
            scaling_configurations: self.stored.clone(),
            observability_configurations: self.stored.clone(),
            vpc_connectors: self.stored.clone(),
            connections: self.stored.clone(),
            quotas: self.stored.clone(),
            vpc_ingress_connections: self.stored.clone(),
            custom_domains: self.stored.clone(),
            repositories: self.stored.clone(),
            repository_images: self.stored.clone(),
            blobs: self.stored.clone(),
            image_pushes: registry.pushes,
            log_groups: self.stored.clone(),
            log_lines: self.stored.clone(),
            logins,
            access_keys: self.stored.clone(),
            roles: self.stored.clone(),
            users: self.stored.clone(),
            managed_policies: self.stored.clone(),
            policy_holders: self.stored.clone(),
            accounts: self.stored.clone(),
            identity_providers: self.stored.clone(),
            issuers: said.issuers.open()?,
            audit: self.stored.clone(),
            gatekeeper,
            access_roles: self.gate.clone(),
            instance_roles: self.instance_roles(),
            secrets: self.stored.clone(),
            parameters: self.stored.clone(),
            aws_upstreams: self.elsewhere.upstreams.clone(),
            bell: self.bell.clone(),
            clock: self.clock.clone(),
            dice: self.dice.clone(),
        };
        let (stored, dice) = (self.stored.clone(), self.dice.clone());
        let issuer = InstanceSessionIssuer::new(self.gate.clone(), &session_key, stored, desk, dice);
        let issuer = session_life.into_iter().fold(issuer, InstanceSessionIssuer::lasting);
        let issuer = self.elsewhere.real_roles.iter().cloned().fold(issuer, InstanceSessionIssuer::with_real);
        let (api, fullness) = api::open(api, settings);
        let of_instances = api::instance_router(api.clone(), Arc::new(issuer));
        Ok(Routers { everybodys: api.merge(registry.router), of_instances, fullness: (fullness, registry.fullness) })
    }

    /// The registry, for image clients and for ECR's own operations.
    fn registry(&self, logins: Arc<dyn Logins>) -> registry::Doors {
        registry::open(registry::Parts {
            repositories: self.stored.clone(),
            tags: self.stored.clone(),
            manifests: self.stored.clone(),
            blobs: self.stored.clone(),
            logins,
            gatekeeper: self.gate.clone(),
            audit: self.stored.clone(),
            bell: self.bell.clone(),
            clock: self.clock.clone(),
            dice: self.dice.clone(),
            link_key: derived_key(&self.key, "links to layers"),
        })
    }

    /// Opens the engine; `ports` are open to instances, `doors` answers at their own.
    async fn engine(
        &self,
        settings: &Settings,
        place: &Place,
        ports: Vec<u16>,
        doors: Arc<InstanceDoors>,
    ) -> Result<Arc<LocalEngine>, Failure> {
        let mut engine_settings = programs::engine_settings(place, &settings.runtime)?;
        engine_settings.scratch.all_bytes = settings.scratch_bytes;
        engine_settings.front_door_ports = ports;
        let engine_ports = engine::local::Ports {
            blobs: self.stored.clone(),
            clock: self.clock.clone(),
            bell: self.bell.clone(),
            hosts: names::hosts()?,
            doors,
            dice: self.dice.clone(),
        };
        Ok(Arc::new(LocalEngine::open(engine_settings, engine_ports).await?))
    }
}

/// What answers where.
struct Routers {
    /// At the platform's own address and behind the front door.
    everybodys: Router,
    /// At instances' own doors.
    of_instances: Router,
    /// Of API and registry.
    fullness: (api::Fullness, registry::Fullness),
}

/// Opens every room, in the order in which they need each other. `api_port` is where API and registry answer on this machine.
///
/// What was made when it fails, or is dropped before its end, is for the caller to take away (`leftovers`).
pub async fn open(settings: &Settings, place: &Place, api_port: u16) -> Result<Platform, Failure> {
    let provoked = Provocations::read()?;
    #[cfg(debug_assertions)]
    let checkpoints = Checkpoints::new(crate::checkpoint::asked()?);
    #[cfg(not(debug_assertions))]
    let checkpoints = Checkpoints::new(None);
    let checkpoints = checkpoints.breaking(provoked.broken);
    let ground = Ground::open(settings, place).await?;
    let remote = settings.registries.open(ground.clock.clone())?;
    let operator_logins = api::OperatorLogins { registries: remote.with_logins(), ecr: remote.has_ecr_keys() };
    let engine_settings = programs::engine_settings(place, &settings.runtime)?;
    if let Some(missing) = LocalEngine::missing(&engine_settings).await.first() {
        return Err(Failure::other(missing));
    }
    let front_door =
        Arc::new(tokio::task::block_in_place(|| front_door::open(settings, place, ground.bell.clone(), provoked.replaces_edge))?);
    // The ports that it really has, also those of an adopted one.
    let front_door_ports = vec![front_door.http().port(), front_door.https().port()];
    let doors_of_instances = Arc::new(InstanceDoors::default());
    let engine = ground.engine(settings, place, front_door_ports, doors_of_instances.clone()).await?;

    let of_this_machine = engine.clone();
    let names = Names { gateways: engine.gateways(), server: NameServer::new(&settings.domain, Upstream::of_system())? };

    let first = first_generation(&front_door, &*ground.clock);
    let regions = regions(settings, &*ground.stored).await?;
    let mut doors = front_door::doors(settings, place, &ground.accounts, &regions);
    let tokens = ground.tokens(settings, front_door.https().port(), &engine).await?;
    doors.extend(tokens.is_some().then(|| front_door::issuer_door(&settings.domain, place, &regions)));
    let routes = Routes::new(front_door.clone(), ground.clock.clone(), doors, first);
    let surroundings = Surroundings { makes_tokens: tokens.is_some(), ..settings.upstreams.surroundings() };
    let shared = (Spares::new(settings.spares.into()), checkpoints, surroundings);
    let ports = ground.ports(engine, &front_door, routes, remote, shared);
    let certificates = LocalCertificates {
        certificates: ground.stored.clone(),
        board: front_door.clone(),
        clock: ground.clock.clone(),
        domain: settings.domain.clone(),
        accounts: ground.accounts.clone(),
        regions,
        leaf_life: provoked.leaf_life.unwrap_or(control::limit::LEAF_LIFE),
        generation: AtomicU64::new(first),
    };
    certificates.supply().await?;
    write_authority(place, &certificates).await?;
    ports.routes.begin(first_routes(&ports, &settings.domain).await?).await?;
    let https_port = front_door.https().port();
    let desk = ServiceDesk::new(ports.clone(), settings.domain.clone(), https_port);
    let registry_hosts = front_door::registry_hosts(settings, api_port, https_port);
    let regions = certificates.regions.clone();
    let routers =
        ground.routers(desk, regions, registry_hosts, operator_logins, (settings, tokens.is_some()), provoked.instance_session)?;
    doors_of_instances.open(routers.of_instances);
    let rooms = Rooms { api_and_registry: routers.fullness, engine: of_this_machine.clone(), instance_doors: doors_of_instances };
    Ok(Platform {
        router: routers.everybodys,
        front_door,
        roster: Roster::new(ports.clone(), settings.domain.clone()),
        auto_deploy: AutoDeploy::new(ports.clone()),
        ports,
        certificates,
        clock: ground.clock,
        store: ground.store,
        names,
        engine: of_this_machine,
        rooms,
        tokens,
    })
}

/// The generation of the first tables: above what an adopted front door has in force, also if the clock was set back meanwhile. Milliseconds grow faster
/// than tables are published.
fn first_generation(front_door: &FrontDoor, clock: &dyn Clock) -> u64 {
    let in_force = match front_door.origin() {
        Origin::Started => 0,
        Origin::Adopted { routes, certificates } => routes.max(certificates),
    };
    u64::try_from(clock.now().millis()).unwrap_or(0).max(in_force + 1)
}

/// The regions whose hosts need a certificate: ours, and those of services that were made under another setting.
async fn regions(settings: &Settings, services: &dyn Services) -> Result<Vec<Region>, Failure> {
    let mut regions = vec![settings.scope.region.clone()];
    for service in services.kept().await? {
        if !regions.contains(&service.scope.region) {
            regions.push(service.scope.region);
        }
    }
    Ok(regions)
}

/// The authorities' certificates, and a bundle of the system's roots plus them: all are for everyone to read.
async fn write_authority(place: &Place, certificates: &LocalCertificates) -> Result<(), Failure> {
    let authority = certificates.authority().await?.certificate_pem;
    let registries = certificates.registry_authorities().await?.into_iter().map(|authority| authority.certificate_pem);
    let registries = registries.collect::<Vec<_>>().concat();
    keep_file(&place.data_dir.join(AUTHORITY_FILE), authority.as_bytes(), 0o644)?;
    keep_file(&place.data_dir.join(REGISTRY_AUTHORITY_FILE), registries.as_bytes(), 0o644)?;
    let bundle = [&system_roots()[..], b"\n", authority.as_bytes(), registries.as_bytes()].concat();
    keep_file(&place.data_dir.join(BUNDLE_FILE), &bundle, 0o644)
}
