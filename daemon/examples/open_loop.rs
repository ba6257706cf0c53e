//! A small open-loop HTTPS client for tests and benchmarks: it sends at a fixed rate whether or not answers come, in three ways at once (HTTP/1.1
//! keep-alive, a new connection each, HTTP/2), and counts every refused, reset, short or wrong answer as a failure.
//!
//!     open_loop --connect 127.0.0.1:8943 --host HOST:8943 --ca ca.pem [--path /] [--rate 100] [--seconds 5] [--expect TEXT] [--end input]
//!
//! The rate is of each way. With `--end input` it ends as soon as its standard input does, at the latest after the seconds. Prints one JSON object when it is over; a line `started` goes to standard error as soon as all three have had an answer.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::{http1, http2};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

type Error = Box<dyn std::error::Error + Send + Sync>;
type Http1 = http1::SendRequest<Empty<Bytes>>;
type Http2 = http2::SendRequest<Empty<Bytes>>;

const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
const FAILURES_SHOWN: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    KeepAlive,
    NewConnection,
    Http2,
}

const WAYS: [Way; 3] = [Way::KeepAlive, Way::NewConnection, Way::Http2];

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::KeepAlive => "keep_alive",
            Self::NewConnection => "new_connection",
            Self::Http2 => "http2",
        }
    }
}

struct Aim {
    connect: SocketAddr,
    host: String,
    path: String,
    expect: String,
    tls_http1: TlsConnector,
    tls_http2: TlsConnector,
    idle: Mutex<Vec<Http1>>,
    shared: tokio::sync::Mutex<Option<Http2>>,
    /// Nothing is begun any more.
    over: AtomicBool,
}

#[derive(Debug, Default)]
struct Tally {
    ok: usize,
    latencies_us: Vec<u64>,
    failures: Vec<(u64, String)>,
}

fn connector(roots: &RootCertStore, protocol: &[u8]) -> TlsConnector {
    let mut config = ClientConfig::builder().with_root_certificates(roots.clone()).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsConnector::from(Arc::new(config))
}

impl Aim {
    async fn stream(&self, tls: &TlsConnector) -> Result<TlsStream<TcpStream>, Error> {
        let tcp = TcpStream::connect(self.connect).await?;
        tcp.set_nodelay(true)?;
        let name = self.host.rsplit_once(':').map_or(self.host.as_str(), |(name, _)| name);
        Ok(tls.connect(ServerName::try_from(name.to_owned())?, tcp).await?)
    }

    async fn http1(&self) -> Result<Http1, Error> {
        let (sender, connection) = http1::handshake(TokioIo::new(self.stream(&self.tls_http1).await?)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    fn request(&self, absolute: bool) -> Result<Request<Empty<Bytes>>, Error> {
        let uri = if absolute { format!("https://{}{}", self.host, self.path) } else { self.path.clone() };
        let request = Request::get(uri);
        let request = if absolute { request } else { request.header("host", &self.host) };
        Ok(request.body(Empty::new())?)
    }

    async fn keep_alive(&self) -> Result<(), Error> {
        let idle = loop {
            let last = self.idle.lock().expect("no holder panics").pop();
            match last {
                // A connection that the server has closed meanwhile is not an answer that failed.
                Some(mut sender) => match sender.ready().await {
                    Ok(()) => break Some(sender),
                    Err(_) => continue,
                },
                None => break None,
            }
        };
        let mut sender = match idle {
            Some(sender) => sender,
            None => self.http1().await?,
        };
        self.whole(sender.send_request(self.request(false)?).await?).await?;
        self.idle.lock().expect("no holder panics").push(sender);
        Ok(())
    }

    async fn new_connection(&self) -> Result<(), Error> {
        let mut sender = self.http1().await?;
        self.whole(sender.send_request(self.request(false)?).await?).await
    }

    async fn http2(&self) -> Result<(), Error> {
        let mut sender = {
            let mut shared = self.shared.lock().await;
            let living = match &mut *shared {
                Some(sender) => sender.ready().await.is_ok(),
                None => false,
            };
            if !living {
                let io = TokioIo::new(self.stream(&self.tls_http2).await?);
                let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await?;
                tokio::spawn(connection);
                *shared = Some(sender);
            }
            shared.clone().expect("it was made just now, or lives")
        };
        self.whole(sender.send_request(self.request(true)?).await?).await
    }

    async fn whole(&self, response: Response<hyper::body::Incoming>) -> Result<(), Error> {
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status != 200 {
            return Err(format!("status {status}: {}", String::from_utf8_lossy(&body)).into());
        }
        if !String::from_utf8_lossy(&body).contains(&self.expect) {
            return Err(format!("short or wrong answer: {:?}", String::from_utf8_lossy(&body)).into());
        }
        Ok(())
    }

    async fn once(&self, way: Way) -> Result<(), Error> {
        let answer = async {
            match way {
                Way::KeepAlive => self.keep_alive().await,
                Way::NewConnection => self.new_connection().await,
                Way::Http2 => self.http2().await,
            }
        };
        tokio::time::timeout(ANSWER_TIMEOUT, answer).await?
    }
}

/// Sends at the rate, counting from the moment each request should have been sent.
async fn run(aim: Arc<Aim>, way: Way, rate: u32, span: Duration) -> Tally {
    let began = tokio::time::Instant::now();
    let gap = Duration::from_secs(1) / rate;
    let total = u32::try_from(span.as_nanos() / gap.as_nanos()).expect("a test is not that long");
    let mut requests = JoinSet::new();
    let mut tally = Tally::default();
    for number in 0..total {
        let intended = began + gap * number;
        tokio::time::sleep_until(intended).await;
        if aim.over.load(Ordering::Relaxed) {
            break;
        }
        let aim = Arc::clone(&aim);
        requests.spawn(async move {
            let result = aim.once(way).await;
            let at_ms = (intended - began).as_millis() as u64;
            result.map(|()| intended.elapsed().as_micros() as u64).map_err(|error| (at_ms, chain(&*error)))
        });
    }
    while let Some(result) = requests.join_next().await {
        match result.expect("a request does not panic") {
            Ok(latency) => {
                tally.ok += 1;
                tally.latencies_us.push(latency);
            }
            Err(failure) => tally.failures.push(failure),
        }
    }
    tally.latencies_us.sort_unstable();
    tally
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}

fn report(tally: &Tally) -> serde_json::Value {
    let at = |share: f64| {
        let last = tally.latencies_us.len().saturating_sub(1);
        tally.latencies_us.get((last as f64 * share) as usize).copied().unwrap_or(0)
    };
    serde_json::json!({
        "ok": tally.ok,
        "failed": tally.failures.len(),
        "p50_us": at(0.5),
        "p99_us": at(0.99),
        "max_us": at(1.0),
        "failures": tally.failures.iter().take(FAILURES_SHOWN).map(|(at, why)| format!("{at} ms: {why}")).collect::<Vec<_>>(),
    })
}

fn arguments() -> BTreeMap<String, String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    words.chunks(2).map(|pair| (pair[0].trim_start_matches("--").to_owned(), pair.get(1).cloned().unwrap_or_default())).collect()
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    rustls::crypto::aws_lc_rs::default_provider().install_default().expect("nothing has installed a provider before");
    let arguments = arguments();
    let argument = |name: &str, default: &str| arguments.get(name).cloned().unwrap_or_else(|| default.to_owned());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(argument("ca", "ca.pem"))? {
        roots.add(certificate?)?;
    }
    let aim = Arc::new(Aim {
        connect: argument("connect", "127.0.0.1:443").parse()?,
        host: argument("host", ""),
        path: argument("path", "/"),
        expect: argument("expect", ""),
        tls_http1: connector(&roots, b"http/1.1"),
        tls_http2: connector(&roots, b"h2"),
        idle: Mutex::default(),
        shared: tokio::sync::Mutex::default(),
        over: AtomicBool::new(false),
    });
    for way in WAYS {
        aim.once(way).await?;
    }
    eprintln!("started");
    if argument("end", "time") == "input" {
        let aim = Arc::clone(&aim);
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            aim.over.store(true, Ordering::Relaxed);
        });
    }
    let rate: u32 = argument("rate", "100").parse()?;
    let span = Duration::from_secs_f64(argument("seconds", "5").parse()?);
    let began = Instant::now();
    let running = WAYS.map(|way| (way, tokio::spawn(run(Arc::clone(&aim), way, rate, span))));
    let mut answer = serde_json::Map::new();
    for (way, task) in running {
        answer.insert(way.name().to_owned(), report(&task.await?));
    }
    answer.insert("took_ms".to_owned(), serde_json::json!(began.elapsed().as_millis() as u64));
    println!("{}", serde_json::Value::Object(answer));
    Ok(())
}
