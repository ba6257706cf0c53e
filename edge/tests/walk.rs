//! The walk of a request through a real front door: TLS, routing, holding, forwarding.
//! Never looks inside. Source of truth: `ARCHITECTURE.md`, "a request reaches a service at zero"; RFC 9110.

mod world;

use std::sync::atomic::Ordering;
use std::time::Duration;

use http::Request;
use model::access_log::AccessLog;
use model::log_line::LogCursor;
use model::port::{AccessRecords, Ring};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use world::client::{self, ask, get, https1, https2, plain, plain_tcp, request, say};
use world::instance::Instance;
use world::{HOST, World, instance_name, one_service, service};

#[tokio::test(flavor = "multi_thread")]
async fn board_and_gauge_keep_their_promises() {
    let world = World::open();
    model::testbed::conformance::edge(&world.front, &world.front, 1).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_over_http_1_and_over_http_2_is_answered_by_the_instance() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;

    let mut one = https1(&world).await;
    for path in ["/a", "/b?c=d"] {
        let answer = say(&mut one, &get(path)).await;
        assert_eq!((answer.status, answer.body), (200, format!("GET {}", path.split('?').next().expect("a path"))));
    }
    let mut two = https2(&world).await;
    assert_eq!(ask(&mut two, request("GET", "/c", "")).await, (200, "GET /c".to_owned()));
    assert_eq!(ask(&mut two, request("POST", "/echo", "there and back")).await, (200, "there and back".to_owned()));
    let demand = world.until("all four are counted", |d| d.services.get(&service()).is_some_and(|s| s.requests == 4)).await;
    assert_eq!(demand.generation, 1);
    assert!(demand.instances.is_empty());
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_of_requests_keep_their_promises() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let mut stream = https1(&world).await;
    for path in ["/a", "/b", "/c"] {
        say(&mut stream, &get(path)).await;
    }
    model::testbed::conformance::access_records(&world.front, 3).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_of_a_service_is_noted_when_it_ends_and_fetched_once() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let mut one = https1(&world).await;
    say(&mut one, &get("/a?token=secret")).await;
    let mut two = https2(&world).await;
    ask(&mut two, request("POST", "/echo", "there and back")).await;
    let mut stream = plain_tcp(world.http()).await;
    say(&mut stream, "GET / HTTP/1.1\r\nhost: nobody.example\r\n\r\n").await;

    let (mut have, mut records) = (LogCursor::default(), Vec::new());
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while records.len() < 2 && std::time::Instant::now() < deadline {
        let batch = world.front.fetch(have).await.expect("the front door answers");
        let again = world.front.fetch(have).await.expect("the front door answers");
        assert_eq!(
            again.records.iter().map(|r| &r.request_id).collect::<Vec<_>>(),
            batch.records.iter().map(|r| &r.request_id).collect::<Vec<_>>()
        );
        have = again.next;
        records.extend(again.records);
    }
    records.sort_by(|a, b| a.method.cmp(&b.method));
    let said: Vec<_> = records.iter().map(|r| (r.method.as_str(), r.path.as_str(), r.status, r.protocol.as_str())).collect();
    assert_eq!(
        said,
        [("GET", "/a", 200, "HTTP/1.1"), ("POST", "/echo", 200, "HTTP/2")],
        "without the query; nobody's host is nobody's request"
    );
    assert_eq!((records[1].request_bytes, records[1].response_bytes), (14, 14));
    assert_eq!((records[0].request_bytes, records[0].response_bytes), (0, 6));
    for record in &records {
        assert_eq!((record.instance.as_ref(), record.service.clone()), (Some(&instance_name(0)), service()));
        assert!(record.client.is_loopback() && record.request_id.len() == 36);
        assert!(record.duration <= record.ago && record.ago < Duration::from_secs(20), "{record:?}");
    }
    let mut table = one_service(&[instance.address]);
    table.services[0].access_log = AccessLog::Off;
    world.publish(table).await;
    say(&mut one, &get("/unseen")).await;
    let mut table = one_service(&[]);
    table.services[0].hold_max = Duration::from_millis(20);
    world.publish(table).await;
    assert_eq!(say(&mut one, &get("/nobody-home")).await.status, 503);
    let mut last = world.front.fetch(have).await.expect("the front door answers");
    while last.records.is_empty() && std::time::Instant::now() < deadline {
        last = world.front.fetch(last.next).await.expect("the front door answers");
    }
    let said: Vec<_> =
        last.records.iter().map(|r| (r.path.as_str(), r.status, r.instance.is_none(), r.held.as_millis() >= 15)).collect();
    assert_eq!(said, [("/nobody-home", 503, true, true)], "what is off is not noted");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instance_sees_the_clients_host_and_what_we_vouch_for() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let mut stream = https1(&world).await;
    let head = format!(
        "GET /headers HTTP/1.1\r\nHost: {HOST}:8443\r\nX-Request-Id: mine\r\nX-Forwarded-For: 1.2.3.4\r\nConnection: host, x-forwarded-for\r\n\r\n"
    );
    let answer = say(&mut stream, &head).await;
    assert!(!answer.head.contains("x-gone"), "{}", answer.head);
    let lines: Vec<_> = answer.body.lines().collect();
    assert!(lines.contains(&format!("host: {HOST}:8443").as_str()), "{lines:?}");
    assert!(lines.contains(&"x-forwarded-for: 127.0.0.1"), "{lines:?}");
    assert!(lines.contains(&"x-forwarded-proto: https"), "{lines:?}");
    let id = lines.iter().find_map(|line| line.strip_prefix("x-request-id: ")).expect("an id");
    assert_eq!((id.len(), id == "mine"), (36, false));

    let mut two = https2(&world).await;
    let ask_two = Request::get(format!("https://{HOST}/headers")).header("cookie", "a=1").header("cookie", "b=2");
    let (_, body) = ask(&mut two, ask_two.body(plain("")).expect("a request")).await;
    assert!(body.contains(&format!("host: {HOST}\n")) && body.contains("cookie: a=1; b=2\n"), "{body}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_host_is_told_so_and_the_plain_port_points_to_https() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;

    let mut stream = plain_tcp(world.http()).await;
    let answer = say(&mut stream, "GET / HTTP/1.1\r\nhost: Nobody.example\r\n\r\n").await;
    assert_eq!((answer.status, answer.body.as_str()), (404, "No service answers at nobody.example.\n"));
    let answer = say(&mut stream, &format!("GET /x?y=z HTTP/1.1\r\nhost: {HOST}.:80\r\n\r\n")).await;
    let place = format!("location: https://{HOST}:{}/x?y=z\r\n", world.https().port());
    assert!(answer.status == 301 && answer.head.contains(&place), "{}", answer.head);

    let mut stream = https1(&world).await;
    let answer = say(&mut stream, "GET / HTTP/1.1\r\nhost: zzzzzzzzzz.us-east-1.outrunner.test\r\n\r\n").await;
    assert_eq!(answer.status, 404);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_without_a_certificate_gets_an_alert_and_another_certificates_host_is_misdirected() {
    let instance = Instance::start().await;
    let mut world = World::open();
    let mut table = one_service(&[instance.address]);
    table.services[0].hosts.push("elsewhere.example".to_owned());
    world.publish(table).await;

    let error = client::tls(&world, "elsewhere.example", &["h2"]).await.expect_err("no certificate");
    assert!(error.to_string().contains("alert"), "{error}");
    let mut two = https2(&world).await;
    let other = Request::get("https://elsewhere.example/").body(plain("")).expect("a request");
    assert_eq!(ask(&mut two, other).await.0, 421);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_a_service_at_zero_rings_and_is_held_until_an_instance_is_there() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[]).await;
    let mut stream = https1(&world).await;
    let ask = get("/woken");
    let asked = tokio::spawn(async move { say(&mut stream, &ask).await });
    let demand = world.until("it waits", |d| d.services.get(&service()).is_some_and(|s| s.waiting == 1)).await;
    assert_eq!(demand.services[&service()].in_flight, 0);
    let deadline = std::time::Instant::now() + world::PATIENCE;
    while !world.heard.take().contains(&Ring::Service(service())) {
        assert!(std::time::Instant::now() < deadline, "the bell rings");
        tokio::task::yield_now().await;
    }
    world.serve(&[instance.address]).await;
    let answer = asked.await.expect("answered");
    assert_eq!((answer.status, answer.body.as_str()), (200, "GET /woken"));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_held_too_long_or_finds_the_line_full_is_told_when_to_come_back() {
    let mut world = World::open();
    let mut table = one_service(&[]);
    table.services[0].hold_queue_max = 1;
    table.services[0].hold_max = Duration::from_secs(5);
    world.publish(table).await;
    let mut first = https1(&world).await;
    let asked = tokio::spawn(async move { say(&mut first, &get("/")).await });
    world.until("the first waits", |d| d.services.get(&service()).is_some_and(|s| s.waiting == 1)).await;
    let mut second = https1(&world).await;
    let full = say(&mut second, &get("/")).await;
    assert!(!asked.is_finished(), "the second is refused at once");
    let late = asked.await.expect("answered");
    for (answer, status) in [(full, 429), (late, 503)] {
        assert_eq!(answer.status, status);
        assert!(answer.head.contains("retry-after: "), "{}", answer.head);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn max_concurrency_is_a_hard_limit_over_all_cores() {
    let instance = Instance::start().await;
    let mut world = World::open();
    let mut table = one_service(&[instance.address]);
    table.services[0].concurrency_max = 3;
    world.publish(table).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let mut stream = https1(&world).await;
        tasks.spawn(async move {
            for _ in 0..5 {
                assert_eq!(say(&mut stream, &get("/sleep")).await.status, 200);
            }
        });
    }
    while let Some(end) = tasks.join_next().await {
        end.expect("every client is answered");
    }
    let seen = &instance.seen;
    assert_eq!((seen.most.load(Ordering::SeqCst), seen.requests.load(Ordering::SeqCst)), (3, 200));
    assert!(seen.connections.load(Ordering::SeqCst) <= 20, "connections are used again");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_stream_both_ways_without_being_gathered() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    // The first piece arrives although there is never a second.
    let mut stream = https1(&world).await;
    stream.write_all(get("/drip").as_bytes()).await.expect("sent");
    let seen = client::read_to(&mut stream, "drop\n").await;
    assert!(seen.ends_with("drop\n"), "{seen}");
    drop(stream);
    world.until("a client that left frees its slot", |d| d.instances.is_empty()).await;

    let mut two = https2(&world).await;
    let (status, body) = ask(&mut two, request("GET", "/large", "")).await;
    assert_eq!((status, body.len()), (200, 64 << 20));
    let megabytes = "x".repeat(32 << 20);
    assert_eq!(ask(&mut two, request("POST", "/count", &megabytes)).await, (200, (32 << 20).to_string()));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_ends_at_its_time_limit_whatever_it_waits_for() {
    let instance = Instance::start().await;
    let mut world = World::open();
    let mut table = one_service(&[instance.address]);
    table.services[0].request_timeout = Some(Duration::from_millis(700));
    world.publish(table).await;
    assert_eq!(say(&mut https1(&world).await, &get("/never")).await.status, 504);
    let unfinished = format!("POST /count HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 10\r\n\r\nabc");
    assert_eq!(say(&mut https1(&world).await, &unfinished).await.status, 408);
    // A body that stops half-way: the connection breaks, so that nobody takes it for the whole.
    let mut stream = https1(&world).await;
    stream.write_all(get("/drip").as_bytes()).await.expect("sent");
    let mut seen = Vec::new();
    let _ = stream.read_to_end(&mut seen).await;
    assert!(!String::from_utf8_lossy(&seen).ends_with("0\r\n\r\n"));
    // A client that reads nothing: hyper does not ask the body any more, and the slot comes back all the same. With time for a look at it before.
    let mut table = one_service(&[instance.address]);
    table.services[0].request_timeout = Some(Duration::from_secs(4));
    world.publish(table).await;
    let mut deaf = https1(&world).await;
    deaf.write_all(get("/large").as_bytes()).await.expect("sent");
    world.until("it is in flight", |d| !d.instances.is_empty()).await;
    world.until("its slot comes back", |d| d.instances.is_empty()).await;
    drop(deaf);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_the_line_or_an_upload_leaves_nothing_behind() {
    let instance = Instance::start().await;
    let mut world = World::open();
    let mut table = one_service(&[instance.address]);
    table.services[0].concurrency_max = 1;
    world.publish(table).await;
    let mut first = https1(&world).await;
    first.write_all(get("/never").as_bytes()).await.expect("sent");
    world.until("one is carried", |d| d.instances.values().sum::<u32>() == 1).await;
    let mut second = https2(&world).await;
    let waits = tokio::spawn(async move { second.send_request(request("GET", "/", "")).await.map(drop) });
    world.until("one waits", |d| d.services.get(&service()).is_some_and(|s| s.waiting == 1)).await;
    waits.abort();
    world.until("nobody waits", |d| d.services.get(&service()).is_some_and(|s| s.waiting == 0)).await;
    drop(first);
    world.until("nothing is carried", |d| d.instances.is_empty()).await;
    let mut third = https1(&world).await;
    third
        .write_all(format!("POST /count HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 10\r\n\r\nabc").as_bytes())
        .await
        .expect("sent");
    world.until("an upload is carried", |d| d.instances.values().sum::<u32>() == 1).await;
    drop(third);
    world.until("nothing is carried", |d| d.instances.is_empty()).await;
    let demand = world.until("all are counted", |d| d.services[&service()].requests == 3).await;
    assert_eq!(demand.services[&service()].in_flight, 0);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_upload_is_not_asked_for_until_there_is_a_slot() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[]).await;
    let mut stream = https1(&world).await;
    let head = format!("POST /echo HTTP/1.1\r\nhost: {HOST}\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("sent");
    world.until("it waits", |d| d.services.get(&service()).is_some_and(|s| s.waiting == 1)).await;
    let mut byte = [0; 1];
    let early = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut byte));
    early.await.expect_err("nobody asks for the body of a request that is held");
    world.serve(&[instance.address]).await;
    assert_eq!(client::read_to(&mut stream, "\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(say(&mut stream, "ok").await.body, "ok");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_a_body_leaves_the_connection_usable() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    let mut stream = https1(&world).await;
    for _ in 0..3 {
        stream.write_all(format!("HEAD /x HTTP/1.1\r\nhost: {HOST}\r\n\r\n").as_bytes()).await.expect("sent");
        let head = client::read_to(&mut stream, "\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("content-length: 7\r\n"), "{head}");
        assert_eq!(say(&mut stream, &get("/y")).await.body, "GET /y");
    }
    assert_eq!(instance.seen.connections.load(Ordering::SeqCst), 1, "one connection carries them all");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_became_a_websocket_counts_until_that_ends() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    let mut stream = https1(&world).await;
    let head = format!("GET /switch HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n", HOST);
    assert_eq!(say(&mut stream, &head).await.status, 101);
    let mut back = [0; 4];
    stream.write_all(b"ping").await.expect("sent");
    stream.read_exact(&mut back).await.expect("it lives");
    let open = async || {
        let figures = world.front.figures().await.expect("it answers").expect("it lives");
        assert!(figures.connections_max > 0);
        figures.count(edge::Count::AcceptedHttps) - figures.count(edge::Count::ClosedHttps)
    };
    assert_eq!(open().await, 1);
    drop(stream);
    let deadline = std::time::Instant::now() + world::PATIENCE;
    while open().await > 0 {
        assert!(std::time::Instant::now() < deadline, "it is over");
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_ask_for_the_counters_at_once_are_both_answered() {
    let world = World::open_with(1);
    let ask = || async { world.front.figures().await.expect("it answers").is_some() };
    assert_eq!(tokio::join!(ask(), ask(), ask()), (true, true, true));
    world.stop().await;
}
