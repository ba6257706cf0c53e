//! AWS services elsewhere, over real sockets: calls signed anew, streamed both ways, and places that are silent, gone or break off. And STS, for real roles.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use model::account::Region;
use model::aws_upstream::{AwsCall, Payload};
use model::port::{AwsUpstreams, RealRoles};
use model::refusal::{Refusal, RefusalKind};
use model::role::RoleArn;
use model::secret::Secret;
use model::testbed::conformance::{aws_upstreams, real_roles};
use model::testbed::{TurnedClock, VecBody, collect};
use outside::{
    AwsKeys, AwsServices, AwsUpstream, AwsUpstreamSettings, Patience, RealRoleSettings, Sts, SystemResolver, Whereabouts,
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A whole request as it arrived.
#[derive(Clone, Debug)]
struct Arrived {
    line: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Arrived {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// What is answered, byte for byte; what is behind the first `|` comes only after the test says so, or never.
type Handler = dyn Fn(&Arrived) -> String + Send + Sync;

/// A place of a test's own; it ends when it is dropped.
struct Server {
    at: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    async fn start(handler: impl Fn(&Arrived) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, handler, arrived) = (listener.local_addr().unwrap(), Arc::new(handler), Arc::new(Mutex::new(Vec::new())));
        let (mut tasks, book) = (JoinSet::new(), arrived.clone());
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                open.spawn(serve(stream, handler.clone(), book.clone()));
            }
        });
        Self { at, arrived, _tasks: tasks }
    }

    fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.arrived.lock().unwrap())
    }
}

async fn serve(stream: TcpStream, handler: Arc<Handler>, book: Arc<Mutex<Vec<Arrived>>>) {
    let mut stream = BufReader::new(stream);
    let Some(arrived) = read(&mut stream).await else { return };
    book.lock().unwrap().push(arrived.clone());
    let answer = handler(&arrived);
    let (now, never) = answer.split_once('|').map_or((answer.as_str(), None), |(now, never)| (now, Some(never)));
    let _ = stream.write_all(now.as_bytes()).await;
    let _ = stream.flush().await;
    if never.is_some() {
        std::future::pending::<()>().await;
    }
}

/// Nothing where only a part of it comes.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<Arrived> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let line = line.trim().strip_suffix(" HTTP/1.1")?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        match header.trim().split_once(':') {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.trim().to_owned()),
            None => break,
        };
    }
    let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    Some(Arrived { line, headers, body })
}

fn whole(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

fn echo(arrived: &Arrived) -> String {
    whole(200, &format!("x-echo: {}\r\nconnection: close\r\n", arrived.line), std::str::from_utf8(&arrived.body).unwrap())
}

fn keys() -> Result<AwsKeys, String> {
    Ok(AwsKeys { id: "AKIDREAL".to_owned(), secret: Secret::new("hunter2"), session_token: Some(Secret::new("the session")) })
}

/// Waits little, so that tests do.
fn patience() -> Patience {
    Patience { answer: Duration::from_secs(3), silence: Duration::from_secs(3), ..Patience::default() }
}

/// Nobody listens there: names of tests are addresses.
fn resolver() -> Arc<SystemResolver> {
    Arc::new(SystemResolver::of_servers(&["127.0.0.1:9".parse().unwrap()]).unwrap())
}

fn services(at: SocketAddr, keys: fn() -> Result<AwsKeys, String>) -> AwsServices {
    let upstream = |service: &str| AwsUpstream {
        service: service.to_owned(),
        whereabouts: Whereabouts::parse(&format!("http://{at}")).unwrap(),
        keys: Arc::new(keys),
    };
    let settings = AwsUpstreamSettings {
        upstreams: vec![upstream("sqs"), upstream("s3")],
        system_roots: Vec::new(),
        authorities: Vec::new(),
        clock: Arc::new(TurnedClock::at_millis(1_800_000_000_000)),
        patience: patience(),
    };
    AwsServices::new(settings, resolver(), resolver()).expect("there are no authorities")
}

/// A call without a body.
fn get(service: &str, path: &str) -> AwsCall {
    AwsCall {
        service: service.to_owned(),
        region: Region::parse("eu-west-1").unwrap(),
        method: "GET".to_owned(),
        path: path.to_owned(),
        headers: vec![
            ("x-amz-meta-x".to_owned(), Bytes::from_static(b"1")),
            ("range".to_owned(), Bytes::from_static(b"bytes=0-1")),
            ("user-agent".to_owned(), Bytes::from_static(b"aws-cli/2")),
        ],
        payload: Payload::Named("UNSIGNED-PAYLOAD".to_owned()),
        body: Box::new(VecBody(Vec::new())),
        body_bytes: Some(0),
    }
}

async fn refusal(services: &AwsServices, call: AwsCall) -> Refusal {
    services.send(call).await.unwrap().err().expect("it is refused")
}

#[tokio::test]
async fn an_upstream_over_the_wire_keeps_the_promises() {
    let server = Server::start(echo).await;
    let whole = aws_upstreams(&services(server.at, keys), "s3").await;
    assert_eq!(server.take().len(), whole, "half a call never arrives as a whole one");
}

#[tokio::test]
async fn a_call_is_signed_with_the_keys_of_its_place_and_says_the_rest_as_it_came() {
    let server = Server::start(echo).await;
    services(server.at, keys).send(get("s3", "/b/a%20key?acl")).await.unwrap().unwrap();
    let arrived = server.take().remove(0);
    assert_eq!(arrived.line, "GET /b/a%20key?acl");
    let authorization = arrived.header("authorization");
    assert!(
        authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDREAL/20270115/eu-west-1/s3/aws4_request"),
        "{authorization}"
    );
    let signed = "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-x;x-amz-security-token";
    assert!(authorization.contains(signed), "{authorization}");
    assert_eq!(arrived.header("x-amz-security-token"), "the session");
    assert_eq!(arrived.header("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
    assert_eq!((arrived.header("range"), arrived.header("user-agent")), ("bytes=0-1", "aws-cli/2"));
    assert_eq!(arrived.header("host"), server.at.to_string());
    for absent in ["transfer-encoding", "content-length"] {
        assert_eq!(arrived.header(absent), "", "a call without a body has none");
    }
    let hashed = AwsCall { payload: Payload::Hash("0".repeat(64)), ..get("sqs", "/") };
    services(server.at, keys).send(hashed).await.unwrap().unwrap();
    let arrived = server.take().remove(0);
    assert_eq!(arrived.header("x-amz-content-sha256"), "", "what the caller did not name is not named");
    assert!(arrived.header("authorization").contains("/eu-west-1/sqs/"), "{arrived:?}");
}

#[tokio::test]
async fn an_answer_comes_as_it_was_and_piece_by_piece() {
    let server = Server::start(|_| {
        let chunk = "5\r\nhello\r\n";
        format!("HTTP/1.1 404 X\r\ntransfer-encoding: chunked\r\nx-amz-request-id: R1\r\netag: \"e\"\r\n\r\n{chunk}|never")
    })
    .await;
    let mut answer = services(server.at, keys).send(get("s3", "/b/k")).await.unwrap().unwrap();
    assert_eq!(answer.status, 404);
    let names: Vec<&str> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["x-amz-request-id", "etag"]);
    assert_eq!(answer.body.next().await.unwrap().as_deref(), Some(&b"hello"[..]), "before the rest is there");
    let trouble = answer.body.next().await.unwrap_err();
    assert!(trouble.refused_by().unwrap().message.contains("sent nothing for"), "{}", trouble.chain());
}

#[tokio::test]
async fn a_redirect_is_the_callers_to_follow() {
    let server = Server::start(|_| whole(301, "location: http://10.0.0.1/\r\n", "")).await;
    let answer = services(server.at, keys).send(get("s3", "/b/k")).await.unwrap().unwrap();
    assert_eq!(answer.status, 301);
    assert_eq!(server.take().len(), 1);
}

#[tokio::test]
async fn what_keeps_a_call_from_its_place_is_told_in_a_sentence_that_names_it() {
    let silent = Server::start(|_| "|never".to_owned()).await;
    let told = refusal(&services(silent.at, keys), get("s3", "/")).await;
    assert_eq!(told.message, format!("http://{} did not answer within 3 s.", silent.at));
    let rude = Server::start(|_| String::new()).await;
    let told = refusal(&services(rude.at, keys), get("s3", "/")).await;
    assert!(told.message.starts_with(&format!("The connection to http://{} broke", rude.at)), "{}", told.message);
    assert_eq!(rude.take().len(), 1, "nothing is tried again");
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let told = refusal(&services(closed, keys), get("s3", "/")).await;
    assert!(told.message.starts_with(&format!("http://{closed} (127.0.0.1) cannot be reached")), "{}", told.message);
    let told = refusal(&services(closed, || Err("/k has no profile 'x'.".to_owned())), get("s3", "/")).await;
    assert_eq!(
        (told.kind, told.message.as_str()),
        (RefusalKind::Denied, "There are no keys for the upstream of s3: /k has no profile 'x'.")
    );
}

const OURS: &str = "arn:aws:iam::000000000000:role/app";
const REAL: &str = "arn:aws:iam::123456789012:role/app";

fn role(text: &str) -> RoleArn {
    RoleArn::parse(text).unwrap()
}

fn sts(at: SocketAddr, keys: fn() -> Result<AwsKeys, String>) -> Sts {
    let settings = RealRoleSettings {
        roles: vec![(role(OURS), role(REAL))],
        keys: Arc::new(keys),
        sts: Whereabouts::parse(&format!("http://{at}")).unwrap(),
        system_roots: Vec::new(),
        authorities: Vec::new(),
        clock: Arc::new(TurnedClock::at_millis(1_800_000_000_000)),
        patience: patience(),
    };
    Sts::new(settings, resolver(), resolver()).expect("there are no authorities")
}

#[tokio::test]
async fn real_roles_are_taken_at_sts_with_a_signed_form() {
    let taken = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let n = taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let body = format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA{n}</AccessKeyId><SecretAccessKey>hunter2</SecretAccessKey>\
             <SessionToken>token</SessionToken><Expiration>2027-01-15T09:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        );
        whole(200, "", &body)
    })
    .await;
    real_roles(&sts(server.at, keys), &role(OURS), &role(REAL)).await;
    let arrived = server.take();
    assert_eq!(arrived.len(), 2);
    assert!(arrived[0].header("authorization").contains("Credential=AKIDREAL/20270115/eu-west-1/sts/aws4_request"), "{arrived:?}");
    let form = String::from_utf8(arrived[0].body.clone()).unwrap();
    assert!(form.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fapp&RoleSessionName=webs-1"), "{form}");
}

#[tokio::test]
async fn an_sts_that_gives_nothing_is_told_with_its_own_words() {
    let region = Region::parse("us-east-1").unwrap();
    let denied = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not &lt;you&gt;</Message></Error></ErrorResponse>";
    for (status, body, kind, words) in [
        (403, denied, RefusalKind::Denied, "does not give arn:aws:iam::123456789012:role/app (403 AccessDenied): not <you>"),
        (500, "", RefusalKind::WrongState, "(500 )"),
        (200, "<a/>", RefusalKind::Invalid, "no credentials"),
    ] {
        let server = Server::start(move |_| whole(status, "", body)).await;
        let told = sts(server.at, keys).take(&role(OURS), "webs-1", &region).await.unwrap().unwrap_err();
        assert_eq!(told.kind, kind);
        assert!(told.message.contains(words), "{}", told.message);
    }
    let server = Server::start(echo).await;
    let told =
        sts(server.at, || Err("/k cannot be read.".to_owned())).take(&role(OURS), "webs-1", &region).await.unwrap().unwrap_err();
    assert!(told.message.contains("The platform has no keys to take") && server.take().is_empty(), "{}", told.message);
    assert!(!told.message.contains("/k"), "where they are kept is no tenant's business: {}", told.message);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let told = sts(closed, keys).take(&role(OURS), "webs-1", &region).await.unwrap().unwrap_err();
    assert_eq!(told.message, "STS did not answer. Whoever runs the platform finds the reason in its log.");
}

#[tokio::test]
async fn a_large_body_goes_through_without_being_gathered() {
    let server = Server::start(|arrived| whole(200, "", &arrived.body.len().to_string())).await;
    let pieces: Vec<Result<Bytes, String>> = (0..256).map(|_| Ok(Bytes::from(vec![b'x'; 64 << 10]))).collect();
    let call =
        AwsCall { method: "PUT".to_owned(), body: Box::new(VecBody(pieces)), body_bytes: Some(16 << 20), ..get("s3", "/b/k") };
    let answer = services(server.at, keys).send(call).await.unwrap().unwrap();
    assert_eq!(collect(answer.body).await.unwrap(), (16 << 20).to_string().as_bytes());
}
