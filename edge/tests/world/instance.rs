//! An instance for tests: an HTTP/1 server on loopback that does what the path says.
//! Never part of the room. Source of truth: the list of paths in `answer`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// What an instance saw.
#[derive(Default)]
pub struct Seen {
    pub now: AtomicU32,
    pub most: AtomicU32,
    pub requests: AtomicU32,
    pub connections: AtomicU32,
    /// Lets go whoever waits at `/wait`.
    pub go: Notify,
}

/// Ends with its drop, connections and all.
pub struct Instance {
    pub address: SocketAddr,
    pub seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Instance {
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().expect("an address")).await
    }

    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.expect("loopback");
        let address = listener.local_addr().expect("bound");
        let seen = Arc::new(Seen::default());
        let shared = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.expect("loopback accepts");
                shared.connections.fetch_add(1, Ordering::SeqCst);
                connections.spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, seen, task }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A door of the platform: the same server on a Unix socket.
pub fn start_door(path: &std::path::Path) -> JoinHandle<()> {
    let listener = UnixListener::bind(path).expect("a free path");
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    std::fs::set_permissions(path, all).expect("ours");
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.expect("accepts");
            connections.spawn(serve(stream, Arc::default()));
        }
    })
}

async fn serve(stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static, seen: Arc<Seen>) {
    let service = service_fn(|request| {
        let seen = Arc::clone(&seen);
        async move {
            let now = seen.now.fetch_add(1, Ordering::SeqCst) + 1;
            seen.most.fetch_max(now, Ordering::SeqCst);
            seen.requests.fetch_add(1, Ordering::SeqCst);
            let answer = answer(&seen, request).await;
            seen.now.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades();
    // A front door that lets go of a connection is what some tests are about.
    let _ = connection.await;
}

async fn answer(seen: &Seen, request: Request<Incoming>) -> Response<Body> {
    match request.uri().path() {
        "/wait" => {
            seen.go.notified().await;
            text("waited")
        }
        "/sleep" => {
            tokio::time::sleep(Duration::from_millis(20)).await;
            text("slept")
        }
        "/never" => std::future::pending().await,
        "/echo" => Response::new(request.into_body().map_err(std::io::Error::other).boxed_unsync()),
        "/count" => {
            let length = count(request.into_body()).await;
            text(&length.to_string())
        }
        "/drip" => drip(),
        "/large" => {
            let piece = Bytes::from(vec![b'x'; 64 << 10]);
            let pieces = stream::iter((0..1024).map(move |_| Ok(Frame::data(piece.clone()))));
            Response::new(StreamBody::new(pieces).boxed_unsync())
        }
        "/headers" => {
            let mut lines: Vec<_> =
                request.headers().iter().map(|(n, v)| format!("{n}: {}\n", String::from_utf8_lossy(v.as_bytes()))).collect();
            lines.sort();
            let mut answer = text(&lines.concat());
            let headers = answer.headers_mut();
            headers.insert("connection", "x-gone".parse().expect("a value"));
            headers.insert("x-gone", "1".parse().expect("a value"));
            answer
        }
        "/switch" => switch(request),
        "/switch/late" => {
            seen.go.notified().await;
            switch(request)
        }
        path => text(&format!("{} {path}", request.method())),
    }
}

async fn count(mut body: Incoming) -> usize {
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => length += frame.data_ref().map_or(0, Bytes::len),
            Err(_) => return length,
        }
    }
    length
}

/// A first piece at once, and never a second.
fn drip() -> Response<Body> {
    let pieces = stream::unfold(true, |first| async move {
        if first { Some((Ok(Frame::data(Bytes::from_static(b"drop\n"))), false)) } else { std::future::pending().await }
    });
    Response::new(StreamBody::new(pieces).boxed_unsync())
}

/// Switches if it is asked to, whatever the protocol, and echoes bytes.
fn switch(mut request: Request<Incoming>) -> Response<Body> {
    let protocol = request.headers().get("upgrade").cloned();
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let (mut reading, mut writing) = tokio::io::split(TokioIo::new(upgraded));
        let mut buffer = [0; 1024];
        while let Ok(n) = reading.read(&mut buffer).await {
            if n == 0 || writing.write_all(&buffer[..n]).await.is_err() {
                break;
            }
        }
    });
    let mut answer = text("");
    if let Some(protocol) = protocol {
        *answer.status_mut() = http::StatusCode::SWITCHING_PROTOCOLS;
        answer.headers_mut().insert("upgrade", protocol);
        answer.headers_mut().insert("connection", "upgrade".parse().expect("a value"));
    }
    answer
}

fn text(words: &str) -> Response<Body> {
    Response::new(Full::new(Bytes::from(words.to_owned())).map_err(|never| match never {}).boxed_unsync())
}
