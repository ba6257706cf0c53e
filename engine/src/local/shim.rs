//! An instance's shim, from the engine's side: its folder, its lock, its socket, its documents.
//! Never holds anything about an instance in memory: a new engine on the same folder sees the same. Never takes what it
//! cannot look at for something that is not there: a platform without a free descriptor must not bury the living.
//! Source of truth: `record`, which both sides share.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use model::trouble::Trouble;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::doing::Doing;
use crate::limit::{LOOK_AGAIN, SHIM_ANSWER, SHIM_ANSWER_BYTES, SHIM_GO, SHIM_SPAWN};
use crate::local::record::{EXIT_FILE, Exit, LOCK_FILE, NETWORK_PIN, SOCKET_FILE, STATE_FILE, State};

/// The folder of one instance's shim.
#[derive(Debug, Clone)]
pub struct Shim {
    folder: PathBuf,
}

impl Shim {
    /// Whether or not it exists.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the shim lives: it holds its lock for life. Before its first state it may be about to take the lock, and our
    /// look at it would be in its way.
    pub fn alive(&self) -> io::Result<bool> {
        if !self.has(STATE_FILE)? {
            return Ok(false);
        }
        let lock = match File::open(self.folder.join(LOCK_FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            lock => lock?,
        };
        match lock.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// How the instance ended, once it has. One that cannot be understood says as much as none: who could have written a
    /// better one is gone.
    pub fn exit(&self) -> io::Result<Option<Exit>> {
        let exit = self.read(EXIT_FILE)?.map(|text| Exit::decode(&text));
        Ok(exit.and_then(|exit| {
            exit.inspect_err(
                |error| tracing::warn!(folder = %self.folder.display(), cause = %error, "an exit cannot be understood"),
            )
            .ok()
        }))
    }

    /// What it last wrote about itself.
    pub fn state(&self) -> io::Result<Option<State>> {
        self.read(STATE_FILE)?.map(|text| State::decode(&text).map_err(io::Error::other)).transpose()
    }

    /// Whether a file is in its folder.
    pub fn has(&self, file: &str) -> io::Result<bool> {
        self.folder.join(file).try_exists()
    }

    /// A file in its folder; none if it is not there.
    pub fn read(&self, file: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.folder.join(file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            text => text.map(Some),
        }
    }

    /// Its pair's network namespace, which it has pinned where only it sees that.
    pub fn network(&self, state: &State) -> io::Result<File> {
        let pin = self.folder.strip_prefix("/").unwrap_or(&self.folder).join(NETWORK_PIN);
        let network = File::open(Path::new("/proc").join(state.shim_pid.to_string()).join("root").join(pin))?;
        // Behind the opening: as long as it holds its lock, its id was its own.
        if self.alive()? { Ok(network) } else { Err(io::Error::other("its shim has ended")) }
    }

    /// Starts the program. It has prepared everything, and stands in the background, when this answers.
    pub async fn spawn(&self, program: &Path) -> Result<(), Trouble> {
        let doing = || format!("starting the shim in {}", self.folder.display());
        let mut command = Command::new(program);
        command.arg(&self.folder).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        let output = timeout(SHIM_SPAWN, command.output()).await.doing(doing)?.doing(doing)?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned())).doing(doing)
    }

    /// Asks for the state by the socket: it is newer than the file.
    pub async fn ask_state(&self) -> Result<State, Trouble> {
        let doing = || format!("asking the shim in {}", self.folder.display());
        let document = self.ask("state", SHIM_ANSWER).await.doing(doing)?.map_err(io::Error::other).doing(doing)?;
        State::decode(&document).doing(doing)
    }

    /// The network is wired: everything up to the first instruction. The inner error is the runtime's.
    pub async fn create(&self) -> io::Result<Result<String, String>> {
        self.ask("create", SHIM_GO).await
    }

    /// The network is wired. The inner error is the runtime's.
    pub async fn go(&self) -> io::Result<Result<String, String>> {
        self.ask("go", SHIM_GO).await
    }

    /// Sends a signal to the instance's first process. Somebody who has gone, or has not begun, needs none. An error says that
    /// nobody knows whether it was heard.
    pub async fn signal(&self, signal: i32) -> io::Result<()> {
        self.tell(&format!("signal {signal}")).await
    }

    /// SIGTERM now, and SIGKILL when the grace is over, whether or not a platform lives by then. Errors as of `signal`.
    pub async fn stop(&self, grace: Duration) -> io::Result<()> {
        let command = format!("stop {}", grace.as_millis());
        match self.ask(&command, SHIM_ANSWER).await {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(()),
            Err(error) => Err(error),
            Ok(Ok(_)) => Ok(()),
            // One of an earlier build knows signals only: of its grace the platform takes care.
            Ok(Err(_)) => self.signal(libc::SIGTERM).await,
        }
    }

    /// Not started and not wanted any more; one that has started stays. Errors as of `signal`.
    pub async fn leave(&self) -> io::Result<()> {
        self.tell("leave").await
    }

    async fn tell(&self, command: &str) -> io::Result<()> {
        match self.ask(command, SHIM_ANSWER).await {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(()),
            Err(error) => Err(error),
            Ok(Ok(_) | Err(_)) => Ok(()),
        }
    }

    /// Kills the shim itself, if it still lives: as long as it holds its lock, its id is its own.
    pub fn kill(&self) {
        let Ok(Some(state)) = self.state() else { return };
        let pid = i32::try_from(state.shim_pid).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid.filter(|_| self.alive().is_ok_and(|alive| alive)) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    /// A connection that brings bytes whenever the log has grown, and ends when the shim does. None if nobody listens.
    pub async fn follow(&self) -> io::Result<Option<UnixStream>> {
        let mut stream = match self.connect().await {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => return Ok(None),
            stream => stream?,
        };
        // Who leaves meanwhile is seen to have left by whoever reads.
        let _ = stream.write_all(b"follow\n").await;
        Ok(Some(stream))
    }

    async fn connect(&self) -> io::Result<UnixStream> {
        UnixStream::connect(self.folder.join(SOCKET_FILE)).await.map_err(|error| match error.kind() {
            // It ended before it took the connection in: nobody listens any more.
            io::ErrorKind::ConnectionReset => io::ErrorKind::ConnectionRefused.into(),
            _ => error,
        })
    }

    /// Waits for the shim's end. True if it came in time; as long as nobody can look, it has not.
    pub async fn gone(&self, within: Duration) -> bool {
        let wait = async {
            if let Ok(mut stream) = self.connect().await {
                let _ = stream.read(&mut [0; 1]).await;
            }
            // The socket closes a moment before the lock is let go.
            while !matches!(self.alive(), Ok(false)) {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        timeout(within, wait).await.is_ok()
    }

    async fn ask(&self, command: &str, within: Duration) -> io::Result<Result<String, String>> {
        let conversation = async {
            let mut stream = self.connect().await?;
            stream.write_all(format!("{command}\n").as_bytes()).await?;
            read_answer(stream).await
        };
        let answer = timeout(within, conversation).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        match answer.split_once('\n') {
            Some(("ok", document)) => Ok(Ok(document.to_owned())),
            Some((other, _)) => Ok(Err(other.strip_prefix("error ").unwrap_or(other).to_owned())),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// Everything up to the empty line that ends an answer.
async fn read_answer(stream: UnixStream) -> io::Result<String> {
    let mut stream = stream.take(SHIM_ANSWER_BYTES);
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\n\n") {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    bytes.pop();
    String::from_utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::pin::pin;

    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_shim_that_cannot_be_looked_at_is_not_taken_for_dead() {
        let folder = tempfile::tempdir().unwrap();
        let shim = Shim::at(folder.path().to_owned());
        assert!(!shim.alive().unwrap() && shim.exit().unwrap().is_none() && shim.state().unwrap().is_none());
        fs::write(folder.path().join(STATE_FILE), "x").unwrap();
        assert!(!shim.alive().unwrap(), "no lock");
        // Any error but absence will do; too many open files would take the other tests along.
        for file in [LOCK_FILE, EXIT_FILE] {
            symlink(file, folder.path().join(file)).unwrap();
        }
        assert!(shim.alive().is_err() && shim.exit().is_err());
        assert!(shim.state().is_err(), "nobody knows what it says");
    }

    #[tokio::test]
    async fn what_a_shim_may_not_have_heard_is_an_error_and_who_has_gone_needs_to_hear_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let shim = Shim::at(folder.path().to_owned());
        assert!(shim.signal(15).await.is_ok() && shim.leave().await.is_ok(), "there is none");
        let socket = folder.path().join(SOCKET_FILE);
        drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
        assert!(shim.signal(15).await.is_ok() && shim.leave().await.is_ok(), "it has gone");
        fs::remove_file(&socket).unwrap();
        symlink(SOCKET_FILE, &socket).unwrap();
        assert!(shim.signal(15).await.is_err() && shim.leave().await.is_err());
    }

    #[tokio::test]
    async fn one_that_ends_with_a_connection_before_its_door_has_gone() {
        let folder = tempfile::tempdir().unwrap();
        let shim = Shim::at(folder.path().to_owned());
        let listener = std::os::unix::net::UnixListener::bind(folder.path().join(SOCKET_FILE)).unwrap();
        let mut following = pin!(shim.follow());
        assert!(following.as_mut().now_or_never().is_none(), "it is connected, and that has not been looked at yet");
        drop(listener);
        assert!(following.await.unwrap().is_none());
    }
}
