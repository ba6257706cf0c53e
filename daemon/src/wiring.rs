//! Builds the rooms and plugs them together: the only place that knows all of them.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use control::auto_deploy::AutoDeploy;
use control::certificates::LocalCertificates;
use control::checkpoint::{AbortAt, Checkpoints};
use control::ports::Ports;
use control::roster::{Finders, Roster};
use control::routes::Routes;
use control::service::ServiceDesk;
use edge::{FrontDoor, NotOpened, Order, Origin, User};
use engine::local::LocalEngine;
use model::port::{Bell, Clock, Dice, Gatekeeper, Logins};
use model::route_table::DoorRoute;
use registry::SignedLogins;
use store::Store;

use crate::bell::Bells;
use crate::clock::{SystemClock, SystemDice};
use crate::config::Settings;
use crate::failure::Failure;
use crate::first_run::{derived_key, master_key, root_key};
use crate::host::{Place, replace_file};
use crate::staff::generation;

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
}

/// Where the front door finds the platform's own doors.
pub fn doors_socket(place: &Place) -> PathBuf {
    place.doors_dir().join("api.sock")
}

/// The engine's settings: also what `outrunner stop` needs of a dead platform.
pub fn engine_settings(place: &Place, runtime: &str) -> Result<engine::local::Settings, Failure> {
    Ok(engine::local::Settings { data_dir: place.data_dir.clone(), shim: shim()?, runtime: program(runtime)? })
}

/// The shim's program: beside our own.
fn shim() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe().map_err(crate::failure::while_doing("looking for our own program"))?;
    let shim = own.with_file_name("outrunner-shim");
    if shim.is_file() {
        Ok(shim)
    } else {
        Err(Failure::other(format!(
            "{} is missing: it belongs beside the program outrunner. Run make to build both.",
            shim.display()
        )))
    }
}

/// A program by its path, or by its name in PATH.
fn program(name: &str) -> Result<PathBuf, Failure> {
    let found = if name.contains('/') {
        Some(PathBuf::from(name)).filter(|path| path.is_file())
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let more = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(PathBuf::from);
        std::env::split_paths(&path).chain(more).map(|folder| folder.join(name)).find(|path| path.is_file())
    };
    found.ok_or_else(|| {
        Failure::other(format!(
            "the OCI runtime {name} is not installed. Install it (apt-get install runc), or name another: --runtime PROGRAM"
        ))
    })
}

/// Opens every room, in the order in which they need each other. `api_host` is where the registry answers on this machine.
pub async fn open(settings: &Settings, place: &Place, api_host: String) -> Result<Platform, Failure> {
    let clock = Arc::new(SystemClock);
    let dice = Arc::new(SystemDice);
    let bell: Arc<dyn Bell> = Arc::new(Bells::default());
    let key = master_key(place, &*dice)?;
    let store = Store::open(&place.data_dir, clock.clone(), &key)?;
    root_key(place, &settings.scope.account, &store, &*dice).await?;

    let engine_settings = engine_settings(place, &settings.runtime)?;
    if let Some(missing) = LocalEngine::missing(&engine_settings).await.first() {
        return Err(Failure::other(missing));
    }
    let front_door = Arc::new(tokio::task::block_in_place(|| open_front_door(settings, place, bell.clone()))?);
    let engine_ports = engine::local::Ports { blobs: Arc::new(store.clone()), clock: clock.clone(), bell: bell.clone() };
    let engine = match LocalEngine::open(engine_settings, engine_ports).await {
        Ok(engine) => Arc::new(engine),
        Err(trouble) => {
            if front_door.origin() == Origin::Started {
                front_door.drain_and_stop(Duration::ZERO).await;
            }
            return Err(trouble.into());
        }
    };

    let found = Roster::found(&Finders { services: &store, engine: &*engine }).await?;
    // Above what an adopted front door has in force, also if the clock was set back meanwhile.
    let in_force = match front_door.origin() {
        Origin::Started => 0,
        Origin::Adopted { routes, certificates } => routes.max(certificates),
    };
    let first = generation(&*clock).max(in_force + 1);
    let routes = Routes::new(front_door.clone(), clock.clone(), doors(settings, place), first, found.iter().cloned());
    let stored = Arc::new(store.clone());
    let ports = Ports {
        services: stored.clone(),
        operations: stored.clone(),
        revisions: stored.clone(),
        events: stored.clone(),
        image_tags: stored.clone(),
        manifests: stored.clone(),
        lines: stored.clone(),
        certificates: stored.clone(),
        engine: engine.clone(),
        images: engine,
        board: front_door.clone(),
        gauge: front_door.clone(),
        clock: clock.clone(),
        dice: dice.clone(),
        bell: bell.clone(),
        routes: Arc::new(routes),
        checkpoints: Arc::new(Checkpoints::new(abort_at()?)),
    };
    let certificates = LocalCertificates {
        certificates: stored.clone(),
        board: front_door.clone(),
        clock: clock.clone(),
        domain: settings.domain.clone(),
        regions: vec![settings.scope.region.clone()],
    };
    certificates.supply(first).await?;
    write_authority(place, &certificates).await?;
    // With services to come, the last of their keepers publishes: until then the front door carries by what it had.
    if found.is_empty() {
        ports.routes.publish_doors().await?;
    }
    let desk = Arc::new(ServiceDesk::new(ports.clone(), settings.domain.clone(), front_door.https().port()));
    let gatekeeper: Arc<dyn Gatekeeper> = Arc::new(api::OwnAccount);
    let logins: Arc<dyn Logins> = Arc::new(SignedLogins::new(&derived_key(&key, "registry logins"), clock.clone(), dice.clone()));
    let api = api_router(&stored, desk, &logins, &gatekeeper, &clock, &dice, api_host);
    let registry = registry::router(registry::Parts {
        repositories: stored.clone(),
        tags: stored.clone(),
        manifests: stored.clone(),
        blobs: stored,
        logins,
        gatekeeper,
        bell,
        clock: clock.clone(),
        dice,
    });
    Ok(Platform {
        front_door,
        router: api.merge(registry),
        roster: Roster::new(ports.clone(), settings.domain.clone()),
        auto_deploy: AutoDeploy::new(ports.clone()),
        ports,
        certificates,
        clock,
        store,
    })
}

fn api_router(
    stored: &Arc<Store>,
    desk: Arc<ServiceDesk>,
    logins: &Arc<dyn Logins>,
    gatekeeper: &Arc<dyn Gatekeeper>,
    clock: &Arc<SystemClock>,
    dice: &Arc<SystemDice>,
    api_host: String,
) -> Router {
    let ports = api::Ports {
        desk,
        repositories: stored.clone(),
        logins: logins.clone(),
        access_keys: stored.clone(),
        gatekeeper: gatekeeper.clone(),
        clock: clock.clone() as Arc<dyn Clock>,
        dice: dice.clone() as Arc<dyn Dice>,
    };
    api::router(ports, api::Settings { registry_hosts: vec![api_host] })
}

/// The platform's own hosts at the front door. Only this machine may use them.
fn doors(settings: &Settings, place: &Place) -> Vec<DoorRoute> {
    let hosts = ["api", "registry"].map(|name| format!("{name}.{}", settings.domain));
    vec![DoorRoute { hosts: hosts.to_vec(), socket: doors_socket(place).display().to_string(), public: false }]
}

fn open_front_door(settings: &Settings, place: &Place, bell: Arc<dyn Bell>) -> Result<FrontDoor, Failure> {
    let log = place.data_dir.join("edge.log");
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let command = move || {
        // Not by its path: the front door's user may not be able to pass the folders on the way. And it is this build, also after an upgrade.
        let mut command = Command::new("/proc/self/exe");
        command.arg0("outrunner").arg("edge").env_clear().stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(filter) = std::env::var_os("OUTRUNNER_LOG") {
            command.env("OUTRUNNER_LOG", filter);
        }
        // A pipe to us would break with us; the file is opened by us and only written by the front door.
        if let Ok(file) = std::fs::OpenOptions::new().create(true).append(true).open(&log) {
            command.stderr(file);
        }
        command
    };
    let uid = place.edge_uid();
    let order = Order {
        run: place.run_dir(),
        http: settings.http,
        https: settings.https,
        cores,
        command: Box::new(command),
        user: Some(User { uid, gid: uid }),
        bell,
    };
    FrontDoor::open(order).map_err(|error| match error {
        NotOpened::Taken(listen) => {
            let flag = if listen == settings.http { "--http" } else { "--https" };
            let port = listen.port();
            let holder = crate::host::holder_of(port).map_or_else(String::new, |who| format!(" by {who}"));
            Failure::other(format!(
                "port {port} is taken{holder}. Choose other ports: --http :8980 --https :8943 ({flag} is the one that is taken)"
            ))
        }
        NotOpened::Forbidden(listen) => {
            Failure::other(format!("no permission to listen on port {}. Run it with sudo.", listen.port()))
        }
        NotOpened::Trouble(trouble) => trouble.into(),
    })
}

/// The authority's certificate, and a bundle of the system's roots plus it: both are for everyone to read.
async fn write_authority(place: &Place, certificates: &LocalCertificates) -> Result<(), Failure> {
    let authority = certificates.authority().await?.certificate_pem;
    replace_file(&place.data_dir.join("ca.pem"), authority.as_bytes(), 0o644)?;
    let system = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
    replace_file(&place.data_dir.join("ca-bundle.pem"), format!("{system}\n{authority}").as_bytes(), 0o644)
}

/// `OUTRUNNER_ABORT_AT`, which only debug builds know.
fn abort_at() -> Result<Option<AbortAt>, Failure> {
    if !cfg!(debug_assertions) {
        return Ok(None);
    }
    match std::env::var("OUTRUNNER_ABORT_AT") {
        Ok(text) => match AbortAt::parse(&text) {
            Some(abort_at) => Ok(Some(abort_at)),
            None => Err(Failure::Usage(format!("OUTRUNNER_ABORT_AT: '{text}' is not <checkpoint>#<count>"))),
        },
        Err(_) => Ok(None),
    }
}
