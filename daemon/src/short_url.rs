//! Whether a service answers by its short host, as the front door itself says it: a known host is sent on to HTTPS, an unknown one is not found.
//!
//! Connects to the front door in `run.json` and nowhere else.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::limit::SHORT_URL_ASKED;
use crate::run_file::RunFile;

/// What is known of a short host.
#[derive(Debug, PartialEq, Eq)]
pub enum ShortUrl {
    /// It leads to a service.
    Leads(String),
    /// It leads nowhere: two services have the name, or the one that has it does not run.
    Nowhere,
}

/// Asks the front door; nothing if it does not answer.
pub async fn ask(run: &RunFile, host: &str) -> Option<ShortUrl> {
    let ip = if run.http.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { run.http.ip() };
    let exchange = async {
        let mut stream = TcpStream::connect(SocketAddr::new(ip, run.http.port())).await.ok()?;
        stream.write_all(format!("HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).await.ok()?;
        let mut line = [0; 12];
        stream.read_exact(&mut line).await.ok()?;
        Some(line)
    };
    let line = tokio::time::timeout(SHORT_URL_ASKED, exchange).await.ok()??;
    match line.strip_prefix(b"HTTP/1.1 ")?.first()? {
        b'3' => Some(ShortUrl::Leads(match run.https.port() {
            443 => format!("https://{host}"),
            port => format!("https://{host}:{port}"),
        })),
        _ => Some(ShortUrl::Nowhere),
    }
}
