//! Signs requests as clients do: an implementation of its own, so that the door is not tested against itself.
//! Only what the tests need: `POST /` without a query for calls of ours, any method and path for others. Source of truth: AWS's description of signature version 4.

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use axum::body::Body;
use http::Request;

/// The key that recorded requests are signed with too.
pub const KEY: &str = "AKIDEXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// What to sign, and as whom.
#[derive(Clone)]
pub struct Order<'a> {
    pub key: &'a str,
    pub secret: &'a str,
    /// `20270115T080000Z`
    pub date: &'a str,
    pub region: &'a str,
    pub service: &'a str,
    pub target: Option<&'a str>,
    pub body: &'a str,
    /// What session credentials have beside key and secret.
    pub token: Option<&'a str>,
}

/// The signed request.
pub fn sign(order: &Order<'_>) -> Request<Body> {
    let content_type = if order.target.is_some() { "application/x-amz-json-1.0" } else { "application/x-www-form-urlencoded" };
    let mut headers = vec![("content-type", content_type), ("host", "127.0.0.1:4566"), ("x-amz-date", order.date)];
    headers.extend(order.token.map(|token| ("x-amz-security-token", token)));
    headers.extend(order.target.map(|target| ("x-amz-target", target)));
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!("POST\n/\n\n{lines}\n{names}\n{}", hex(digest(&SHA256, order.body.as_bytes()).as_ref()));
    let authorization = authorization(order, &canonical, &names);
    let mut request = Request::post("/").header("authorization", authorization);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Body::from(order.body.to_owned())).expect("a request")
}

/// Signs a canonical request.
fn authorization(order: &Order<'_>, canonical: &str, names: &str) -> String {
    let scope = format!("{}/{}/{}/aws4_request", &order.date[..8], order.region, order.service);
    let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{}", order.date, hex(digest(&SHA256, canonical.as_bytes()).as_ref()));
    let mut key = format!("AWS4{}", order.secret).into_bytes();
    for part in [&order.date[..8], order.region, order.service, "aws4_request"] {
        key = mac(&key, part);
    }
    format!("AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}", order.key, hex(&mac(&key, &text)))
}

/// A request of a service that is not ours.
#[derive(Clone)]
pub struct Elsewhere<'a> {
    /// Whose it is, of which service, and its body.
    pub order: Order<'a>,
    pub method: &'a str,
    /// As it is sent, and as it stands in what is signed: those of S3 are the same.
    pub path: (&'a str, &'a str),
    /// As it is sent: the tests have them in order, and with values.
    pub query: &'a str,
    /// In small letters, in order, all of them signed: `host` and `x-amz-date` come by themselves.
    pub headers: &'a [(&'a str, &'a str)],
    /// What `X-Amz-Content-Sha256` says; without it, the signature is of the body.
    pub payload: Option<&'a str>,
}

/// The signed request.
pub fn sign_elsewhere(call: &Elsewhere<'_>) -> Request<Body> {
    let Elsewhere { order, method, path: (path, canonical_path), query, headers, payload } = call;
    let mut headers = headers.to_vec();
    headers.extend([("host", "127.0.0.1:4566"), ("x-amz-date", order.date)]);
    headers.extend(order.token.map(|token| ("x-amz-security-token", token)));
    headers.extend(payload.map(|payload| ("x-amz-content-sha256", payload)));
    headers.sort_unstable();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let hash = payload.map_or_else(|| sha256(order.body), str::to_owned);
    let canonical = format!("{method}\n{canonical_path}\n{query}\n{lines}\n{names}\n{hash}");
    let uri = if query.is_empty() { (*path).to_owned() } else { format!("{path}?{query}") };
    let mut request = Request::builder().method(*method).uri(uri).header("authorization", authorization(order, &canonical, &names));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Body::from(order.body.to_owned())).expect("a request")
}

/// In hexadecimal digits.
pub fn sha256(text: &str) -> String {
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
