//! The process `outrunner edge`: takes its listening sockets from whoever started it, carries, and ends when it is told to.
//! Never binds a port, needs no argument, no environment and no privilege. Source of truth: `ARCHITECTURE.md`, "three kinds of process".

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{Either, select};
use model::trouble::Trouble;
use rustix::net::sockopt::socket_peercred;
use rustix::process::{Resource, Rlimit, Uid, getrlimit, setrlimit};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::board::Board;
use crate::carrier::{self, Parts, connections_max};
use crate::certificate::Certificates;
use crate::conversation::{Station, converse};
use crate::document::{DrainOrder, ListenerScheme, Listeners, decode};
use crate::drain::{Drain, Progress, Stage};
use crate::frame::{Frame, Kind};
use crate::header::Scheme;
use crate::limit::{
    ACCEPT_PAUSE, CONTROL_TIME, DRAIN_LINGER, DRAIN_TIME_MAX, HEAD_TIME, LAST_NOTES_LOOK, LAST_NOTES_TIME, OWN_SOCKET_LOOK,
    TABLES_TIME, UNHURRIED_TIME,
};
use crate::passing;

/// The name of the control socket in the edge's folder.
pub const SOCKET_NAME: &str = "edge.sock";

/// The front door's whole life. Returns when it has drained.
pub fn run() -> Result<(), Trouble> {
    harden().map_err(|error| Trouble::lasting("giving up privileges", error))?;
    let first = take_stdin().map_err(|error| Trouble::lasting("taking the socket from standard input", error))?;
    let beginning = Beginning::receive(&first).map_err(|error| Trouble::lasting("receiving the listening sockets", error))?;
    let control = ControlSocket::bind(&beginning.folder).map_err(|error| Trouble::lasting("binding the control socket", error))?;
    let controller = socket_peercred(&first)
        .map(|peer| peer.uid)
        .map_err(|error| Trouble::lasting("asking who started the front door", io::Error::from(error)))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Trouble::lasting("making a runtime", error))?;
    let edge = Edge::start(beginning).map_err(|error| Trouble::lasting("starting the carrying cores", error))?;
    passing::send(&first, Kind::Ready, &[], &[]).map_err(|error| Trouble::lasting("saying that the front door is ready", error))?;
    drop(first);
    tracing::info!(cores = edge.cores.len(), "the front door is open");
    runtime.block_on(edge.live(control, controller)).map_err(|error| Trouble::lasting("listening to the platform", error))
}

/// What the starter hands over.
struct Beginning {
    folder: String,
    listeners: Vec<(ListenerScheme, TcpListener)>,
}

impl Beginning {
    fn receive(first: &UnixStream) -> io::Result<Self> {
        first.set_read_timeout(Some(CONTROL_TIME))?;
        let (frame, sockets) = passing::receive(first)?;
        let (listeners, sockets) = listeners(&frame, sockets)?;
        Ok(Self { folder: listeners.folder, listeners: sockets })
    }
}

/// Reads a frame of listeners and pairs each socket with what it speaks.
pub fn listeners(frame: &Frame, sockets: Vec<OwnedFd>) -> io::Result<(Listeners, Vec<(ListenerScheme, TcpListener)>)> {
    if frame.kind != Some(Kind::Listeners) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame of listeners was expected"));
    }
    let listeners: Listeners = decode(&frame.body).map_err(io::Error::other)?;
    if listeners.schemes.len() != sockets.len() || sockets.is_empty() {
        let words = format!("{} sockets came for {} listeners", sockets.len(), listeners.schemes.len());
        return Err(io::Error::new(io::ErrorKind::InvalidData, words));
    }
    let paired = listeners.schemes.iter().copied().zip(sockets.into_iter().map(TcpListener::from)).collect();
    Ok((listeners, paired))
}

struct Edge {
    station: Arc<Station>,
    cores: Vec<std::thread::JoinHandle<()>>,
    ending: tokio::sync::watch::Sender<Progress>,
    orders: mpsc::Receiver<DrainOrder>,
}

impl Edge {
    fn start(beginning: Beginning) -> io::Result<Self> {
        let Beginning { folder, listeners } = beginning;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let count = listeners.iter().filter(|(scheme, _)| *scheme == ListenerScheme::Https).count();
        let https = listeners.iter().find(|(scheme, _)| *scheme == ListenerScheme::Https);
        let https_port = https.ok_or(io::ErrorKind::InvalidInput)?.1.local_addr()?.port();
        let connections_max = connections_max(getrlimit(Resource::Nofile).current, count);
        let board = Arc::new(Board::new(count));
        let tls = Arc::new(tls(&provider, Arc::clone(&board.certificates)).map_err(io::Error::other)?);
        let (ending, drain) = Drain::new();
        let mut shares: Vec<Vec<(Scheme, TcpListener)>> = (0..count).map(|_| Vec::new()).collect();
        for wanted in [ListenerScheme::Http, ListenerScheme::Https] {
            let of_it = listeners.iter().filter(|(scheme, _)| *scheme == wanted);
            for (n, (scheme, listener)) in of_it.enumerate() {
                shares[n % count].push(((*scheme).into(), listener.try_clone()?));
            }
        }
        let cores = shares
            .into_iter()
            .enumerate()
            .map(|(index, listeners)| {
                let (board, drain, tls) = (Arc::clone(&board), drain.clone(), Arc::clone(&tls));
                carrier::start(Parts { index, board, drain, tls, https_port, connections_max }, listeners)
            })
            .collect::<io::Result<Vec<_>>>()?;
        let (drain_orders, orders) = mpsc::channel(1);
        let connections_max = (connections_max * count) as u64;
        let leaving = Mutex::default();
        let station = Arc::new(Station { board, provider, folder, listeners, leaving, drain: drain_orders, connections_max });
        Ok(Self { station, cores, ending, orders })
    }

    /// Talks to platforms until one says *drain* or the control socket is no longer ours, then drains. The last conversation is
    /// kept to the end, so that its end is the platform's sign that all is over; if it asks for notes of requests, it gets the last ones.
    async fn live(mut self, control: ControlSocket, controller: Uid) -> io::Result<()> {
        let listener = tokio::net::UnixListener::from_std(control.listener.try_clone()?)?;
        let mut talk: Option<JoinHandle<()>> = None;
        let mut orphaned = pin!(control.lost());
        let order = loop {
            let newcomer = pin!(listener.accept());
            let told = pin!(self.orders.recv());
            match select(newcomer, select(told, orphaned.as_mut())).await {
                Either::Left((accepted, _)) => {
                    let stream = match accepted {
                        Ok((stream, _)) => stream,
                        // Out of descriptors: no reason to end, the platform comes again.
                        Err(error) => {
                            tracing::warn!(cause = %error, "a platform was not accepted");
                            sleep(ACCEPT_PAUSE).await;
                            continue;
                        }
                    };
                    if !may_speak(&stream, controller) {
                        tracing::warn!("a stranger at the control socket was sent away");
                        continue;
                    }
                    // The newest platform wins.
                    if let Some(old) = talk.take() {
                        old.abort();
                    }
                    self.station.board.journals.begin();
                    talk = Some(tokio::spawn(speak(Arc::clone(&self.station), stream)));
                }
                Either::Right((Either::Left((order, _)), _)) => {
                    break order.map_or(DRAIN_TIME_MAX, |order| Duration::from_millis(order.within_ms));
                }
                Either::Right((Either::Right((Lost::Replaced, _)), _)) => {
                    tracing::info!("another front door has taken the control socket: this one drains and ends");
                    break UNHURRIED_TIME;
                }
                Either::Right((Either::Right((Lost::Gone, _)), _)) => {
                    tracing::warn!("the control socket is gone: the front door drains and ends");
                    break DRAIN_TIME_MAX;
                }
            }
        };
        let board = Arc::clone(&self.station.board);
        self.drain(order).await;
        if board.journals.is_followed() {
            let until = Instant::now() + LAST_NOTES_TIME;
            let listens = || talk.as_ref().is_some_and(|talk| !talk.is_finished());
            while !board.journals.are_told() && listens() && Instant::now() < until {
                sleep(LAST_NOTES_LOOK).await;
            }
        }
        control.remove();
        drop(talk);
        Ok(())
    }

    async fn drain(self, within: Duration) {
        let linger = if within >= UNHURRIED_TIME { HEAD_TIME } else { DRAIN_LINGER.min(within) };
        let within = within.min(DRAIN_TIME_MAX);
        let until = Instant::now() + within;
        tracing::info!(within_ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX), "the front door drains");
        self.ending.send_replace(Progress { stage: Stage::Closing, until });
        let cores = self.cores;
        let joined =
            tokio::task::spawn_blocking(move || cores.into_iter().map(std::thread::JoinHandle::join).all(|end| end.is_ok()));
        let joined = match select(pin!(sleep(linger)), joined).await {
            Either::Left(((), joined)) => {
                self.ending.send_replace(Progress { stage: Stage::Silent, until });
                joined.await
            }
            Either::Right((joined, _)) => joined,
        };
        if !joined.unwrap_or(false) {
            tracing::error!("a carrying core panicked");
        }
    }
}

async fn speak(station: Arc<Station>, stream: tokio::net::UnixStream) {
    match converse(station, stream).await {
        Ok(()) => tracing::info!("the platform is gone; carrying on"),
        // It was killed with something unread.
        Err(error) if is_end(&error) => {
            tracing::info!(cause = %error, "the platform is gone; carrying on")
        }
        Err(error) => tracing::warn!(cause = %error, "the platform is gone; carrying on"),
    }
}

/// Whether it says no more than that the other end is no more.
fn is_end(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof)
}

fn may_speak(stream: &tokio::net::UnixStream, controller: Uid) -> bool {
    socket_peercred(stream).is_ok_and(|peer| peer.uid == controller || peer.uid.is_root())
}

/// Why platforms do not find us any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    /// Somebody removed the name, and nobody accepts but us.
    Gone,
    /// It leads to another front door, which accepts too.
    Replaced,
}

/// The socket by which platforms find us.
struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
    /// Its other name, which nobody takes from us: by it a platform finds those that were replaced.
    own: PathBuf,
    inode: u64,
}

impl ControlSocket {
    /// Binds beside the name and renames a link over it, so that there is never a moment without a socket.
    fn bind(folder: &str) -> io::Result<Self> {
        let path = Path::new(folder).join(SOCKET_NAME);
        let own = own_name(Path::new(folder), std::process::id());
        let _ = fs::remove_file(&own);
        let listener = UnixListener::bind(&own)?;
        listener.set_nonblocking(true)?;
        let inode = fs::symlink_metadata(&own)?.ino();
        take_name(Path::new(folder), std::process::id())?;
        Ok(Self { listener, path, own, inode })
    }

    /// Why nobody can reach us by the name any more; nothing while it is ours.
    fn loss(&self) -> Option<Lost> {
        match fs::symlink_metadata(&self.path) {
            Ok(now) if now.ino() == self.inode => None,
            Ok(_) => Some(Lost::Replaced),
            Err(_) => Some(Lost::Gone),
        }
    }

    /// Returns when the name is gone, or has been another's for long. Whoever replaces us says when we shall drain, as soon as the other one carries, or
    /// gives us the name back; if he does neither, he is gone too.
    async fn lost(&self) -> Lost {
        let mut replaced = None;
        loop {
            match self.loss() {
                None => replaced = None,
                Some(Lost::Gone) => return Lost::Gone,
                Some(Lost::Replaced) => {
                    if replaced.get_or_insert_with(Instant::now).elapsed() > TABLES_TIME {
                        return Lost::Replaced;
                    }
                }
            }
            sleep(OWN_SOCKET_LOOK).await;
        }
    }

    fn remove(&self) {
        if self.loss().is_none() {
            let _ = fs::remove_file(&self.path);
        }
        let _ = fs::remove_file(&self.own);
    }
}

/// The name that a front door keeps for as long as it lives.
pub fn own_name(folder: &Path, pid: u32) -> PathBuf {
    folder.join(format!("{SOCKET_NAME}.{pid}"))
}

/// Beside it, for a moment: see [`take_name`].
pub fn link_name(folder: &Path, pid: u32) -> PathBuf {
    folder.join(format!("{SOCKET_NAME}.{pid}.link"))
}

/// Makes the name by which platforms find a front door lead to this one, without a moment in which it leads nowhere.
pub fn take_name(folder: &Path, pid: u32) -> io::Result<()> {
    let link = link_name(folder, pid);
    let _ = fs::remove_file(&link);
    fs::hard_link(own_name(folder, pid), &link)?;
    fs::rename(&link, folder.join(SOCKET_NAME))
}

/// TLS as the front door speaks it: 1.2 and 1.3, HTTP/2 and HTTP/1.1, certificates by name.
pub fn tls(provider: &Arc<CryptoProvider>, certificates: Arc<Certificates>) -> Result<ServerConfig, rustls::Error> {
    let mut tls = ServerConfig::builder_with_provider(Arc::clone(provider))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // One, not two: each costs the handshake, and resumption saves little with ECDSA.
    tls.send_tls13_tickets = 1;
    tls.ticketer = rustls::crypto::aws_lc_rs::Ticketer::new()?;
    Ok(tls)
}

/// No new privilege by any program, and as many descriptors as we may have: two a request.
fn harden() -> io::Result<()> {
    rustix::thread::set_no_new_privs(true)?;
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?;
    Ok(())
}

/// Takes the socket that our starter gave as standard input, and puts `/dev/null` there.
fn take_stdin() -> io::Result<UnixStream> {
    let socket = io::stdin().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(fs::File::open("/dev/null")?)?;
    Ok(UnixStream::from(socket))
}
