//! The front door's process: started, adopted, killed, replaced, drained.
//! Never sleeps: every wait is for a condition. Source of truth: `ARCHITECTURE.md`, "three kinds of process".

mod world;

use std::io::Read;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use edge::{FrontDoor, Listen, NotOpened, Origin};
use model::log_line::LogCursor;
use model::port::{AccessRecords, Gauge};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncReadExt;
use tokio::task::JoinSet;
use world::client::{ask, get, https1, https2, plain_tcp, request, say};
use world::instance::Instance;
use world::{Ground, Heard, PATIENCE, World, anywhere};

const PLATFORM: &str = "OUTRUNNER_TEST_IS_A_PLATFORM";

fn kill(pid: u32) {
    let pid = Pid::from_raw(pid.cast_signed()).expect("a pid");
    kill_process(pid, Signal::KILL).expect("it lives");
}

fn lives(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

fn threads(pid: u32) -> impl Iterator<Item = std::path::PathBuf> {
    std::fs::read_dir(format!("/proc/{pid}/task")).expect("a process").map(|thread| thread.expect("a thread").path())
}

fn is_stopped(thread: &Path) -> bool {
    std::fs::read_to_string(thread.join("stat")).is_ok_and(|stat| stat.contains(") T "))
}

async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_edge_is_killed_the_next_one_answers_who_waited_and_knows_the_tables() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let first = world.front.pid().expect("it lives");
    assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);
    kill(first);
    // Connects at once: the sockets are still open, whoever holds them.
    let mut stream = https1(&world).await;
    assert_eq!(say(&mut stream, &get("/")).await.status, 200);
    let second = world.front.pid().expect("the next one lives");
    assert_ne!(first, second);
    assert_eq!(world.demand().await.generation, 1);
    let ground = Arc::clone(&world.ground);
    world.stop().await;
    assert!(!lives(first) && !lives(second));
    assert!(!ground.run.path().join("edge").exists(), "nothing stays behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_door_that_dies_again_and_again_is_started_again_and_again() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    for _ in 0..4 {
        let pid = world.front.pid();
        if let Some(pid) = pid {
            kill(pid);
        }
        eventually("there is another one", || world.front.pid().is_some() && world.front.pid() != pid).await;
        assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);
    }
    let names = std::fs::read_dir(world.ground.run.path().join("edge")).expect("its folder").count();
    assert_eq!(names, 2, "the name and the living one's own: those of the dead are gone");
    world.stop().await;
}

/// Not a test: a platform in a process of its own, to be killed. Says where it listens by a file, and lives until then.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
fn a_platform_of_its_own() {
    let Some(folder) = std::env::var_os(PLATFORM) else { return };
    let folder = Path::new(&folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let address = std::fs::read_to_string(folder.join("instance")).expect("the test's file");
        let ground: Ground = Ground::read(folder);
        let mut world = World::on(Arc::new(ground), anywhere(), anywhere(), 2);
        world.serve(&[address.parse().expect("an address")]).await;
        let said = format!("{} {} {}", world.http(), world.https(), world.front.pid().expect("it lives"));
        std::fs::write(folder.join("said.new"), said).expect("written");
        std::fs::rename(folder.join("said.new"), folder.join("said")).expect("renamed");
        std::future::pending::<()>().await;
    });
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
async fn kill_9_of_the_platform_loses_no_request_and_the_next_platform_adopts() {
    let instance = Instance::start().await;
    let ground = Ground::new();
    ground.write();
    let folder = ground.run.path().to_owned();
    std::fs::write(folder.join("instance"), instance.address.to_string()).expect("written");
    let mut platform = Command::new("/proc/self/exe")
        .args(["--exact", "a_platform_of_its_own", "--nocapture", "--test-threads=1"])
        .env(PLATFORM, &folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("a platform");
    eventually("the platform says where it is", || folder.join("said").exists()).await;
    let said = std::fs::read_to_string(folder.join("said")).expect("a file");
    let words: Vec<_> = said.split(' ').collect();
    let (http, https): (std::net::SocketAddr, std::net::SocketAddr) =
        (words[0].parse().expect("one"), words[1].parse().expect("two"));
    let edge_pid: u32 = words[2].parse().expect("a pid");

    let ground = Arc::new(ground);
    let load = Load::begin(&ground, https);
    load.passed(50).await;
    platform.kill().expect("it lives");
    platform.wait().expect("it ends");
    load.passed(200).await;
    assert!(lives(edge_pid));

    let mut world = World::on(Arc::clone(&ground), Listen::At(http), Listen::At(https), 2);
    assert_eq!(world.front.origin(), Origin::Adopted { routes: 1, certificates: 1 });
    assert_eq!((world.front.pid(), world.http(), world.https()), (Some(edge_pid), http, https));
    world.generation = 1;
    world.serve(&[instance.address]).await;
    load.passed(200).await;
    let (answered, failed) = load.end().await;
    assert_eq!(failed, 0, "of {answered}");

    // The new platform has copies of the listeners: this edge's death closes nothing either.
    kill(edge_pid);
    assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);
    world.stop().await;
}

/// Requests without a pause: kept connections, new ones and HTTP/2. A refused, reset or short answer is a failure.
struct Load {
    tasks: JoinSet<()>,
    on: Arc<AtomicBool>,
    answered: Arc<AtomicU32>,
    failed: Arc<AtomicU32>,
}

impl Load {
    fn begin(ground: &Arc<Ground>, https: std::net::SocketAddr) -> Self {
        let mut load =
            Self { tasks: JoinSet::new(), on: Arc::new(AtomicBool::new(true)), answered: Arc::default(), failed: Arc::default() };
        for kind in 0..3 {
            let (on, answered, failed) = (Arc::clone(&load.on), Arc::clone(&load.answered), Arc::clone(&load.failed));
            let client = world::client::At { https, root: ground.root.clone() };
            load.tasks.spawn(async move {
                let mut kept = client.https1().await;
                let mut two = client.https2().await;
                while on.load(Ordering::SeqCst) {
                    let status = match kind {
                        0 => say(&mut kept, &get("/sleep")).await.status,
                        1 => say(&mut client.https1().await, &get("/")).await.status,
                        _ => ask(&mut two, request("GET", "/sleep", "")).await.0,
                    };
                    answered.fetch_add(1, Ordering::SeqCst);
                    failed.fetch_add(u32::from(status != 200), Ordering::SeqCst);
                }
            });
        }
        load
    }

    async fn passed(&self, more: u32) {
        let wanted = self.answered.load(Ordering::SeqCst) + more;
        eventually("the load goes on", || self.answered.load(Ordering::SeqCst) >= wanted).await;
    }

    async fn end(mut self) -> (u32, u32) {
        self.on.store(false, Ordering::SeqCst);
        while let Some(end) = self.tasks.join_next().await {
            end.expect("no client was cut off");
        }
        (self.answered.load(Ordering::SeqCst), self.failed.load(Ordering::SeqCst))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_edge_lives_a_broken_conversation_never_looks_like_nothing_in_flight() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let (pid, mut stream) = (world.front.pid(), https1(&world).await);
    let asked = tokio::spawn(async move { say(&mut stream, &get("/wait")).await });
    world.until("it is in flight", |d| d.instances.values().sum::<u32>() == 1).await;
    for _ in 0..4 {
        // The newest platform wins: ours is sent away.
        let mut another = UnixStream::connect(world.ground.run.path().join("edge/edge.sock")).expect("it listens");
        // ... until ours has come again and is the newest.
        let sent_away = tokio::task::spawn_blocking(move || another.read_to_end(&mut Vec::new()));
        while !sent_away.is_finished() {
            assert_eq!(world.demand().await.instances.values().sum::<u32>(), 1);
        }
        sent_away.await.expect("no panic").expect("sent away in turn");
        eventually("the same one is there", || world.front.pid() == pid).await;
    }
    instance.seen.go.notify_one();
    assert_eq!(asked.await.expect("answered").status, 200);
    world.front.leave().await;
    world.front.read().await.expect_err("it was let go, and may carry anything");
    let run = world.ground.run.path().to_owned();
    let stopped = tokio::task::spawn_blocking(move || edge::stop_left_behind(&run, world::user(), PATIENCE).expect("asked"));
    assert!(stopped.await.expect("no panic"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_a_front_door_that_says_nothing_does_not_wait_for_it() {
    let world = World::open_with(1);
    let pid = Pid::from_raw(world.front.pid().expect("it lives").cast_signed()).expect("a pid");
    world.demand().await;
    kill_process(pid, Signal::STOP).expect("it lives");
    // A signal is on its way for a while: until a process has got it, it answers.
    eventually("all of it has stopped", || threads(pid.as_raw_nonzero().get().cast_unsigned()).all(|thread| is_stopped(&thread)))
        .await;
    let asked = tokio::time::timeout(PATIENCE / 2, world.front.read()).await;
    kill_process(pid, Signal::CONT).expect("it lives");
    asked.expect("not for ever").expect_err("nothing is known");
    world.demand().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn left_alone_it_carries_on_and_the_next_platform_finds_it_or_stops_it() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let (pid, http, https) = (world.front.pid().expect("it lives"), world.http(), world.https());
    world.front.leave().await;
    let ground = Arc::clone(&world.ground);
    assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);

    let next = World::on(Arc::clone(&ground), Listen::At(http), Listen::At(https), 2);
    assert_eq!(next.front.pid(), Some(pid));
    next.front.leave().await;
    let run = ground.run.path().to_owned();
    let stopped = tokio::task::spawn_blocking(move || {
        let stop = || edge::stop_left_behind(&run, world::user(), PATIENCE).expect("asked");
        (stop(), stop())
    });
    assert_eq!(stopped.await.expect("no panic"), (true, false));
    assert!(!lives(pid));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_wants_other_ports_replaces_the_front_door() {
    let world = World::open();
    let old = world.front.pid().expect("it lives");
    world.front.leave().await;
    let other = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
    let next = World::on(Arc::clone(&world.ground), anywhere(), Listen::At(other), 1);
    assert_eq!((next.front.origin(), next.https()), (Origin::Started, other));
    assert!(!lives(old));
    next.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_door_that_is_replaced_finishes_what_it_carries_and_until_then_nobody_is_said_to_carry_nothing() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let (old, http, https) = (world.front.pid().expect("it lives"), world.http(), world.https());
    let (mut busy, mut silent) = (https1(&world).await, https1(&world).await);
    assert_eq!(say(&mut silent, &get("/")).await.status, 200);
    let carried = tokio::spawn(async move { say(&mut busy, &get("/wait")).await });
    world.until("it is in flight", |d| !d.instances.is_empty()).await;
    world.front.leave().await;

    let (ground, heard) = (Arc::clone(&world.ground), Arc::new(Heard::default()));
    let order = edge::Order { replaces: true, ..ground.order(&heard, Listen::At(http), Listen::At(https), 2) };
    let front = FrontDoor::open(order).expect("it opens");
    let mut next = World { ground, front, heard, generation: world.generation };
    assert_eq!((next.front.origin(), next.https()), (Origin::Started, https));
    next.serve(&[instance.address]).await;
    let demand = next.demand().await;
    assert!(demand.is_partial && demand.in_flight(&world::instance_name(0)) == 1, "{demand:?}");
    assert_eq!(say(&mut https1(&next).await, &get("/")).await.status, 200);
    // A hurried drain would have closed it: what is tested is that nothing happens.
    tokio::time::sleep(3 * edge::limit::DRAIN_LINGER).await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = say(&mut silent, &get("/")).await;
        assert_eq!(answer.status, 200);
        if answer.head.contains("connection: close") {
            break;
        }
        assert!(Instant::now() < deadline, "it learns of the end by an answer");
    }
    assert!(lives(old) && next.demand().await.is_partial);
    // A platform that was not there when it was replaced knows of it too.
    next.front.leave().await;
    let third = World::on(Arc::clone(&next.ground), Listen::At(http), Listen::At(https), 2);
    assert!(third.demand().await.is_partial);
    instance.seen.go.notify_one();
    assert_eq!(carried.await.expect("carried").body, "waited");
    third.until("the old one has ended", |d| !d.is_partial).await;
    assert!(!lives(old));
    third.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_next_front_door_has_no_tables_the_old_one_accepts_and_where_that_start_fails_it_stays() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    let (old, http, https) = (world.front.pid().expect("it lives"), world.http(), world.https());
    world.front.leave().await;
    let heard = Arc::new(Heard::default());
    let order = edge::Order { replaces: true, ..world.ground.order(&heard, Listen::At(http), Listen::At(https), 1) };
    let front = FrontDoor::open(order).expect("it opens");
    let next = front.pid().expect("it lives");
    // A start that takes long: what is tested is that nothing happens.
    let until = Instant::now() + edge::limit::CONTROL_TIME + 3 * edge::limit::OWN_SOCKET_LOOK;
    while Instant::now() < until {
        assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);
        tokio::time::sleep(edge::limit::OWN_SOCKET_LOOK).await;
    }
    tokio::task::spawn_blocking(|| drop(front)).await.expect("it lets go");
    assert!(!lives(next) && lives(old), "the one without tables has ended");
    assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);
    let third = World::on(Arc::clone(&world.ground), Listen::At(http), Listen::At(https), 1);
    assert_eq!((third.front.pid(), third.front.origin()), (Some(old), Origin::Adopted { routes: 1, certificates: 1 }));
    third.stop().await;
    assert!(!world.ground.run.path().join("edge").exists(), "nothing stays behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_door_that_cannot_be_replaced_stays() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    let (old, http, https) = (world.front.pid().expect("it lives"), world.http(), world.https());
    world.front.leave().await;
    let heard = Arc::new(Heard::default());
    let mut order = edge::Order { replaces: true, ..world.ground.order(&heard, Listen::At(http), Listen::At(https), 1) };
    order.command = Box::new(|| Command::new("false"));
    assert!(matches!(FrontDoor::open(order), Err(NotOpened::Trouble(_))));
    assert_eq!(say(&mut https1(&world).await, &get("/")).await.status, 200);
    let third = World::on(Arc::clone(&world.ground), Listen::At(http), Listen::At(https), 1);
    assert_eq!(third.front.pid(), Some(old));
    third.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_everything_ends_a_front_door_that_was_replaced_ends_too() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    let (old, http, https) = (world.front.pid().expect("it lives"), world.http(), world.https());
    let mut stream = https1(&world).await;
    tokio::io::AsyncWriteExt::write_all(&mut stream, get("/never").as_bytes()).await.expect("sent");
    world.until("it is in flight", |d| !d.instances.is_empty()).await;
    world.front.leave().await;
    let heard = Arc::new(Heard::default());
    let order = edge::Order { replaces: true, ..world.ground.order(&heard, Listen::At(http), Listen::At(https), 1) };
    let front = FrontDoor::open(order).expect("it opens");
    let mut next = World { ground: Arc::clone(&world.ground), front, heard, generation: world.generation };
    next.serve(&[instance.address]).await;
    assert!(lives(old));
    next.stop().await;
    assert!(!lives(old), "whatever it carries");
    assert!(!world.ground.run.path().join("edge").exists(), "nothing stays behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_finishes_what_is_carried_and_closes_what_is_silent() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let pid = world.front.pid().expect("it lives");
    let mut silent = https1(&world).await;
    assert_eq!(say(&mut silent, &get("/")).await.status, 200);
    let mut busy = https1(&world).await;
    let carried = tokio::spawn(async move { say(&mut busy, &get("/wait")).await });
    let mut two = https2(&world).await;
    let carried_too = tokio::spawn(async move { ask(&mut two, request("GET", "/wait", "")).await });
    eventually("both are in flight", || instance.seen.now.load(Ordering::SeqCst) == 2).await;

    let front = Arc::new(world);
    let draining = Arc::clone(&front);
    let drain = tokio::spawn(async move { draining.front.drain_and_stop(PATIENCE).await });
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, silent.read_to_end(&mut rest)).await.expect("the silent one is closed").expect("and cleanly");
    assert!(lives(pid) && !drain.is_finished());
    for _ in 0..2 {
        let before = instance.seen.now.load(Ordering::SeqCst);
        instance.seen.go.notify_one();
        eventually("one goes on", || instance.seen.now.load(Ordering::SeqCst) < before).await;
    }
    let answer = carried.await.expect("carried");
    assert!(answer.status == 200 && answer.head.contains("connection: close"), "{}", answer.head);
    assert_eq!(carried_too.await.expect("carried"), (200, "waited".to_owned()));
    drain.await.expect("drained");
    assert!(!lives(pid));
    // Another test's child has a copy of what listened, from its fork until it runs its program.
    eventually("nobody listens any more", || std::net::TcpStream::connect(front.https()).is_err()).await;
    let demand = front.front.read().await.expect("the gauge answers when nobody is there");
    assert!(demand.instances.is_empty() && demand.generation == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_note_of_a_request_that_ends_in_the_drain_is_fetched_before_the_front_door_ends() {
    let instance = Instance::start().await;
    let mut world = World::open();
    world.serve(&[instance.address]).await;
    let mut stream = https1(&world).await;
    let carried = tokio::spawn(async move { say(&mut stream, &get("/wait")).await.status });
    eventually("it is carried", || instance.seen.now.load(Ordering::SeqCst) == 1).await;
    let over = AtomicBool::new(false);
    let draining = async {
        world.front.drain_and_stop(PATIENCE).await;
        over.store(true, Ordering::SeqCst);
    };
    let fetching = async {
        let (mut have, mut paths, mut is_let_go) = (LogCursor::default(), Vec::new(), false);
        while !over.load(Ordering::SeqCst) {
            let batch = world.front.fetch(have).await.expect("it answers");
            have = batch.next;
            paths.extend(batch.records.into_iter().map(|record| record.path));
            if !std::mem::replace(&mut is_let_go, true) {
                instance.seen.go.notify_one();
            }
            // Slower than a process ends.
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        paths
    };
    let ((), paths) = tokio::join!(draining, fetching);
    assert_eq!((carried.await.expect("it does not panic"), paths), (200, vec!["/wait".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_in_time_is_cut() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    let mut stream = https1(&world).await;
    tokio::io::AsyncWriteExt::write_all(&mut stream, get("/never").as_bytes()).await.expect("sent");
    world.until("it is in flight", |d| !d.instances.is_empty()).await;
    let began = Instant::now();
    world.front.drain_and_stop(Duration::from_millis(500)).await;
    assert!(began.elapsed() < PATIENCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_websocket_does_not_hold_a_drain_up_to_its_limit() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    let mut stream = https1(&world).await;
    let head = format!("GET /switch HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n", world::HOST);
    assert_eq!(say(&mut stream, &head).await.status, 101);
    let began = Instant::now();
    world.stop().await;
    assert!(began.elapsed() < PATIENCE / 2, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_door_whose_folder_is_gone_drains_and_ends() {
    let world = World::open_with(1);
    let pid = world.front.pid().expect("it lives");
    world.front.leave().await;
    std::fs::remove_dir_all(world.ground.run.path().join("edge")).expect("ours");
    eventually("nobody can reach it, so it ends", || !lives(pid)).await;
}

#[test]
fn a_port_that_is_taken_is_said_and_nothing_is_left() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback");
    let listen = Listen::At(taken.local_addr().expect("bound"));
    let ground = Ground::new();
    let order = ground.order(&Arc::new(Heard::default()), anywhere(), listen, 2);
    match FrontDoor::open(order) {
        Err(NotOpened::Taken(which)) => assert_eq!(which, listen),
        other => panic!("{:?}", other.err()),
    }
    assert!(!ground.run.path().join("edge").exists());
}

#[test]
fn a_program_that_is_no_front_door_is_said_at_once_with_how_it_ended() {
    let ground = Ground::new();
    let mut order = ground.order(&Arc::new(Heard::default()), anywhere(), anywhere(), 1);
    order.command = Box::new(|| Command::new("false"));
    let Err(NotOpened::Trouble(trouble)) = FrontDoor::open(order) else { panic!("it opened") };
    assert!(trouble.chain().contains("ended at once: exit status: 1"), "{}", trouble.chain());
    assert!(!ground.run.path().join("edge").exists());
}

#[test]
fn a_program_that_says_something_else_leaves_no_process_and_no_folder() {
    let ground = Ground::new();
    let said = ground.run.path().join("pid");
    let mut order = ground.order(&Arc::new(Heard::default()), anywhere(), anywhere(), 1);
    order.user = None;
    let file = said.clone();
    order.command = Box::new(move || {
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo $$ >\"$0\"; printf 'not ready' >&0; exec sleep 1000"]).arg(&file);
        shell
    });
    assert!(matches!(FrontDoor::open(order), Err(NotOpened::Trouble(_))));
    let pid = std::fs::read_to_string(&said).expect("it has begun");
    assert!(!lives(pid.trim().parse().expect("a pid")), "killed and waited for");
    assert!(!ground.run.path().join("edge").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_front_door_has_a_user_of_its_own_and_no_capability() {
    assert!(rustix::process::getuid().is_root(), "these tests run as root");
    let world = World::open_with(1);
    let pid = world.front.pid().expect("it lives");
    let carrying = |task: &std::path::PathBuf| std::fs::read_to_string(task.join("comm")).is_ok_and(|name| name.trim() == "edge-0");
    // A thread names itself once it runs, which may be after the front door has said that it is ready.
    eventually("a carrying thread", || threads(pid).any(|thread| carrying(&thread))).await;
    let status = std::fs::read_to_string(threads(pid).find(carrying).expect("it was there").join("status")).expect("a thread");
    for line in [
        "CapPrm:\t0000000000000000",
        "CapEff:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Uid:\t64321\t64321\t64321\t64321",
        "Groups:\t",
    ] {
        assert!(status.contains(line), "{line}: {status}");
    }
    let niceness = |pid: &str| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
        let field = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(16)?.parse::<i32>().ok());
        field.expect("the kernel says it")
    };
    assert_eq!(niceness(&pid.to_string()), edge::limit::NICENESS, "it goes before the platform");
    assert!(niceness("self") > edge::limit::NICENESS, "which stays what it was");
    let _still_there = plain_tcp(world.http()).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_that_is_granted_while_the_front_door_drains_lives_as_long_as_others() {
    let instance = Instance::start().await;
    let mut world = World::open_with(1);
    world.serve(&[instance.address]).await;
    let (mut silent, mut stream) = (https1(&world).await, https1(&world).await);
    assert_eq!(say(&mut silent, &get("/")).await.status, 200);
    let asked = tokio::spawn(async move {
        let head =
            format!("GET /switch/late HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n", world::HOST);
        let status = say(&mut stream, &head).await.status;
        (stream, status)
    });
    eventually("it is asked for", || instance.seen.now.load(Ordering::SeqCst) == 1).await;
    let drain = tokio::spawn(async move { world.stop().await });
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, silent.read_to_end(&mut rest)).await.expect("the end has begun").expect("cleanly");
    instance.seen.go.notify_one();
    let (mut stream, status) = asked.await.expect("answered");
    assert_eq!(status, 101);
    for _ in 0..5 {
        // Time to be cut in.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut back = [0; 4];
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"ping").await.expect("sent");
        stream.read_exact(&mut back).await.expect("it lives");
        assert_eq!(&back, b"ping");
    }
    drop(stream);
    drain.await.expect("drained");
}
