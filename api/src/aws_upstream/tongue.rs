//! How the client of a service that is not ours reads a fault: by the protocol that its call shows, or that its service has.
//!
//! Never writes anything but faults: answers are passed on. Source of truth: the AWS protocols, as botocore's parsers read them; S3 API reference, "Error
//! responses"; EC2 API reference, "Error codes"; Smithy RPC v2 CBOR.

use crate::{
    codec::{Protocol, json, query},
    fault::{Common, Details, Fault},
    target::{Target, Voice},
};
use axum::{body::Body, response::Response};
use http::{HeaderValue, header, request::Parts};
use model::trouble::Trouble;

/// A protocol with its manner of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// A target in a header, JSON in the body.
    Json(Voice),
    /// A form in, XML out.
    Form(Voice),
    /// The same as EC2 does it.
    Ec2,
    /// XML as S3 does it.
    S3,
    /// XML as the other services with paths do it.
    RestXml,
    /// JSON of services with paths.
    RestJson,
    /// CBOR.
    Cbor,
}

/// Services with paths that speak XML. Source: botocore's models.
const REST_XML: [&str; 4] = ["cloudfront", "route53", "s3-outposts", "s3control"];
/// Services that speak S3.
const S3: [&str; 3] = ["s3", "s3express", "s3-object-lambda"];
const NAMESPACE: &str = "https://route53.amazonaws.com/doc/2013-04-01/";
/// Of a fault in the protocols with paths and JSON.
const ERROR_TYPE: &str = "x-amzn-errortype";
/// S3's names for what others call otherwise. Source: S3 API reference, "List of error codes".
const S3_NAMES: [(&str, &str); 4] = [
    ("InvalidClientTokenId", "InvalidAccessKeyId"),
    ("IncompleteSignature", "AuthorizationHeaderMalformed"),
    ("Throttling", "SlowDown"),
    ("InvalidAction", "NotImplemented"),
];

impl Tongue {
    /// The one that a call is in.
    pub fn of(service: &str, parts: &Parts) -> Self {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        if parts.headers.contains_key("smithy-protocol") {
            return Self::Cbor;
        }
        if let Some(target) = text("x-amz-target") {
            let known = Target::of_header(target).voice;
            let said = match text("content-type") {
                Some(kind) if kind.ends_with("json-1.1") => Protocol::Json11,
                Some(kind) if kind.ends_with("json-1.0") => Protocol::Json10,
                Some(_) | None => known.protocol,
            };
            return Self::Json(Voice { protocol: said, ..known });
        }
        if S3.contains(&service) {
            return Self::S3;
        }
        match service {
            "ec2" => Self::Ec2,
            service if REST_XML.contains(&service) => Self::RestXml,
            _ if parts.uri.path() == "/" => Self::Form(Target::of_form("", "").voice),
            _ => Self::RestJson,
        }
    }

    /// The fault in the names of the protocol.
    pub fn fault(self, common: &Common) -> Fault {
        let (json, query) = (common.fault(Protocol::Json11), common.fault(Protocol::Query));
        match self {
            Self::Json(_) => json,
            Self::RestJson | Self::Cbor => Fault { code: json.code, ..query },
            Self::Form(_) | Self::Ec2 | Self::RestXml => query,
            Self::S3 => {
                let name = S3_NAMES.iter().find(|(name, _)| *name == query.code).map_or(query.code, |(_, name)| name);
                Fault { code: name, ..query }
            }
        }
    }

    /// The place did not answer: a fault after which every client tries again.
    pub fn unreached(self, words: &str) -> Fault {
        let code = match self {
            Self::Json(_) | Self::RestJson | Self::Cbor => "UpstreamUnavailableException",
            Self::Form(_) | Self::Ec2 | Self::S3 | Self::RestXml => "UpstreamUnavailable",
        };
        Fault { code, status: 502, message: words.to_owned() }
    }

    /// Ours.
    pub fn broken(self, trouble: &Trouble) -> Fault {
        let code = match self {
            Self::S3 => "InternalError",
            Self::Json(_) | Self::RestJson | Self::Cbor | Self::Form(_) | Self::Ec2 | Self::RestXml => "InternalFailure",
        };
        let message = trouble.words_for_caller().unwrap_or_else(|| "An internal error occurred.".to_owned());
        Fault { code, status: 500, message }
    }

    /// The answer that says a fault.
    pub fn respond(self, fault: &Fault, request_id: &str) -> Response {
        let (kind, body) = match self {
            Self::Json(voice) => (voice.protocol.content_type(), json::fault(fault, voice.message, &Details::new())),
            Self::RestJson => ("application/json", json::encode(&serde_json::json!({ "message": fault.message }))),
            Self::Form(voice) => ("text/xml", query::fault(fault, voice.namespace, request_id)),
            Self::RestXml => ("text/xml", query::fault(fault, NAMESPACE, request_id)),
            Self::Ec2 => ("text/xml", query::ec2_fault(fault, request_id)),
            Self::S3 => ("application/xml", query::s3_fault(fault, request_id)),
            Self::Cbor => ("application/cbor", cbor(&[("__type", fault.code), ("message", &fault.message)])),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = http::StatusCode::from_u16(fault.status).expect("faults have statuses");
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert("x-amzn-requestid", HeaderValue::from_str(request_id).expect("a UUID is a header's value"));
        match self {
            Self::RestJson => drop(headers.insert(ERROR_TYPE, HeaderValue::from_static(fault.code))),
            Self::Cbor => drop(headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"))),
            Self::Json(_) | Self::Form(_) | Self::Ec2 | Self::S3 | Self::RestXml => {}
        }
        // Much of a body may be on its way still, and nobody reads it.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// A map of texts. Source: RFC 8949, section 3.1.
fn cbor(members: &[(&str, &str)]) -> Vec<u8> {
    const TEXT: u8 = 3 << 5;
    const MAP: u8 = 5 << 5;
    let mut bytes = Vec::new();
    head(&mut bytes, MAP, members.len());
    for text in members.iter().flat_map(|(name, value)| [name, value]) {
        head(&mut bytes, TEXT, text.len());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

/// What kind of item it is, and how long.
fn head(bytes: &mut Vec<u8>, kind: u8, length: usize) {
    match length {
        0..24 => bytes.push(kind | u8::try_from(length).expect("it is less than 24")),
        24..256 => bytes.extend([kind | 24, u8::try_from(length).expect("it is less than 256")]),
        _ => {
            bytes.push(kind | 25);
            bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cbor_is_written_as_the_rfc_has_it() {
        // Source: RFC 8949, appendix A: {"a": "A", "b": "B"} without its other members.
        assert_eq!(cbor(&[("a", "A"), ("b", "B")]), [0xa2, 0x61, 0x61, 0x61, 0x41, 0x61, 0x62, 0x61, 0x42]);
        let long = "x".repeat(300);
        assert_eq!(cbor(&[("a", &long)])[..6], [0xa1, 0x61, 0x61, 0x79, 0x01, 0x2c]);
        assert_eq!(cbor(&[("a", &long[..30])])[..5], [0xa1, 0x61, 0x61, 0x78, 30]);
    }
}
