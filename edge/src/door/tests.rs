//! What the door does at its limits, with the clock paused: time passes whenever nothing else happens.
//! Never routes to a real instance: `tests/` does. Source of truth: `limit.rs`.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http2::SendRequest;
use model::access_log::AccessLog;
use model::route_table::{DoorRoute, RouteTable, ServiceRoute};
use model::service::ServiceId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::*;
use crate::board::Board;
use crate::carrier::Parts;
use crate::drain::{Crowd, Drain, Progress};
use crate::limit::{CONNECTIONS_MAX, CONNECTIONS_SHARE, DOOR_HOLD, HANDSHAKES_PER_TURN};

/// A core by itself. With the clock paused, time passes whenever nothing else happens, so these limits cost no time.
fn core() -> (Arc<Core>, Crowd, tokio::sync::watch::Sender<Progress>) {
    let board = Arc::new(Board::new(1));
    let (ending, drain) = Drain::new();
    let tls = crate::run::tls(&Arc::new(rustls::crypto::aws_lc_rs::default_provider()), Arc::clone(&board.certificates));
    let tls = Arc::new(tls.expect("a configuration"));
    let (core, crowd) = Core::new(Parts { index: 0, board, drain, tls, https_port: 443, connections_max: CONNECTIONS_MAX });
    (core, crowd, ending)
}

fn client(scheme: Scheme) -> Client {
    let local = std::net::Ipv4Addr::LOCALHOST;
    Client { peer: (local, 1).into(), local: local.into(), scheme, server_name: None, place: None }
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
}

/// A connection that says the beginning of a TLS hello, or the whole of one; ends when the door is through with it.
async fn hello(core: &Arc<Core>, whole: bool) -> tokio::task::JoinHandle<()> {
    let (mut client_end, stream) = accepted().await;
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from("a.example").expect("a name");
    let mut bytes = Vec::new();
    rustls::ClientConnection::new(Arc::new(config), name).expect("a client").write_tls(&mut bytes).expect("into memory");
    bytes.truncate(if whole { bytes.len() } else { bytes.len() / 2 });
    let core = Arc::clone(core);
    tokio::spawn(async move {
        client_end.write_all(&bytes).await.expect("sent");
        serve_tls(&core, stream, client(Scheme::Https)).await;
    })
}

#[tokio::test]
async fn who_has_not_said_hello_stands_in_nobodys_way_and_who_has_waits_for_a_turn() {
    let (core, _crowd, _ending) = core();
    let mut halves = tokio::task::JoinSet::new();
    for _ in 0..10 * HANDSHAKES_PER_TURN {
        halves.spawn(hello(&core, false).await);
    }
    // There is no certificate: a handshake that has its turn fails at once.
    for _ in 0..HANDSHAKES_PER_TURN {
        timeout(HANDSHAKE_TIME / 2, hello(&core, true).await).await.expect("it has its turn").expect("no panic");
    }
    let mut waits = hello(&core, true).await;
    timeout(Duration::from_millis(200), &mut waits).await.expect_err("nobody begins the next turn here");
    let turning = Arc::clone(&core);
    let turning = tokio::spawn(async move { turning.turnstile.turn_by_turn().await });
    timeout(HANDSHAKE_TIME / 2, waits).await.expect("it has its turn").expect("no panic");
    for _ in 0..3 * HANDSHAKES_PER_TURN {
        timeout(HANDSHAKE_TIME / 2, hello(&core, true).await).await.expect("it has its turn").expect("no panic");
    }
    turning.abort();
}

#[tokio::test]
async fn one_client_has_at_most_half_of_the_connections() {
    let board = Arc::new(Board::new(1));
    let (_ending, drain) = Drain::new();
    let tls = crate::run::tls(&Arc::new(rustls::crypto::aws_lc_rs::default_provider()), Arc::clone(&board.certificates));
    let tls = Arc::new(tls.expect("a configuration"));
    let connections_max = 4;
    let (core, _crowd) = Core::new(Parts { index: 0, board, drain, tls, https_port: 443, connections_max });
    core.board.came(crate::document::Table::Routes);
    core.board.came(crate::document::Table::Certificates);
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    listener.set_nonblocking(true).expect("ours");
    let address = listener.local_addr().expect("bound");
    let accepting = tokio::spawn(accept(Arc::clone(&core), Scheme::Http, listener));
    let from = |last: u8| async move {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, last], 0).into()).expect("loopback");
        let mut stream = socket.connect(address).await.expect("the backlog takes it");
        // Who is sent away may see a reset, whatever it was about to say.
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
        let mut answer = [0; 12];
        let answered = stream.read_exact(&mut answer).await.is_ok();
        (stream, answered)
    };
    let mut kept = Vec::new();
    for _ in 0..connections_max / CONNECTIONS_SHARE {
        let (stream, answered) = from(1).await;
        assert!(answered);
        kept.push(stream);
    }
    assert!(!from(1).await.1, "one too many");
    assert!(from(2).await.1, "another client");
    kept.pop();
    while !from(1).await.1 {
        tokio::task::yield_now().await;
    }
    accepting.abort();
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

/// Carries with the listener until an end: the sender of the end, and the whole carrying.
fn carrying(listener: TcpListener) -> (tokio::sync::watch::Sender<Progress>, tokio::task::JoinHandle<()>) {
    let (core, crowd, ending) = core();
    core.board.came(crate::document::Table::Routes);
    core.board.came(crate::document::Table::Certificates);
    (ending, tokio::spawn(crate::carrier::carry(core, vec![(Scheme::Http, listener)], crowd)))
}

#[test]
fn who_comes_in_the_moment_of_the_end_is_served_by_this_front_door_or_by_the_next() {
    // Sockets are looked at after each task, so that the end's tasks and what comes alternate.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().event_interval(1).build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        listener.set_nonblocking(true).expect("ours");
        let address = listener.local_addr().expect("bound");
        let copy = || listener.try_clone().expect("a descriptor");
        let mut front = carrying(copy());
        let mut clients = Vec::new();
        // Each time the end comes a little later after the client.
        for turns in (0..4).cycle().take(80) {
            // Until it accepts.
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            // Blocks: nobody has a turn meanwhile.
            let client = std::net::TcpStream::connect(address).expect("the backlog takes it");
            std::io::Write::write_all(&mut &client, b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").expect("sent");
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            let (ending, carried) = std::mem::replace(&mut front, carrying(copy()));
            ending.send_replace(Progress { stage: Stage::Closing, until: Instant::now() + HEAD_TIME });
            clients.push((client, ending, carried));
        }
        for (client, _ending, carried) in clients {
            client.set_nonblocking(true).expect("ours");
            let mut client = TcpStream::from_std(client).expect("a runtime");
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.expect("nobody is turned away");
            assert!(answer.starts_with("HTTP/1.1 404 "), "{answer:?}");
            carried.await.expect("no panic");
        }
    });
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

/// A client of HTTP/2 with this many bytes of window for each stream, and the end of the connection as the door sees it.
async fn http2_client(core: &Arc<Core>, window: u32) -> (SendRequest<Empty<Bytes>>, tokio::task::JoinHandle<Duration>) {
    let (near, far) = tokio::io::duplex(1 << 16);
    let core = Arc::clone(core);
    let serving = tokio::spawn(async move {
        let began = Instant::now();
        serve_http2(&core, far, client(Scheme::Https)).await;
        began.elapsed()
    });
    let mut client = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    let (sender, connection) =
        client.timer(TokioTimer::new()).initial_stream_window_size(window).handshake(TokioIo::new(near)).await.expect("HTTP/2");
    // Answers every PING for as long as it can.
    tokio::spawn(connection);
    (sender, serving)
}

fn ask(host: &str) -> Request<Empty<Bytes>> {
    Request::get(format!("https://{host}/")).body(Empty::new()).expect("a test's own request")
}

#[tokio::test(start_paused = true)]
async fn an_http_2_connection_without_a_stream_is_ended_although_its_client_answers_pings() {
    let (core, _crowd, _ending) = core();
    let (mut sender, serving) = http2_client(&core, 1 << 16).await;
    sleep(HEAD_TIME / 2).await;
    let answer = sender.send_request(ask("nobody.example")).await.expect("an answer");
    assert_eq!(answer.status(), 404);
    drop(answer);
    assert_eq!(serving.await.expect("no panic").as_secs(), (HEAD_TIME + HEAD_TIME / 2).as_secs());
    sender.ready().await.expect_err("the client has heard of it");
}

#[tokio::test(start_paused = true)]
async fn an_http_2_connection_whose_client_never_speaks_is_ended() {
    let (core, _crowd, _ending) = core();
    let (_near, far) = tokio::io::duplex(1 << 16);
    let began = Instant::now();
    serve_http2(&core, far, client(Scheme::Https)).await;
    assert_eq!(began.elapsed().as_secs(), PROGRESS_TIME.as_secs());
}

#[tokio::test(start_paused = true)]
async fn an_http_2_client_that_takes_nothing_or_not_the_last_bytes_is_cut() {
    // With a little window the answer is handed over whole, and its last bytes wait in the HTTP server: we hold no stream any more.
    for window in [0, 7] {
        let (core, _crowd, _ending) = core();
        let (mut sender, serving) = http2_client(&core, window).await;
        let answer = sender.send_request(ask("nobody.example")).await.expect("a head needs no window");
        assert_eq!(serving.await.expect("no panic").as_secs(), PROGRESS_TIME.as_secs(), "{window}");
        drop(answer);
    }
}

#[tokio::test(start_paused = true)]
async fn an_http_2_request_that_is_held_for_long_is_answered_on_its_connection() {
    let (core, _crowd, _ending) = core();
    let hold_max = 10 * PROGRESS_TIME;
    let service = ServiceRoute {
        service: ServiceId::from_random([1; 16]),
        hosts: vec!["a.example".to_owned()],
        instances: Vec::new(),
        concurrency_max: 1,
        hold_queue_max: 1,
        hold_max,
        request_timeout: None,
        access_log: AccessLog::On,
    };
    core.board.routes.apply(RouteTable { generation: 1, services: vec![service], doors: Vec::new() }, &mut Vec::new());
    let (mut sender, serving) = http2_client(&core, 1 << 16).await;
    let began = Instant::now();
    let answer = sender.send_request(ask("a.example")).await.expect("an answer");
    assert_eq!((answer.status().as_u16(), began.elapsed().as_secs()), (503, hold_max.as_secs()));
    serving.abort();
}

#[tokio::test]
async fn between_the_pings_of_a_flood_others_have_their_turns() {
    const PING: &[u8] = b"\0\0\x08\x06\0\0\0\0\0overload";
    const PINGS: usize = 50_000;
    let (core, _crowd, _ending) = core();
    let (mut near, far) = tokio::io::duplex(2 * PINGS * PING.len());
    near.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.expect("there is room");
    near.write_all(&PING.repeat(PINGS)).await.expect("there is room");
    let serving = tokio::spawn(async move { serve_http2(&core, far, client(Scheme::Https)).await });
    let answered = tokio::spawn(async move { near.read_exact(&mut vec![0; PINGS * PING.len()]).await });
    let mut turns = 0;
    while !answered.is_finished() {
        tokio::task::yield_now().await;
        turns += 1;
    }
    answered.await.expect("no panic").expect("as many bytes as there were pings");
    assert!(turns >= PINGS * PING.len() / crate::limit::H2_TURN_BYTES / 2, "{turns}");
    serving.abort();
}
