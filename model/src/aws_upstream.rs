//! Calls of AWS services that this platform is not, on their way to a place that the operator named for their service.
//!
//! Never says who may call: a door does, before. Never prints a header or a body: both may be secrets. Source of truth: Signature Version 4 for what a
//! signature says of a body.

use bytes::Bytes;

use crate::account::Region;
use crate::chunks::Body;

/// A header: its name in small letters, and its value as it came.
pub type Header = (String, Bytes);

/// What a signature says of the body that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The body's SHA-256 in hexadecimal digits, which the call itself does not name.
    Hash(String),
    /// What the call names in `X-Amz-Content-Sha256`: such a hash, or that the signature does not cover the body.
    Named(String),
}

impl Payload {
    /// As it stands in what is signed.
    pub fn text(&self) -> &str {
        match self {
            Self::Hash(text) | Self::Named(text) => text,
        }
    }
}

/// A call to be sent on.
pub struct AwsCall {
    /// The service's signing name, such as `s3`.
    pub service: String,
    pub region: Region,
    /// `GET`, `PUT` …
    pub method: String,
    /// Path and query, as they came.
    pub path: String,
    /// Without whatever signed the call, and without what is about the caller's connection alone.
    pub headers: Vec<Header>,
    pub payload: Payload,
    pub body: Body,
    /// Nothing where the caller did not say it before.
    pub body_bytes: Option<u64>,
}

/// What came back, whatever it says.
pub struct AwsAnswer {
    pub status: u16,
    /// Without what is about the connection to the other side alone.
    pub headers: Vec<Header>,
    pub body: Body,
}

/// Headers that belong to one connection and end with it. Source: RFC 9110 section 7.6.1, and what RFC 2616 section 13.5.1 listed before.
pub const OF_CONNECTION: [&str; 10] = [
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
