//! Processes at the control socket that are not what they say.
//! Never reaches the platform's half above `process`. Source of truth: `peer.rs`: whom the kernel names, and nobody else.

use std::net::Ipv4Addr;
use std::os::unix::net::UnixListener;

use super::*;

const FOLDER: &str = "OUTRUNNER_TEST_LIES_IN";
const CLAIMED: &str = "OUTRUNNER_TEST_CLAIMS";
const OURS: &str = "OUTRUNNER_TEST_IS_OURS";
const USER: User = User { uid: 64_321, gid: 64_321 };

/// Not a test: the front door that takes the place of another version's.
#[test]
fn a_front_door_of_ours() {
    if std::env::var_os(FOLDER).is_none() && std::env::var_os(OURS).is_some() {
        crate::run().expect("it lives and drains");
    }
}

/// Not a test: the body of a process that greets as another one, or, if it claims nobody, does not greet at all.
#[test]
fn a_front_door_that_lies() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let claimed = std::env::var_os(CLAIMED).map(|pid| pid.to_string_lossy().parse().expect("a number"));
    let listener = UnixListener::bind(folder.join("beside")).expect("a folder of ours");
    fs::rename(folder.join("beside"), folder.join(SOCKET_NAME)).expect("a folder of ours");
    let Some(pid) = claimed else {
        for stream in listener.incoming() {
            // Whoever looks who we are and goes again takes nothing.
            let _ = passing::send(stream.expect("somebody comes"), Kind::Ready, &[], &[]);
        }
        return;
    };
    let (stream, _) = listener.accept().expect("somebody comes");
    passing::receive(&stream).expect("a hello");
    let hello = Hello { build: String::new(), pid, routes: 0, certificates: 0 };
    passing::send(&stream, Kind::Hello, &encode(&hello), &[]).expect("sent");
    let schemes = vec![ListenerScheme::Http, ListenerScheme::Https];
    let sockets = [(); 2].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback"));
    let body = encode(&Listeners { folder: String::new(), schemes });
    passing::send(&stream, Kind::Listeners, &body, &sockets.each_ref().map(AsFd::as_fd)).expect("sent");
    // Told to drain, it ends.
    let _ = passing::receive(&stream);
}

struct Liar {
    run: tempfile::TempDir,
    child: Child,
}

impl Liar {
    fn start(claimed: Option<u32>) -> Self {
        let run = tempfile::tempdir().expect("a folder");
        fs::set_permissions(run.path(), fs::Permissions::from_mode(0o711)).expect("ours");
        let program = Program { folder: folder(run.path()), command: Box::new(|| Command::new("false")), user: Some(USER) };
        program.make_folder().expect("as root");
        let mut command = Command::new("/proc/self/exe");
        command.args(["--exact", "process::tests::a_front_door_that_lies", "--test-threads=1"]);
        command.env(FOLDER, &program.folder).stdout(Stdio::null()).uid(USER.uid).gid(USER.gid);
        if let Some(pid) = claimed {
            command.env(CLAIMED, pid.to_string());
        }
        let child = command.spawn().expect("started");
        let until = Instant::now() + Duration::from_secs(20);
        while !program.folder.join(SOCKET_NAME).exists() {
            assert!(Instant::now() < until, "it listens");
            thread::yield_now();
        }
        Self { run, child }
    }

    fn stop(&self, user: User) -> io::Result<bool> {
        stop_left_behind(self.run.path(), Some(user), Duration::from_secs(20))
    }
}

#[test]
fn the_process_that_a_front_door_claims_to_be_is_neither_waited_for_nor_killed() {
    let mut victim = Command::new("sleep").arg("1000").spawn().expect("started");
    let mut liar = Liar::start(Some(victim.id()));
    let began = Instant::now();
    assert!(liar.stop(USER).expect("it is found"));
    assert!(began.elapsed() < Duration::from_secs(20), "the one who listens is waited for");
    assert!(victim.try_wait().expect("ours").is_none(), "the claimed one lives");
    liar.child.wait().expect("ours");
    victim.kill().expect("ours");
    victim.wait().expect("ours");
}

#[test]
fn a_front_door_that_does_not_greet_is_killed_and_another_users_process_is_left_alone() {
    let mut liar = Liar::start(None);
    let refused = liar.stop(User { uid: 64_322, gid: 64_322 }).expect_err("another user's");
    assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
    assert!(liar.child.try_wait().expect("ours").is_none(), "it lives");
    assert!(!liar.stop(USER).expect("nobody answers"));
    assert!(!liar.child.wait().expect("ours").success(), "killed");
    assert!(!folder(liar.run.path()).exists());
}

struct NoBell;

impl model::port::Bell for NoBell {
    fn ring(&self, _: &model::port::Ring) {}

    fn wait<'a>(&'a self, _: &'a model::port::Ring, _: Duration) -> model::port::Wait<'a> {
        unreachable!("the front door waits for no bell")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_living_front_door_of_another_version_is_replaced_on_the_same_ports_and_ends() {
    let mut other = Liar::start(Some(1));
    let anywhere = crate::Listen::At((Ipv4Addr::LOCALHOST, 0).into());
    let order = crate::Order {
        run: other.run.path().to_owned(),
        http: anywhere,
        https: anywhere,
        cores: 1,
        command: Box::new(|| {
            let mut command = Command::new("/proc/self/exe");
            command.args(["--exact", "process::tests::a_front_door_of_ours", "--test-threads=1"]);
            command.env(OURS, "").stdout(Stdio::null());
            command
        }),
        user: Some(USER),
        bell: std::sync::Arc::new(NoBell),
        replaces: false,
    };
    let front = crate::FrontDoor::open(order).expect("one of ours");
    assert_eq!(front.origin(), crate::Origin::Started);
    assert_ne!(front.pid(), Some(other.child.id()));
    assert!(other.child.try_wait().expect("ours").is_none(), "it is told to drain when ours carries, and no sooner");
    let table = model::route_table::RouteTable { generation: 1, ..Default::default() };
    model::port::Board::publish(&front, &table).await.expect("it understands what is said");
    let certificates = model::certificate::CertificateTable { generation: 1, certificates: Vec::new() };
    model::port::Board::publish_certificates(&front, &certificates).await.expect("it understands what is said");
    assert!(other.child.wait().expect("ours").success(), "told to drain, it ended");
    front.drain_and_stop(Duration::from_secs(1)).await;
}
