//! What the OCI runtime is told about an instance: its bundle's `config.json`, and the runtime's own commands that are
//! left to the engine.
//! Never passes anything of a user's by argv: it all stands in a file that only root may read.
//! Source of truth: OCI runtime specification, config.md and config-linux.md; `confinement`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use model::environment::PORT_VARIABLE;
use model::given_variables::GivenVariables;
use model::instance::InstanceSpec;
use model::token_key::TOKEN_FOLDER;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::limit::{CPU_PERIOD_MICROS, CPU_UNITS_AT_START, IDS, OUT_OF_MEMORY_SCORE, PIDS, RUNTIME};
use crate::local::berth::Berth;
use crate::local::cgroup;
use crate::local::confinement::{CAPABILITIES, Confinement, READ_ONLY};
use crate::local::identity_token;
use crate::local::image::RunConfig;
use crate::local::record::{NETWORK_PIN, ORDER_FILE, Order, ROOT_FOLDER, USER_PIN};
use crate::local::run_folder;
use crate::local::start_command;
use crate::local::user::User;

/// What Docker gives an image that does not say.
const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Where the host's programs are, whatever the platform's own environment says.
pub const PROGRAM_FOLDERS: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What an instance is told about the world, as files of its own in the shim's folder.
pub const HOSTS_FILE: &str = "hosts";
/// The name servers.
pub const RESOLVER_FILE: &str = "resolv.conf";
/// Its name.
pub const HOSTNAME_FILE: &str = "hostname";

/// The words to run. `Err` is for the service's owner.
pub fn arguments(spec: &InstanceSpec, image: &RunConfig) -> Result<Vec<String>, String> {
    if let Some(command) = &spec.start_command {
        return start_command::words(command);
    }
    let words: Vec<String> = image.entrypoint.iter().chain(&image.cmd).flatten().cloned().collect();
    if words.first().is_none_or(String::is_empty) {
        return Err("The image has no entry point and no command, and the service has no start command.".to_owned());
    }
    Ok(words)
}

/// What the platform offers, above it the image's variables, above them the service's own, above them what the platform sets.
fn environment(spec: &InstanceSpec, given: &GivenVariables, image: &RunConfig, user: &User) -> Vec<String> {
    let mut variables: Vec<String> = vec![PATH.to_owned(), format!("HOME={}", user.home)];
    let port = format!("{PORT_VARIABLE}={}", spec.port);
    let of_image = image.env.as_deref().unwrap_or_default();
    for variable in given.around(of_image, &spec.environment).chain([port]) {
        let name = variable.split('=').next().unwrap_or_default();
        variables.retain(|earlier| earlier.split('=').next() != Some(name));
        if variable.contains('=') {
            variables.push(variable);
        }
    }
    variables
}

/// Everything that goes into `config.json`.
pub struct Bundle<'a> {
    /// What was asked for.
    pub spec: &'a InstanceSpec,
    /// What the platform adds to its environment.
    pub given: &'a GivenVariables,
    /// How the image wants to be run.
    pub image: &'a RunConfig,
    /// As whom.
    pub user: &'a User,
    /// Its numbers.
    pub berth: &'a Berth,
    /// The shim's folder.
    pub folder: &'a Path,
    /// Its control group.
    pub cgroup: &'a str,
    /// The image's unpacked layers.
    pub layers: &'a [PathBuf],
    /// What keeps it in.
    pub confinement: &'a Confinement,
    /// See `arguments`.
    pub arguments: Vec<String>,
}

impl Bundle<'_> {
    /// The document.
    pub fn config(&self) -> Value {
        // Whoever is not root loses them with exec anyway; with them the kernel would let him execute what only root may.
        let held: &[&str] = if self.user.uid == 0 { &CAPABILITIES } else { &[] };
        let image_folder = self.image.working_dir.as_deref().filter(|folder| folder.starts_with('/'));
        json!({
            "ociVersion": "1.0.2",
            "hostname": self.hostname(),
            "root": { "path": self.folder.join(ROOT_FOLDER) },
            "process": {
                "args": self.arguments,
                "env": environment(self.spec, self.given, self.image, self.user),
                "cwd": image_folder.unwrap_or("/"),
                "user": {
                    "uid": self.user.uid,
                    "gid": self.user.gid,
                    "additionalGids": self.user.groups,
                    "umask": 0o022,
                },
                "noNewPrivileges": true,
                "oomScoreAdj": OUT_OF_MEMORY_SCORE,
                "capabilities": {
                    "bounding": CAPABILITIES, "effective": held, "permitted": held,
                },
            },
            "mounts": self.mounts(),
            "linux": self.linux(),
        })
    }

    /// The instance's own name: of a length that every program can bear.
    pub fn hostname(&self) -> String {
        self.spec.name.short()
    }

    fn mounts(&self) -> Value {
        let quiet = ["nosuid", "noexec", "nodev"];
        let file = |name: &str| {
            json!({
                "destination": format!("/etc/{name}"),
                "type": "bind",
                "source": self.folder.join(name),
                "options": ["bind", "ro", "nosuid", "noexec", "nodev"],
            })
        };
        let mut mounts = json!([
            { "destination": "/proc", "type": "proc", "source": "proc", "options": quiet },
            { "destination": "/dev", "type": "tmpfs", "source": "tmpfs",
              "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            { "destination": "/dev/pts", "type": "devpts", "source": "devpts",
              "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            { "destination": "/dev/shm", "type": "tmpfs", "source": "shm",
              "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] },
            // What the image has put there stays: programs expect folders of their own in it.
            { "destination": "/run", "type": "tmpfs", "source": "run",
              "options": run_folder::options(self.layers) },
            { "destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": quiet },
            { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] },
            // Language runtimes read their limits here.
            { "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
              "options": ["nosuid", "noexec", "nodev", "relatime", "ro"] },
            file(HOSTS_FILE),
            file(RESOLVER_FILE),
            file(HOSTNAME_FILE),
        ]);
        if self.spec.identity.is_some() {
            // The folder and not the file: another token takes the place of the old one.
            let token = json!({
                "destination": TOKEN_FOLDER,
                "type": "bind",
                "source": self.folder.join(identity_token::TOKEN_FOLDER),
                "options": ["bind", "ro", "nosuid", "noexec", "nodev"],
            });
            mounts.as_array_mut().expect("it is a list").push(token);
        }
        mounts
    }

    fn linux(&self) -> Value {
        let mut namespaces = vec![
            json!({ "type": "pid" }),
            json!({ "type": "mount" }),
            json!({ "type": "ipc" }),
            json!({ "type": "uts" }),
            json!({ "type": "cgroup" }),
            json!({ "type": "network", "path": self.folder.join(NETWORK_PIN) }),
        ];
        // runc before 1.3 wants the mappings beside the namespace's path; they are the pair's own.
        let mut ids = json!([]);
        if !self.confinement.dialect.has_own_kernel() {
            namespaces.push(json!({ "type": "user", "path": self.folder.join(USER_PIN) }));
            ids = json!([{ "containerID": 0, "hostID": self.berth.id_base, "size": IDS }]);
        }
        let size = self.spec.size;
        let memory = u64::from(size.memory_mib) << 20;
        let mut memory_limits = json!({ "limit": memory });
        if cgroup::counts_swap() {
            memory_limits["swap"] = json!(memory);
        }
        let huge_pages: Vec<_> = cgroup::huge_pages().iter().map(|size| json!({ "pageSize": size, "limit": 0 })).collect();
        json!({
            "namespaces": namespaces,
            "uidMappings": ids,
            "gidMappings": ids,
            "cgroupsPath": self.cgroup,
            "resources": {
                "devices": [{ "allow": false, "access": "rwm" }],
                "memory": memory_limits,
                "pids": { "limit": PIDS },
                // Memory that no other limit counts.
                "hugepageLimits": huge_pages,
                "cpu": {
                    "shares": size.cpu_units,
                    "quota": cgroup::quota(size.cpu_units.max(CPU_UNITS_AT_START)),
                    "period": CPU_PERIOD_MICROS,
                },
            },
            // The network namespace is the instance's own: an app that is not root may bind port 80 in it.
            "sysctl": { "net.ipv4.ip_unprivileged_port_start": "0" },
            "maskedPaths": self.confinement.masked,
            "readonlyPaths": READ_ONLY,
            "seccomp": self.confinement.seccomp,
        })
    }
}

/// The runtime that an instance was made with, if its folder still says so and it is still there: the platform may have been
/// given another one since.
pub fn of_instance(folder: &Path) -> Option<PathBuf> {
    let order = Order::decode(&std::fs::read_to_string(folder.join(ORDER_FILE)).ok()?).ok()?;
    Some(PathBuf::from(order.runtime)).filter(|runtime| runtime.exists())
}

/// Makes the runtime forget an instance whose shim is gone. Absence is success.
pub async fn forget(runtime: &Path, root: &Path, name: &str) {
    let mut command = Command::new(runtime);
    command.arg("--root").arg(root).args(["delete", "--force", name]);
    command.env_clear().env("PATH", PROGRAM_FOLDERS);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    if let Err(late) = tokio::time::timeout(RUNTIME, command.status()).await {
        tracing::warn!(instance = name, %late, "the runtime does not forget a lost instance");
    }
}
