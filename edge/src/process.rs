//! The front door's process, from outside: found, started, greeted, ended.
//! Never waits for anything but the start, the greeting and the end, and believes nothing that a stranger says: whoever listens must be
//! the front door's user. Source of truth: `ARCHITECTURE.md`, "three kinds of process".

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{geteuid, getpriority_process, setpriority_process};

use crate::document::{DrainOrder, Hello, ListenerScheme, Listeners, build, decode, encode};
use crate::frame::Kind;
use crate::limit::{CONTROL_TIME, EXIT_LOOK, NICENESS};
use crate::passing;
use crate::peer::Peer;
use crate::run::{SOCKET_NAME, link_name, listeners, own_name, take_name};

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
    /// The only process that is ever signalled: `hello` says what it likes.
    pub peer: Peer,
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

    /// The front door that lives in the folder, if one does. One that does not answer is killed.
    pub fn find(&self) -> io::Result<Option<Greeted>> {
        let (stream, peer) = match self.connect() {
            Ok(connected) => connected,
            // No file, or nobody behind it.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => return Ok(None),
            Err(error) => return Err(error),
        };
        match greet(stream, peer) {
            Ok(greeted) => Ok(Some(greeted)),
            Err(error) => {
                tracing::error!(cause = %error, edge_pid = peer.pid(), "the front door does not answer: it is ended");
                peer.kill();
                Ok(None)
            }
        }
    }

    /// Starts a front door with these sockets and greets it. After an error there is no process.
    pub fn start(&self, sockets: &Sockets) -> io::Result<Greeted> {
        // First, so that nothing can fail between the greeting and somebody waiting for the child.
        let reaper = Reaper::start()?;
        let (ours, theirs) = UnixStream::pair()?;
        let mut command = (self.command)();
        // A group of its own: Ctrl-C in the platform's terminal is not for it.
        command.stdin(Stdio::from(OwnedFd::from(theirs))).process_group(0);
        if let Some(User { uid, gid }) = self.user {
            // Not root any more: the kernel takes all capabilities, the standard library the groups.
            command.uid(uid).gid(gid);
        }
        let mut child = spawn_preferred(&mut command)?;
        // Dropped now, so that our end sees the end of theirs.
        drop(command);
        match self.hand_over(&ours, sockets) {
            Ok(greeted) => {
                reaper.take(child);
                Ok(greeted)
            }
            Err(error) => {
                let ended = put_down(&mut child);
                self.forget(child.id());
                Err(match ended {
                    Some(status) => io::Error::other(format!("the front door ended at once: {status}")),
                    None => error,
                })
            }
        }
    }

    /// Takes away what a front door that has ended left in the folder.
    pub fn forget(&self, pid: u32) {
        for left in [own_name(&self.folder, pid), link_name(&self.folder, pid)] {
            let _ = fs::remove_file(left);
        }
    }

    /// Gives a front door that was replaced, and has not been told to drain, its name back. Whoever has taken it carries nothing, and is ended.
    pub fn give_back(&self, other: Peer) -> io::Result<()> {
        let (_, found) = self.connect_to(&own_name(&self.folder, other.pid()))?;
        // Nobody listens where the start of the next one has failed.
        let next = self.connect().ok().map(|(_, peer)| peer);
        if found != other || next == Some(other) {
            return Ok(());
        }
        take_name(&self.folder, other.pid())?;
        if let Some(next) = next {
            next.kill();
            self.forget(next.pid());
        }
        Ok(())
    }

    fn hand_over(&self, child: &UnixStream, sockets: &Sockets) -> io::Result<Greeted> {
        child.set_read_timeout(Some(CONTROL_TIME))?;
        let body = encode(&Listeners {
            folder: self.folder.to_string_lossy().into_owned(),
            schemes: sockets.iter().map(|(scheme, _)| *scheme).collect(),
        });
        let fds: Vec<BorrowedFd<'_>> = sockets.iter().map(|(_, socket)| socket.as_fd()).collect();
        passing::send(child, Kind::Listeners, &body, &fds)?;
        let (frame, _) = passing::receive(child)?;
        if frame.kind != Some(Kind::Ready) {
            return Err(io::Error::other(format!("the front door said {:?} instead of ready", frame.kind)));
        }
        let (stream, peer) = self.connect()?;
        greet(stream, peer)
    }

    /// Front doors that were replaced and have not ended, but for those of `but`: somebody else waits for them. Takes away what killed ones left.
    pub fn replaced(&self, but: &[Peer]) -> Vec<Peer> {
        let pid_of = |name: &str| name.strip_prefix(SOCKET_NAME)?.strip_prefix('.')?.parse::<u32>().ok();
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let own_names = entries.filter(|entry| {
            let pid = entry.file_name().to_str().and_then(pid_of);
            pid.is_some_and(|pid| !but.iter().any(|peer| peer.pid() == pid))
        });
        let found = own_names.filter_map(|entry| match self.connect_to(&entry.path()) {
            Ok((_, peer)) => Some(peer),
            Err(error) => {
                if error.kind() == io::ErrorKind::ConnectionRefused {
                    let _ = fs::remove_file(entry.path());
                }
                None
            }
        });
        found.collect()
    }

    /// Ends those that were replaced, when everything ends.
    pub fn end_replaced(&self) {
        for peer in self.replaced(&[]) {
            peer.cut(CONTROL_TIME);
        }
    }

    /// Connects to whoever listens in the folder, if that is the front door's user.
    fn connect(&self) -> io::Result<(UnixStream, Peer)> {
        self.connect_to(&self.folder.join(SOCKET_NAME))
    }

    fn connect_to(&self, socket: &Path) -> io::Result<(UnixStream, Peer)> {
        let stream = UnixStream::connect(socket)?;
        let peer = Peer::of(&stream)?;
        let ours = self.user.map_or_else(|| geteuid().as_raw(), |user| user.uid);
        if peer.uid() != ours {
            let words = format!("the front door's socket belongs to user {}, not to {ours}", peer.uid());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, words));
        }
        Ok((stream, peer))
    }
}

/// Starts a child that goes before us where we want more of the machine than there is: whatever the platform is asked for, requests to services are carried.
/// The child inherits it; its user could not take it by itself.
fn spawn_preferred(command: &mut Command) -> io::Result<Child> {
    // On Linux it is the calling thread's. Who may not have it starts the child as it is.
    let ours = getpriority_process(None)?;
    let raised = setpriority_process(None, NICENESS).is_ok();
    let child = command.spawn();
    if raised {
        setpriority_process(None, ours)?;
    }
    child
}

/// Waits for a child in a thread of its own, which ends with the child.
struct Reaper(mpsc::SyncSender<Child>);

impl Reaper {
    fn start() -> io::Result<Self> {
        let (give, given) = mpsc::sync_channel::<Child>(1);
        thread::Builder::new().name("edge-reaper".to_owned()).spawn(move || {
            if let Ok(mut child) = given.recv() {
                // How it ended, the control socket says first.
                let _ = child.wait();
            }
        })?;
        Ok(Self(give))
    }

    fn take(self, child: Child) {
        self.0.send(child).expect("the reaper waits for this child");
    }
}

/// Ends a child whose start has failed. Answers how it ended if it did so by itself.
fn put_down(child: &mut Child) -> Option<ExitStatus> {
    let until = Instant::now() + EXIT_LOOK;
    while Instant::now() < until {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(EXIT_LOOK / 50);
    }
    // A machine that is busy with others may have left no time for a look.
    if let Ok(Some(status)) = child.try_wait() {
        return Some(status);
    }
    // Both fail only for a child that has ended and was waited for.
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn greet(stream: UnixStream, peer: Peer) -> io::Result<Greeted> {
    stream.set_read_timeout(Some(CONTROL_TIME))?;
    stream.set_write_timeout(Some(CONTROL_TIME))?;
    let ours = Hello { build: build(), pid: std::process::id(), routes: 0, certificates: 0 };
    passing::send(&stream, Kind::Hello, &encode(&ours), &[])?;
    let (frame, _) = passing::receive(&stream)?;
    if frame.kind != Some(Kind::Hello) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the front door's first frame is not a hello"));
    }
    let hello = decode(&frame.body).map_err(io::Error::other)?;
    let (frame, came) = passing::receive(&stream)?;
    let (_, sockets) = listeners(&frame, came)?;
    Ok(Greeted { stream, peer, hello, sockets })
}

/// Asks a front door that no platform holds to drain, and waits for its end. `Ok(false)`: there was none. `user` is the one that the
/// front door runs as: `PermissionDenied`, and nobody is touched, if another's process listens there.
/// For `outrunner stop` after the platform was killed.
pub fn stop_left_behind(run: &Path, user: Option<User>, within: Duration) -> io::Result<bool> {
    let nothing = || Command::new("/nonexistent");
    let program = Program { folder: folder(run), command: Box::new(nothing), user };
    let found = program.find()?;
    if let Some(greeted) = &found {
        drain(greeted, within);
    }
    program.end_replaced();
    remove(&program.folder);
    Ok(found.is_some())
}

/// Asks for a drain and waits for the end; what does not end, or does not even listen, is killed.
pub fn drain(greeted: &Greeted, within: Duration) {
    let order = DrainOrder { within_ms: u64::try_from(within.as_millis()).unwrap_or(u64::MAX) };
    let wait = match passing::send(&greeted.stream, Kind::Drain, &encode(&order), &[]) {
        Ok(()) => within + CONTROL_TIME,
        Err(error) => {
            tracing::warn!(cause = %error, edge_pid = greeted.peer.pid(), "the front door cannot be told to drain");
            CONTROL_TIME
        }
    };
    greeted.peer.end(wait);
}

/// Removes the folder of a front door that has ended: nothing of us stays behind.
pub fn remove(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(cause = %error, folder = %folder.display(), "the front door's folder cannot be removed");
        }
        Ok(()) | Err(_) => {}
    }
}

/// The front door's folder in a platform's run folder.
pub fn folder(run: &Path) -> PathBuf {
    run.join("edge")
}

#[cfg(test)]
mod tests;
