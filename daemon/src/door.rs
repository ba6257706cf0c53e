//! The platform's own HTTP server: one router (AWS API, registry, /healthz) on the loopback address and on the front door's Unix socket.
//!
//! Speaks no AWS and no OCI itself. Connections are bounded; a client that does not send its request head is let go.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::call::{self, Peer};
use crate::failure::{Failure, while_doing};
use crate::limit::{
    API_BUFFER_BYTES, API_CONNECTIONS, API_DRAIN, API_HEADER_TIMEOUT, API_HEADERS, API_REFUSALS_TOLD, API_REFUSED_PAUSE,
    API_SIGN_OF_LIFE_PAUSE, API_SILENCE, DISK_LEFT_BYTES, DISK_LEFT_PART, DOOR_CONNECTIONS, ISSUER_CONNECTIONS,
};

/// Whether the platform keeps its promises already, and has room for new ones.
#[derive(Clone, Debug)]
pub struct Readiness {
    ready: Arc<AtomicBool>,
    data_dir: Arc<Path>,
}

impl Readiness {
    /// Of the platform with this data dir; not ready yet.
    pub fn of(data_dir: &Path) -> Self {
        Self { ready: Arc::default(), data_dir: data_dir.into() }
    }

    pub fn set(&self, ready: bool) {
        self.ready.store(ready, Ordering::SeqCst);
    }

    /// `GET /healthz`: 200 `ok`, or 503 and why.
    pub fn router(&self) -> Router {
        let readiness = self.clone();
        Router::new().route("/healthz", get(move || std::future::ready(readiness.answer())))
    }

    fn answer(&self) -> Response {
        if !self.ready.load(Ordering::SeqCst) {
            return (StatusCode::SERVICE_UNAVAILABLE, "not ready: the platform is starting or stopping\n").into_response();
        }
        match left_on_a_full_disk(&self.data_dir) {
            // Anybody may ask: where the data dir is is not said.
            Some(bytes) => {
                let left = bytes / 1024;
                let words = format!(
                    "the disk is full: {left} KiB are left where the data dir is. Services go on; changes may fail. Free space there.\n"
                );
                (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
            }
            None => (StatusCode::OK, "ok\n").into_response(),
        }
    }
}

/// What is left for us on the disk, if that is less than we can work with. One that does not tell is not full.
fn left_on_a_full_disk(data_dir: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(data_dir).ok()?;
    let (all, left) = (disk.f_blocks.saturating_mul(disk.f_frsize), disk.f_bavail.saturating_mul(disk.f_frsize));
    (left < DISK_LEFT_BYTES.min(all / DISK_LEFT_PART)).then_some(left)
}

/// Listens on a Unix socket that only `uid` may connect to. A stale file is replaced.
pub fn unix_listener(path: &Path, uid: u32) -> Result<UnixListener, Failure> {
    let doing = format!("listening at {}", path.display());
    let fresh = path.with_extension("new");
    let listen = || {
        let _ = std::fs::remove_file(&fresh);
        let listener = UnixListener::bind(&fresh)?;
        std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o600))?;
        chown(&fresh, Some(uid), Some(uid))?;
        std::fs::rename(&fresh, path)?;
        Ok::<_, std::io::Error>(listener)
    };
    listen().map_err(while_doing(doing))
}

/// Makes the kernel end connections whose client is gone or takes nothing. Linux copies it to what is accepted (tcp(7)).
pub fn give_up_the_silent(tcp: &TcpListener) -> std::io::Result<()> {
    let socket = socket2::SockRef::from(tcp);
    socket.set_tcp_keepalive(&socket2::TcpKeepalive::new().with_time(API_SILENCE).with_interval(API_SIGN_OF_LIFE_PAUSE))?;
    socket.set_tcp_user_timeout(Some(API_SILENCE))
}

/// What is served, and to whom.
pub struct Doors {
    /// To who comes to the API's own address, which is loopback.
    pub here: Router,
    /// To who comes through the front door, from anywhere.
    pub everywhere: Router,
    /// Room for their connections.
    pub places: Places,
}

/// Room for connections, for each way here its own.
#[derive(Clone)]
pub struct Places {
    /// To the API's own address.
    pub api: Arc<Semaphore>,
    /// Those that the front door passes on.
    pub front_door: Arc<Semaphore>,
    /// Of those who ask the issuer of identity tokens.
    pub issuer: Arc<Semaphore>,
}

impl Places {
    /// All of them free.
    pub fn all() -> Self {
        let [api, front_door, issuer] =
            [API_CONNECTIONS, DOOR_CONNECTIONS, ISSUER_CONNECTIONS].map(|most| Arc::new(Semaphore::new(most)));
        Self { api, front_door, issuer }
    }
}

/// Serves the routers on their listeners until `end` resolves, then lets open requests end.
pub async fn serve(doors: Doors, tcp: TcpListener, unix: UnixListener, end: impl Future<Output = ()>) {
    let Doors { here, everywhere, places: Places { api: tcp_places, front_door: unix_places, .. } } = doors;
    let mut server = Server::default();
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            (place, accepted) = with_place(&tcp_places, || tcp.accept()) => match accepted {
                Ok((stream, peer)) => {
                    let _ = stream.set_nodelay(true);
                    server.take(&here, stream, place, Peer::Direct(peer.ip()));
                }
                Err(error) => server.refused(&error).await,
            },
            (place, accepted) = with_place(&unix_places, || unix.accept()) => match accepted {
                Ok((stream, _)) => server.take(&everywhere, stream, place, Peer::FrontDoor),
                Err(error) => server.refused(&error).await,
            },
        }
        server.tidy();
    }
    drop((tcp, unix));
    if tokio::time::timeout(API_DRAIN, server.graceful.shutdown()).await.is_err() {
        tracing::info!("API requests that did not end in time were cut off");
    }
}

/// Serves a router on a socket of its own until the future is dropped.
pub async fn serve_apart(router: Router, unix: UnixListener, places: Arc<Semaphore>) {
    let mut server = Server { graceful: GracefulShutdown::new(), tasks: JoinSet::new(), told: None };
    loop {
        match with_place(&places, || unix.accept()).await {
            (place, Ok((stream, _))) => server.take(&router, stream, place, Peer::FrontDoor),
            (_, Err(error)) => server.refused(&error).await,
        }
        while server.tasks.try_join_next().is_some() {}
    }
}

/// Accepts once there is a place; dropped before, it has taken neither.
pub async fn with_place<A: Future>(places: &Arc<Semaphore>, accept: impl FnOnce() -> A) -> (OwnedSemaphorePermit, A::Output) {
    let place = Arc::clone(places).acquire_owned().await.expect("the semaphore is never closed");
    (place, accept().await)
}

/// The connections of a door. Dropped, it cuts them.
#[derive(Default)]
pub struct Server {
    graceful: GracefulShutdown,
    tasks: JoinSet<()>,
    /// When a refusal was last written to the log.
    told: Option<Instant>,
}

impl Server {
    /// Out of descriptors, say: a pause instead of a busy loop, and a line now and then instead of a flood.
    pub async fn refused(&mut self, error: &std::io::Error) {
        if self.told.is_none_or(|told| told.elapsed() >= API_REFUSALS_TOLD) {
            tracing::warn!(cause = %error, "connections to the API cannot be accepted");
            self.told = Some(Instant::now());
        }
        tokio::time::sleep(API_REFUSED_PAUSE).await;
    }

    /// Forgets the connections that are over.
    pub fn tidy(&mut self) {
        while self.tasks.try_join_next().is_some() {}
    }

    /// Serves a connection.
    pub fn take<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &mut self,
        router: &Router,
        stream: S,
        place: OwnedSemaphorePermit,
        peer: Peer,
    ) {
        // HTTP/1 only: its head time-out holds from the first byte on, also for a connection that says nothing. No client needs more on loopback.
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(API_HEADER_TIMEOUT);
        builder.max_buf_size(API_BUFFER_BYTES).max_headers(API_HEADERS);
        let place = Arc::new(place);
        let service = call::service(router.clone(), Arc::clone(&place), peer);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let watched = self.graceful.watch(connection);
        self.tasks.spawn(async move {
            // A client that breaks off is no event of ours.
            let _: Result<(), hyper::Error> = watched.await;
            drop(place);
        });
    }
}

/// The router of all doors. Whatever no door takes is the API's to answer.
pub fn router(doors: Router, readiness: &Readiness) -> Router {
    doors.merge(readiness.router())
}
