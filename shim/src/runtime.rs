//! The OCI runtime's command line: `run --detach`, `create`, `start`, `delete`; and the file by which runc's own children wait to be started.
//! Never passes anything of a user's by argv or environment: it stands in the bundle's `config.json`.
//! Source of truth: the runtime-tools command line that runc, crun and runsc share.

use std::fs::{self, File};
use std::io::{Error, Read, Result};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use crate::limit::{COMPLAINT_BYTES, RUNTIME_LOOK, RUNTIME_WAIT};
use crate::record::{Order, RUNTIME_LOG_FILE};
use crate::syscall;

/// Where the runtime writes the id of the first process.
const PID_FILE: &str = "pid";
/// What runc calls a process that has everything and waits at its `FIFO` to become the instance's first one.
const WAITING: &str = "runc:[2:INIT]";
/// In the runtime's folder of a container that was created: such a process writes a byte into it as soon as somebody
/// opens it, and goes on.
const FIFO: &str = "exec.fifo";

/// The instance's first process.
#[derive(Debug, Clone, Copy)]
pub struct Init {
    /// Its id on the host. It is our child: the id is its own until we have reaped it.
    pub pid: i32,
    /// Its start time in clock ticks since boot.
    pub started: u64,
}

impl Init {
    /// As documents have it.
    pub fn id(self) -> u32 {
        u32::try_from(self.pid).expect("a process id is positive")
    }
}

/// How far the runtime goes with a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Far {
    /// Up to the first instruction.
    Created,
    /// The instance runs. One command, and sooner there than create and start together.
    Started,
}

/// Makes the instance from the bundle in the current folder; `Err` is the runtime's own words.
pub fn make(order: &Order, far: Far, out: OwnedFd, err: OwnedFd) -> std::result::Result<Init, String> {
    let mut command = base(order);
    command.args(match far {
        Far::Created => &["create"][..],
        Far::Started => &["run", "--detach"],
    });
    if !order.own_kernel {
        // Ours is new already. A kernel of its own does not pass on the host's.
        command.arg("--no-new-keyring");
    }
    command.args(["--pid-file", PID_FILE, "--bundle", ".", &order.container]);
    command.stdout(out).stderr(err);
    let ended = finish(&mut command).map_err(|error| format!("{} does not start: {error}", order.runtime))?;
    // The command holds our write ends: with them open the pipes would never end.
    drop(command);
    if !ended.success() {
        return Err(complaint(ended));
    }
    init().map_err(|error| format!("the runtime left no process id: {error}"))
}

/// Begins an instance that was created; `Err` is for whoever reads its exit.
pub fn begin(order: &Order, init: Init) -> std::result::Result<(), String> {
    let fifo = Path::new(&order.runtime_root).join(&order.container).join(FIFO);
    // Another runtime's file of the same name may be spoken to in another way; its own command knows how.
    let own = fs::read_to_string(format!("/proc/{}/comm", init.pid)).is_ok_and(|name| name.trim_end() == WAITING);
    if own && fs::metadata(&fifo).is_ok_and(|file| file.file_type().is_fifo()) {
        return release(&fifo, init).map_err(|error| format!("the instance did not begin: {error}"));
    }
    let mut command = base(order);
    command.args(["start", &order.container]).stdout(Stdio::null()).stderr(Stdio::null());
    match finish(&mut command) {
        Ok(ended) if ended.success() => Ok(()),
        Ok(ended) => Err(complaint(ended)),
        Err(error) => Err(format!("{} does not start: {error}", order.runtime)),
    }
}

/// A tenth of the time that the runtime's own command takes for the same.
fn release(fifo: &Path, init: Init) -> Result<()> {
    // Without waiting: who should write may have died.
    let mut reading = File::options().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW).open(fifo)?;
    let process = syscall::open_process(init.pid)?;
    let wait = i32::try_from(RUNTIME_WAIT.as_millis()).expect("half a minute fits");
    syscall::wait_readable(&[reading.as_fd(), process.as_fd()], wait)?;
    match reading.read(&mut [0])? {
        0 => Err(Error::other("its first process has ended")),
        // From now on the runtime, too, takes it for one that runs.
        _ => fs::remove_file(fifo),
    }
}

/// Forgets the instance and removes its control groups. Nothing is left to do when this fails: the engine sweeps.
pub fn delete(order: &Order) {
    let mut command = base(order);
    command.args(["delete", "--force", &order.container]).stdout(Stdio::null()).stderr(Stdio::null());
    // A runtime may have a second process beside an instance. It is our child by now, and the command waits until nothing is left of it.
    let _ = finish_while(&mut command, syscall::reap_others);
}

fn base(order: &Order) -> Command {
    let mut command = Command::new(&order.runtime);
    command.args(["--root", &order.runtime_root, "--log", RUNTIME_LOG_FILE, "--log-format", "json"]);
    if order.own_kernel {
        // The sockets of the network namespace that it joins, which is the instance's: firewall, limits and probes see it as any other's.
        command.arg("--network=host");
    }
    command.env_clear().env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    command.stdin(Stdio::null());
    command
}

/// How the command ended; one that takes longer than its time is killed.
fn finish(command: &mut Command) -> Result<ExitStatus> {
    finish_while(command, |_| ())
}

/// The same; as long as it takes, `meanwhile` is called now and then with the command's process id.
fn finish_while(command: &mut Command, meanwhile: impl Fn(i32)) -> Result<ExitStatus> {
    let mut child = syscall::spawn(command)?;
    let pid = i32::try_from(child.id()).expect("a process id is an int");
    let process = syscall::open_process(pid)?;
    let look = i32::try_from(RUNTIME_LOOK.as_millis()).expect("some milliseconds fit");
    let since = Instant::now();
    while !syscall::wait_readable(&[process.as_fd()], look)?[0] {
        if since.elapsed() > RUNTIME_WAIT {
            child.kill()?;
            break;
        }
        meanwhile(pid);
    }
    child.wait()
}

fn init() -> Result<Init> {
    let pid = fs::read_to_string(PID_FILE)?.trim().parse().map_err(std::io::Error::other)?;
    Ok(Init { pid, started: start_time(pid)? })
}

/// Field 22 of `/proc/<pid>/stat`. The program's name before it may hold blanks and parentheses.
fn start_time(pid: i32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let field = after_name.split_ascii_whitespace().nth(19);
    field.and_then(|field| field.parse().ok()).ok_or_else(|| std::io::Error::other("an unreadable process status"))
}

/// The end of the runtime's log. Somebody may have killed it before it could say anything.
fn complaint(ended: ExitStatus) -> String {
    let bytes = fs::read(RUNTIME_LOG_FILE).unwrap_or_default();
    let tail = &bytes[bytes.len().saturating_sub(COMPLAINT_BYTES)..];
    let words = String::from_utf8_lossy(tail).trim().to_owned();
    if words.is_empty() { format!("the runtime failed and did not say why ({ended})") } else { words }
}
