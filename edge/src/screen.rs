//! The first look at a request's head: what we refuse before routing, and the name it is routed by.
//! Never looks at the route table. Source of truth: RFC 9112 sections 3.2, 6.1 and 11.2 (each rule is a test here or in
//! `tests/framing.rs`).

use http::header::{self, HeaderValue};
use http::{Method, Request, Version};

use crate::header::{Upgrade, framing_is_known, upgrade};
use crate::host::routing_name;

/// What the head asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked {
    /// Lower case, without port and trailing dot: what routing looks up.
    pub name: String,
    /// What the client wrote, for `Host` upstream and for redirects.
    pub host: HeaderValue,
    /// Whether it wants a WebSocket.
    pub upgrade: Upgrade,
}

/// Why a request goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 400: no host, several, one that is none, or two that differ.
    Host,
    /// 405: `CONNECT`; we are nobody's forward proxy.
    Connect,
    /// 501: a transfer coding that we would have to undo.
    Coding,
}

/// Looks at the head of a request.
pub fn screen<B>(request: &Request<B>) -> Result<Asked, Fault> {
    if request.method() == Method::CONNECT {
        return Err(Fault::Connect);
    }
    if !framing_is_known(request.headers()) {
        return Err(Fault::Coding);
    }
    let host = host(request).ok_or(Fault::Host)?;
    let name = routing_name(host.to_str().map_err(|_| Fault::Host)?).ok_or(Fault::Host)?.into_owned();
    if let Some(target) = request.uri().authority()
        && routing_name(target.as_str()).as_deref() != Some(&*name)
    {
        return Err(Fault::Host);
    }
    let websocket = request.version() == Version::HTTP_11 && request.method() == Method::GET;
    let upgrade = if websocket { upgrade(request.headers()) } else { Upgrade::None };
    Ok(Asked { name, host, upgrade })
}

/// `Host`, or the target's authority where HTTP/2 has left `Host` out.
fn host<B>(request: &Request<B>) -> Option<HeaderValue> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => Some(host.clone()),
        (Some(_), Some(_)) => None,
        (None, _) if request.version() == Version::HTTP_2 => HeaderValue::from_str(request.uri().authority()?.as_str()).ok(),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: Version, method: &str, target: &str, lines: &[(&str, &str)], expected: Result<&str, Fault>) {
        let mut request = Request::builder().version(version).method(method).uri(target);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("a test's own request");
        let seen = screen(&request).map(|asked| asked.name);
        assert_eq!(seen.as_deref(), expected.as_ref().map(|name| *name), "{method} {target} {lines:?}");
    }

    #[test]
    fn one_host_is_needed_and_only_one() {
        let one = Version::HTTP_11;
        check(one, "GET", "/", &[("host", "A.example:80")], Ok("a.example"));
        check(one, "GET", "/", &[], Err(Fault::Host));
        check(one, "GET", "/", &[("host", "")], Err(Fault::Host));
        check(one, "GET", "/", &[("host", "a.example"), ("host", "a.example")], Err(Fault::Host));
        check(one, "GET", "/", &[("host", "a.example, b.example")], Err(Fault::Host));
        check(Version::HTTP_10, "GET", "/", &[], Err(Fault::Host));
    }

    #[test]
    fn the_target_and_the_host_must_agree() {
        let one = Version::HTTP_11;
        check(one, "GET", "http://a.example/x", &[("host", "a.example")], Ok("a.example"));
        check(one, "GET", "http://a.example/x", &[("host", "b.example")], Err(Fault::Host));
        check(one, "GET", "http://a.example/x", &[], Err(Fault::Host));
        let two = Version::HTTP_2;
        check(two, "GET", "https://a.example/x", &[], Ok("a.example"));
        check(two, "GET", "https://a.example/x", &[("host", "a.example:443")], Ok("a.example"));
        check(two, "GET", "https://a.example/x", &[("host", "b.example")], Err(Fault::Host));
    }

    #[test]
    fn connect_and_unknown_codings_go_no_further() {
        let one = Version::HTTP_11;
        check(one, "CONNECT", "a.example:443", &[("host", "a.example:443")], Err(Fault::Connect));
        check(one, "POST", "/", &[("host", "a.example"), ("transfer-encoding", "gzip, chunked")], Err(Fault::Coding));
        check(one, "POST", "/", &[("host", "a.example"), ("transfer-encoding", "chunked")], Ok("a.example"));
    }

    #[test]
    fn a_websocket_is_asked_for_by_get_over_http_1_1() {
        for (version, method, expected) in [
            (Version::HTTP_11, "GET", Upgrade::WebSocket),
            (Version::HTTP_11, "POST", Upgrade::None),
            (Version::HTTP_10, "GET", Upgrade::None),
        ] {
            let request = Request::builder()
                .version(version)
                .method(method)
                .uri("/")
                .header("host", "a.example")
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .body(())
                .expect("a test's own request");
            assert_eq!(screen(&request).expect("a good head").upgrade, expected, "{method}");
        }
    }
}
