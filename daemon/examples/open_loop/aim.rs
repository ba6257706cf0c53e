//! The connections of a load, and one request over them: sent, read to its end, looked at.
//! Never repeats a request of which a byte was written: that is what is counted. Source of truth: RFC 9112 section 9.3, RFC 9113 section 6.8.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::tally::Sight;
use crate::way::{Over, Upload, Way};

pub type Error = Box<dyn std::error::Error + Send + Sync>;

const ANSWER_TIMEOUT: Duration = Duration::from_secs(40);
/// A WebSocket lives for so many rounds, with a pause after each.
const ROUNDS: u8 = 10;
const ROUND_PAUSE: Duration = Duration::from_millis(50);

/// What is asked for.
pub enum Asked {
    /// One path in every way; the answer holds this text.
    Plain { path: String, expect: String },
    /// The witness's own paths.
    Witness,
}

pub struct Aim {
    pub connect: SocketAddr,
    pub host: String,
    pub asked: Asked,
    pub tls_http1: TlsConnector,
    pub tls_http2: TlsConnector,
    idle: Mutex<Vec<Kept>>,
    shared: tokio::sync::Mutex<Option<Shared>>,
    connections: AtomicU64,
}

/// A connection of HTTP/1.1, and how it is called.
struct Kept {
    sender: http1::SendRequest<Upload>,
    label: String,
    opened: SystemTime,
    requests: u32,
}

/// One of HTTP/2, for all who ask over it.
#[derive(Clone)]
struct Shared {
    sender: http2::SendRequest<Upload>,
    label: String,
    opened: SystemTime,
}

impl Aim {
    pub fn new(connect: SocketAddr, host: String, asked: Asked, [tls_http1, tls_http2]: [TlsConnector; 2]) -> Self {
        let (idle, shared) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { connect, host, asked, tls_http1, tls_http2, idle, shared, connections: AtomicU64::new(0) }
    }

    pub fn path(&self, way: Way, number: u32) -> String {
        match &self.asked {
            Asked::Plain { path, .. } => path.clone(),
            Asked::Witness => way.path(number),
        }
    }

    /// One request, to the last byte of its answer. What was seen is in `sight`, however it ends.
    pub async fn once(&self, way: Way, number: u32, sight: &mut Sight) -> Result<(), Error> {
        timeout(ANSWER_TIMEOUT, self.ask(way, number, sight)).await.map_err(|_| "no whole answer in time")?
    }

    async fn ask(&self, way: Way, number: u32, sight: &mut Sight) -> Result<(), Error> {
        match way.over() {
            Over::KeptHttp1 => {
                let (answer, kept) = self.over_http1(way, number, self.take_idle().await, sight).await?;
                self.read(way, number, answer, sight).await?;
                self.idle.lock().expect("no holder panics").push(kept);
                Ok(())
            }
            Over::NewHttp1 => {
                let (answer, _kept) = self.over_http1(way, number, None, sight).await?;
                self.read(way, number, answer, sight).await
            }
            Over::Http2 => {
                let answer = self.over_http2(way, number, sight).await?;
                self.read(way, number, answer, sight).await
            }
            Over::Upgrade => self.web_socket(way, number, sight).await,
        }
    }

    async fn stream(
        &self,
        tls: &TlsConnector,
        protocol: &str,
        sight: &mut Sight,
    ) -> Result<(TlsStream<TcpStream>, String, SystemTime), Error> {
        let tcp = TcpStream::connect(self.connect).await?;
        let opened = SystemTime::now();
        sight.opened = Some(opened);
        tcp.set_nodelay(true)?;
        let number = self.connections.fetch_add(1, Ordering::Relaxed);
        let label = format!("{protocol} #{number} from port {}", tcp.local_addr()?.port());
        let name = self.host.rsplit_once(':').map_or(self.host.as_str(), |(name, _)| name);
        let stream = tls.connect(ServerName::try_from(name.to_owned())?, tcp).await.map_err(|error| format!("{label}: {error}"))?;
        Ok((stream, label, opened))
    }

    async fn http1(&self, sight: &mut Sight) -> Result<Kept, Error> {
        let (stream, label, opened) = self.stream(&self.tls_http1, "HTTP/1.1", sight).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection.with_upgrades());
        Ok(Kept { sender, label, opened, requests: 0 })
    }

    /// A kept connection that the server has not closed meanwhile: one that it has is no failure.
    async fn take_idle(&self) -> Option<Kept> {
        loop {
            let mut last = self.idle.lock().expect("no holder panics").pop()?;
            if last.sender.ready().await.is_ok() {
                return Some(last);
            }
        }
    }

    fn request(&self, way: Way, number: u32) -> Result<Request<Upload>, Error> {
        let (method, upload) = way.request(number);
        let path = self.path(way, number);
        let request = Request::builder().method(method);
        let request = match way.over() {
            Over::Http2 => request.uri(format!("https://{}{path}", self.host)),
            Over::KeptHttp1 | Over::NewHttp1 => request.uri(path).header("host", &self.host),
            Over::Upgrade => request
                .uri(path)
                .header("host", &self.host)
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        };
        Ok(request.body(upload)?)
    }

    async fn over_http1(
        &self,
        way: Way,
        number: u32,
        mut idle: Option<Kept>,
        sight: &mut Sight,
    ) -> Result<(Response<Incoming>, Kept), Error> {
        let mut request = self.request(way, number)?;
        loop {
            let was_kept = idle.is_some();
            let mut kept = match idle.take() {
                Some(kept) => kept,
                None => self.http1(sight).await?,
            };
            kept.requests += 1;
            sight.connection = format!("{}, request {} on it", kept.label, kept.requests);
            (sight.opened, sight.given) = (Some(kept.opened), Some(SystemTime::now()));
            let mut error = match kept.sender.try_send_request(request).await {
                Ok(answer) => return Ok((answer, kept)),
                Err(error) => error,
            };
            match error.take_message() {
                // Not a byte of it was written.
                Some(back) if was_kept => {
                    sight.handed_back += 1;
                    request = back;
                    idle = self.take_idle().await;
                }
                Some(_) | None => return Err(error.into_error().into()),
            }
        }
    }

    async fn over_http2(&self, way: Way, number: u32, sight: &mut Sight) -> Result<Response<Incoming>, Error> {
        let mut request = self.request(way, number)?;
        loop {
            let (mut shared, was_kept) = self.share(sight).await?;
            sight.connection.clone_from(&shared.label);
            (sight.opened, sight.given) = (Some(shared.opened), Some(SystemTime::now()));
            let mut error = match shared.sender.try_send_request(request).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let back = error.take_message();
            let error = error.into_error();
            match back {
                Some(back) if was_kept => request = back,
                // RFC 9113 section 6.8: the server says that it has not looked at this one, and at none after it.
                None if was_kept && is_graceful_goodbye(&error) => request = self.request(way, number)?,
                Some(_) | None => return Err(error.into()),
            }
            sight.handed_back += 1;
        }
    }

    /// The one connection of HTTP/2; whether it was there.
    async fn share(&self, sight: &mut Sight) -> Result<(Shared, bool), Error> {
        let mut shared = self.shared.lock().await;
        if let Some(one) = &mut *shared
            && one.sender.ready().await.is_ok()
        {
            return Ok((one.clone(), true));
        }
        let (stream, label, opened) = self.stream(&self.tls_http2, "HTTP/2", sight).await?;
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let one = Shared { sender, label, opened };
        *shared = Some(one.clone());
        Ok((one, false))
    }

    async fn read(&self, way: Way, number: u32, answer: Response<Incoming>, sight: &mut Sight) -> Result<(), Error> {
        let (head, mut body) = answer.into_parts();
        sight.read_head(&head);
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame?;
            let data = frame.data_ref().map_or(&[][..], |data| data);
            whole.extend_from_slice(data);
            sight.bytes += data.len() as u64;
        }
        sight.keep_beginning(&whole);
        if head.status != StatusCode::OK {
            return Err(format!("status {}: {}", head.status.as_u16(), sight.body).into());
        }
        match &self.asked {
            Asked::Plain { expect, .. } if String::from_utf8_lossy(&whole).contains(expect) => Ok(()),
            Asked::Plain { .. } => Err(format!("short or wrong answer: {:?}", sight.body).into()),
            Asked::Witness => Ok(way.judge(number, &whole)?),
        }
    }

    async fn web_socket(&self, way: Way, number: u32, sight: &mut Sight) -> Result<(), Error> {
        let (answer, _kept) = self.over_http1(way, number, None, sight).await?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return self.read(way, number, answer, sight).await.and(Err("an answer instead of a WebSocket".into()));
        }
        let (head, body) = answer.into_parts();
        sight.read_head(&head);
        let mut stream = TokioIo::new(hyper::upgrade::on(Response::from_parts(head, body)).await?);
        for round in 0..ROUNDS {
            let (sent, mut back) = ([round; 64], [0; 64]);
            stream.write_all(&sent).await?;
            stream.flush().await?;
            stream.read_exact(&mut back).await?;
            sight.bytes += back.len() as u64;
            if back != sent {
                return Err("another echo than what was sent".into());
            }
            sleep(ROUND_PAUSE).await;
        }
        Ok(stream.shutdown().await?)
    }
}

/// Whether this is what becomes of a request that a connection does not take any more after a GOAWAY without an error. Those that it has taken go on.
fn is_graceful_goodbye(error: &hyper::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.to_string() == "connection error received: not a result of an error")
}
