//! The OCI runtime's command line: `run --detach`, `delete`.
//! Never passes anything of a user's by argv or environment: it stands in the bundle's `config.json`.
//! Source of truth: the runtime-tools command line that runc, crun and runsc share.

use std::fs;
use std::io::Result;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Command, Stdio};

use crate::limit::{COMPLAINT_BYTES, RUNTIME_WAIT};
use crate::record::{Order, RUNTIME_LOG_FILE};
use crate::syscall;

/// Where the runtime writes the id of the first process.
const PID_FILE: &str = "pid";

/// The instance's first process.
#[derive(Debug, Clone, Copy)]
pub struct Init {
    /// Its id on the host. It is our child: the id is its own until we have reaped it.
    pub pid: i32,
    /// Its start time in clock ticks since boot.
    pub started: u64,
}

/// Starts the instance from the bundle in the current folder; `Err` is the runtime's own words.
pub fn run(order: &Order, out: OwnedFd, err: OwnedFd) -> std::result::Result<Init, String> {
    let mut command = base(order);
    command.args(["run", "--detach", "--no-new-keyring", "--pid-file", PID_FILE, "--bundle", ".", &order.container]);
    command.stdout(out).stderr(err);
    let ended = finish(&mut command).map_err(|error| format!("{} does not start: {error}", order.runtime))?;
    // The command holds our write ends: with them open the pipes would never end.
    drop(command);
    if !ended {
        return Err(complaint());
    }
    init().map_err(|error| format!("the runtime left no process id: {error}"))
}

/// Forgets the instance and removes its control groups. Nothing is left to do when this fails: the engine sweeps.
pub fn delete(order: &Order) {
    let mut command = base(order);
    command.args(["delete", "--force", &order.container]).stdout(Stdio::null()).stderr(Stdio::null());
    let _ = finish(&mut command);
}

fn base(order: &Order) -> Command {
    let mut command = Command::new(&order.runtime);
    command.args(["--root", &order.runtime_root, "--log", RUNTIME_LOG_FILE, "--log-format", "json"]);
    command.env_clear().env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    command.stdin(Stdio::null());
    command
}

/// Whether the command ended well within its time.
fn finish(command: &mut Command) -> Result<bool> {
    let mut child = syscall::spawn(command)?;
    let process = syscall::open_process(i32::try_from(child.id()).expect("a process id is an int"))?;
    let wait = i32::try_from(RUNTIME_WAIT.as_millis()).expect("half a minute fits");
    if !syscall::wait_readable(&[process.as_fd()], wait)?[0] {
        child.kill()?;
    }
    Ok(child.wait()?.success())
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

/// The end of the runtime's log.
fn complaint() -> String {
    let bytes = fs::read(RUNTIME_LOG_FILE).unwrap_or_default();
    let tail = &bytes[bytes.len().saturating_sub(COMPLAINT_BYTES)..];
    let words = String::from_utf8_lossy(tail).trim().to_owned();
    if words.is_empty() { "the runtime failed and did not say why".to_owned() } else { words }
}
