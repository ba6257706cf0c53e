//! Signs requests as clients do: an implementation of its own, so that the door is not tested against itself.
//! Only what the tests need: `POST /`, no query. Source of truth: AWS's description of signature version 4.

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
    let scope = format!("{}/{}/{}/aws4_request", &order.date[..8], order.region, order.service);
    let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{}", order.date, hex(digest(&SHA256, canonical.as_bytes()).as_ref()));
    let mut key = format!("AWS4{}", order.secret).into_bytes();
    for part in [&order.date[..8], order.region, order.service, "aws4_request"] {
        key = mac(&key, part);
    }
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}", order.key, hex(&mac(&key, &text)));
    let mut request = Request::post("/").header("authorization", authorization);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Body::from(order.body.to_owned())).expect("a request")
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
