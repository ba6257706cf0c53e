//! Instances and doors that refuse, break off, come and go.
//! Never looks inside. Source of truth: RFC 9110 section 9.2.2 (what may be sent twice); `model::demand`; the rules in `src/exchange.rs`.

mod world;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use model::port::Ring;
use model::route_table::{DoorRoute, RouteTable};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use world::client::{get, https1, say, tls};
use world::instance::{Instance, start_door};
use world::{HOST, World, instance_name, one_service, service};

/// An instance that answers each request on the connection once and closes without a word when asked again.
async fn forgetful() -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let address = listener.local_addr().expect("bound");
    let closed = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&closed);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("accepted");
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                let first = stream.read(&mut buffer).await.unwrap_or(0);
                if first > 0 {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
                    if stream.read(&mut buffer).await.unwrap_or(0) > 0 {
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    (address, closed)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_that_the_instance_closed_costs_no_harmless_request() {
    let (address, closed) = forgetful().await;
    let mut world = World::open_with(1);
    world.serve(&[address]).await;
    let mut stream = https1(&world).await;
    for _ in 0..5 {
        assert_eq!(say(&mut stream, &get("/")).await.status, 200);
    }
    assert!(closed.load(Ordering::SeqCst) > 0, "kept connections were used");
    // A body may have been seen: that is the client's to repeat.
    let post = format!("POST / HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 1\r\n\r\nx");
    let statuses = [say(&mut stream, &post).await.status, say(&mut stream, &post).await.status];
    assert!(statuses.contains(&502), "{statuses:?}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_refuses_is_passed_over_and_alone_it_is_503() {
    let good = Instance::start().await;
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("loopback").local_addr().expect("bound");
    let mut world = World::open_with(1);
    world.serve(&[gone, good.address]).await;
    let mut stream = https1(&world).await;
    for _ in 0..20 {
        assert_eq!(say(&mut stream, &get("/")).await.status, 200);
    }
    let mut table = one_service(&[gone]);
    table.services[0].hold_max = Duration::from_millis(300);
    world.publish(table).await;
    let answer = say(&mut stream, &get("/")).await;
    assert!(answer.status == 503 && answer.head.contains("retry-after"), "{}", answer.head);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_while_the_only_instance_has_died_waits_for_the_next_one() {
    let dead = TcpListener::bind("127.0.0.1:0").await.expect("loopback").local_addr().expect("bound");
    let mut world = World::open_with(1);
    world.serve(&[dead]).await;
    let mut waiting = tokio::task::JoinSet::new();
    for ask in [get("/"), format!("POST /echo HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 4\r\n\r\nbody")] {
        let mut stream = https1(&world).await;
        waiting.spawn(async move { say(&mut stream, &ask).await });
    }
    // Long enough to be refused some times.
    tokio::time::timeout(Duration::from_millis(300), waiting.join_next()).await.expect_err("nobody is told that it failed");
    // Found out: it leaves the table, and the next one comes.
    world.serve(&[]).await;
    let next = Instance::start().await;
    let mut table = one_service(&[next.address]);
    table.services[0].instances[0].name = instance_name(1);
    world.publish(table).await;
    while let Some(answer) = waiting.join_next().await {
        assert_eq!(answer.expect("answered").status, 200);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_sent_only_once_takes_no_connection_that_was_silent_for_long() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let address = listener.local_addr().expect("bound");
    let accepted = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&accepted);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("accepted");
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while stream.read(&mut buffer).await.unwrap_or(0) > 0 {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
                }
            });
        }
    });
    let mut world = World::open_with(1);
    world.serve(&[address]).await;
    let mut stream = https1(&world).await;
    let post = format!("POST / HTTP/1.1\r\nhost: {HOST}\r\n\r\n");
    assert_eq!(say(&mut stream, &get("/")).await.status, 200);
    let deadline = std::time::Instant::now() + world::PATIENCE;
    loop {
        let (before, began) = (accepted.load(Ordering::SeqCst), std::time::Instant::now());
        for _ in 0..2 {
            assert_eq!(say(&mut stream, &post).await.status, 200);
        }
        // A machine that lets us wait makes silences of its own.
        if began.elapsed() < edge::limit::IDLE_TIME_ONCE {
            assert!(accepted.load(Ordering::SeqCst) <= before + 1, "fresh ones are used again");
            break;
        }
        assert!(std::time::Instant::now() < deadline, "the machine is quick enough once");
    }
    let before = accepted.load(Ordering::SeqCst);
    // The silence is what is tested.
    tokio::time::sleep(edge::limit::IDLE_TIME_ONCE * 2).await;
    assert_eq!(say(&mut stream, &post).await.status, 200);
    assert_eq!(accepted.load(Ordering::SeqCst), before + 1, "a server may close that one just now");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_left_the_table_is_reported_until_it_is_empty_and_then_rings() {
    let (old, new) = (Instance::start().await, Instance::start().await);
    let mut world = World::open();
    world.serve(&[old.address]).await;
    let mut stream = https1(&world).await;
    let asked = tokio::spawn(async move { say(&mut stream, &get("/wait")).await });
    world.until("it is in flight", |d| d.instances.get(&instance_name(0)) == Some(&1)).await;

    let mut table = one_service(&[new.address]);
    table.services[0].instances[0].name = instance_name(1);
    world.publish(table).await;
    let demand = world.demand().await;
    assert_eq!((demand.generation, demand.instances.get(&instance_name(0))), (2, Some(&1)));
    assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);
    assert_eq!((old.seen.requests.load(Ordering::SeqCst), new.seen.requests.load(Ordering::SeqCst)), (1, 1));

    world.heard.take();
    old.seen.go.notify_one();
    assert_eq!(asked.await.expect("answered").body, "waited");
    let demand = world.until("it is drained", |d| !d.instances.contains_key(&instance_name(0))).await;
    assert_eq!(demand.services[&service()].requests, 2);
    let deadline = std::time::Instant::now() + world::PATIENCE;
    while !world.heard.take().contains(&Ring::Service(service())) {
        assert!(std::time::Instant::now() < deadline, "the bell rings when it is empty");
        tokio::task::yield_now().await;
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_limits_survive_a_new_table_and_a_service_that_comes_back() {
    let instance = Instance::start().await;
    let mut world = World::open();
    let mut table = one_service(&[instance.address]);
    table.services[0].concurrency_max = 1;
    world.publish(table.clone()).await;
    let mut first = https1(&world).await;
    let held = tokio::spawn(async move { say(&mut first, &get("/wait")).await });
    world.until("it is in flight", |d| d.instances.get(&instance_name(0)) == Some(&1)).await;
    // Away and back, while one request is in flight.
    world.publish(RouteTable::default()).await;
    world.publish(table).await;
    let mut second = https1(&world).await;
    let waits = tokio::spawn(async move { say(&mut second, &get("/")).await });
    world.until("the second waits for the one slot", |d| d.services.get(&service()).is_some_and(|s| s.waiting == 1)).await;
    instance.seen.go.notify_one();
    assert_eq!((held.await.expect("answered").status, waits.await.expect("answered").status), (200, 200));
    assert_eq!(instance.seen.most.load(Ordering::SeqCst), 1);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_service_that_leaves_is_told_at_once_and_who_comes_when_it_is_back_is_served() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[]).await;
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let mut stream = https1(&world).await;
        waiting.spawn(async move { say(&mut stream, &get("/")).await });
    }
    world.until("all wait", |d| d.services.get(&service()).is_some_and(|s| s.waiting == 4)).await;
    let began = std::time::Instant::now();
    world.publish(RouteTable::default()).await;
    while let Some(answer) = waiting.join_next().await {
        let answer = answer.expect("answered");
        assert_eq!((answer.status, answer.body), (404, format!("No service answers at {HOST}.\n")));
    }
    assert!(began.elapsed() < world::PATIENCE / 2, "long before the time that they might have waited: {:?}", began.elapsed());
    world.serve(&[instance.address]).await;
    assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);
    world.stop().await;
}

fn doors(socket: &std::path::Path, public: bool) -> RouteTable {
    let door = DoorRoute { hosts: vec!["api.outrunner.test".to_owned()], socket: socket.to_string_lossy().into_owned(), public };
    RouteTable { doors: vec![door], ..RouteTable::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_is_being_restarted_is_waited_for() {
    let mut world = World::open();
    let socket = world.ground.run.path().join("api.sock");
    world.publish(doors(&socket, false)).await;
    let mut stream = tls(&world, "api.outrunner.test", &["http/1.1"]).await.expect("a handshake");
    let ask = "POST /echo HTTP/1.1\r\nhost: api.outrunner.test\r\ncontent-length: 2\r\n\r\nhi";
    let mut asked = tokio::spawn(async move { say(&mut stream, ask).await });
    tokio::time::timeout(Duration::from_millis(200), &mut asked).await.expect_err("nobody is there yet");
    let door = start_door(&socket);
    let answer = asked.await.expect("answered");
    assert_eq!((answer.status, answer.body.as_str()), (200, "hi"));
    door.abort();
    world.stop().await;
}
