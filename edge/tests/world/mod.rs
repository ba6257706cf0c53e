//! A front door for tests: a real child process, real sockets, real TLS, instances that are small HTTP servers.
//! Never looks inside the room: only what the platform and clients can do. Source of truth: the public API of `edge`.
#![expect(dead_code, reason = "each test file uses its part")]

pub mod client;
pub mod instance;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use edge::{FrontDoor, Listen, Order, User};
use model::access_log::AccessLog;
use model::certificate::{Certificate, CertificateTable};
use model::demand::Demand;
use model::instance::InstanceName;
use model::port::{Bell, Board, Gauge, Ring, Wait};
use model::route_table::{InstanceRoute, RouteTable, ServiceRoute};
use model::secret::Secret;
use model::service::ServiceId;
use model::time::Timestamp;

pub const HOST: &str = "abcdefghij.us-east-1.outrunner.test";
pub const PATIENCE: Duration = Duration::from_secs(20);
const CHILD: &str = "OUTRUNNER_TEST_IS_THE_EDGE";

/// Not a test: the body of the child process, which is this same program.
#[test]
fn the_front_door_itself() {
    if std::env::var_os(CHILD).is_some() {
        edge::run().expect("the front door lives and drains");
    }
}

/// A bell that remembers who was rung.
#[derive(Default)]
pub struct Heard(Mutex<BTreeSet<Ring>>);

impl Heard {
    pub fn take(&self) -> BTreeSet<Ring> {
        std::mem::take(&mut *self.0.lock().expect("no test panics in here"))
    }
}

impl Bell for Heard {
    fn ring(&self, whom: &Ring) {
        self.0.lock().expect("no test panics in here").insert(whom.clone());
    }

    fn wait<'a>(&'a self, _: &'a Ring, _: Duration) -> Wait<'a> {
        unreachable!("the front door waits for no bell")
    }
}

/// What survives a platform.
pub struct Ground {
    pub run: Run,
    pub certificate: Certificate,
    /// The same certificate, for clients: DER.
    pub root: Vec<u8>,
}

/// The run folder, removed by whoever made it.
pub enum Run {
    Made(tempfile::TempDir),
    Found(PathBuf),
}

impl Run {
    pub fn path(&self) -> &Path {
        match self {
            Self::Made(folder) => folder.path(),
            Self::Found(path) => path,
        }
    }
}

impl Ground {
    pub fn new() -> Self {
        let run = tempfile::tempdir().expect("a temporary folder");
        std::fs::set_permissions(run.path(), std::fs::Permissions::from_mode(0o711)).expect("ours");
        let made = rcgen::generate_simple_self_signed(names()).expect("valid names");
        let certificate = Certificate {
            names: names(),
            chain: vec![made.cert.der().to_vec()],
            key: Secret::new(made.signing_key.serialize_der()),
            not_after: Timestamp::from_millis(4_000_000_000_000),
        };
        let root = certificate.chain[0].clone();
        Self { run: Run::Made(run), certificate, root }
    }

    /// For another process of the test.
    #[expect(clippy::disallowed_methods, reason = "a test's own files")]
    pub fn write(&self) {
        std::fs::write(self.run.path().join("certificate"), &self.root).expect("ours");
        std::fs::write(self.run.path().join("key"), self.certificate.key.expose()).expect("ours");
    }

    /// What another process has written.
    pub fn read(run: &Path) -> Self {
        let root = std::fs::read(run.join("certificate")).expect("written");
        let certificate = Certificate {
            names: names(),
            chain: vec![root.clone()],
            key: Secret::new(std::fs::read(run.join("key")).expect("written")),
            not_after: Timestamp::from_millis(4_000_000_000_000),
        };
        Self { run: Run::Found(run.to_owned()), certificate, root }
    }

    pub fn order(&self, bell: &Arc<Heard>, http: Listen, https: Listen, cores: usize) -> Order {
        Order {
            run: self.run.path().to_owned(),
            http,
            https,
            cores,
            command: Box::new(child),
            user: user(),
            bell: Arc::clone(bell) as Arc<dyn Bell>,
            replaces: false,
        }
    }
}

/// Whom the front door runs as.
pub fn user() -> Option<User> {
    rustix::process::getuid().is_root().then_some(User { uid: 64_321, gid: 64_321 })
}

fn names() -> Vec<String> {
    vec!["*.us-east-1.outrunner.test".to_owned(), "api.outrunner.test".to_owned()]
}

/// By a link that needs no folder on the way, as the front door's user may not pass them.
pub fn child() -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.args(["--exact", "world::the_front_door_itself", "--nocapture", "--test-threads=1"]);
    command.env(CHILD, "1").stdout(Stdio::null());
    command
}

pub fn anywhere() -> Listen {
    Listen::At("127.0.0.1:0".parse().expect("an address"))
}

/// One platform with its front door.
pub struct World {
    pub ground: Arc<Ground>,
    pub front: FrontDoor,
    pub heard: Arc<Heard>,
    pub generation: u64,
}

impl World {
    pub fn open() -> Self {
        Self::open_with(2)
    }

    pub fn open_with(cores: usize) -> Self {
        Self::on(Arc::new(Ground::new()), anywhere(), anywhere(), cores)
    }

    pub fn on(ground: Arc<Ground>, http: Listen, https: Listen, cores: usize) -> Self {
        let heard = Arc::new(Heard::default());
        let front = FrontDoor::open(ground.order(&heard, http, https, cores)).expect("the front door opens");
        Self { ground, front, heard, generation: 0 }
    }

    pub fn https(&self) -> SocketAddr {
        self.front.https()
    }

    pub fn http(&self) -> SocketAddr {
        self.front.http()
    }

    pub async fn publish(&mut self, table: RouteTable) {
        self.generation += 1;
        let certificates = CertificateTable { generation: self.generation, certificates: vec![self.ground.certificate.clone()] };
        self.front.publish_certificates(&certificates).await.expect("certificates in force");
        let table = RouteTable { generation: self.generation, ..table };
        self.front.publish(&table).await.expect("routes in force");
    }

    /// One service at [`HOST`] with these instances.
    pub async fn serve(&mut self, instances: &[SocketAddr]) {
        self.publish(one_service(instances)).await;
    }

    pub async fn demand(&self) -> Demand {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.front.read().await {
                Ok(demand) => return demand,
                // A loaded machine may be slow.
                Err(trouble) => assert!(Instant::now() < deadline, "the gauge answers: {}", trouble.chain()),
            }
        }
    }

    /// Reads the demand until it is as wanted.
    pub async fn until(&self, what: &str, wanted: impl Fn(&Demand) -> bool) -> Demand {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let demand = self.demand().await;
            if wanted(&demand) {
                return demand;
            }
            assert!(Instant::now() < deadline, "{what}: {demand:?}");
            tokio::task::yield_now().await;
        }
    }

    pub async fn stop(self) {
        self.front.drain_and_stop(PATIENCE).await;
    }
}

pub fn service() -> ServiceId {
    ServiceId::from_random([7; 16])
}

pub fn instance_name(slot: u16) -> InstanceName {
    InstanceName { service: service(), revision: 1, slot }
}

pub fn one_service(instances: &[SocketAddr]) -> RouteTable {
    let instances = instances
        .iter()
        .zip(0..)
        .map(|(address, slot)| InstanceRoute {
            name: instance_name(slot),
            address: match address {
                SocketAddr::V4(address) => *address,
                SocketAddr::V6(_) => unreachable!("instances have IPv4"),
            },
        })
        .collect();
    let route = ServiceRoute {
        service: service(),
        hosts: vec![HOST.to_owned()],
        instances,
        concurrency_max: 100,
        hold_queue_max: 1000,
        hold_max: PATIENCE,
        request_timeout: Some(Duration::from_secs(120)),
        access_log: AccessLog::On,
    };
    RouteTable { generation: 0, services: vec![route], doors: Vec::new() }
}
