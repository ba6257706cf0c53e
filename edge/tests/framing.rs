//! What a client may not do to us or through us: framing, hosts, upgrades.
//! Never relies on what hyper promises: bytes go in, bytes come out. Source of truth: RFC 9112 sections 6 and 11.2.

mod world;

use std::sync::atomic::Ordering;

use http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use world::client::{ask, get, hear, https1, https2, plain, read_to, say};
use world::instance::Instance;
use world::{HOST, World};

async fn opened() -> (World, Instance) {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    (world, instance)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_vector_gets_its_status() {
    let (world, instance) = opened().await;
    let host = format!("host: {HOST}\r\n");
    let many = "a: b\r\n".repeat(101);
    let vectors = [
        ("two hosts", format!("GET / HTTP/1.1\r\n{host}{host}\r\n"), 400),
        ("no host", "GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("target and host differ", format!("GET http://other.example/ HTTP/1.1\r\n{host}\r\n"), 400),
        ("target and host agree", format!("GET http://{HOST}/x HTTP/1.1\r\n{host}\r\n"), 200),
        ("connect", format!("CONNECT {HOST}:443 HTTP/1.1\r\n{host}\r\n"), 405),
        ("unknown coding", format!("POST / HTTP/1.1\r\n{host}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501),
        ("bad chunk", format!("POST /count HTTP/1.1\r\n{host}transfer-encoding: chunked\r\n\r\nzz\r\n\r\n"), 400),
        ("lengths differ", format!("POST / HTTP/1.1\r\n{host}content-length: 1\r\ncontent-length: 2\r\n\r\nab"), 400),
        ("signed length", format!("POST / HTTP/1.1\r\n{host}content-length: +1\r\n\r\na"), 400),
        ("space before the colon", format!("GET / HTTP/1.1\r\n{host}a : b\r\n\r\n"), 400),
        ("folded line", format!("GET / HTTP/1.1\r\n{host}a: b\r\n c\r\n\r\n"), 400),
        ("zero byte", format!("GET / HTTP/1.1\r\n{host}a: b\0c\r\n\r\n"), 400),
        ("too many fields", format!("GET / HTTP/1.1\r\n{host}{many}\r\n"), 431),
    ];
    for (what, bytes, status) in vectors {
        let answer = say(&mut https1(&world).await, &bytes).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.head);
    }
    let seen = instance.seen.requests.load(Ordering::SeqCst);
    assert!(seen <= 2, "only the good one, and the head before the bad chunk, go further: {seen}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_over_the_limit_is_not_read_to_its_end() {
    let (world, instance) = opened().await;
    let mut stream = https1(&world).await;
    let long = "x".repeat(4 * edge::limit::READ_BUFFER_MAX);
    // We may be hung up on while we still send.
    let _ = stream.write_all(format!("GET / HTTP/1.1\r\nhost: {HOST}\r\na: {long}\r\n\r\n").as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    // What was answered may be lost where we were hung up on.
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431 "), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(instance.seen.requests.load(Ordering::SeqCst), 0);
    let half = format!("GET /wide HTTP/1.1\r\nhost: {HOST}\r\na: {}\r\n\r\n", "x".repeat(edge::limit::READ_BUFFER_MAX / 2));
    assert_eq!(say(&mut https1(&world).await, &half).await.body, "GET /wide", "it is the size, and others are served");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_beside_chunks_does_not_count_and_the_connection_ends() {
    let (world, instance) = opened().await;
    let mut stream = https1(&world).await;
    let smuggled = format!(
        "POST /echo HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: {HOST}\r\n\r\n"
    );
    let answer = say(&mut stream, &smuggled).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "ab"));
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.expect("the end");
    assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
    assert_eq!(instance.seen.requests.load(Ordering::SeqCst), 1, "what follows is no request");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_2_the_authority_and_the_host_must_agree() {
    let (world, _instance) = opened().await;
    let mut two = https2(&world).await;
    let differs = Request::get(format!("https://{HOST}/")).header("host", "other.example").body(plain("")).expect("a request");
    assert_eq!(ask(&mut two, differs).await.0, 400);
    let agrees = Request::get(format!("https://{HOST}/x")).header("host", HOST).body(plain("")).expect("a request");
    assert_eq!(ask(&mut two, agrees).await, (200, "GET /x".to_owned()));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_becomes_a_tunnel_that_holds_its_slot() {
    let (world, _instance) = opened().await;
    let mut stream = https1(&world).await;
    let head = format!(
        "GET /switch HTTP/1.1\r\nhost: {HOST}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: k\r\n\r\n"
    );
    let answer = say(&mut stream, &head).await;
    assert_eq!(answer.status, 101);
    assert!(answer.head.contains("upgrade: websocket\r\n"), "{}", answer.head);
    stream.write_all(b"there and back\n").await.expect("sent");
    assert_eq!(read_to(&mut stream, "\n").await, "there and back\n");
    let demand = world.demand().await;
    assert_eq!(demand.instances.values().sum::<u32>(), 1);
    drop(stream);
    world.until("the tunnel's end frees the slot", |d| d.instances.is_empty()).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_protocol_is_switched_to() {
    let (world, instance) = opened().await;
    for protocol in ["h2c", "foo", "websocket, foo"] {
        let mut stream = https1(&world).await;
        let head = format!("GET /switch HTTP/1.1\r\nhost: {HOST}\r\nconnection: upgrade\r\nupgrade: {protocol}\r\n\r\n");
        assert_eq!(say(&mut stream, &head).await.status, 200, "the instance is not asked for {protocol}");
        assert_eq!(say(&mut stream, &get("/next")).await.body, "GET /next");
    }
    // What is sent behind a refused upgrade is the next request, not a tunnel.
    let mut stream = https1(&world).await;
    let head = format!("GET /plain HTTP/1.1\r\nhost: {HOST}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n{}", get("/after"));
    assert_eq!(say(&mut stream, &head).await.body, "GET /plain");
    assert_eq!(hear(&mut stream).await.body, "GET /after");
    assert_eq!(instance.seen.requests.load(Ordering::SeqCst), 8);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http_2_connection_has_so_many_requests_at_a_time() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    let mut table = world::one_service(&[instance.address]);
    table.services[0].concurrency_max = 1000;
    world.publish(table).await;
    let two = https2(&world).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..edge::limit::H2_STREAMS_MAX + 20 {
        let mut two = two.clone();
        asking.spawn(async move { two.send_request(world::client::request("GET", "/never", "")).await.map(drop) });
    }
    let full = edge::limit::H2_STREAMS_MAX;
    world.until("as many as may be are carried", |d| d.instances.values().sum::<u32>() == full).await;
    for _ in 0..20 {
        assert_eq!(world.demand().await.instances.values().sum::<u32>(), full);
    }
    drop(asking);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http_2_head_over_the_limit_goes_no_further() {
    let (world, instance) = opened().await;
    let request = |size: usize| {
        Request::get(format!("https://{HOST}/wide")).header("a", "x".repeat(size)).body(plain("")).expect("a request")
    };
    let limit = edge::limit::H2_HEADER_BYTES_MAX as usize;
    if let Ok(answer) = https2(&world).await.send_request(request(2 * limit)).await {
        assert_eq!(answer.status(), 431);
    }
    assert_eq!(instance.seen.requests.load(Ordering::SeqCst), 0);
    let large = ask(&mut https2(&world).await, request(limit / 2)).await;
    assert_eq!(large, (200, "GET /wide".to_owned()), "it is the size, and others are served");
    world.stop().await;
}
