//! Takes connections in: accept, TLS, and the HTTP server that speaks on them.
//! Never routes. Source of truth: `limit.rs` for every setting, RFC 9112, RFC 9113; accept(2) for the errors that end nothing.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::pin::{Pin, pin};
use std::sync::Arc;

use futures_util::future::{Either, FutureExt, select};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{sleep, timeout};
use tokio_rustls::LazyConfigAcceptor;

use crate::carrier::Core;
use crate::client_network::{ClientNetwork, Visit};
use crate::drain::Stage;
use crate::forward::{Client, carry};
use crate::header::Scheme;
use crate::limit::{
    ACCEPT_PAUSE, H2_CONNECTION_WINDOW, H2_HEADER_BYTES_MAX, H2_PING, H2_SEND_BUFFER, H2_STREAM_WINDOW, H2_STREAMS_MAX,
    HANDSHAKE_TIME, HEAD_TIME, HEADERS_MAX, PROGRESS_TIME, READ_BUFFER_MAX,
};
use crate::pace::Paced;
use crate::pulse::Pulse;
use crate::socket::Socket;
use crate::tally::Count;

/// What hyper allows where nothing is said. Said, the same number makes it write through two tables of so many fields for each request.
const HEADERS_OF_HYPER: usize = 100;
const _: () = assert!(HEADERS_MAX == HEADERS_OF_HYPER, "another limit must be told to the HTTP/1 server");

/// Accepts until the end begins. The tasks that it spawns belong to the core's runtime and are waited for by their presence.
pub async fn accept(core: Arc<Core>, scheme: Scheme, listener: TcpListener) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut closing = pin!(core.drain.reached(Stage::Closing));
    if let Either::Right(_) = select(pin!(core.board.complete()), closing.as_mut()).await {
        return Ok(());
    }
    // Held while we accept: the core does not end between a connection's coming and its task, and one that came in the very moment of the
    // end is served. Nobody else would do it: it is no more in the backlog, which the next front door has too.
    let Some(here) = core.presence() else { return Ok(()) };
    loop {
        let room = Arc::clone(&core.connections).acquire_owned();
        let room = match select(closing.as_mut(), pin!(room)).await {
            Either::Left(_) => return Ok(()),
            Either::Right((room, _)) => room.expect("nobody closes this semaphore"),
        };
        let accepted = match select(closing.as_mut(), pin!(listener.accept())).await {
            Either::Left(_) => return Ok(()),
            Either::Right((accepted, _)) => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(visit) = core.visitors.enter(ClientNetwork::of(peer.ip())) else {
                    core.tally().one(Count::ClientShareFull);
                    if let Some(connections) = core.refusals.line() {
                        tracing::warn!(client = %peer.ip(), connections, "a client has as many connections as one may have; more are closed");
                    }
                    continue;
                };
                let place = Place::take(&core, scheme, room, visit);
                let (core, presence) = (Arc::clone(&core), here.clone());
                tokio::spawn(async move {
                    serve(&core, scheme, stream, peer, place).await;
                    drop(presence);
                });
            }
            // Out of descriptors, or the client is gone already: others may come.
            Err(error) => {
                core.tally().one(Count::AcceptFailed);
                if let Some(connections) = core.refusals.line() {
                    tracing::warn!(cause = %error, connections, "connections were not accepted");
                }
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// What a client's open connection takes of its core. Given back when the connection is over, and the tunnel that it may have become.
pub struct Place {
    core: Arc<Core>,
    scheme: Scheme,
    /// Held for their drop.
    _held: (OwnedSemaphorePermit, Visit),
}

impl Place {
    fn take(core: &Arc<Core>, scheme: Scheme, room: OwnedSemaphorePermit, visit: Visit) -> Arc<Self> {
        core.tally().one(match scheme {
            Scheme::Http => Count::AcceptedHttp,
            Scheme::Https => Count::AcceptedHttps,
        });
        Arc::new(Self { core: Arc::clone(core), scheme, _held: (room, visit) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.core.tally().one(match self.scheme {
            Scheme::Http => Count::ClosedHttp,
            Scheme::Https => Count::ClosedHttps,
        });
    }
}

async fn serve(core: &Arc<Core>, scheme: Scheme, stream: TcpStream, peer: std::net::SocketAddr, place: Arc<Place>) {
    let Ok(local) = stream.local_addr() else { return };
    let client = Client { peer, local: local.ip(), scheme, server_name: None, place: Some(place) };
    match scheme {
        Scheme::Http => serve_http1(core, stream, client).await,
        Scheme::Https => serve_tls(core, stream, client).await,
    }
}

async fn serve_tls(core: &Arc<Core>, stream: TcpStream, mut client: Client) {
    let shaking = async {
        // Nobody has a turn before the whole hello is there: who connects and says nothing costs others nothing.
        let hello = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), Socket(stream)).await?;
        core.turnstile.pass(ClientNetwork::of(client.peer.ip())).await;
        hello.into_stream(Arc::clone(&core.tls)).await
    };
    // Boxed, so that the handshake's state does not stay in the task for as long as the connection lives.
    let shaking = Box::pin(shaking);
    // Strangers break off handshakes all day long: not worth a line.
    core.tally().one(Count::HandshakeBegun);
    let stream = match timeout(HANDSHAKE_TIME, shaking).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(_)) => return core.tally().one(Count::HandshakeFailed),
        Err(_) => return core.tally().one(Count::HandshakeLate),
    };
    core.tally().one(Count::HandshakeDone);
    let (_, session) = stream.get_ref();
    client.server_name = session.server_name().map(|name| crate::host::lower_case(name).into());
    let h2 = session.alpn_protocol() == Some(b"h2");
    let stream = Box::new(stream);
    // Boxed, so that the task of an idle connection has no room for what the other protocol needs, nor for the handshake.
    if h2 { Box::pin(serve_http2(core, stream, client)).await } else { Box::pin(serve_http1(core, stream, client)).await }
}

async fn serve_http1(core: &Arc<Core>, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, client: Client) {
    let service = service_fn(|request: Request<Incoming>| {
        // Boxed: an idle connection does not keep room for a request. Mapped: an async block around it would hold it twice.
        Box::pin(carry(Arc::clone(core), client.clone(), request).map(Ok::<_, Infallible>))
            as Pin<Box<dyn Future<Output = _> + Send>>
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(READ_BUFFER_MAX)
        .half_close(false)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    if let Either::Right(_) = select(connection.as_mut(), pin!(core.drain.reached(Stage::Silent))).await {
        connection.as_mut().graceful_shutdown();
        ended(connection.await);
    }
}

async fn serve_http2(core: &Arc<Core>, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, client: Client) {
    let shared = Arc::clone(core);
    let pulse = Pulse::new();
    let beating = pulse.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let stream = beating.stream();
        // Boxed: hyper and tokio move the future of a stream several times before it runs.
        let walk = Box::pin(carry(Arc::clone(&shared), client.clone(), request));
        walk.map(move |answer| Ok::<_, Infallible>(answer.map(|body| stream.answered(body))))
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(H2_STREAMS_MAX)
        .initial_stream_window_size(H2_STREAM_WINDOW)
        .initial_connection_window_size(H2_CONNECTION_WINDOW)
        .max_send_buf_size(H2_SEND_BUFFER)
        .max_header_list_size(H2_HEADER_BYTES_MAX)
        .keep_alive_interval(H2_PING)
        .keep_alive_timeout(H2_PING)
        .serve_connection(TokioIo::new(Paced::new(stream)), service);
    let mut connection = pin!(connection);
    // hyper has no time limit for a connection whose client answers its PINGs. Without a stream it is told to end; one that is stuck,
    // in an answer or in the last bytes of one that we hold no more, is cut: it would never hear the end of what it does not take.
    let mut stuck = pin!(pulse.stuck(PROGRESS_TIME));
    let (idle, closing) = (pin!(pulse.idle(HEAD_TIME)), pin!(core.drain.reached(Stage::Closing)));
    match select(connection.as_mut(), select(select(idle, closing), stuck.as_mut())).await {
        Either::Left((result, _)) => ended(result),
        Either::Right((Either::Left(_), _)) => {
            connection.as_mut().graceful_shutdown();
            match select(connection, stuck).await {
                Either::Left((result, _)) => ended(result),
                Either::Right(_) => tracing::trace!("a connection does not end and is cut"),
            }
        }
        Either::Right((Either::Right(_), _)) => tracing::trace!("a connection is stuck and is cut"),
    }
}

/// How a client's connection ended is the client's business; when we look closely, it is here.
fn ended(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::trace!(cause = %error, "a connection broke");
    }
}

#[cfg(test)]
mod tests;
