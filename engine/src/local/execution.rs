//! Commands in running instances, by the runtime's `exec`: a runtime process each, whose ends we hold.
//! Never more than the instance may: rights, limits and ids are those in its own configuration. Never gives words or
//! variables to the runtime's arguments: they stand in a file that only root may read.
//! Source of truth: the instance's `config.json`; the folder `exec` in its shim's folder for what runs or has run.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::execution::ExecutionOrder;
use model::instance::InstanceName;
use model::port::Granted;
use model::refusal::{Refusal, RefusalKind};
use model::trouble::Trouble;
use nix::sched::{CloneFlags, setns, unshare};
use rustix::process::{Pid, Signal, getpgid, kill_process, kill_process_group};
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::doing::Doing;
use crate::limit::{
    EXECUTION_BEGIN, EXECUTIONS, EXECUTIONS_OF_INSTANCE, EXECUTIONS_OF_SERVICE, FAULT_BYTES, IMAGE_CONFIG_BYTES, LOOK_AGAIN,
    RUNTIME,
};
use crate::local::apart::set_apart;
use crate::local::berth::write_private;
use crate::local::cause::{self, NeverBegan};
use crate::local::dormant;
use crate::local::machine::Machine;
use crate::local::program::Program;
use crate::local::record::{CONFIG_FILE, ORDER_FILE, Order, Phase, State};
use crate::local::removal::remove_folder;
use crate::local::runtime::PROGRAM_FOLDERS;
use crate::local::session::Session;
use crate::local::shim::Shim;
use crate::local::terminal::Terminal;
use crate::local::user;
use crate::plain_letters::in_plain_letters;

/// In the shim's folder, a folder for each command.
const FOLDER: &str = "exec";
/// What the runtime is told: the process of the OCI configuration.
const PROCESS_FILE: &str = "process.json";
/// Where the runtime writes the id of the process once it runs.
const PID_FILE: &str = "pid";
/// Where a runtime with a kernel of its own writes the id that the process has there.
const INNER_PID_FILE: &str = "inner";
/// What the runtime has to say.
const LOG_FILE: &str = "log";

static NEXT: AtomicU64 = AtomicU64::new(0);

/// How many commands run, so that there are never too many.
#[derive(Debug, Default)]
pub struct Places {
    taken: Mutex<BTreeMap<InstanceName, usize>>,
}

/// One of them.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    name: InstanceName,
}

impl Places {
    /// How many run.
    pub fn taken(&self) -> usize {
        self.taken.lock().expect("nothing panics while it holds the places").values().sum()
    }

    fn take(self: &Arc<Self>, name: &InstanceName) -> Granted<Place> {
        let mut taken = self.taken.lock().expect("nothing panics while it holds the places");
        let (all, own) = (taken.values().sum::<usize>(), taken.get(name).copied().unwrap_or(0));
        let services = taken.iter().filter(|(other, _)| other.service == name.service).map(|(_, own)| own).sum::<usize>();
        let refused = |words: String| Err(Refusal::new(RefusalKind::Quota, words));
        if own >= EXECUTIONS_OF_INSTANCE || services >= EXECUTIONS_OF_SERVICE {
            return refused(format!(
                "There are {own} commands under way in {name} and {services} in its service; {EXECUTIONS_OF_INSTANCE} and \
                 {EXECUTIONS_OF_SERVICE} may be. End one first."
            ));
        }
        if all >= EXECUTIONS {
            return refused("There are as many commands under way on this machine as may be. Try again later.".to_owned());
        }
        *taken.entry(name.clone()).or_default() += 1;
        Ok(Place { places: self.clone(), name: name.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().expect("nothing panics while it holds the places");
        if let Some(own) = taken.get_mut(&self.name) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.name);
            }
        }
    }
}

/// The folder of one command. Dropped, the command is ended and the folder is gone.
#[derive(Debug)]
pub struct Spot {
    folder: PathBuf,
    cgroup: String,
    order: Order,
    /// The command has ended by itself: its ids may be another's.
    over: AtomicBool,
    _place: Place,
}

impl Spot {
    /// Says that the command has ended by itself, so that nobody ends it.
    pub fn is_over(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Its process on the host, if it still runs.
    pub fn process(&self) -> Option<Pid> {
        process_of(&self.folder, &self.cgroup)
    }
}

impl Drop for Spot {
    fn drop(&mut self) {
        if !*self.over.get_mut() {
            end(&self.folder, &self.cgroup, Some(&self.order));
        }
        if let Err(error) = remove_folder(&self.folder) {
            tracing::warn!(folder = %self.folder.display(), cause = %error, "a command leaves its folder behind");
        }
    }
}

/// Begins a command, and answers when it runs.
pub async fn begin(
    machine: &Machine,
    places: &Arc<Places>,
    name: &InstanceName,
    order: &ExecutionOrder,
) -> Result<Granted<Session>, Trouble> {
    let doing = || format!("running a command in {name}");
    let shim = machine.shim(name);
    let gone = || Ok(Err(not_running(name)));
    let Some(mounts) = mounts_of(&shim).doing(doing)? else { return gone() };
    let cgroup = machine.premises.cgroup(&name.to_string());
    if dormant::resting(&shim).doing(doing)?.is_some() || is_at_rest(&cgroup) {
        let words = format!("The instance {name} is at rest: send it a request first, so that it wakes.");
        return Ok(Err(Refusal::new(RefusalKind::WrongState, words)));
    }
    let place = match places.take(name) {
        Ok(place) => place,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(told) = shim.read(ORDER_FILE).doing(doing)? else { return gone() };
    let told = Order::decode(&told).doing(doing)?;
    let process = match process(&shim, &told, order).doing(doing)? {
        Ok(process) => process,
        Err(words) => return Ok(Err(Refusal::invalid(in_plain_letters(&words, FAULT_BYTES)))),
    };
    let folder = shim.folder().join(FOLDER).join(format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    // Never the shim's folder: an instance that is being discarded must not come back as an empty one.
    for folder in [folder.parent().expect("it was joined"), &folder] {
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return gone(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.doing(doing)?,
        }
    }
    let spot = Spot { folder, cgroup, order: told, over: AtomicBool::new(false), _place: place };
    write_private(&spot.folder.join(PROCESS_FILE), process.to_string().as_bytes()).doing(doing)?;

    let (command, terminal) = command(&spot, order).doing(doing)?;
    let mut child = spawn_beside(command, mounts).await.doing(doing)?;
    let begun = timeout(EXECUTION_BEGIN, begun(&spot.folder, &mut child)).await;
    if !matches!(begun, Ok(Ok(_))) {
        end_runtime(&child);
    }
    match begun.doing(doing)?.doing(doing)? {
        true => Ok(Ok(Session::new(spot, child, terminal).doing(doing)?)),
        false => {
            // It looks through the image. The place is held until it has.
            let name = name.clone();
            let complaint = move || complaint(&shim, &name, &spot.folder, &process);
            tokio::task::spawn_blocking(complaint).await.doing(doing)?.doing(doing).map(Err)
        }
    }
}

/// The mounts that the shim sees, if the instance's first process runs. Opened first and looked after that: as long as the
/// shim holds its lock, its id was its own.
fn mounts_of(shim: &Shim) -> io::Result<Option<File>> {
    let Some(state) = running(shim)? else { return Ok(None) };
    let mounts = match File::open(format!("/proc/{}/ns/mnt", state.shim_pid)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        mounts => mounts?,
    };
    Ok(running(shim)?.filter(|after| after.shim_pid == state.shim_pid).map(|_| mounts))
}

/// Its state, if its first process runs.
fn running(shim: &Shim) -> io::Result<Option<State>> {
    let alive = shim.alive()?;
    Ok(shim.state()?.filter(|state| alive && matches!(state.phase, Phase::Running { .. })))
}

/// Its first process by its id and start time: the shim needs a moment to see that it has ended. Source: proc_pid_stat(5), the 3rd and 22nd field.
fn first_process_lives(phase: Phase) -> bool {
    let Phase::Running { init_pid, init_started, .. } = phase else { return false };
    let text = fs::read_to_string(format!("/proc/{init_pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = text.rsplit_once(") ").map_or("", |(_, rest)| rest).split(' ').collect();
    fields.first().is_some_and(|state| *state != "Z") && fields.get(19).is_some_and(|started| *started == init_started.to_string())
}

fn not_running(name: &InstanceName) -> Refusal {
    Refusal::new(RefusalKind::WrongState, format!("The instance {name} does not run."))
}

/// Whether the kernel holds its processes still; the runtime would wait for as long.
fn is_at_rest(cgroup: &str) -> bool {
    let is = |file: String, line: &str| fs::read_to_string(file).is_ok_and(|text| text.lines().any(|found| found == line));
    is(format!("/sys/fs/cgroup/unified{cgroup}/cgroup.events"), "frozen 1")
        || is(format!("/sys/fs/cgroup{cgroup}/cgroup.events"), "frozen 1")
        || is(format!("/sys/fs/cgroup/freezer{cgroup}/freezer.state"), "FROZEN")
}

/// The instance's own first process, but for what the order says otherwise. The inner error is for the caller.
fn process(shim: &Shim, told: &Order, order: &ExecutionOrder) -> io::Result<Result<Value, String>> {
    let mut config = Vec::new();
    File::open(shim.folder().join(CONFIG_FILE))?.take(IMAGE_CONFIG_BYTES).read_to_end(&mut config)?;
    let config: Value = serde_json::from_slice(&config)?;
    let mut process = config.get("process").cloned().ok_or_else(|| io::Error::other("a configuration without a process"))?;
    process["args"] = json!(order.command());
    if let Some(folder) = order.folder() {
        process["cwd"] = json!(folder);
    }
    let mut variables: Vec<String> = serde_json::from_value(process["env"].take())?;
    for (name, value) in &order.environment.0 {
        variables.retain(|variable| variable.split('=').next() != Some(name));
        variables.push(format!("{name}={value}"));
    }
    if let Some(size) = order.terminal {
        process["terminal"] = json!(true);
        process["consoleSize"] = json!({ "width": size.columns, "height": size.rows });
        if !variables.iter().any(|variable| variable.starts_with("TERM=")) {
            variables.push("TERM=xterm".to_owned());
        }
    }
    process["env"] = json!(variables);
    if let Some(text) = &order.user {
        let layers: Vec<PathBuf> = told.layers.iter().map(PathBuf::from).collect();
        let user = match user::resolve(text, &layers) {
            Ok(user) => user,
            Err(words) => return Ok(Err(words)),
        };
        process["user"]["uid"] = json!(user.uid);
        process["user"]["gid"] = json!(user.gid);
        process["user"]["additionalGids"] = json!(user.groups);
        // As at the start: root holds what its instance may have at most, and nobody else holds anything.
        let held = if user.uid == 0 { process["capabilities"]["bounding"].clone() } else { json!([]) };
        for set in ["effective", "permitted"] {
            process["capabilities"][set] = held.clone();
        }
    }
    Ok(Ok(process))
}

/// By the runtime that made the instance, whatever the platform's is by now.
fn command(spot: &Spot, order: &ExecutionOrder) -> io::Result<(Command, Option<Terminal>)> {
    let told = &spot.order;
    let mut command = Command::new(&told.runtime);
    command.arg("--root").arg(&told.runtime_root);
    command.arg("--log").arg(spot.folder.join(LOG_FILE)).args(["--log-format", "json", "exec"]);
    command.arg("--process").arg(spot.folder.join(PROCESS_FILE)).arg("--pid-file").arg(spot.folder.join(PID_FILE));
    if told.own_kernel {
        command.arg("--internal-pid-file").arg(spot.folder.join(INNER_PID_FILE));
    }
    command.arg(&told.container);
    command.env_clear().env("PATH", PROGRAM_FOLDERS).kill_on_drop(true);
    set_apart(&mut command);
    let Some(size) = order.terminal else {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        return Ok((command, None));
    };
    let (ours, theirs) = Terminal::open(size)?;
    command.stdin(theirs.try_clone()?).stdout(theirs.try_clone()?).stderr(theirs);
    Ok((command, Some(ours)))
}

/// Starts the runtime where the shim sees it: there its view of the control groups is the one that it had at the start.
async fn spawn_beside(mut command: Command, mounts: File) -> io::Result<Child> {
    let runtime = Handle::current();
    // A thread of its own, which ends: nobody else must find himself in another's mounts.
    let thread = std::thread::spawn(move || {
        unshare(CloneFlags::CLONE_FS)?;
        setns(mounts, CloneFlags::CLONE_NEWNS)?;
        let _entered = runtime.enter();
        command.spawn()
    });
    tokio::task::spawn_blocking(|| thread.join().unwrap_or_else(|_| Err(io::Error::other("the starting thread panicked")))).await?
}

/// Waits until the command runs, or the runtime has given up. True if it runs or ran.
async fn begun(folder: &Path, child: &mut Child) -> io::Result<bool> {
    loop {
        let ended = child.try_wait()?.is_some();
        // Made first and written then: without the id in it nobody could end the command.
        if pid_in(folder).is_some() {
            return Ok(true);
        }
        if ended {
            return Ok(false);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Why the runtime has not started it: for the caller, or trouble.
fn complaint(shim: &Shim, name: &InstanceName, folder: &Path, process: &Value) -> io::Result<Refusal> {
    // It ended meanwhile: the shim, which still writes that down, has had the runtime forget it.
    if !running(shim)?.is_some_and(|state| first_process_lives(state.phase)) {
        return Ok(not_running(name));
    }
    let log = fs::read(folder.join(LOG_FILE)).unwrap_or_default();
    let program = Program::of_instance(shim.folder()).map(|program| program.instead(process));
    match cause::of_runtime(String::from_utf8_lossy(&log).trim(), program.as_ref()) {
        NeverBegan::Owners(words) => Ok(Refusal::invalid(in_plain_letters(&words, FAULT_BYTES))),
        NeverBegan::Engines(words) => Err(io::Error::other(words)),
    }
}

fn pid_in(folder: &Path) -> Option<Pid> {
    Pid::from_raw(fs::read_to_string(folder.join(PID_FILE)).ok()?.trim().parse().ok()?)
}

/// Its process on the host, if it still runs. The id in the file is believed only where it is in the instance.
fn process_of(folder: &Path, cgroup: &str) -> Option<Pid> {
    let pid = pid_in(folder)?;
    let groups = fs::read_to_string(format!("/proc/{}/cgroup", pid.as_raw_nonzero())).unwrap_or_default();
    groups.lines().any(|line| line.ends_with(cgroup)).then_some(pid)
}

/// Ends a runtime that has not begun its command, with all that it has started: nobody knows the command's own process yet.
fn end_runtime(child: &Child) {
    // None once it was waited for: until then its id, and its group's, are its own.
    let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let _ = pid.map(|pid| kill_process_group(pid, Signal::KILL));
}

/// Ends a command with all in its group. That is its own, or the one of its runtime, which we have made for it.
fn end(folder: &Path, cgroup: &str, order: Option<&Order>) {
    if let Some(order) = order.filter(|order| order.own_kernel) {
        return end_inside(folder, order);
    }
    let Some(pid) = process_of(folder, cgroup) else { return };
    let group = getpgid(Some(pid)).ok().filter(|group| getpgid(None).is_ok_and(|ours| *group != ours));
    let _ = group.map(|group| kill_process_group(group, Signal::KILL));
    let _ = kill_process(pid, Signal::KILL);
}

/// Where the process is none of the host's, its own kernel is told. Does not wait: one that hangs must not stop the platform, nor its start.
fn end_inside(folder: &Path, order: &Order) {
    let Some(pid) = fs::read_to_string(folder.join(INNER_PID_FILE)).ok().and_then(|text| text.trim().parse::<u32>().ok()) else {
        return;
    };
    let mut command = Command::new(&order.runtime);
    command.args(["--root", &order.runtime_root, "kill", "--pid", &pid.to_string(), &order.container, "KILL"]);
    command.env_clear().env("PATH", PROGRAM_FOLDERS).current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let instance = order.container.clone();
    let teller = std::thread::Builder::new().name("command end".to_owned()).spawn(move || {
        // It has ended, or its instance has: then there is nobody to be told.
        if let Err(error) = run_within(command, RUNTIME) {
            tracing::warn!(instance, cause = %error, "a command could not be ended; it ends with its instance");
        }
    });
    if let Err(error) = teller {
        tracing::warn!(instance = order.container, cause = %error, "a command could not be ended; it ends with its instance");
    }
}

/// Runs a program to its end, however that is; kills it after the time that it has.
fn run_within(mut command: Command, time: Duration) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    command.kill_on_drop(true);
    runtime.block_on(async { timeout(time, command.status()).await })??;
    Ok(())
}

/// Ends what a platform that died has left running in an instance.
pub fn end_left(machine: &Machine, name: &InstanceName) {
    let shim = machine.shim(name);
    let folder = shim.folder().join(FOLDER);
    let cgroup = machine.premises.cgroup(&name.to_string());
    let order = shim.read(ORDER_FILE).ok().flatten().and_then(|text| Order::decode(&text).ok());
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        end(&entry.path(), &cgroup, order.as_ref());
    }
    if let Err(error) = remove_folder(&folder) {
        tracing::warn!(instance = %name, cause = %error, "commands of an earlier platform leave their folders behind");
    }
}

#[cfg(test)]
mod tests {
    use model::service::ServiceId;

    use super::*;

    #[test]
    fn a_runtime_that_hangs_is_given_up_and_one_that_ends_is_waited_for() {
        let mut hangs = Command::new("sleep");
        hangs.arg("600");
        assert_eq!(run_within(hangs, Duration::from_millis(50)).unwrap_err().kind(), io::ErrorKind::TimedOut);
        run_within(Command::new("true"), RUNTIME).unwrap();
    }

    #[test]
    fn one_service_does_not_take_the_places_of_all_others() {
        let places = Arc::new(Places::default());
        let name = |service: u8, slot| InstanceName { service: ServiceId::from_random([service; 16]), revision: 1, slot };
        let take = |service, slot| places.take(&name(service, slot));
        let mut held: Vec<Place> = (0..EXECUTIONS_OF_INSTANCE).map(|_| take(1, 0).unwrap()).collect();
        assert!(take(1, 0).is_err(), "one instance");
        held.extend((held.len()..EXECUTIONS_OF_SERVICE).map(|_| take(1, 1).unwrap()));
        assert!(take(1, 2).is_err(), "one service");
        held.push(take(2, 0).unwrap());
        drop(held);
        assert!(take(1, 2).is_ok() && places.taken.lock().unwrap().is_empty());
    }
}
