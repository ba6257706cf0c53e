//! What happens to header fields between the client and an instance, as pure functions.
//! Never sees a body or a socket. Source of truth: RFC 9110 section 7.6.1, RFC 9113 section 8.2.2, RFC 3875 section 4.1.18
//! (how CGI spells a field), and App Runner's habits (`X-Forwarded-*`, `X-Request-Id`).

use std::net::IpAddr;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Whether a message asks to become a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// It stays HTTP.
    None,
    /// The only protocol that we tunnel.
    WebSocket,
}

/// What the client's side of the connection was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// The plain port.
    Http,
    /// Behind TLS.
    Https,
}

impl Scheme {
    /// As in a URL and in `X-Forwarded-Proto`.
    pub fn text(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// `Connection` may not name these away: what we route by, what frames the message, what we vouch for, and what decides
/// who the client is.
const PROTECTED: [HeaderName; 9] = [
    header::HOST,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONTENT_TYPE,
    header::AUTHORIZATION,
    header::COOKIE,
    FORWARDED_FOR,
    FORWARDED_PROTO,
    REQUEST_ID,
];

/// Statements about the way here that only a proxy may make; a client's own are not passed on. `proxy` is the one that
/// CGI turns into `HTTP_PROXY` (httpoxy).
const ONLY_OURS: [&str; 9] = [
    "forwarded",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-ssl",
    "x-forwarded-prefix",
    "x-forwarded-server",
    "x-real-ip",
    "proxy",
    "proxy-authorization",
];

/// Concerns one connection only, whatever `Connection` says.
const HOP_BY_HOP: [&str; 7] =
    ["connection", "keep-alive", "proxy-connection", "http2-settings", "upgrade", "transfer-encoding", "te"];

/// Removes what concerns one connection only, the fields that `Connection` names included. `TE: trailers` stays, since
/// trailers are passed on.
pub fn strip_hop_by_hop(headers: &mut HeaderMap) {
    // One look at each name that is there costs a tenth of asking for each that might be: most messages have none of them.
    if headers.keys().any(|name| HOP_BY_HOP.contains(&name.as_str())) {
        strip_these(headers);
    }
}

fn strip_these(headers: &mut HeaderMap) {
    let trailers = tokens(headers, &header::TE).any(|token| token.eq_ignore_ascii_case("trailers"));
    if headers.contains_key(header::CONNECTION) {
        let named: Vec<HeaderName> = tokens(headers, &header::CONNECTION)
            .filter_map(|token| HeaderName::from_bytes(token.as_bytes()).ok())
            .filter(|name| !PROTECTED.contains(name))
            .collect();
        for name in named {
            headers.remove(name);
        }
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
    if trailers {
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
    }
}

/// Makes a client's header fields those of the request to an instance. `host` is what the client asked for.
pub fn prepare_request(
    headers: &mut HeaderMap,
    host: HeaderValue,
    peer: IpAddr,
    scheme: Scheme,
    request_id: HeaderValue,
    upgrade: Upgrade,
) {
    strip_hop_by_hop(headers);
    if headers.keys().any(|name| ONLY_OURS.contains(&name.as_str())) {
        for name in ONLY_OURS {
            headers.remove(name);
        }
    }
    if headers.keys().any(is_odd) {
        remove_lookalikes(headers);
    }
    // hyper's server has asked for the body already by the time that we send it on.
    headers.remove(header::EXPECT);
    join_cookies(headers);
    headers.insert(header::HOST, host);
    headers.insert(FORWARDED_FOR, address(peer));
    headers.insert(FORWARDED_PROTO, HeaderValue::from_static(scheme.text()));
    headers.insert(REQUEST_ID, request_id);
    if upgrade == Upgrade::WebSocket {
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
}

/// Removes fields whose name becomes one that we set or strip in an instance that reads fields the way CGI does: every sign that is no
/// letter or digit is `_` there, so that `X_Forwarded_For` and `X-Forwarded-For` are one and the same.
fn remove_lookalikes(headers: &mut HeaderMap) {
    let speaks_for_us = |name: &str| {
        let set = [header::HOST, header::CONTENT_LENGTH, header::EXPECT, FORWARDED_FOR, FORWARDED_PROTO, REQUEST_ID];
        set.iter().any(|ours| ours == name) || HOP_BY_HOP.contains(&name) || ONLY_OURS.contains(&name)
    };
    let as_cgi = |name: &HeaderName| name.as_str().replace(|sign: char| !sign.is_ascii_alphanumeric(), "-");
    let lookalikes: Vec<HeaderName> = headers.keys().filter(|name| is_odd(name) && speaks_for_us(&as_cgi(name))).cloned().collect();
    for name in lookalikes {
        headers.remove(name);
    }
}

/// Whether a name has a sign that CGI would turn into `_`, and that is not `-`.
fn is_odd(name: &HeaderName) -> bool {
    name.as_str().bytes().any(|byte| !byte.is_ascii_alphanumeric() && byte != b'-')
}

/// Whether an HTTP/1.1 message asks for (or grants) a WebSocket.
pub fn upgrade(headers: &HeaderMap) -> Upgrade {
    let asks = tokens(headers, &header::CONNECTION).any(|token| token.eq_ignore_ascii_case("upgrade"));
    let mut protocols = tokens(headers, &header::UPGRADE);
    let websocket = protocols.next().is_some_and(|token| token.eq_ignore_ascii_case("websocket"));
    if asks && websocket && protocols.next().is_none() { Upgrade::WebSocket } else { Upgrade::None }
}

/// True if the body's framing is one that we can pass on: none, or `chunked` alone.
pub fn framing_is_known(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::TRANSFER_ENCODING) {
        return true;
    }
    let mut codings = tokens(headers, &header::TRANSFER_ENCODING);
    codings.next().is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) && codings.next().is_none()
}

/// HTTP/2 sends `Cookie` in pieces; HTTP/1 must have it whole (RFC 9113 section 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(header::COOKIE).iter().nth(1).is_none() {
        return;
    }
    let pieces: Vec<&[u8]> = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    let whole = HeaderValue::from_bytes(&pieces.join(&b"; "[..])).expect("joined of valid values");
    headers.insert(header::COOKIE, whole);
}

fn address(peer: IpAddr) -> HeaderValue {
    // A dual-stack socket calls an IPv4 client ::ffff:a.b.c.d.
    let text = peer.to_canonical().to_string();
    HeaderValue::from_str(&text).expect("an address is visible ASCII")
}

/// The elements of a comma-separated field, over all its lines; a line that is not text has none.
fn tokens<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            let name: HeaderName = name.parse().expect("a test's own name");
            map.append(name, value.parse().expect("a test's own value"));
        }
        map
    }

    fn prepared(lines: &[(&str, &str)], upgrade: Upgrade) -> Vec<String> {
        let mut map = headers(lines);
        let peer = "::ffff:192.0.2.7".parse().expect("an address");
        let (host, id) = (HeaderValue::from_static("h.example"), HeaderValue::from_static("id-1"));
        prepare_request(&mut map, host, peer, Scheme::Https, id, upgrade);
        let mut seen: Vec<_> = map.iter().map(|(n, v)| format!("{n}: {}", v.to_str().expect("text"))).collect();
        seen.sort();
        seen
    }

    const ALWAYS: [&str; 4] = ["host: h.example", "x-forwarded-for: 192.0.2.7", "x-forwarded-proto: https", "x-request-id: id-1"];

    fn with_always(more: &[&str]) -> Vec<String> {
        let mut all: Vec<_> = ALWAYS.iter().chain(more).map(ToString::to_string).collect();
        all.sort();
        all
    }

    #[test]
    fn what_connection_names_is_removed_with_the_connection() {
        let seen =
            prepared(&[("connection", "close, x-mine"), ("x-mine", "1"), ("x-yours", "2"), ("keep-alive", "3")], Upgrade::None);
        assert_eq!(seen, with_always(&["x-yours: 2"]));
    }

    #[test]
    fn connection_cannot_name_away_host_or_what_we_vouch_for() {
        let lines = [("connection", "host, x-forwarded-for, authorization, cookie"), ("authorization", "a"), ("cookie", "b=c")];
        assert_eq!(prepared(&lines, Upgrade::None), with_always(&["authorization: a", "cookie: b=c"]));
    }

    #[test]
    fn a_client_cannot_speak_for_a_proxy() {
        let lines = [
            ("x-forwarded-for", "1.2.3.4"),
            ("x-forwarded-host", "evil.example"),
            ("forwarded", "for=1.2.3.4"),
            ("x-request-id", "mine"),
            ("proxy", "http://evil.example"),
        ];
        assert_eq!(prepared(&lines, Upgrade::None), with_always(&[]));
    }

    #[test]
    fn a_client_cannot_speak_for_a_proxy_with_underscores_either() {
        let lines = [
            ("x_forwarded_for", "1.2.3.4"),
            ("X_Forwarded-Proto", "http"),
            ("x_real_ip", "1.2.3.4"),
            ("x-request_id", "mine"),
            ("x.forwarded.host", "evil.example"),
            ("transfer_encoding", "chunked"),
            ("content_length", "7"),
            ("host_", "not ours"),
            ("under_score", "1"),
        ];
        assert_eq!(prepared(&lines, Upgrade::None), with_always(&["host_: not ours", "under_score: 1"]));
    }

    #[test]
    fn trailers_survive_and_other_transfer_codings_do_not() {
        let lines = [("te", "gzip, Trailers"), ("trailer", "x-sum"), ("connection", "te"), ("expect", "100-continue")];
        assert_eq!(prepared(&lines, Upgrade::None), with_always(&["te: trailers", "trailer: x-sum"]));
        assert_eq!(prepared(&[("te", "gzip")], Upgrade::None), with_always(&[]));
    }

    #[test]
    fn cookies_in_pieces_arrive_whole() {
        assert_eq!(prepared(&[("cookie", "a=1"), ("cookie", "b=2")], Upgrade::None), with_always(&["cookie: a=1; b=2"]));
    }

    #[test]
    fn only_a_websocket_is_an_upgrade() {
        for (connection, protocol, expected) in [
            ("Upgrade", "websocket", Upgrade::WebSocket),
            ("keep-alive, upgrade", "WebSocket", Upgrade::WebSocket),
            ("keep-alive", "websocket", Upgrade::None),
            ("upgrade", "h2c", Upgrade::None),
            ("upgrade", "websocket, h2c", Upgrade::None),
            ("upgrade", "", Upgrade::None),
        ] {
            let map = headers(&[("connection", connection), ("upgrade", protocol)]);
            assert_eq!(upgrade(&map), expected, "{connection} / {protocol}");
        }
        let lines = [("connection", "upgrade, http2-settings"), ("upgrade", "h2c"), ("http2-settings", "x")];
        assert_eq!(prepared(&lines, Upgrade::None), with_always(&[]));
        let lines = [("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-key", "k")];
        let expected = with_always(&["connection: upgrade", "sec-websocket-key: k", "upgrade: websocket"]);
        assert_eq!(prepared(&lines, Upgrade::WebSocket), expected);
    }

    #[test]
    fn of_transfer_codings_only_chunked_alone_is_known() {
        for (coding, known) in [("chunked", true), ("Chunked", true), ("gzip, chunked", false), ("identity", false), ("", false)] {
            assert_eq!(framing_is_known(&headers(&[("transfer-encoding", coding)])), known, "{coding}");
        }
        assert!(framing_is_known(&headers(&[])));
        assert!(!framing_is_known(&headers(&[("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")])));
    }
}
