//! The answers that the front door gives in its own words.
//! Never an instance's. Source of truth: RFC 9110 section 15.

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Response, StatusCode, Uri};
use http_body_util::Full;

use crate::body::AnswerBody;
use crate::screen::Fault;

/// Seconds after which a client may try again what found no room.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// Whether the connection can be used after this answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Open,
    /// The request's body cannot be trusted to end where it should, or was not read.
    Close,
}

/// The head breaks a rule.
pub fn fault(fault: Fault) -> Response<AnswerBody> {
    match fault {
        Fault::Host => say(StatusCode::BAD_REQUEST, "The request must name exactly one host.", After::Close),
        Fault::Connect => say(StatusCode::METHOD_NOT_ALLOWED, "CONNECT is not offered here.", After::Close),
        Fault::Coding => say(StatusCode::NOT_IMPLEMENTED, "Of transfer codings only chunked is understood.", After::Close),
    }
}

/// 404: no service has this host.
pub fn unknown_host(name: &str) -> Response<AnswerBody> {
    say(StatusCode::NOT_FOUND, &format!("No service answers at {name}."), After::Open)
}

/// 421: the connection was made for another certificate's name.
pub fn misdirected(name: &str) -> Response<AnswerBody> {
    let words = format!("This connection was not made for {name}: connect again.");
    say(StatusCode::MISDIRECTED_REQUEST, &words, After::Open)
}

/// 301 to the same place over HTTPS.
pub fn to_https(name: &str, https_port: u16, uri: &Uri) -> Response<AnswerBody> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let path = if path.starts_with('/') { path } else { "/" };
    let place = if https_port == 443 { format!("https://{name}{path}") } else { format!("https://{name}:{https_port}{path}") };
    let mut answer = say(StatusCode::MOVED_PERMANENTLY, &format!("Moved to {place}"), After::Open);
    // A path that got through the parser can stand in a header field.
    let place = HeaderValue::from_str(&place).expect("a routing name and a parsed path are visible ASCII");
    answer.headers_mut().insert(header::LOCATION, place);
    answer
}

/// 429: a service's instances are busy, and as many wait already as may. What App Runner answers then, as its users saw (unconfirmed).
pub fn too_many() -> Response<AnswerBody> {
    later(StatusCode::TOO_MANY_REQUESTS, "The service is busy, and too many requests wait for it.")
}

/// 503: nobody had room in time.
pub fn no_room(words: &str) -> Response<AnswerBody> {
    later(StatusCode::SERVICE_UNAVAILABLE, words)
}

fn later(status: StatusCode, words: &str) -> Response<AnswerBody> {
    let mut answer = say(status, words, After::Open);
    answer.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    answer
}

/// 502: the instance broke off, or spoke something that is not HTTP.
pub fn broken_instance(words: &str) -> Response<AnswerBody> {
    say(StatusCode::BAD_GATEWAY, words, After::Open)
}

/// 504: no answer in time.
pub fn too_slow() -> Response<AnswerBody> {
    say(StatusCode::GATEWAY_TIMEOUT, "The service did not answer in time.", After::Close)
}

/// 408: the client did not finish its request in time.
pub fn client_too_slow() -> Response<AnswerBody> {
    say(StatusCode::REQUEST_TIMEOUT, "The request was not complete in time.", After::Close)
}

/// 400: the client broke its body off or framed it wrongly.
pub fn broken_body() -> Response<AnswerBody> {
    say(StatusCode::BAD_REQUEST, "The request's body is broken.", After::Close)
}

fn say(status: StatusCode, words: &str, after: After) -> Response<AnswerBody> {
    let body = Bytes::from(format!("{words}\n"));
    let mut answer = Response::new(AnswerBody::Own(Full::new(body)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if after == After::Close {
        // On HTTP/2, `forward` takes it out again: there the stream ends and that is enough.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_keeps_path_and_query_and_names_only_an_unusual_port() {
        for (port, uri, place) in [
            (443, "/a?b=c", "https://h.example/a?b=c"),
            (8443, "/", "https://h.example:8443/"),
            (443, "http://h.example/x", "https://h.example/x"),
            (443, "*", "https://h.example/"),
        ] {
            let answer = to_https("h.example", port, &uri.parse().expect("a test's own target"));
            assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (301, &HeaderValue::from_static(place)));
        }
    }
}
