//! Connections to one place that answers requests: an instance, or one of the platform's own doors. Idle ones are kept per core.
//! A pool lives and dies with its place, so a new container on a reused address inherits no dead connection.
//! Never chooses a place. Source of truth: RFC 9112 section 9.3.

use std::io;
use std::net::SocketAddrV4;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::future::{Either, select};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::body::RequestBody;
use crate::limit::{CONNECT_TIME, IDLE_PER_INSTANCE_MAX, IDLE_TIME, IDLE_TIME_ONCE, READ_BUFFER_MAX};
use crate::socket::Socket;

/// Where to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An instance.
    Tcp(SocketAddrV4),
    /// A door of the platform.
    Unix(PathBuf),
}

/// Whether a request can be sent again on another connection, if the one that it went out on turns out to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    Harmlessly,
    Never,
}

impl Repeats {
    /// How long a connection may have been silent.
    fn idle_time(self) -> Duration {
        match self {
            Self::Harmlessly => IDLE_TIME,
            Self::Never => IDLE_TIME_ONCE,
        }
    }
}

/// A connection ready for the next request.
pub type Connection = SendRequest<RequestBody>;

struct Idle {
    connection: Connection,
    since: Instant,
}

/// One core's idle connections to one place, the freshest last.
#[derive(Default)]
struct Shelf {
    idle: Vec<Idle>,
    /// Whether the core's reaper knows of this shelf.
    known: bool,
}

/// The idle connections to one place.
pub struct Pool {
    place: Place,
    cores: Box<[Mutex<Shelf>]>,
    closed: AtomicBool,
    /// For those who are connecting at that moment.
    closes: Notify,
}

impl Pool {
    /// An empty pool for `cores` carrying cores.
    pub fn new(place: Place, cores: usize) -> Self {
        Self { place, cores: (0..cores).map(|_| Mutex::default()).collect(), closed: AtomicBool::new(false), closes: Notify::new() }
    }

    fn shelf(&self, core: usize) -> MutexGuard<'_, Shelf> {
        self.cores[core].lock().expect("nothing under this lock can panic")
    }

    /// A connection that was used before and still seems to live.
    pub async fn reuse(&self, core: usize, repeats: Repeats) -> Option<Connection> {
        if repeats == Repeats::Never {
            // After the core has looked at its sockets once more: what was closed before now is seen to be.
            tokio::task::yield_now().await;
        }
        loop {
            let mut connection = {
                let mut shelf = self.shelf(core);
                // The ones below it are older still.
                let silent = shelf.idle.last()?.since.elapsed();
                if silent > IDLE_TIME {
                    shelf.idle.clear();
                }
                if silent > repeats.idle_time() {
                    return None;
                }
                shelf.idle.pop()?.connection
            };
            // Its task may have to run once more before it takes a request.
            if connection.ready().await.is_ok() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection whose exchange is over. Answers whether the reaper must be told of it.
    fn keep(&self, core: usize, connection: Connection) -> bool {
        if self.closed.load(Ordering::Acquire) || connection.is_closed() {
            return false;
        }
        let mut shelf = self.shelf(core);
        if shelf.idle.len() < IDLE_PER_INSTANCE_MAX {
            shelf.idle.push(Idle { connection, since: Instant::now() });
        }
        !std::mem::replace(&mut shelf.known, true)
    }

    /// Closes what has been idle too long; answers whether anything is left.
    fn reap(&self, core: usize) -> bool {
        let mut shelf = self.shelf(core);
        shelf.idle.retain(|one| one.since.elapsed() <= IDLE_TIME && !one.connection.is_closed());
        shelf.known = !shelf.idle.is_empty();
        shelf.known
    }

    /// Closes everything idle, and keeps nothing any more. Whoever is just connecting gives it up: one that died never answers.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.closes.notify_waiters();
        for core in 0..self.cores.len() {
            self.shelf(core).idle.clear();
        }
    }

    /// Keeps connections again.
    pub fn open(&self) {
        self.closed.store(false, Ordering::Release);
    }

    /// A new connection. Its task runs on the calling core's runtime and ends with the connection.
    pub async fn connect(&self) -> io::Result<Connection> {
        let connecting = async {
            match &self.place {
                Place::Tcp(address) => {
                    let stream = TcpStream::connect(address).await?;
                    stream.set_nodelay(true)?;
                    handshake(Socket(stream)).await
                }
                Place::Unix(path) => handshake(UnixStream::connect(path).await?).await,
            }
        };
        let connecting = timeout(CONNECT_TIME, connecting);
        match select(pin!(connecting), pin!(self.closes.notified())).await {
            Either::Left((connected, _)) => connected.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?,
            Either::Right(((), _)) => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

async fn handshake(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> io::Result<Connection> {
    let (sender, connection) =
        http1::Builder::new().max_buf_size(READ_BUFFER_MAX).handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    tokio::spawn(async move {
        // Whoever waits for the answer is told the error; here nobody is.
        let _ = connection.with_upgrades().await;
    });
    Ok(sender)
}

/// The pools in which one core keeps something, each once, so that its reaper need not look at all there are.
#[derive(Default)]
pub struct Kept(Mutex<Vec<Arc<Pool>>>);

impl Kept {
    fn list(&self) -> MutexGuard<'_, Vec<Arc<Pool>>> {
        self.0.lock().expect("nothing under this lock can panic")
    }

    /// Gives a connection back to its pool.
    pub fn give_back(&self, pool: &Arc<Pool>, core: usize, connection: Connection) {
        if pool.keep(core, connection) {
            self.list().push(Arc::clone(pool));
        }
    }

    /// Closes what has been idle too long.
    pub fn reap(&self, core: usize) {
        self.list().retain(|pool| pool.reap(core));
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;
    use crate::limit::CONNECT_TIME;

    fn pool(address: SocketAddr) -> Arc<Pool> {
        let SocketAddr::V4(address) = address else { unreachable!("loopback of IPv4") };
        Arc::new(Pool::new(Place::Tcp(address), 1))
    }

    async fn listener() -> (tokio::net::TcpListener, Arc<Pool>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let pool = pool(listener.local_addr().expect("bound"));
        (listener, pool)
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_is_used_again_for_a_while_and_then_closed() {
        let (_listener, pool) = listener().await;
        let kept = Kept::default();
        kept.give_back(&pool, 0, pool.connect().await.expect("loopback"));
        let used = pool.reuse(0, Repeats::Never).await.expect("it is fresh");
        kept.give_back(&pool, 0, used);
        tokio::time::advance(IDLE_TIME / 2).await;
        kept.reap(0);
        assert!(pool.reuse(0, Repeats::Never).await.is_none(), "too old for what may be sent once only");
        assert_eq!((pool.shelf(0).idle.len(), kept.list().len()), (1, 1), "and kept for others");
        tokio::time::advance(IDLE_TIME).await;
        assert!(pool.reuse(0, Repeats::Harmlessly).await.is_none(), "too old to be trusted");
        kept.reap(0);
        assert!(kept.list().is_empty());
    }

    #[tokio::test]
    async fn no_more_than_so_many_are_kept_and_none_by_a_pool_that_is_closed() {
        let (_listener, pool) = listener().await;
        for _ in 0..=IDLE_PER_INSTANCE_MAX {
            pool.keep(0, pool.connect().await.expect("loopback"));
        }
        assert_eq!(pool.shelf(0).idle.len(), IDLE_PER_INSTANCE_MAX);
        let late = pool.connect().await.expect("loopback");
        pool.close();
        pool.keep(0, late);
        assert!(pool.reuse(0, Repeats::Harmlessly).await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn an_instance_that_does_not_answer_a_connect_is_given_up() {
        let full = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
        full.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("loopback");
        full.listen(0).expect("listening");
        let address = full.local_addr().expect("bound").as_socket().expect("an address");
        // A backlog of none takes one connection; the next waits for room that never comes.
        let _first = std::net::TcpStream::connect(address).expect("loopback");
        let (began, pool) = (Instant::now(), pool(address));
        let error = pool.connect().await.expect_err("nobody accepts");
        assert_eq!((error.kind(), began.elapsed()), (io::ErrorKind::TimedOut, CONNECT_TIME));
        let found_out = async {
            tokio::time::sleep(CONNECT_TIME / 4).await;
            pool.close();
        };
        let (connected, ()) = futures_util::future::join(pool.connect(), found_out).await;
        let error = connected.expect_err("nobody accepts");
        assert_eq!((error.kind(), began.elapsed()), (io::ErrorKind::ConnectionAborted, CONNECT_TIME + CONNECT_TIME / 4));
    }
}
