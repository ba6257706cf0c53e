//! A local engine for tests: real runc, real namespaces, images in memory, everything removed at the end.
//! Needs root, runc, nft and a C compiler, and fails loudly without them.
#![allow(clippy::disallowed_methods)] // the real clock, which the engine gets as a port

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use bytes::Bytes;
use engine::local::premises::Premises;
use engine::local::record::{Phase, State};
use engine::local::{Answering, Door, Doors, LocalEngine, Ports, ScratchSettings, Settings};
use model::audit::AuditRow;
use model::digest::{Algorithm, Digest};
use model::environment::Environment;
use model::given_variables::GivenVariables;
use model::health::Health;
use model::image_reference::RepositoryName;
use model::instance::{Exit, InstanceName, InstancePhase, InstanceSeen, InstanceSpec};
use model::instance_size::InstanceSize;
use model::log_line::LogCursor;
use model::port::{Blobs, Clock, Engine, UploadId};
use model::repository::RepositoryKey;
use model::revision::ImagePin;
use model::testbed::{JumpingBell, MemoryHosts, MemoryImages, SeededDice, TurnedClock, VecBody, caller, scope, service_id};
use model::time::Timestamp;
use model::trouble::Trouble;
use serde_json::{Value, json};

pub const PORT: u16 = 8080;
const DEADLINE: Duration = Duration::from_secs(120);

pub struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
    }
}

pub fn hash(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let function = match algorithm {
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha512 => &SHA512,
    };
    Digest::from_hash(algorithm, digest(function, bytes).as_ref())
}

/// Tells whoever comes to an instance's door whose door it is, and what its token is.
#[derive(Default)]
pub struct Greeter {
    /// Doors that stand open: each has a clone.
    pub open: Arc<()>,
}

impl Doors for Greeter {
    fn answer(&self, door: Door) -> Answering {
        let open = self.open.clone();
        Box::pin(async move {
            let _open = open;
            let words = format!("{} {}", door.instance, door.token.expose_text().unwrap());
            let socket = socket2::Socket::from(door.socket);
            loop {
                match socket.accept() {
                    Ok((mut guest, _)) => drop(guest.write_all(words.as_bytes())),
                    Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
                }
            }
        })
    }
}

/// One platform's engine and what it is made of.
pub struct Bench {
    pub images: Arc<MemoryImages>,
    pub bell: Arc<JumpingBell>,
    pub settings: Settings,
    /// Names that destinations may have.
    pub hosts: Arc<MemoryHosts>,
    /// Who answers at instances' doors.
    pub greeter: Arc<Greeter>,
    /// Removed with the bench; none where somebody else does it.
    own_data: Option<tempfile::TempDir>,
}

/// A test that failed, or that has no instances to end, leaves no mount behind: its folder could not be removed.
impl Drop for Bench {
    fn drop(&mut self) {
        if self.own_data.is_none() {
            return;
        }
        if std::thread::panicking() {
            // What the next test finds on the machine must not be ours.
            let settings = self.settings.clone();
            let remove = async move { drop(LocalEngine::remove_everything(&settings, Duration::ZERO).await) };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let _ = std::thread::spawn(move || runtime.map(|runtime| runtime.block_on(remove))).join();
        }
        let pool = self.data().join("scratch/pool");
        if pool.exists() {
            let _ = Command::new("umount").args(["--quiet", "--lazy"]).arg(&pool).status();
            let _ = fs::remove_dir(&pool);
        }
    }
}

impl Bench {
    pub fn new() -> Self {
        Self::with_shim(shim())
    }

    /// With a shim that is built already.
    pub fn with_shim(shim: PathBuf) -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        assert!(status.contains("\nUid:\t0\t0\t"), "these tests need root");
        let data = tempfile::tempdir().unwrap();
        let mut bench = Self::at(data.path(), shim);
        bench.own_data = Some(data);
        bench
    }

    /// On a data folder that is there already.
    pub fn at(data: &Path, shim: PathBuf) -> Self {
        let settings = Settings {
            data_dir: data.to_owned(),
            shim,
            runtime: "/usr/sbin/runc".into(),
            front_door_ports: vec![],
            scratch: scratch(),
        };
        let bell = Arc::new(JumpingBell::new(Arc::new(TurnedClock::default())));
        Self {
            images: Arc::new(MemoryImages::new(hash)),
            bell,
            settings,
            hosts: Arc::default(),
            greeter: Arc::default(),
            own_data: None,
        }
    }

    pub fn data(&self) -> &Path {
        &self.settings.data_dir
    }

    /// An engine, as a platform's start opens it.
    pub async fn open(&self) -> LocalEngine {
        self.try_open().await.unwrap_or_else(|trouble| panic!("{}", trouble.chain()))
    }

    /// The same where it may fail.
    pub async fn try_open(&self) -> Result<LocalEngine, Trouble> {
        LocalEngine::open(self.settings.clone(), self.ports()).await
    }

    /// What an engine asks of others.
    pub fn ports(&self) -> Ports {
        Ports {
            blobs: self.images.clone(),
            clock: Arc::new(RealClock),
            bell: self.bell.clone(),
            hosts: self.hosts.clone(),
            doors: self.greeter.clone(),
            dice: Arc::new(SeededDice::new(u64::from(std::process::id()))),
        }
    }

    /// Everything away again.
    pub async fn remove(&self) {
        self.try_remove().await.unwrap_or_else(|trouble| panic!("{}", trouble.chain()));
    }

    /// The same where it may fail.
    pub async fn try_remove(&self) -> Result<(), Trouble> {
        LocalEngine::remove_everything(&self.settings, Duration::ZERO).await
    }

    /// Stores a blob in a repository.
    pub async fn blob(&self, repository: &str, bytes: &[u8]) -> Digest {
        let key = RepositoryKey { scope: scope(), name: RepositoryName::parse(repository).unwrap() };
        let digest = hash(Algorithm::Sha256, bytes);
        let upload = UploadId(digest.hex()[..32].to_owned());
        self.images.begin(&key, &upload).await.unwrap();
        let pieces = bytes.chunks(100_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        self.images.append(&key, &upload, 0, Box::new(VecBody(pieces)), u64::MAX).await.unwrap().unwrap();
        let row =
            AuditRow { at: RealClock.now(), caller: caller(), action: "ecr:CompleteLayerUpload".to_owned(), resource: key.arn() };
        self.images.finish(&key, &upload, &digest, &row).await.unwrap().unwrap();
        digest
    }

    /// Stores an image of plain layers with a `config` as Dockerfiles make it, and answers its pin.
    pub async fn image(&self, repository: &str, layers: &[Vec<u8>], config: Value) -> ImagePin {
        let mut stored = Vec::new();
        let mut diff_ids = Vec::new();
        for layer in layers {
            let digest = self.blob(repository, layer).await;
            diff_ids.push(digest.to_string());
            stored.push(json!({ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest, "size": layer.len() }));
        }
        let config = json!({ "architecture": architecture(), "os": "linux", "config": config,
                             "rootfs": { "type": "layers", "diff_ids": diff_ids } });
        self.manifest(repository, &config, &stored).await
    }

    /// Stores a configuration and a manifest over layers that are stored already.
    pub async fn manifest(&self, repository: &str, config: &Value, layers: &[Value]) -> ImagePin {
        let bytes = config.to_string().into_bytes();
        let digest = self.blob(repository, &bytes).await;
        let manifest = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": bytes.len() },
            "layers": layers });
        let digest = self.blob(repository, manifest.to_string().as_bytes()).await;
        pin(repository, digest)
    }

    /// The usual image: the resident, told to do `words`.
    pub async fn resident(&self, repository: &str, words: &[&str]) -> ImagePin {
        let words: Vec<&str> = ["/resident"].into_iter().chain(words.iter().copied()).collect();
        self.image(repository, &[base_layer()], json!({ "Cmd": words })).await
    }
}

/// Of all together less than the default: many benches share the machine's disk.
fn scratch() -> ScratchSettings {
    ScratchSettings { all_bytes: Some(4 << 30), ..ScratchSettings::default() }
}

pub fn pin(repository: &str, digest: Digest) -> ImagePin {
    ImagePin { scope: scope(), repository: RepositoryName::parse(repository).unwrap(), digest }
}

pub fn architecture() -> &'static str {
    if cfg!(target_arch = "x86_64") { "amd64" } else { "arm64" }
}

pub fn name(slot: u16) -> InstanceName {
    InstanceName { service: service_id(7), revision: 1, slot }
}

pub fn spec(slot: u16, image: &ImagePin) -> InstanceSpec {
    InstanceSpec {
        name: name(slot),
        image: image.clone(),
        start_command: None,
        environment: Environment::default(),
        given: GivenVariables::default(),
        role: None,
        identity: None,
        port: PORT,
        size: InstanceSize { cpu_units: 256, memory_mib: 512 },
        health: Health::default(),
        reach: Vec::new(),
    }
}

pub async fn see(engine: &LocalEngine, name: &InstanceName) -> Option<InstanceSeen> {
    engine.look(&name.service).await.unwrap().into_iter().find(|seen| seen.name == *name)
}

/// Looks until the instance is as wanted.
pub async fn until(engine: &LocalEngine, name: &InstanceName, wanted: impl Fn(&InstanceSeen) -> bool) -> InstanceSeen {
    let since = Instant::now();
    loop {
        let seen = see(engine, name).await;
        match seen {
            Some(seen) if wanted(&seen) => return seen,
            seen => assert!(since.elapsed() < DEADLINE, "{name} never came so far: {seen:?}"),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub async fn ready(engine: &LocalEngine, name: &InstanceName) -> InstanceSeen {
    until(engine, name, |seen| {
        assert!(!matches!(seen.phase, InstancePhase::Exited(_)), "it ended: {seen:?}");
        seen.phase == InstancePhase::Ready
    })
    .await
}

pub async fn exited(engine: &LocalEngine, name: &InstanceName) -> Exit {
    match until(engine, name, |seen| matches!(seen.phase, InstancePhase::Exited(_))).await.phase {
        InstancePhase::Exited(exit) => exit,
        InstancePhase::Created
        | InstancePhase::Starting { .. }
        | InstancePhase::Ready
        | InstancePhase::Unwell { .. }
        | InstancePhase::Dormant(_)
        | InstancePhase::Stopping => unreachable!("waited for its end"),
    }
}

/// What its shim last wrote about itself.
pub fn state(bench: &Bench, slot: u16) -> State {
    let folder = Premises::of(bench.data()).unwrap().shim(&name(slot));
    State::decode(&fs::read_to_string(folder.join("state")).unwrap()).unwrap()
}

/// Its first process.
pub fn init(bench: &Bench, slot: u16) -> u32 {
    match state(bench, slot).phase {
        Phase::Running { init_pid, .. } => init_pid,
        Phase::Paired | Phase::Created { .. } => panic!("it runs"),
    }
}

pub fn kill_9(pid: u32) {
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
}

/// Everything an instance has printed so far.
pub async fn printed(engine: &LocalEngine, name: &InstanceName) -> Vec<String> {
    let batch = engine.lines(name, LogCursor::default(), 10_000).await.unwrap();
    batch.lines.iter().map(|line| String::from_utf8_lossy(&line.bytes).into_owned()).collect()
}

/// The same once it is as it shall be: an instance serves before its words have come through its pipe.
pub async fn printed_at_last(engine: &LocalEngine, name: &InstanceName, is_all: impl Fn(&[String]) -> bool) -> Vec<String> {
    let since = Instant::now();
    loop {
        let lines = printed(engine, name).await;
        if is_all(&lines) {
            return lines;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{lines:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A tar of entries.
pub fn tar(fill: impl FnOnce(&mut tar::Builder<Vec<u8>>)) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    fill(&mut builder);
    builder.into_inner().unwrap()
}

pub fn file(builder: &mut tar::Builder<Vec<u8>>, path: &str, mode: u32, owner: u64, content: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(mode);
    header.set_uid(owner);
    header.set_gid(owner);
    builder.append_data(&mut header, path, content).unwrap();
}

pub fn folder(builder: &mut tar::Builder<Vec<u8>>, path: &str, mode: u32) {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Directory);
    header.set_size(0);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    builder.append_data(&mut header, path, std::io::empty()).unwrap();
}

/// The resident, a user, and a place to write.
pub fn base_layer() -> Vec<u8> {
    tar(|builder| {
        folder(builder, "etc/", 0o755);
        folder(builder, "tmp/", 0o1777);
        file(builder, "etc/passwd", 0o644, 0, b"root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n");
        file(builder, "etc/group", 0o644, 0, b"root:x:0:\napp:x:1001:\n");
        file(builder, "resident", 0o755, 0, resident());
    })
}

pub fn resident() -> &'static [u8] {
    static PROGRAM: OnceLock<Vec<u8>> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/resident.c");
        let target = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        let status = Command::new("cc").args(["-static", "-O1", "-w", "-o"]).arg(&target).arg(source).status();
        assert!(status.expect("a C compiler").success());
        fs::read(&target).unwrap()
    })
}

/// The program beside each instance: the one that is named from outside, as what it takes is measured, else built by the same cargo.
fn shim() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        if let Some(named) = std::env::var_os("OUTRUNNER_SHIM") {
            return PathBuf::from(named);
        }
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shim");
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--quiet", "--offline", "--package", "shim", "--target-dir"]).arg(&target);
        let status = command.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo");
        assert!(status.success(), "the shim does not build");
        target.join("debug/outrunner-shim")
    };
    PROGRAM.get_or_init(build).clone()
}
