//! Asks an instance once whether it is well.
//! Never decides what follows from the answer, and never asks twice.
//! Source of truth: the App Runner reference on health checks: TCP connects, HTTP wants 200 and nothing else.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use model::health::{Health, HealthProtocol};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::limit::PROBE_BYTES;

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probed {
    /// It is well.
    Well,
    /// In words, what was seen instead.
    Unwell(String),
    /// We lack something to ask with: that says nothing about the instance.
    NotAsked(String),
}

/// One question.
pub async fn ask(address: Ipv4Addr, port: u16, health: &Health) -> Probed {
    let within = Duration::from_secs(health.timeout_seconds.into());
    let question = async {
        let stream = match TcpStream::connect(SocketAddr::from((address, port))).await {
            Ok(stream) => stream,
            Err(error) => return refused(port, &error),
        };
        match health.protocol {
            HealthProtocol::Tcp => Probed::Well,
            HealthProtocol::Http => get(stream, address, port, &health.path).await.map_or_else(Probed::Unwell, |()| Probed::Well),
        }
    };
    match timeout(within, question).await {
        Ok(answer) => answer,
        Err(_) => Probed::Unwell(match health.protocol {
            HealthProtocol::Tcp => format!("no connection on port {port} within {} s", within.as_secs()),
            HealthProtocol::Http => format!("GET {} on port {port} not answered within {} s", health.path, within.as_secs()),
        }),
    }
}

fn refused(port: u16, error: &io::Error) -> Probed {
    let ours = [libc::EMFILE, libc::ENFILE, libc::ENOBUFS, libc::ENOMEM, libc::EADDRNOTAVAIL];
    let words = || format!("no connection on port {port}: {error}");
    match error.raw_os_error() {
        Some(libc::ECONNREFUSED) => Probed::Unwell(format!("connection refused on port {port}")),
        Some(number) if ours.contains(&number) => Probed::NotAsked(words()),
        Some(_) | None => Probed::Unwell(words()),
    }
}

/// Reads the status line only: a health check is about nothing else.
async fn get(mut stream: TcpStream, address: Ipv4Addr, port: u16, path: &str) -> Result<(), String> {
    let cut = |what: &str| format!("GET {path} on port {port} {what}");
    let target = target(path);
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {address}:{port}\r\nUser-Agent: outrunner-health-check\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.map_err(|_| cut("was cut off"))?;
    let mut bytes = Vec::with_capacity(PROBE_BYTES);
    while !bytes.contains(&b'\n') && bytes.len() < PROBE_BYTES {
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) => return Err(cut("was cut off")),
            Ok(_) => {}
        }
    }
    match status(&bytes) {
        Some(200) => Ok(()),
        Some(other) => Err(cut(&format!("answered {other}"))),
        None => Err(cut("was not answered in HTTP")),
    }
}

fn status(bytes: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(bytes.split(|byte| *byte == b'\n').next()?).ok()?;
    line.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.trim().parse().ok()
}

/// The path as it may stand in a request line: whatever the owner wrote, it cannot end the line.
fn target(path: &str) -> String {
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut target = slash.to_owned();
    for byte in path.bytes() {
        match byte {
            b'!'..=b'~' => target.push(char::from(byte)),
            other => target.push_str(&format!("%{other:02X}")),
        }
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_status_line_has_a_status() {
        assert_eq!(status(b"HTTP/1.1 200 OK\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.0 503\r\nX: y\r\n"), Some(503));
        for bad in [&b"SSH-2.0-x\r\n"[..], b"HTTP/2 200\n", b"", b"HTTP/1.1\n", b"\xff\xfe"] {
            assert_eq!(status(bad), None);
        }
    }

    #[test]
    fn a_path_cannot_end_the_request_line() {
        assert_eq!(target("/a b\r\nX: y"), "/a%20b%0D%0AX:%20y");
        assert_eq!(target("health?x=1"), "/health?x=1");
    }

    #[tokio::test]
    #[allow(clippy::disallowed_types)] // the other side of a probe
    async fn what_was_seen_is_said_in_words() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serve = tokio::spawn(async move {
            let endless = "x".repeat(PROBE_BYTES * 2);
            for answer in ["HTTP/1.1 404 Not Found\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "hello\n", &endless, ""] {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut buffer = [0; 1024];
                let _ = stream.read(&mut buffer).await.unwrap();
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let http = Health { protocol: HealthProtocol::Http, path: "/health".into(), ..Health::default() };
        let local = Ipv4Addr::LOCALHOST;
        let mut answers = Vec::new();
        for _ in 0..5 {
            answers.push(ask(local, port, &http).await);
        }
        serve.await.unwrap();
        let said = |what: &str| Probed::Unwell(format!("GET /health on port {port} {what}"));
        assert_eq!(
            answers,
            [
                said("answered 404"),
                Probed::Well,
                said("was not answered in HTTP"),
                said("was not answered in HTTP"),
                said("was cut off"),
            ]
        );
        let refused = ask(local, port, &Health::default()).await;
        assert_eq!(refused, Probed::Unwell(format!("connection refused on port {port}")));
    }

    #[test]
    fn an_instance_is_not_blamed_for_a_question_that_we_could_not_ask() {
        let answer = |number| refused(80, &io::Error::from_raw_os_error(number));
        for ours in [libc::EMFILE, libc::ENFILE, libc::EADDRNOTAVAIL] {
            assert!(matches!(answer(ours), Probed::NotAsked(_)), "{ours}");
        }
        for theirs in [libc::ECONNREFUSED, libc::ECONNRESET, libc::EHOSTUNREACH] {
            assert!(matches!(answer(theirs), Probed::Unwell(_)), "{theirs}");
        }
    }
}
