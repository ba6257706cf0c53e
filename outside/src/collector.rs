//! A collector of traces that the operator named: takes a batch, or says why not.
//!
//! The place is the operator's own, so no policy judges it; callers have no say in it. Never follows a redirect, never reads more than a little of an answer,
//! and never waits longer than its limit. Source of truth: the OTLP specification, "OTLP/HTTP response".

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use http::{HeaderValue, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use model::port::Hosts;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::http_client::named_addresses;
use crate::limit::{COLLECTOR_ANSWER, COLLECTOR_ANSWER_BYTES};

/// What is asked below the address that the operator gives. Source: OTLP specification, "OTLP/HTTP request".
const PATH: &str = "/v1/traces";

/// A place that takes traces.
pub struct Collector {
    host: String,
    port: u16,
    path: String,
    hosts: Arc<dyn Hosts>,
}

/// What became of a batch.
#[derive(Debug)]
pub enum Taken {
    /// With what the collector answered.
    Yes(Bytes),
    /// Not now.
    Later { words: String, wait: Option<Duration> },
    /// Not these.
    Never(String),
}

impl Collector {
    /// `http://host[:port][/prefix]`; the port is 4318 unless it is said.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn new(address: &str, hosts: Arc<dyn Hosts>) -> Result<Self, String> {
        let (host, port, path) = Self::parse(address)?;
        Ok(Self { host, port, path, hosts })
    }

    /// Whether an address is one, and if not, why.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn check(address: &str) -> Result<(), String> {
        Self::parse(address).map(drop)
    }

    fn parse(address: &str) -> Result<(String, u16, String), String> {
        let shown = without_secrets(address);
        let wrong = || format!("'{shown}' is not the address of a collector, such as http://127.0.0.1:4318");
        let uri: Uri = address.parse().map_err(|_| wrong())?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => {
                return Err("traces are sent in plain HTTP only: let a collector on this machine pass them on".to_owned());
            }
            Some(_) | None => return Err(wrong()),
        }
        if uri.query().is_some() || uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
            return Err(wrong());
        }
        let host = uri.host().ok_or_else(wrong)?.trim_start_matches('[').trim_end_matches(']').to_owned();
        let path = format!("{}{PATH}", uri.path().trim_end_matches('/'));
        Ok((host, uri.port_u16().unwrap_or(4318), path))
    }

    /// Sends a batch of `ExportTraceServiceRequest` in protobuf.
    pub async fn post(&self, body: &[u8]) -> Taken {
        let silent = || Taken::Later { words: format!("no answer within {} s", COLLECTOR_ANSWER.as_secs()), wait: None };
        match timeout(COLLECTOR_ANSWER, self.exchange(body)).await {
            Ok(Ok(taken)) => taken,
            Ok(Err(words)) => Taken::Later { words, wait: None },
            Err(_) => silent(),
        }
    }

    async fn exchange(&self, body: &[u8]) -> Result<Taken, String> {
        let addresses = named_addresses(&*self.hosts, &self.host).await.map_err(|trouble| trouble.chain())?;
        let stream = self.dial(&addresses).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        let mut driver = JoinSet::new();
        driver.spawn(async move {
            // Its faults are the request's and the body's too.
            let _ = connection.await;
        });
        let mut request = Request::new(Full::new(Bytes::copy_from_slice(body)));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = self.path.parse().map_err(|_| "its path is none".to_owned())?;
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let authority = HeaderValue::from_str(&format!("{host}:{}", self.port)).map_err(|_| "its host is none".to_owned())?;
        let headers = request.headers_mut();
        headers.insert(HOST, authority);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("outrunner/", env!("CARGO_PKG_VERSION"))));
        let (head, body) = sender.send_request(request).await.map_err(|error| error.to_string())?.into_parts();
        let wait = head.headers.get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.trim().parse().ok()).map(Duration::from_secs);
        let words = format!("it answers {}", head.status);
        Ok(match head.status {
            status if status.is_success() => {
                let whole = Limited::new(body, COLLECTOR_ANSWER_BYTES).collect().await;
                // It has taken them, whatever it says then.
                Taken::Yes(whole.map(|whole| whole.to_bytes()).unwrap_or_default())
            }
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Taken::Later { words, wait },
            _ => Taken::Never(words),
        })
    }

    async fn dial(&self, addresses: &[IpAddr]) -> Result<TcpStream, String> {
        let mut last = format!("{} has no address", self.host);
        for address in addresses {
            match TcpStream::connect((*address, self.port)).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error.to_string(),
            }
        }
        Err(last)
    }
}

/// What may be told of an address: neither user and password nor a query.
fn without_secrets(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    match address.rfind('@') {
        Some(at) => format!("…{}", &address[at..]),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use model::port::Answer;
    use std::net::Ipv4Addr;

    use super::*;

    struct NoHosts;

    impl Hosts for NoHosts {
        fn addresses<'a>(&'a self, _host: &'a str) -> Answer<'a, Vec<Ipv4Addr>> {
            Box::pin(async { Ok(Vec::new()) })
        }
    }

    #[test]
    fn an_address_is_a_host_with_a_port_and_perhaps_a_path_and_nothing_else() {
        let collector = |address| Collector::new(address, Arc::new(NoHosts));
        for (address, host, port, path) in [
            ("http://127.0.0.1:4318", "127.0.0.1", 4318, "/v1/traces"),
            ("http://[::1]/", "::1", 4318, "/v1/traces"),
            ("http://traces.internal:80/tenant/", "traces.internal", 80, "/tenant/v1/traces"),
        ] {
            let it = collector(address).unwrap_or_else(|words| panic!("{address}: {words}"));
            assert_eq!((it.host.as_str(), it.port, it.path.as_str()), (host, port, path));
        }
        for address in [
            "",
            "127.0.0.1:4318",
            "https://a.example",
            "ftp://a.example",
            "http://me:secret@a.example",
            "http://a.example/?b=secret",
        ] {
            let words = collector(address).err().expect(address);
            assert!(!words.contains("secret"), "{words}");
        }
    }

    #[tokio::test]
    async fn nobody_there_is_for_later() {
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback").local_addr().expect("bound");
        let collector = Collector::new(&format!("http://{closed}"), Arc::new(NoHosts)).expect("an address");
        assert!(matches!(collector.post(b"").await, Taken::Later { .. }));
    }
}
