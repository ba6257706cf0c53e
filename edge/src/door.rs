//! Takes connections in: accept, TLS, and the HTTP server that speaks on them.
//! Never routes. Source of truth: `research/dataplane.md` 5.3 and 7.4 (settings, accept errors, TLS limits).

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::pin::{Pin, pin};
use std::sync::Arc;

use futures_util::future::{Either, select};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::carrier::Core;
use crate::drain::Stage;
use crate::forward::{Client, carry};
use crate::header::Scheme;
use crate::limit::{
    ACCEPT_PAUSE, H2_CONNECTION_WINDOW, H2_HEADER_BYTES_MAX, H2_PING, H2_SEND_BUFFER, H2_STREAM_WINDOW, H2_STREAMS_MAX,
    HANDSHAKE_TIME, HEAD_TIME, HEADERS_MAX, READ_BUFFER_MAX,
};

/// Accepts until the end begins. The tasks that it spawns belong to the core's runtime and are waited for by their presence.
pub async fn accept(core: Arc<Core>, scheme: Scheme, listener: TcpListener) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut closing = pin!(core.drain.reached(Stage::Closing));
    if let Either::Right(_) = select(pin!(core.board.complete()), closing.as_mut()).await {
        return Ok(());
    }
    loop {
        let room = Arc::clone(&core.connections).acquire_owned();
        let room = match select(pin!(room), closing.as_mut()).await {
            Either::Left((room, _)) => room.expect("nobody closes this semaphore"),
            Either::Right(_) => return Ok(()),
        };
        let accepted = match select(pin!(listener.accept()), closing.as_mut()).await {
            Either::Left((accepted, _)) => accepted,
            Either::Right(_) => return Ok(()),
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(presence) = core.presence() else { return Ok(()) };
                let core = Arc::clone(&core);
                tokio::spawn(async move {
                    serve(&core, scheme, stream, peer).await;
                    drop((room, presence));
                });
            }
            // Out of descriptors, or the client is gone already: others may come.
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(core: &Arc<Core>, scheme: Scheme, stream: TcpStream, peer: std::net::SocketAddr) {
    let Ok(local) = stream.local_addr() else { return };
    let client = Client { peer, local: local.ip(), scheme, server_name: None };
    match scheme {
        Scheme::Http => serve_http1(core, stream, client).await,
        Scheme::Https => serve_tls(core, stream, client).await,
    }
}

async fn serve_tls(core: &Arc<Core>, stream: TcpStream, mut client: Client) {
    let shaking = async {
        let _permit = core.handshakes.acquire().await.expect("nobody closes this semaphore");
        // Boxed, so that the handshake's state does not stay in the task for as long as the connection lives.
        Box::pin(TlsAcceptor::from(Arc::clone(&core.tls)).accept(stream)).await
    };
    // Strangers break off handshakes all day long: not worth a line.
    let Ok(Ok(stream)) = timeout(HANDSHAKE_TIME, shaking).await else { return };
    let (_, session) = stream.get_ref();
    client.server_name = session.server_name().map(|name| crate::host::lower_case(name).into());
    let h2 = session.alpn_protocol() == Some(b"h2");
    let stream = Box::new(stream);
    if h2 { serve_http2(core, stream, client).await } else { serve_http1(core, stream, client).await }
}

async fn serve_http1(core: &Arc<Core>, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, client: Client) {
    let service = service_fn(|request: Request<Incoming>| {
        let walk = carry(Arc::clone(core), client.clone(), request);
        // Boxed: an idle connection does not keep room for a request.
        Box::pin(async move { Ok::<_, Infallible>(walk.await) }) as Pin<Box<dyn Future<Output = _> + Send>>
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(READ_BUFFER_MAX)
        .max_headers(HEADERS_MAX)
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
    let service = service_fn(move |request: Request<Incoming>| {
        let walk = carry(Arc::clone(&shared), client.clone(), request);
        async move { Ok::<_, Infallible>(walk.await) }
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
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    if let Either::Right(_) = select(connection.as_mut(), pin!(core.drain.reached(Stage::Closing))).await {
        connection.as_mut().graceful_shutdown();
        ended(connection.await);
    }
}

/// How a client's connection ended is the client's business; when we look closely, it is here.
fn ended(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::trace!(%error, "a connection broke");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::route_table::{DoorRoute, RouteTable};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::Instant;

    use super::*;
    use crate::board::Board;
    use crate::carrier::Parts;
    use crate::drain::{Crowd, Drain, Progress};
    use crate::limit::{DOOR_HOLD, HANDSHAKES_MAX};

    /// A core by itself. With the clock paused, time passes whenever nothing else happens, so these limits cost no time.
    fn core() -> (Arc<Core>, Crowd, tokio::sync::watch::Sender<Progress>) {
        let board = Arc::new(Board::new(1));
        let (ending, drain) = Drain::new();
        let tls = crate::run::tls(&Arc::new(rustls::crypto::aws_lc_rs::default_provider()), Arc::clone(&board.certificates));
        let tls = Arc::new(tls.expect("a configuration"));
        let (core, crowd) = Core::new(Parts { index: 0, board, drain, tls, https_port: 443 });
        (core, crowd, ending)
    }

    fn client(scheme: Scheme) -> Client {
        let local = std::net::Ipv4Addr::LOCALHOST;
        Client { peer: (local, 1).into(), local: local.into(), scheme, server_name: None }
    }

    async fn accepted() -> (TcpStream, TcpStream) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let client = TcpStream::connect(listener.local_addr().expect("bound")).await.expect("loopback");
        (client, listener.accept().await.expect("accepted").0)
    }

    #[tokio::test(start_paused = true)]
    async fn a_handshake_that_does_not_come_is_given_up() {
        let (core, _crowd, _ending) = core();
        let (_silent, stream) = accepted().await;
        let began = Instant::now();
        serve_tls(&core, stream, client(Scheme::Https)).await;
        assert_eq!(began.elapsed().as_secs(), HANDSHAKE_TIME.as_secs());
        assert_eq!(core.handshakes.available_permits(), HANDSHAKES_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn beyond_so_many_handshakes_at_a_time_one_waits_its_turn() {
        let (core, _crowd, _ending) = core();
        let all = core.handshakes.acquire_many(u32::try_from(HANDSHAKES_MAX).expect("small")).await.expect("open");
        let (mut client_end, stream) = accepted().await;
        client_end.write_all(b"not a handshake").await.expect("sent");
        let began = Instant::now();
        serve_tls(&core, stream, client(Scheme::Https)).await;
        assert_eq!(began.elapsed().as_secs(), HANDSHAKE_TIME.as_secs(), "it never got its turn");
        drop(all);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_accepted_before_both_tables_are_there_nor_beyond_the_limit_of_connections() {
        let (core, _crowd, _ending) = core();
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        listener.set_nonblocking(true).expect("ours");
        let address = listener.local_addr().expect("bound");
        let accepting = tokio::spawn(accept(Arc::clone(&core), Scheme::Http, listener));
        let mut waiting = TcpStream::connect(address).await.expect("the backlog takes it");
        waiting.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("sent");
        let mut answer = [0; 13];
        let all = u32::try_from(core.connections.available_permits()).expect("small");
        let taken = core.connections.acquire_many(all).await.expect("open");
        timeout(Duration::from_secs(5), waiting.read(&mut answer)).await.expect_err("no table");
        core.board.came(crate::document::Table::Routes);
        timeout(Duration::from_secs(5), waiting.read(&mut answer)).await.expect_err("no certificates");
        core.board.came(crate::document::Table::Certificates);
        timeout(Duration::from_secs(5), waiting.read(&mut answer)).await.expect_err("no room");
        drop(taken);
        waiting.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 404 ");
        accepting.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_does_not_end_and_a_silent_connection_are_closed() {
        for said in ["", "GET / HTTP/1.1\r\nhost: a", "GET / HTTP/1.1\r\nhost: a\r\n\r\n"] {
            let (core, _crowd, _ending) = core();
            let (mut near, far) = tokio::io::duplex(1 << 16);
            near.write_all(said.as_bytes()).await.expect("sent");
            let began = Instant::now();
            serve_http1(&core, far, client(Scheme::Http)).await;
            assert_eq!(began.elapsed().as_secs(), HEAD_TIME.as_secs(), "{said:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_door_that_never_comes_back_is_waited_for_so_long_and_by_so_many() {
        let (core, _crowd, _ending) = core();
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("api.sock").to_string_lossy().into_owned();
        let door = DoorRoute { hosts: vec!["api.example".to_owned()], socket, public: false };
        let table = RouteTable { generation: 1, services: Vec::new(), doors: vec![door] };
        core.board.routes.apply(table, &mut Vec::new());
        let ask = |core: Arc<Core>| async move {
            let (mut near, far) = tokio::io::duplex(1 << 16);
            near.write_all(b"GET / HTTP/1.1\r\nhost: api.example\r\nconnection: close\r\n\r\n").await.expect("sent");
            serve_http1(&core, far, client(Scheme::Https)).await;
            let mut answer = String::new();
            near.read_to_string(&mut answer).await.expect("an answer");
            answer
        };
        let began = Instant::now();
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..300 {
            asking.spawn(ask(Arc::clone(&core)));
        }
        let answers = asking.join_all().await;
        assert!(answers.iter().all(|answer| answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: ")));
        let refused = answers.iter().filter(|answer| answer.contains("too many wait")).count();
        assert_eq!(refused, 300 - crate::limit::DOOR_WAITING_MAX as usize);
        assert!(began.elapsed() <= DOOR_HOLD && began.elapsed() + Duration::from_secs(1) > DOOR_HOLD, "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_closes_a_silent_connection_only_at_its_last_stage() {
        let (core, _crowd, ending) = core();
        let (_near, far) = tokio::io::duplex(1 << 16);
        let mut serving = pin!(serve_http1(&core, far, client(Scheme::Http)));
        let until = Instant::now() + HEAD_TIME;
        ending.send_replace(Progress { stage: Stage::Closing, until });
        timeout(Duration::from_secs(5), serving.as_mut()).await.expect_err("it may still ask");
        ending.send_replace(Progress { stage: Stage::Silent, until });
        let began = Instant::now();
        serving.await;
        assert!(began.elapsed() < Duration::from_secs(1));
    }
}
