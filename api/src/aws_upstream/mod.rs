//! Calls of AWS services that we are not: who calls is proven and asked for permission as with our own, then the call is sent on to the place that the
//! operator named for its service, and the answer passed on as it comes. Without a place it is refused in a sentence that says what to set.
//!
//! Never understands an input or an answer, never sends a call twice, and never sends the caller's own signature on. The place is asked with the
//! operator's keys: only the platform's own account may use them. Source of truth: `docs/upstreams.md`.

mod body;
mod operation;
mod room;
mod s3;
mod s3_delete;
mod tongue;

use crate::{
    audit,
    authenticate::{Signed, authenticate},
    body::HeldBody,
    call::AuditedReads,
    door::Door,
    fault::{Common, Fault, Wrong},
    limit,
    sigv4::{self, Rejection, named_payload},
    target::{Api, Target},
};
use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts};
use model::{
    audit::{AuditRow, is_read_only},
    aws_upstream::{AwsAnswer, AwsCall, Header, OF_CONNECTION, Payload},
    caller::{Caller, Principal},
    port::Action,
    refusal::Refusal,
    time::Timestamp,
    trouble::{Retry, Trouble},
};
use operation::Called;
pub use room::ForwardedRoom;
use room::Place;
use tongue::Tongue;
use tracing::Span;

/// What a person reads who asks for something that is no call.
const NO_CALL: &str = "This is Outrunner. The AWS API is at POST /, the image registry at /v2/, health at /healthz; at an instance's own door \
                       the credentials of its role at /credentials.\n";
/// How calls are counted that are nobody's.
const UNKNOWN: &str = "unknown";
/// Headers that say whose call it is, or on which way it came: the place gets others.
const OF_CALLER: [&str; 8] = [
    "authorization",
    "content-length",
    "forwarded",
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-real-ip",
];
const FORWARDED: &str = "x-forwarded-";

/// What a request is that is no call of ours.
#[derive(Debug, PartialEq, Eq)]
pub enum Stranger {
    /// A call of the service of this signing name, as it says itself.
    Call(String),
    /// No call at all.
    Other,
}

/// Whether a request can only be meant for somebody else. Nothing of it is proven.
pub fn stranger(parts: &Parts) -> Option<Stranger> {
    let service = sigv4::service_named(parts);
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let is_ours = |service: &String| Api::ALL.iter().any(|api| api.signing_name() == service);
    match service {
        // What is aimed at one of ours and signed for another service is told so.
        Some(service) if !is_ours(&service) && !target.is_some_and(Target::is_of_ours) => Some(Stranger::Call(service)),
        Some(_) | None => (parts.uri.path() != "/").then_some(Stranger::Other),
    }
}

/// Whether a request says that it is a call of a service that is not ours: it may take as long as another place takes. Nothing of it is proven.
pub fn is_for_elsewhere(parts: &Parts) -> bool {
    matches!(stranger(parts), Some(Stranger::Call(_)))
}

/// Whether the body has to be read to know whose call it is: of services that take forms, ours and others.
pub fn is_form(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    parts.method == Method::POST && parts.uri.path() == "/" && kind.starts_with("application/x-www-form-urlencoded")
}

/// Why a call is not passed on.
enum Stop {
    Common(Common),
    /// The platform has no place for the service; what the caller reads.
    Homeless(String),
    /// The place did not answer; what the caller reads.
    Unreached(String),
    Trouble(Trouble),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::Common(Common::Rejected(rejection))
    }
}

impl From<Common> for Stop {
    fn from(common: Common) -> Self {
        Self::Common(common)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<Wrong> for Stop {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Common(common) => Self::Common(common),
            Wrong::Trouble(trouble) => Self::Trouble(trouble),
            // Nobody looks at an input here, so nothing of an input is wrong.
            Wrong::Refused(Refusal { message, .. }) | Wrong::Token(Refusal { message, .. }) => {
                Self::Common(Common::Denied(message))
            }
            Wrong::Invalid(message) | Wrong::Declared(_, message) | Wrong::Detailed(_, message, _) => {
                Self::Common(Common::Denied(message))
            }
        }
    }
}

/// One request on its way.
struct Passage<'a> {
    door: &'a Door,
    parts: &'a Parts,
    service: &'a str,
    request_id: &'a str,
}

/// What is proven of a request, whether or not it is passed on.
#[derive(Default)]
struct Known {
    caller: Option<Caller>,
    /// `s3:GetObject`, where it can be told.
    action: Option<String>,
}

/// Answers a request that is for somebody else.
pub async fn attend(door: &Door, stranger: Stranger, request: (&Parts, Body), request_id: &str, began: Timestamp) -> Response {
    let (parts, body) = request;
    // Whatever a stranger writes there: of those that are sent on there are only so many.
    let Stranger::Call(service) = stranger else {
        Span::current().record("call", UNKNOWN);
        return no_call();
    };
    let services = door.ports.aws_upstreams.services();
    let has_place = services.contains(&service);
    Span::current().record("call", if has_place { format!("{service}:Forwarded") } else { UNKNOWN.to_owned() });
    let tongue = Tongue::of(&service, parts);
    let passage = Passage { door, parts, service: &service, request_id };
    let mut known = Known::default();
    let outcome = if has_place { passage.pass(body, &mut known).await } else { Err(Stop::Homeless(homeless(&service, &services))) };
    let Known { caller, action } = known;
    let (response, fault) = match outcome {
        Ok(response) => (response, None),
        Err(stop) => {
            let is_root = caller.as_ref().is_some_and(|caller| caller.principal == Principal::Root);
            let fault = told(&stop, tongue, request_id, &service, is_root);
            (tongue.respond(&fault, request_id), Some(fault))
        }
    };
    let status = response.status().as_u16();
    let code = fault.as_ref().map_or("", |fault| fault.code);
    let account = caller.as_ref().map_or("", |caller| caller.account().as_str());
    let span = Span::current();
    span.record("status", status);
    if !account.is_empty() {
        span.record("account", account);
    }
    if fault.is_some() {
        span.record("fault", code);
    }
    // The names are the caller's texts until they are proven: cut, and printed as Debug, so that they cannot break the line.
    let name: String = action.unwrap_or(service).chars().take(limit::LOGGED_TARGET_CHARS).collect();
    tracing::info!(
        request_id,
        target = ?name,
        status,
        fault = code,
        account,
        access_key_id = caller.as_ref().map_or("", |caller| &caller.access_key_id),
        seconds = door.ports.clock.now().since(began).as_secs_f64(),
        "api call of a service that is elsewhere"
    );
    response
}

fn no_call() -> Response {
    let mut response = Response::new(Body::from(NO_CALL));
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The fault of a call that was not passed on; what is ours is written to the log. Where the place is, and where its keys are kept, is for whoever runs the
/// platform to read: its root. A service's code is some tenant's.
fn told(stop: &Stop, tongue: Tongue, request_id: &str, service: &str, is_root: bool) -> Fault {
    match stop {
        Stop::Common(common) => tongue.fault(common),
        Stop::Homeless(words) => tongue.fault(&Common::UnknownOperation(words.clone())),
        Stop::Unreached(words) => {
            tracing::warn!(request_id, service, cause = words, "a call could not be sent on");
            if is_root { tongue.unreached(words) } else { tongue.unreached(&unreached(service)) }
        }
        Stop::Trouble(trouble) => {
            let cause = trouble.chain();
            match trouble.retry() {
                Retry::Worthwhile => {
                    tracing::warn!(request_id, call = service, cause, "a call failed on our side, and may succeed later")
                }
                Retry::Pointless => tracing::error!(request_id, call = service, cause, "a call failed on our side"),
            }
            tongue.broken(trouble)
        }
    }
}

impl Passage<'_> {
    async fn pass(&self, body: Body, known: &mut Known) -> Result<Response, Stop> {
        let door = self.door;
        sigv4::check_not_presigned(self.parts)?;
        let (payload, body, held) = self.payload(body).await?;
        let signed = (self.parts, Signed::Payload(payload.text()));
        let (ports, service) = (&door.ports, self.service);
        let caller = authenticate(ports, &door.sessions, &door.key_uses, service, signed, self.request_id).await?;
        known.caller = Some(caller.clone());
        let called = operation::called(service, self.parts, held.as_ref().map(|held| &held.bytes[..]));
        known.action = called.actions.first().map(|action| action.name.clone());
        self.permit(&caller, &called).await?;
        // Not before it is known whose room it is.
        let place = door.forwarded.take(caller.arn()).ok_or_else(Common::throttled)?;
        self.record(&caller, &called).await?;
        self.send(&caller, payload, body, place).await
    }

    /// What the signature knows of the body, and the body: on its way still where the request names it, else read whole. So is one that says what is
    /// called.
    async fn payload(&self, body: Body) -> Result<(Payload, Body, Option<HeldBody<'_>>), Stop> {
        let named = named_payload::named(&self.parts.headers)?.map(Payload::Named);
        if let Some(named) = named.clone().filter(|_| !is_form(self.parts) && !s3::is_told_by_body(self.parts)) {
            return Ok((named, body, None));
        }
        let held = self.door.bodies.read(&self.parts.headers, body, limit::FORWARDED_BODY_BYTES).await?;
        let payload = named.unwrap_or_else(|| Payload::Hash(body::sha256(&held.bytes)));
        Ok((payload, Body::from(held.bytes.clone()), Some(held)))
    }

    /// Whether the caller may.
    async fn permit(&self, caller: &Caller, called: &Called) -> Result<(), Stop> {
        let (door, service) = (self.door, self.service);
        let own = &door.settings.account;
        if caller.account() != own {
            let words = format!(
                "Calls of {service} are sent on with keys of whoever runs this platform: only account {own} may make them, not {}.",
                caller.account()
            );
            return self.deny(caller, called.actions.first(), words).await;
        }
        if called.actions.is_empty() && caller.principal != Principal::Root {
            let words = format!(
                "User: {} is not authorized: which operation of {service} this is cannot be told here, so no policy can allow it. Only the root of the \
                 account may call it through this platform.",
                caller.arn()
            );
            return self.deny(caller, called.actions.first(), words).await;
        }
        for action in &called.actions {
            if let Err(refusal) = door.ports.gatekeeper.authorize(caller, action).await? {
                return self.deny(caller, Some(action), refusal.message).await;
            }
        }
        Ok(())
    }

    /// A call that is denied has its row.
    async fn deny(&self, caller: &Caller, action: Option<&Action>, words: String) -> Result<(), Stop> {
        let stop = Stop::Common(Common::Denied(words));
        audit::denied(&self.door.ration, &self.door.ports, self.row(caller, action)).await;
        Err(stop)
    }

    /// Before it is sent: what was done in the operator's name is known also if we do not live to see the answer. Each object of many has a row of its own.
    async fn record(&self, caller: &Caller, called: &Called) -> Result<(), Stop> {
        let all_reads = self.door.settings.audited_reads == AuditedReads::All;
        let mut rows: Vec<AuditRow> = called.actions.iter().map(|action| self.row(caller, Some(action))).collect();
        if rows.is_empty() {
            rows.push(self.row(caller, None));
        }
        rows.retain(|row| all_reads || !is_read_only(&row.action));
        if !rows.is_empty() {
            self.door.ports.audit.append_all(&rows).await?;
        }
        Ok(())
    }

    fn row(&self, caller: &Caller, action: Option<&Action>) -> AuditRow {
        let (action, resource) = match action {
            Some(Action { name, resource, facts: _ }) => (name.clone(), resource.clone()),
            None => (format!("{}:Unknown", self.service), "*".to_owned()),
        };
        AuditRow { at: self.door.ports.clock.now(), caller: caller.clone(), action, resource }
    }

    async fn send(&self, caller: &Caller, payload: Payload, body: Body, place: Place) -> Result<Response, Stop> {
        let parts = self.parts;
        let (body_bytes, hash) = (body::length(&parts.headers, &body), body::to_prove(&payload));
        if body_bytes.is_some_and(|bytes| bytes > limit::FORWARDED_STREAM_BYTES as u64) {
            return Err(Common::TooLarge(limit::FORWARDED_STREAM_BYTES).into());
        }
        let (body, witness) = body::incoming(body, hash);
        let call = AwsCall {
            service: self.service.to_owned(),
            region: caller.region().clone(),
            method: parts.method.to_string(),
            path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned()),
            headers: sent_on(&parts.headers),
            payload,
            body,
            body_bytes,
        };
        let sent = self.door.ports.aws_upstreams.send(call).await?;
        match (sent, witness.breakage()) {
            (Ok(answer), _) => Ok(answered(answer, self.request_id, place)),
            (Err(_), Some(breakage)) => Err(breakage.into()),
            (Err(refusal), None) => Err(Stop::Unreached(refusal.message)),
        }
    }
}

/// What somebody reads whose service has no place.
fn homeless(service: &str, forwarded: &[String]) -> String {
    let ours: Vec<&str> = Api::ALL.iter().map(|api| api.signing_name()).collect();
    let service: String = service.chars().take(limit::SHOWN_VALUE_CHARS).collect();
    let forwarded = match forwarded {
        [] => String::new(),
        some => format!(" Calls of {} are sent on.", some.join(", ")),
    };
    format!(
        "{service} is not available here: this platform is {}.{forwarded} Whoever runs it can have calls of {service} sent on: outrunner serve \
         --upstream {service}=URL --upstream-keys KEYS.",
        ours.join(", ")
    )
}

/// What somebody reads whose call did not arrive.
fn unreached(service: &str) -> String {
    format!(
        "The place that calls of {service} are sent on to did not answer. Whoever runs this platform finds the reason in its log, by this request's id."
    )
}

/// What is said to the place: everything but what is ours.
fn sent_on(headers: &HeaderMap) -> Vec<Header> {
    let named = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<String> = named.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect();
    let stays = |name: &str| {
        OF_CONNECTION.contains(&name)
            || OF_CALLER.contains(&name)
            || name.starts_with(FORWARDED)
            || named.iter().any(|other| other == name)
    };
    let others = headers.iter().filter(|(name, _)| !stays(name.as_str()));
    others.map(|(name, value)| (name.as_str().to_owned(), Bytes::copy_from_slice(value.as_bytes()))).collect()
}

/// The answer as it came. An id of ours stands in it only if it has none of its own: clients tell support about that one.
fn answered(answer: AwsAnswer, request_id: &str, place: Place) -> Response {
    let AwsAnswer { status, headers, body } = answer;
    let mut response = Response::new(body::outgoing(body, place));
    // A status that is none would be the place's mistake; hyper reads none of these.
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    let map = response.headers_mut();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_maybe_shared(value)) {
            map.append(name, value);
        }
    }
    if !["x-amzn-requestid", "x-amz-request-id"].iter().any(|name| map.contains_key(*name)) {
        map.insert("x-amzn-requestid", HeaderValue::from_str(request_id).expect("a UUID is a header's value"));
    }
    response
}
