//! Requests of real clients as they were recorded: the access key is `AKIDEXAMPLE`, and every signature is good at its time.
//! Never changes a byte of them, apart from line ends. Source of truth: the text files beside this one.

use bytes::Bytes;
use http::{Request, request::Parts};

/// The recordings, by client.
const WIRE: [(&str, &str); 8] = [
    ("aws-cli-v1", include_str!("aws-cli-v1.txt")),
    ("aws-cli-v2", include_str!("aws-cli-v2.txt")),
    ("aws-cli-v2-debian", include_str!("aws-cli-v2-debian.txt")),
    ("aws-sdk-go-v2", include_str!("aws-sdk-go-v2.txt")),
    ("aws-sdk-java-v2", include_str!("aws-sdk-java-v2.txt")),
    ("aws-sdk-js-v3", include_str!("aws-sdk-js-v3.txt")),
    ("aws-sdk-rust", include_str!("aws-sdk-rust.txt")),
    ("boto3", include_str!("boto3.txt")),
];

/// One recorded request; `None` for the one whose body is too long to be kept.
fn recorded(text: &str) -> Option<(Parts, Bytes)> {
    let (head, body) = text.split_once("\n\n").expect("a blank line ends the headers");
    let mut lines = head.lines().skip(1);
    let mut start = lines.next().expect("a request line").split(' ');
    let mut request = Request::builder().method(start.next().expect("a method")).uri(start.next().expect("a path"));
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header has a colon");
        request = request.header(name, value.trim());
    }
    let body = body.strip_suffix("\n\n").or_else(|| body.strip_suffix('\n')).unwrap_or(body);
    let body = match body.strip_prefix('<') {
        Some(hex) if hex.contains("first 32") => return None,
        Some(hex) => unhex(hex.split_once("hex> ").expect("the hex follows").1.trim()),
        None => body.as_bytes().to_vec(),
    };
    let (parts, ()) = request.body(()).expect("a recorded request is HTTP").into_parts();
    Some((parts, Bytes::from(body)))
}

fn unhex(hex: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex digits");
    (0..hex.len()).step_by(2).map(digit).collect()
}

/// Every recorded request that was kept whole, with the client and its number.
pub fn all() -> Vec<(String, Parts, Bytes)> {
    let mut all = Vec::new();
    for (client, text) in WIRE {
        for (n, request) in text.split("### ").skip(1).enumerate() {
            if let Some((parts, body)) = recorded(request) {
                all.push((format!("{client} {}", n + 1), parts, body));
            }
        }
    }
    all
}
