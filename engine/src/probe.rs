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

use crate::limit::{PROBE_BYTES, PROBE_QUOTED_BYTES};
use crate::plain_letters::in_plain_letters;

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

/// Reads the status, and what of the rest tells the owner more.
async fn get(mut stream: TcpStream, address: Ipv4Addr, port: u16, path: &str) -> Result<(), String> {
    let cut = |what: &str| format!("GET {path} on port {port} {what}");
    let target = target(path);
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {address}:{port}\r\nUser-Agent: outrunner-health-check\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.map_err(|_| cut("was cut off"))?;
    let mut bytes = Vec::with_capacity(PROBE_BYTES);
    while !is_enough(&bytes) && bytes.len() < PROBE_BYTES {
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) if bytes.is_empty() => return Err(cut("was cut off")),
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
    }
    judge(&bytes).map_err(|what| cut(&what))
}

/// A status line that says all, or every header of one that may lead elsewhere. Bytes of no HTTP are enough as they are.
fn is_enough(bytes: &[u8]) -> bool {
    let whole_line = bytes.contains(&b'\n');
    let headers = || bytes.windows(4).any(|end| end == b"\r\n\r\n") || bytes.windows(2).any(|end| end == b"\n\n");
    let begins_as_http = bytes.iter().zip(b"HTTP/").all(|(one, other)| one == other);
    if !begins_as_http {
        return !bytes.is_empty();
    }
    whole_line && (!status(bytes).is_some_and(is_redirect) || headers())
}

fn is_redirect(status: u16) -> bool {
    (300..400).contains(&status)
}

/// `Err` completes the sentence "GET … on port …", and says what to do.
fn judge(bytes: &[u8]) -> Result<(), String> {
    match status(bytes) {
        Some(200) => Ok(()),
        Some(redirect) if is_redirect(redirect) => {
            let leads = location(bytes).map_or_else(String::new, |place| format!(" and leads to {place}"));
            Err(format!(
                "answered {redirect}{leads}; only 200 is healthy. Set the health check's path to one that answers 200 itself"
            ))
        }
        Some(other @ (401 | 403)) => {
            Err(format!("answered {other}; only 200 is healthy. Set the health check's path to one that needs no login"))
        }
        Some(404) => {
            Err("answered 404; only 200 is healthy. Set the health check's path to one that the application has".to_owned())
        }
        Some(other) => Err(format!("answered {other}; only 200 is healthy")),
        // A TLS alert, or the beginning of a handshake.
        None if matches!(bytes, [0x15 | 0x16, 3, ..]) => {
            Err("was answered in TLS: the application expects HTTPS. Instances are spoken to in plain HTTP; switch TLS off in it"
                .to_owned())
        }
        None => Err(format!("was not answered in HTTP, but with {}. Set the health check's protocol to TCP", quoted(bytes))),
    }
}

/// Where a redirect leads, quoted.
fn location(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.split(|byte| *byte == b'\n').skip(1).take_while(|line| !line.is_empty() && *line != b"\r");
    lines.find_map(|line| {
        let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
        name.eq_ignore_ascii_case(b"location").then(|| quoted(value[1..].trim_ascii()))
    })
}

/// A foreign server's words, as they may stand in a sentence.
fn quoted(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(PROBE_QUOTED_BYTES)]);
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    format!("'{}'", in_plain_letters(line, PROBE_QUOTED_BYTES))
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
            let answers = [
                "HTTP/1.1 404 Not Found\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 302 Found\r\nA: b\r\nlocation: https://a.test/\u{1b}[2J?x\r\n\r\nLocation: body",
                "HTTP/1.1 301\n\nLocation: body",
                "HTTP/1.1 401 Unauthorized\r\n\r\n",
                "SSH-2.0-x\r\n",
                "\u{15}\u{3}\u{1}",
                &endless,
                "",
            ];
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut buffer = [0; 1024];
                let _ = stream.read(&mut buffer).await.unwrap();
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let http = Health { protocol: HealthProtocol::Http, path: "/health".into(), ..Health::default() };
        let local = Ipv4Addr::LOCALHOST;
        let mut answers = Vec::new();
        for _ in 0..9 {
            answers.push(ask(local, port, &http).await);
        }
        serve.await.unwrap();
        let expected = [
            Some("answered 404; only 200 is healthy. Set the health check's path to one that the application has"),
            None,
            Some("answered 302 and leads to 'https://a.test/\\u{1b}[2J?x'; only 200 is healthy"),
            Some("answered 301; only 200 is healthy"),
            Some("answered 401; only 200 is healthy. Set the health check's path to one that needs no login"),
            Some("was not answered in HTTP, but with 'SSH-2.0-x'. Set the health check's protocol to TCP"),
            Some("was answered in TLS"),
            Some("was not answered in HTTP, but with 'xxx"),
            Some("was cut off"),
        ];
        for (answer, expected) in answers.iter().zip(expected) {
            match (answer, expected) {
                (Probed::Well, None) => {}
                (Probed::Unwell(words), Some(what)) => {
                    assert!(words.starts_with(&format!("GET /health on port {port} {what}")), "{what}: {words}");
                }
                (other, expected) => panic!("{other:?}, not {expected:?}"),
            }
        }
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
