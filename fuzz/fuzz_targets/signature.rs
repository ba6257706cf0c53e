//! A signature and its request, parts divided by 0xff → no proof, whatever it claims; and a request that another implementation signed is proven, until a part of it changes.
#![no_main]

use api::workbench::{is_proven, read_signature};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use bytes::Bytes;
use std::time::{Duration, UNIX_EPOCH};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SIGNED_AT: Duration = Duration::from_secs(1_800_000_000);
/// Headers that a client signs, filled from the input.
const NAMES: [&str; 4] = ["content-type", "x-amz-target", "amz-sdk-request", "x-amz-user-agent"];
const BETWEEN: u8 = 0xff;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    read_signature(bytes);
    let mut parts = bytes.split(|byte| *byte == BETWEEN);
    let mut next = || parts.next().unwrap_or_default();
    // What a header may hold of the input. It neither begins nor ends with a space: HTTP does not carry those.
    let mut text = || String::from_utf8_lossy(next()).chars().filter(|c| (' '..='~').contains(c)).collect::<String>().trim().to_owned();
    let headers: Vec<(&str, String)> = NAMES.iter().map(|name| (*name, text())).filter(|(_, value)| !value.is_empty()).collect();
    let changed = text();
    let body = Bytes::copy_from_slice(next());
    let request = || signed(&headers, &body);
    is_proven(request(), SECRET).unwrap_or_else(|wrong| panic!("another implementation signed {:?}: {wrong}", request()));

    let longer = Bytes::from([&body[..], b"x"].concat());
    refused(request().map(|_| longer), "another body");
    for (name, _) in &headers {
        let mut request = request();
        request.headers_mut().insert(*name, http::HeaderValue::from_str(&format!("{changed}~")).expect("it is printable"));
        let same = headers.iter().any(|(known, value)| known == name && plain(value) == plain(&format!("{changed}~")));
        if !same {
            refused(request, name);
        }
    }
    let mut request = request();
    request.headers_mut().insert("x-amz-meta-added", http::HeaderValue::from_static("1"));
    refused(request, "a header of AWS's that is not signed");
});

/// Source: Signature Version 4, "Create a canonical request": spaces in a row count as one.
fn plain(value: &str) -> String {
    value.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn refused(request: http::Request<Bytes>, what: &str) {
    assert!(is_proven(request, SECRET).is_err(), "{what} is not what was signed");
}

fn signed(headers: &[(&str, String)], body: &Bytes) -> http::Request<Bytes> {
    let identity = Credentials::new("AKIDEXAMPLE", SECRET, None, None, "fuzz").into();
    let params = SigningParams::builder().identity(&identity).region("us-east-1").name("apprunner").time(UNIX_EPOCH + SIGNED_AT);
    let params = params.settings(SigningSettings::default()).build().expect("all of it is said").into();
    let all = || [("host", "127.0.0.1:4566")].into_iter().chain(headers.iter().map(|(name, value)| (*name, value.as_str())));
    let signable = SignableRequest::new("POST", "http://127.0.0.1:4566/", all(), SignableBody::Bytes(body)).expect("it can be signed");
    let (instructions, _) = sign(signable, &params).expect("it can be signed").into_parts();
    let mut request = http::Request::post("/");
    for (name, value) in all() {
        request = request.header(name, value);
    }
    let mut request = request.body(body.clone()).expect("it is HTTP");
    instructions.apply_to_request_http1x(&mut request);
    *request.uri_mut() = http::Uri::from_static("/");
    request
}
