//! AWS services that are not ours, at places that the operator named: a call is signed anew with his keys and sent there, once.
//!
//! Never tries again (the caller does), never follows a redirect, never keeps anything, and never prints a header or a body. Source of truth: the port
//! `AwsUpstreams`.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use aws_sigv4::http_request::SignableBody;
use bytes::Bytes;
use futures_util::stream;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::Frame;
use model::account::Region;
use model::aws_upstream::{AwsAnswer, AwsCall, Header, OF_CONNECTION, Payload};
use model::chunks::{self, Chunks};
use model::port::{Answer, AwsUpstreams, Clock, Granted, Hosts, Resolver};
use model::refusal::RefusalKind;
use model::trouble::Trouble;

use crate::aws_signature::{ReadKeys, ToSign, signature};
use crate::http_client::{Hints, HttpClient, Reply, TrustError, trust};
use crate::limit::Patience;
use crate::place::{Named, Place};
use crate::snag::Snag;

/// What stands in an address for the region of a call.
const REGION: &str = "{region}";
/// Headers that every signature covers where they are there, beside those that begin so.
const SIGNED: [&str; 1] = ["content-type"];
const SIGNED_BEGINNING: &str = "x-amz-";

pub(crate) const HINTS: Hints = Hints {
    authority: "Name its authority with --upstream-ca FILE.",
    plain: "plain HTTP is only spoken with places on this machine that --upstream names",
    elsewhere: "plain HTTP is only spoken with this machine's own loopback addresses",
};

/// Where a service is: a place, or one in each region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts(String);

/// A service that is not ours.
#[derive(Clone)]
pub struct AwsUpstream {
    /// Its signing name.
    pub service: String,
    pub whereabouts: Whereabouts,
    pub keys: Arc<ReadKeys>,
}

/// What an operator says about them.
pub struct AwsUpstreamSettings {
    pub upstreams: Vec<AwsUpstream>,
    /// The machine's roots, as PEM.
    pub system_roots: Vec<u8>,
    /// The operator's own, as PEM; they must hold a certificate if they are not empty.
    pub authorities: Vec<u8>,
    pub clock: Arc<dyn Clock>,
    pub patience: Patience,
}

/// All of them.
pub struct AwsServices {
    http: HttpClient,
    upstreams: BTreeMap<String, AwsUpstream>,
    clock: Arc<dyn Clock>,
}

type BoxedBody = UnsyncBoxBody<Bytes, Box<dyn Error + Send + Sync>>;

impl Whereabouts {
    /// A URL without a path, in whose host `{region}` may stand. Plain HTTP leads to this machine's own addresses only, so no region can be in it.
    pub fn parse(text: &str) -> Option<Self> {
        let found = Self(text.trim_end_matches('/').to_owned());
        let place = found.place("us-east-1")?;
        (place.is_tls || !text.contains(REGION)).then_some(found)
    }

    /// Whether it is the same place in every region.
    pub fn is_one(&self) -> bool {
        !self.0.contains(REGION)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The place in a region.
    pub(crate) fn in_region(&self, region: &Region) -> Place {
        self.place(region.as_str()).expect("a region is a label of a host, and with one of them it was a place")
    }

    fn place(&self, region: &str) -> Option<Place> {
        let (place, path) = Place::parse(&self.0.replace(REGION, region))?;
        (path == "/").then_some(place)
    }
}

impl AwsServices {
    /// # Errors
    /// If `authorities` holds no certificate.
    pub fn new(settings: AwsUpstreamSettings, resolver: Arc<dyn Resolver>, hosts: Arc<dyn Hosts>) -> Result<Self, TrustError> {
        let tls = trust(&settings.system_roots, &settings.authorities)?;
        let http = HttpClient::new(resolver, hosts, tls, settings.patience).with_hints(HINTS);
        let upstreams = settings.upstreams.into_iter().map(|upstream| (upstream.service.clone(), upstream)).collect();
        Ok(Self { http, upstreams, clock: settings.clock })
    }

    async fn pass(&self, call: AwsCall) -> Result<AwsAnswer, Snag> {
        let service = &call.service;
        let upstream = self.upstreams.get(service);
        let upstream = upstream.ok_or_else(|| Snag::refused(RefusalKind::NotFound, format!("{service} has no upstream.")))?;
        let denied = |words: String| Snag::refused(RefusalKind::Denied, words);
        let keys = (upstream.keys)().map_err(|why| denied(format!("There are no keys for the upstream of {service}: {why}")))?;
        let place = upstream.whereabouts.in_region(&call.region);
        let unfit =
            || denied(format!("The call cannot be signed for {place}: its headers or the upstream's keys are no such text."));
        let host = place.authority();
        let headers = signed_headers(&call, &host).ok_or_else(unfit)?;
        let url = format!("{place}{}", call.path);
        let order = ToSign {
            method: &call.method,
            url: &url,
            headers: &headers,
            body: SignableBody::Precomputed(call.payload.text().to_owned()),
            names_payload: matches!(call.payload, Payload::Named(_)),
            service,
            region: call.region.as_str(),
        };
        let signature = signature(order, &keys, self.clock.now()).ok_or_else(unfit)?;
        let request = request(call, &place, signature).ok_or_else(unfit)?;
        // The operator named it: it may be in his own network, and on this machine.
        let reply = self.http.pass(&place, request, &Named::default().and(&place)).await?;
        let status = reply.status.as_u16();
        let headers = passed_on(&reply.headers);
        Ok(AwsAnswer { status, headers, body: Box::new(Passed { reply, patience: self.http.patience }) })
    }
}

impl AwsUpstreams for AwsServices {
    fn services(&self) -> Vec<String> {
        self.upstreams.keys().cloned().collect()
    }

    fn send(&self, call: AwsCall) -> Answer<'_, Granted<AwsAnswer>> {
        Box::pin(async move { Ok(self.pass(call).await.map_err(Snag::into_refusal)) })
    }
}

/// What the signature covers; nothing where a value is no text.
fn signed_headers<'a>(call: &'a AwsCall, host: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut headers = vec![("host", host)];
    for (name, value) in &call.headers {
        if SIGNED.contains(&name.as_str()) || name.starts_with(SIGNED_BEGINNING) {
            headers.push((name.as_str(), std::str::from_utf8(value).ok()?));
        }
    }
    Some(headers)
}

fn request(call: AwsCall, place: &Place, signature: Vec<(HeaderName, HeaderValue)>) -> Option<Request<BoxedBody>> {
    let mut headers = HeaderMap::new();
    for (name, value) in call.headers {
        headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_maybe_shared(value).ok()?);
    }
    headers.extend(signature);
    headers.insert(HOST, HeaderValue::from_str(&place.authority()).ok()?);
    // Services want to be told that a body is empty where there could be one.
    if let Some(bytes) = call.body_bytes.filter(|bytes| *bytes > 0 || ["PATCH", "POST", "PUT"].contains(&call.method.as_str())) {
        headers.insert(CONTENT_LENGTH, bytes.into());
    }
    let body = match call.body_bytes {
        Some(0) => Empty::new().map_err(|never| match never {}).boxed_unsync(),
        Some(_) | None => sent(call.body),
    };
    let mut request = Request::new(body);
    *request.method_mut() = call.method.parse().ok()?;
    *request.uri_mut() = call.path.parse().ok()?;
    *request.headers_mut() = headers;
    Some(request)
}

/// A body on its way out. Trouble in it breaks the request off, so that the other side never takes it for a whole one.
fn sent(body: chunks::Body) -> BoxedBody {
    let pieces = stream::try_unfold(body, |mut body| async move {
        let piece = body.next().await.map_err(|trouble| Box::new(trouble) as Box<dyn Error + Send + Sync>)?;
        Ok(piece.map(|piece| (Frame::data(piece), body)))
    });
    StreamBody::new(pieces).boxed_unsync()
}

/// What an answer says to the caller, rather than to us.
fn passed_on(headers: &HeaderMap) -> Vec<Header> {
    let named = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<String> = named.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect();
    let is_ours = |name: &HeaderName| OF_CONNECTION.contains(&name.as_str()) || named.iter().any(|other| other == name.as_str());
    let others = headers.iter().filter(|(name, _)| !is_ours(name));
    others.map(|(name, value)| (name.as_str().to_owned(), Bytes::copy_from_slice(value.as_bytes()))).collect()
}

/// The body of an answer, as it comes.
struct Passed {
    reply: Reply,
    patience: Patience,
}

impl Chunks for Passed {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            let piece = self.reply.piece(self.patience.silence).await;
            piece.map_err(|snag| Trouble::refused("passing on an upstream's answer", snag.into_refusal()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_may_be_another_one_in_each_region() {
        let everywhere = Whereabouts::parse("https://sqs.{region}.amazonaws.com").unwrap();
        let region = Region::parse("eu-west-1").unwrap();
        assert_eq!(everywhere.in_region(&region).to_string(), "https://sqs.eu-west-1.amazonaws.com");
        assert!(!everywhere.is_one());
        for one in ["http://127.0.0.1:5000", "https://minio.internal:9000/"] {
            let one = Whereabouts::parse(one).unwrap();
            assert!(one.is_one() && !one.as_str().ends_with('/'), "{one:?}");
        }
        for wrong in
            ["", "s3", "ftp://a.test", "https://a.test/path", "https://a.test/?x", "http://{region}.test", "https://u:p@a.test"]
        {
            assert_eq!(Whereabouts::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_about_our_connection_is_not_passed_on() {
        let mut headers = HeaderMap::new();
        for (name, value) in
            [("connection", "close, X-Own"), ("x-own", "1"), ("transfer-encoding", "chunked"), ("etag", "e"), ("via", "v")]
        {
            headers.append(name, value.parse().unwrap());
        }
        let passed: Vec<String> = passed_on(&headers).into_iter().map(|(name, _)| name).collect();
        assert_eq!(passed, ["etag", "via"]);
    }
}
