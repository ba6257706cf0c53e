//! Clients for tests: raw bytes over TCP or TLS, and HTTP/2 by hyper.
//! Never part of the room. Source of truth: what each test sends.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{HOST, PATIENCE, World};

pub type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// An answer as text.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Where a front door is, and whom to believe.
pub struct At {
    pub https: SocketAddr,
    /// DER.
    pub root: Vec<u8>,
}

impl At {
    pub async fn tls(&self, name: &str, protocols: &[&str]) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(self.https).await?;
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        TlsConnector::from(self.config(protocols)).connect(name, stream).await
    }

    /// A TLS connection for [`HOST`] that speaks HTTP/1.1.
    pub async fn https1(&self) -> TlsStream<TcpStream> {
        self.tls(HOST, &["http/1.1"]).await.expect("a handshake")
    }

    /// An HTTP/2 connection for [`HOST`].
    pub async fn https2(&self) -> SendRequest<Body> {
        let stream = self.tls(HOST, &["h2"]).await.expect("a handshake");
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
        tokio::spawn(connection);
        sender
    }

    fn config(&self, protocols: &[&str]) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone().into()).expect("a certificate");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        Arc::new(config)
    }
}

fn at(world: &World) -> At {
    At { https: world.https(), root: world.ground.root.clone() }
}

pub async fn tls(world: &World, name: &str, protocols: &[&str]) -> std::io::Result<TlsStream<TcpStream>> {
    at(world).tls(name, protocols).await
}

pub async fn https1(world: &World) -> TlsStream<TcpStream> {
    at(world).https1().await
}

pub async fn https2(world: &World) -> SendRequest<Body> {
    at(world).https2().await
}

/// Sends bytes and reads one answer of HTTP/1.
pub async fn say(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), bytes: &str) -> Answer {
    stream.write_all(bytes.as_bytes()).await.expect("sent");
    stream.flush().await.expect("sent");
    hear(stream).await
}

/// Reads one answer of HTTP/1, its body by `Content-Length` or chunks.
pub async fn hear(stream: &mut (impl AsyncRead + Unpin)) -> Answer {
    timeout(PATIENCE, read_answer(stream)).await.expect("an answer in time")
}

async fn read_answer(stream: &mut (impl AsyncRead + Unpin)) -> Answer {
    let head = read_to(stream, "\r\n\r\n").await;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("no answer: {head:?}"));
    let field = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned()).next()
    };
    let mut body = String::new();
    if let Some(length) = field("content-length") {
        let mut bytes = vec![0; length.parse().expect("a length")];
        stream.read_exact(&mut bytes).await.expect("the whole body");
        body = String::from_utf8(bytes).expect("text");
    } else if field("transfer-encoding").is_some() {
        loop {
            let size = read_to(stream, "\r\n").await;
            let size = usize::from_str_radix(size.trim(), 16).expect("a chunk's size");
            let mut bytes = vec![0; size + 2];
            stream.read_exact(&mut bytes).await.expect("a whole chunk");
            if size == 0 {
                break;
            }
            body.push_str(std::str::from_utf8(&bytes[..size]).expect("text"));
        }
    }
    Answer { status, head, body }
}

pub async fn read_to(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        match stream.read_u8().await {
            Ok(byte) => text.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(text).expect("text")
}

pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\n\r\n")
}

pub fn plain(body: &str) -> Body {
    Full::new(Bytes::from(body.to_owned())).map_err(|never| match never {}).boxed_unsync()
}

/// Sends over HTTP/2 and reads the whole answer.
pub async fn ask(sender: &mut SendRequest<Body>, request: Request<Body>) -> (u16, String) {
    let answer = timeout(PATIENCE, sender.send_request(request)).await.expect("in time").expect("an answer");
    whole(answer).await
}

pub async fn whole(answer: Response<Incoming>) -> (u16, String) {
    let status = answer.status().as_u16();
    let body = timeout(PATIENCE, answer.into_body().collect()).await.expect("in time").expect("a whole body").to_bytes();
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

pub fn request(method: &str, path: &str, body: &str) -> Request<Body> {
    Request::builder().method(method).uri(format!("https://{HOST}{path}")).body(plain(body)).expect("a request")
}

pub async fn plain_tcp(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("loopback")
}
