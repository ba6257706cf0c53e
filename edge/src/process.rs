//! The front door's process, from outside: found, started, greeted, ended.
//! Never waits for anything but the start and the greeting. Source of truth: `research/edge-recipe.md` 1.1 to 1.3.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::socket_peercred;
use rustix::process::{Pid, Signal, kill_process};

use crate::document::{DrainOrder, Hello, ListenerScheme, Listeners, decode, encode};
use crate::frame::Kind;
use crate::limit::{CONTROL_TIME, EXIT_LOOK};
use crate::passing;
use crate::run::{SOCKET_NAME, listeners};

/// The user that the front door runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    pub uid: u32,
    pub gid: u32,
}

/// How a front door is started, and where it is found.
pub struct Program {
    /// Its own folder, `<run>/edge`. The folders above must let its user pass.
    pub folder: PathBuf,
    /// A fresh command each time: program, arguments, environment, standard output and error.
    pub command: Box<dyn Fn() -> Command + Send>,
    /// `None`: the caller's own (a platform that is not root, as in tests).
    pub user: Option<User>,
}

/// Listening sockets with what they speak: the platform's copies.
pub type Sockets = Vec<(ListenerScheme, TcpListener)>;

/// A greeted front door.
pub struct Greeted {
    /// Blocking; nothing was read ahead.
    pub stream: UnixStream,
    pub hello: Hello,
    pub sockets: Sockets,
}

impl Program {
    /// Makes the folder, for the front door's user alone.
    pub fn make_folder(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o700))?;
        match self.user {
            Some(User { uid, gid }) => chown(&self.folder, Some(uid), Some(gid)),
            None => Ok(()),
        }
    }

    /// Removes the folder after the front door's end: nothing of us stays behind.
    pub fn remove_folder(&self) {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, folder = %self.folder.display(), "the front door's folder cannot be removed");
            }
            Ok(()) | Err(_) => {}
        }
    }

    /// The front door that lives in the folder, if one does.
    pub fn find(&self) -> io::Result<Option<Greeted>> {
        let stream = match UnixStream::connect(self.folder.join(SOCKET_NAME)) {
            Ok(stream) => stream,
            // No file, or nobody behind it.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => return Ok(None),
            Err(error) => return Err(error),
        };
        let peer = socket_peercred(&stream)?;
        if let Some(user) = self.user
            && peer.uid.as_raw() != user.uid
        {
            let words = format!("the front door's socket belongs to user {}, not to {}", peer.uid.as_raw(), user.uid);
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, words));
        }
        match greet(stream) {
            Ok(greeted) => Ok(Some(greeted)),
            Err(error) => {
                tracing::error!(%error, edge.pid = peer.pid.as_raw_nonzero(), "the front door does not answer: it is ended");
                let _ = kill_process(peer.pid, Signal::KILL);
                wait_until_gone(peer.pid.as_raw_nonzero().get().cast_unsigned(), CONTROL_TIME);
                Ok(None)
            }
        }
    }

    /// Starts a front door with these sockets and greets it.
    pub fn start(&self, sockets: &Sockets) -> io::Result<Greeted> {
        let (ours, theirs) = UnixStream::pair()?;
        let mut command = (self.command)();
        // A group of its own: Ctrl-C in the platform's terminal is not for it.
        command.stdin(Stdio::from(OwnedFd::from(theirs))).process_group(0);
        if let Some(User { uid, gid }) = self.user {
            // Not root any more: the kernel takes all capabilities, the standard library the groups.
            command.uid(uid).gid(gid);
        }
        let child = command.spawn()?;
        // Dropped now, so that our end sees the end of theirs.
        drop(command);
        let ended = reap(child)?;
        ours.set_read_timeout(Some(CONTROL_TIME))?;
        let body = encode(&Listeners {
            folder: self.folder.to_string_lossy().into_owned(),
            schemes: sockets.iter().map(|(scheme, _)| *scheme).collect(),
        });
        let fds: Vec<BorrowedFd<'_>> = sockets.iter().map(|(_, socket)| socket.as_fd()).collect();
        let ready = passing::send(&ours, Kind::Listeners, &body, &fds).and_then(|()| passing::receive(&ours));
        match ready {
            Ok((frame, _)) if frame.kind == Some(Kind::Ready) => greet(UnixStream::connect(self.folder.join(SOCKET_NAME))?),
            Ok((frame, _)) => Err(io::Error::other(format!("the front door said {:?} instead of ready", frame.kind))),
            Err(error) => match ended.recv_timeout(EXIT_LOOK) {
                Ok(status) => Err(io::Error::other(format!("the front door ended at once: {status}"))),
                Err(_) => Err(error),
            },
        }
    }
}

/// Waits for a child in a thread of its own, which ends with the child.
fn reap(mut child: std::process::Child) -> io::Result<mpsc::Receiver<ExitStatus>> {
    let (tell, told) = mpsc::sync_channel(1);
    thread::Builder::new().name("edge-reaper".to_owned()).spawn(move || {
        if let Ok(status) = child.wait() {
            // Only a start still listens.
            let _ = tell.try_send(status);
        }
    })?;
    Ok(told)
}

fn greet(stream: UnixStream) -> io::Result<Greeted> {
    stream.set_read_timeout(Some(CONTROL_TIME))?;
    stream.set_write_timeout(Some(CONTROL_TIME))?;
    let ours = Hello { build: env!("CARGO_PKG_VERSION").to_owned(), pid: std::process::id(), routes: 0, certificates: 0 };
    passing::send(&stream, Kind::Hello, &encode(&ours), &[])?;
    let (frame, _) = passing::receive(&stream)?;
    if frame.kind != Some(Kind::Hello) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the front door's first frame is not a hello"));
    }
    let hello = decode(&frame.body).map_err(io::Error::other)?;
    let (frame, came) = passing::receive(&stream)?;
    let (_, sockets) = listeners(&frame, came)?;
    Ok(Greeted { stream, hello, sockets })
}

/// Waits until a process is gone; answers whether it is.
fn wait_until_gone(pid: u32, within: Duration) -> bool {
    let until = Instant::now() + within;
    while lives(pid) {
        if Instant::now() > until {
            return false;
        }
        thread::sleep(EXIT_LOOK / 50);
    }
    true
}

/// A zombie does not live: it may be another's child, and that other may never ask for it.
fn lives(pid: u32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    // The name stands in parentheses and may contain anything; the state follows it (proc(5)).
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

/// Asks a front door that no platform holds to drain, and waits for its end. `Ok(false)`: there was none.
/// For `outrunner stop` after the platform was killed.
pub fn stop_left_behind(run: &Path, within: Duration) -> io::Result<bool> {
    let nothing = || Command::new("/nonexistent");
    let program = Program { folder: folder(run), command: Box::new(nothing), user: None };
    let found = program.find()?;
    if let Some(greeted) = &found {
        drain(greeted, within)?;
    }
    program.remove_folder();
    Ok(found.is_some())
}

/// Asks for a drain and waits for the end; what does not end is killed.
pub fn drain(greeted: &Greeted, within: Duration) -> io::Result<()> {
    let order = DrainOrder { within_ms: u64::try_from(within.as_millis()).unwrap_or(u64::MAX) };
    passing::send(&greeted.stream, Kind::Drain, &encode(&order), &[])?;
    end(greeted.hello.pid, within + CONTROL_TIME);
    Ok(())
}

/// Waits for the end of a front door that drains; what does not end is killed.
pub fn end(pid: u32, within: Duration) {
    if wait_until_gone(pid, within) {
        return;
    }
    tracing::error!(edge.pid = pid, "the front door does not end: it is killed");
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
    }
    wait_until_gone(pid, CONTROL_TIME);
}

/// The front door's folder in a platform's run folder.
pub fn folder(run: &Path) -> PathBuf {
    run.join("edge")
}
