//! What happens at the limits of this room: a desk that never answers, a body that never comes, a socket that sends too much.

use crate::house::{House, order};
use crate::signer::sign;
use model::{
    arn::ServiceArn,
    caller::Caller,
    event::PlacedEvent,
    operation::Operation,
    port::{Answer, Desk, FollowedLogs, Granted, LogQuery},
    tag::Tags,
    trouble::Trouble,
    wish::{Accepted, LogPosition, Page, PageRequest, ServiceView, Wish},
};
use serde_json::json;
use std::{convert::Infallible, sync::Arc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;

/// Calls under way at once.
const CALLS: usize = 512;
const ARN: &str = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";

/// Counts who has come to it; answers nobody but those who describe a service, and those with trouble.
pub struct StuckDesk(Semaphore);

impl StuckDesk {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Semaphore::new(0)))
    }

    fn stuck<'a, T: Send + 'a>(&'a self) -> Answer<'a, T> {
        self.0.add_permits(1);
        Box::pin(std::future::pending())
    }

    /// Until so many have come.
    async fn arrived(&self, callers: usize) {
        let callers = u32::try_from(callers).expect("a small number");
        drop(self.0.acquire_many(callers).await.expect("it is never closed"));
    }
}

impl Desk for StuckDesk {
    fn begin<'a>(&'a self, _: &'a Caller, _: Wish) -> Answer<'a, Granted<Accepted>> {
        self.stuck()
    }
    fn describe<'a>(&'a self, _: &'a Caller, _: &'a ServiceArn) -> Answer<'a, Granted<ServiceView>> {
        Box::pin(async { Err(Trouble::passing("reading the ledger", "disk on fire")) })
    }
    fn list<'a>(&'a self, _: &'a Caller, _: &'a PageRequest) -> Answer<'a, Page<ServiceView>> {
        self.stuck()
    }
    fn operations<'a>(&'a self, _: &'a Caller, _: &'a ServiceArn, _: &'a PageRequest) -> Answer<'a, Granted<Page<Operation>>> {
        self.stuck()
    }
    fn tags<'a>(&'a self, _: &'a Caller, _: &'a ServiceArn) -> Answer<'a, Granted<Tags>> {
        self.stuck()
    }
    fn tag<'a>(&'a self, _: &'a Caller, _: &'a ServiceArn, _: Tags) -> Answer<'a, Granted<()>> {
        self.stuck()
    }
    fn untag<'a>(&'a self, _: &'a Caller, _: &'a ServiceArn, _: Vec<String>) -> Answer<'a, Granted<()>> {
        self.stuck()
    }
    fn events<'a>(&'a self, _: &'a Caller, _: &'a ServiceArn, _: LogPosition, _: u32) -> Answer<'a, Granted<Vec<PlacedEvent>>> {
        self.stuck()
    }
    fn logs<'a>(&'a self, _: &'a Caller, _: &'a ServiceArn, _: LogQuery) -> Answer<'a, Granted<FollowedLogs>> {
        self.stuck()
    }
}

/// So many callers are answered only when one of them goes; one more is told to come back later.
async fn full(service: &'static str, target: &'static str, body: String, callers: usize) {
    let desk = StuckDesk::new();
    let house = Arc::new(House::with_desk(desk.clone()));
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..callers {
        let (house, body) = (Arc::clone(&house), body.clone());
        waiting.spawn(async move { house.order(&order(target, service, &body)).await.status });
    }
    desk.arrived(callers).await;
    let reply = house.order(&order(target, service, &body)).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (400, "ThrottlingException"), "{}", reply.text);
    let query = crate::signer::Order { target: None, ..order("", "sts", "Action=GetCallerIdentity&Version=2011-06-15") };
    let reply = house.order(&query).await;
    match callers {
        CALLS => {
            assert!(reply.status == 400 && reply.text.contains("<Code>Throttling</Code>"), "in its own protocol: {}", reply.text)
        }
        _ => assert_eq!(reply.status, 200, "others are not in the way"),
    }
    waiting.shutdown().await;
    waiting.spawn(async move { house.order(&order(target, service, &body)).await.status });
    desk.arrived(callers + 1).await;
}

#[tokio::test]
async fn more_followers_than_there_is_room_for_are_told_to_come_back() {
    full("outrunner", "Outrunner.FollowLogs", json!({ "ServiceArn": ARN }).to_string(), 64).await;
}

#[tokio::test]
async fn more_calls_than_there_is_room_for_are_told_to_come_back() {
    full("apprunner", "AppRunner.ListServices", String::new(), CALLS).await;
}

#[tokio::test]
async fn trouble_of_ours_is_an_internal_error_that_says_nothing_of_the_cause() {
    let house = House::with_desk(StuckDesk::new());
    let reply = house.call("DescribeService", json!({ "ServiceArn": ARN })).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (500, "InternalServiceErrorException"));
    assert!(!reply.text.contains("fire") && !reply.text.contains("ledger"), "{}", reply.text);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_in_time_is_given_up() {
    let house = House::new();
    let mut request = sign(&order("AppRunner.ListServices", "apprunner", "{}"));
    *request.body_mut() = axum::body::Body::new(Silent);
    let reply = house.send(request).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (408, "RequestTimeoutException"));
    assert_eq!(reply.headers["connection"], "close");
}

/// A body that never comes.
struct Silent;

impl http_body::Body for Silent {
    type Data = bytes::Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Pending
    }
}

/// A body of which so much comes, and no more; counts once that was taken.
struct Stalled(Option<bytes::Bytes>, Arc<Semaphore>);

impl http_body::Body for Stalled {
    type Data = bytes::Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        let Some(bytes) = self.0.take() else {
            self.1.add_permits(1);
            return std::task::Poll::Pending;
        };
        std::task::Poll::Ready(Some(Ok(http_body::Frame::data(bytes))))
    }
}

#[tokio::test(start_paused = true)]
async fn parts_that_stall_keep_other_calls_from_nothing_and_those_of_strangers_not_even_parts() {
    let ecr = |operation: &str| format!("AmazonEC2ContainerRegistry_V20150921.{operation}");
    let (upload, put) = (ecr("UploadLayerPart"), ecr("PutImage"));
    let large = " ".repeat(2 * 1024 * 1024);
    for (key, throttled) in [(Some("AKIDSTRANGER"), false), (None, true)] {
        let house = House::new();
        let came = Arc::new(Semaphore::new(0));
        let mut stalled = tokio::task::JoinSet::new();
        for mebibytes in [27, 27, 9] {
            let usual = order(&upload, "ecr", "{}");
            let mut request = sign(&crate::signer::Order { key: key.unwrap_or(usual.key), ..usual });
            let bytes = vec![b' '; mebibytes * 1024 * 1024].into();
            *request.body_mut() = axum::body::Body::new(Stalled(Some(bytes), Arc::clone(&came)));
            let router = house.router.clone();
            stalled.spawn(async move { tower::ServiceExt::oneshot(router, request).await });
        }
        came.acquire_many(3).await.expect("nobody closes it").forget();
        let reply = house.order(&order(&put, "ecr", &large)).await;
        assert!(!reply.text.contains("Throttling"), "{key:?}: {}", reply.text);
        let reply = house.order(&order(&upload, "ecr", &large)).await;
        assert_eq!(reply.text.contains("Throttling"), throttled, "{key:?}: {}", reply.text);
        let stranger = crate::signer::Order { key: "AKIDSTRANGER", ..order(&upload, "ecr", &large) };
        assert_eq!(house.order(&stranger).await.fault().0, "UnrecognizedClientException", "he is told so, however large it is");
    }
}

#[tokio::test]
#[expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a test stands in for daemon, which binds and serves")]
async fn on_a_real_socket_too_large_a_body_is_answered_before_it_is_sent_and_the_connection_is_closed() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
    let address = listener.local_addr().expect("it is bound");
    let server = tokio::spawn(async move { axum::serve(listener, House::new().router).await });
    let mut client = tokio::net::TcpStream::connect(address).await.expect("the door listens");
    let head = "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AppRunner.ListServices\r\nContent-Length: 2097152\r\n\r\n";
    client.write_all(head.as_bytes()).await.expect("the head is sent");
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.expect("the answer comes and the connection ends");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("RequestEntityTooLargeException"), "{answer}");
    server.abort();
}
