//! Serves instances at their own doors, each with room of its own: one that floods its door keeps nobody else waiting.
//!
//! Never makes a socket: the engine does, in the instance's network namespace, and the socket says who asks. Speaks no AWS itself.

use std::net::IpAddr;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use api::Visitor;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use engine::local::{Answering, Door, Doors};
use model::instance_door::CREDENTIALS_PATH;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::call::Peer;
use crate::door::{self, Server, with_place};
use crate::limit::{INSTANCE_CALLS, INSTANCE_CONNECTIONS, INSTANCE_CREDENTIAL_CALLS, INSTANCE_FORWARDED_CALLS};

/// Answers at doors as soon as there is a router; who comes before waits.
#[derive(Debug)]
pub struct InstanceDoors {
    router: watch::Sender<Option<Router>>,
    /// Of the doors that are open; those that are gone leave as the next one comes.
    rooms: Mutex<Vec<Weak<Turns>>>,
}

impl Default for InstanceDoors {
    fn default() -> Self {
        Self { router: watch::Sender::new(None), rooms: Mutex::default() }
    }
}

impl InstanceDoors {
    /// Of each queue at an instance's door: its name, how many there are in it at the door with most of them, and how many there may be at each.
    pub fn queues(&self) -> [(&'static str, usize, usize); 4] {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let most =
            |of: fn(&Turns) -> usize| rooms.iter().filter_map(Weak::upgrade).map(|turns| of(&turns)).max().unwrap_or_default();
        // The listener holds one for who comes next.
        let connections = |turns: &Turns| (INSTANCE_CONNECTIONS - 1).saturating_sub(turns.places.available_permits());
        [
            ("connections at an instance's door", most(connections), INSTANCE_CONNECTIONS),
            ("calls at an instance's door", most(|turns| INSTANCE_CALLS - turns.own.available_permits()), INSTANCE_CALLS),
            (
                "calls at an instance's door that are sent on",
                most(|turns| INSTANCE_FORWARDED_CALLS - turns.sent_on.available_permits()),
                INSTANCE_FORWARDED_CALLS,
            ),
            (
                "credential calls at an instance's door",
                most(|turns| INSTANCE_CREDENTIAL_CALLS - turns.credentials.available_permits()),
                INSTANCE_CREDENTIAL_CALLS,
            ),
        ]
    }

    /// Room at one more door.
    fn room(&self) -> Arc<Turns> {
        let turns = Arc::new(Turns::default());
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.retain(|room| room.strong_count() > 0);
        rooms.push(Arc::downgrade(&turns));
        turns
    }

    /// From here on `router` answers.
    pub fn open(&self, router: Router) {
        self.router.send_replace(Some(router));
    }
}

impl Doors for InstanceDoors {
    fn answer(&self, door: Door) -> Answering {
        let (mut routers, turns) = (self.router.subscribe(), self.room());
        Box::pin(async move {
            // The other end goes with the platform.
            let Ok(router) = routers.wait_for(Option::is_some).await.map(|router| router.clone()) else { return };
            let Door { instance, address, role, token, socket } = door;
            let name = instance.to_string();
            let places = Arc::clone(&turns.places);
            let router = router.expect("it was waited for").layer(Extension(Visitor { instance, role, token }));
            let router = router.layer(from_fn_with_state(turns, in_turn));
            if let Err(error) = attend(&router, socket, address.into(), &places).await {
                tracing::warn!(instance = name, cause = %error, "nobody can be heard at the door of an instance; it is opened anew");
            }
        })
    }
}

/// Dropped, it drops every connection: they would keep the instance's network in being.
async fn attend(router: &Router, socket: OwnedFd, address: IpAddr, places: &Arc<Semaphore>) -> std::io::Result<()> {
    let listener = TcpListener::from_std(socket.into())?;
    door::give_up_the_silent(&listener)?;
    let mut server = Server::default();
    loop {
        let (place, accepted) = with_place(places, || listener.accept()).await;
        match accepted {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                server.take(router, stream, place, Peer::Instance(address));
            }
            Err(error) => server.refused(&error).await,
        }
        server.tidy();
    }
}

/// Calls of one instance wait for one another, each kind for its own: who makes many at once leaves room at the API for others, and who waits long for
/// another place still gets credentials.
#[derive(Debug)]
struct Turns {
    places: Arc<Semaphore>,
    own: Semaphore,
    sent_on: Semaphore,
    credentials: Semaphore,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(INSTANCE_CONNECTIONS)),
            own: Semaphore::new(INSTANCE_CALLS),
            sent_on: Semaphore::new(INSTANCE_FORWARDED_CALLS),
            credentials: Semaphore::new(INSTANCE_CREDENTIAL_CALLS),
        }
    }
}

async fn in_turn(State(turns): State<Arc<Turns>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let turns = if parts.uri.path() == CREDENTIALS_PATH {
        &turns.credentials
    } else if api::is_for_elsewhere(&parts) {
        &turns.sent_on
    } else {
        &turns.own
    };
    let _turn = turns.acquire().await.expect("the semaphore is never closed");
    next.run(Request::from_parts(parts, body)).await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use axum::routing::get;
    use model::arn::ServiceArn;
    use model::instance::InstanceName;
    use model::instance_door::InstanceRole;
    use model::role::RoleArn;
    use model::secret::Secret;
    use model::service::ServiceId;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::Notify;
    use tokio::task::JoinSet;

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(30);

    /// A door on this machine's own loopback address.
    fn door() -> (Door, std::net::SocketAddr) {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let address = socket.local_addr().unwrap();
        let service =
            ServiceArn::parse(&format!("arn:aws:apprunner:us-east-1:000000000000:service/webs/{}", "a".repeat(32))).unwrap();
        let door = Door {
            instance: InstanceName { service: ServiceId::from_random([7; 16]), revision: 1, slot: 0 },
            address: [10, 64, 0, 2].into(),
            role: InstanceRole { role: RoleArn::parse("arn:aws:iam::000000000000:role/Runner").unwrap(), service },
            token: Secret::new("token"),
            socket: socket.into(),
        };
        (door, address)
    }

    async fn ask(address: std::net::SocketAddr) -> String {
        ask_for(address, "/").await
    }

    async fn ask_for(address: std::net::SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_comes_before_there_is_anybody_waits_and_is_told_apart_by_his_door() {
        let doors = InstanceDoors::default();
        let (door, address) = door();
        let answering = tokio::spawn(doors.answer(door));
        let asked = tokio::spawn(ask(address));
        let who = |Extension(visitor): Extension<Visitor>, Extension(from): Extension<IpAddr>| async move {
            format!("{} from {from}", visitor.instance)
        };
        doors.open(Router::new().route("/", get(who)));
        let answer = tokio::time::timeout(DEADLINE, asked).await.unwrap().unwrap();
        assert!(answer.ends_with("r1-0 from 10.64.0.2"), "{answer}");
        answering.abort();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_instance_has_so_many_calls_under_way_and_the_others_wait_their_turn() {
        let doors = InstanceDoors::default();
        let (door, address) = door();
        let answering = tokio::spawn(doors.answer(door));
        let (under_way, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (counted, waits) = (under_way.clone(), go.clone());
        let call = move || {
            let (counted, waits) = (counted.clone(), waits.clone());
            async move {
                let now = counted.fetch_add(1, Ordering::SeqCst) + 1;
                waits.notified().await;
                counted.fetch_sub(1, Ordering::SeqCst);
                now.to_string()
            }
        };
        doors.open(Router::new().route("/", get(call)));
        let mut asked = JoinSet::new();
        for _ in 0..3 * INSTANCE_CALLS {
            asked.spawn(ask(address));
        }
        let all = async {
            let mut most = 0;
            while !asked.is_empty() {
                let now = under_way.load(Ordering::SeqCst);
                most = most.max(now);
                // Nobody is let go before there are as many as there can be.
                if now == INSTANCE_CALLS || most == INSTANCE_CALLS {
                    go.notify_one();
                }
                if let Ok(Some(answer)) = tokio::time::timeout(Duration::from_millis(5), asked.join_next()).await {
                    let answer = answer.unwrap();
                    let nth: usize = answer.rsplit('\n').next().unwrap().parse().unwrap_or_else(|_| panic!("{answer}"));
                    assert!(nth <= INSTANCE_CALLS, "{nth} at once");
                }
            }
            most
        };
        assert_eq!(tokio::time::timeout(DEADLINE, all).await.expect("everybody has his turn"), INSTANCE_CALLS);
        answering.abort();
    }

    /// Sends the head of a call of SQS and does not wait for its answer.
    async fn long_poll(address: std::net::SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let scope = "Credential=A/20261126/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";
        let head = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Date: 20261126T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 {scope}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn calls_that_wait_at_another_place_keep_no_others_waiting_and_end_with_their_connections() {
        let doors = InstanceDoors::default();
        let (door, address) = door();
        let answering = tokio::spawn(doors.answer(door));
        let under_way = Arc::new(Semaphore::new(INSTANCE_FORWARDED_CALLS));
        let places = under_way.clone();
        let hang = move || {
            let places = places.clone();
            async move {
                let _place = places.try_acquire().expect("there are only so many");
                std::future::pending::<&str>().await
            }
        };
        let router = Router::new().route(CREDENTIALS_PATH, get(async || "credentials"));
        doors.open(router.route("/", get(async || "ours").post(hang)));
        let mut hanging = Vec::new();
        for _ in 0..INSTANCE_FORWARDED_CALLS + 1 {
            hanging.push(long_poll(address).await);
        }
        let until = async |left: usize| {
            while under_way.available_permits() != left {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(DEADLINE, until(0)).await.expect("they are under way");
        for path in ["/", CREDENTIALS_PATH] {
            let answer = tokio::time::timeout(DEADLINE, ask_for(address, path)).await.expect("it does not wait");
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        drop(hanging);
        tokio::time::timeout(DEADLINE, until(INSTANCE_FORWARDED_CALLS)).await.expect("nobody waits for them any more");
        answering.abort();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_door_that_closes_cuts_its_connections_and_lets_go_of_its_socket() {
        let doors = InstanceDoors::default();
        let (door, address) = door();
        let answering = tokio::spawn(doors.answer(door));
        let arrived = Arc::new(Notify::new());
        let told = arrived.clone();
        doors.open(Router::new().route(
            "/",
            get(move || {
                told.notify_one();
                std::future::pending::<&str>()
            }),
        ));
        let asked = tokio::spawn(ask(address));
        tokio::time::timeout(DEADLINE, arrived.notified()).await.unwrap();
        answering.abort();
        let answer = tokio::time::timeout(DEADLINE, asked).await.expect("the connection is cut").unwrap();
        assert_eq!(answer, "");
        // Its connections are cut first.
        let closed = async {
            while TcpStream::connect(address).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(DEADLINE, closed).await.expect("nobody listens");
    }
}
