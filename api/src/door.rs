//! The AWS door: takes a request in, answers it in its own protocol, writes one line about it.
//! Never knows what an operation means, never logs a body. Source of truth: the App Runner API reference, `ARCHITECTURE.md` §2.

use crate::{
    answer::{Answered, Output, answer},
    audit::Ration,
    authenticate::names_a_key,
    aws_upstream::{self, ForwardedRoom, Stranger},
    body::{BodyRoom, HeldBody},
    call::{Ports, Settings},
    codec::{Protocol, event_stream, json, query},
    fault::{Common, Details, Fault},
    key_use::KeyUses,
    limit,
    logs::LogsRoom,
    page::PageKey,
    session::SessionSeal,
    shape::ecr::EcrOperation,
    target::{self, Offered, Target, Voice},
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use http::{HeaderName, HeaderValue, header, request::Parts};
use model::{caller::Caller, port::draw, time::Timestamp};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tracing::{Instrument, Span, field::Empty};

/// The header that every answer carries.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
/// Where in a trace of his the caller stands. Source: W3C Trace Context, section 3.2.
const TRACE_PARENT: &str = "traceparent";
/// The header that names the operation in the JSON protocols.
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// What the door keeps while it is open.
pub struct Door {
    /// Whom it asks.
    pub ports: Ports,
    /// What was set.
    pub settings: Settings,
    /// What signs page tokens.
    pub page_key: PageKey,
    /// What seals session tokens.
    pub sessions: SessionSeal,
    /// When the use of each key was last written down.
    pub key_uses: KeyUses,
    /// How many failed calls have rows in the audit log.
    pub ration: Ration,
    /// A permit for each caller that may wait for log lines.
    pub followers: Semaphore,
    /// Queries over log lines, and who watches them.
    pub logs: LogsRoom,
    /// Room for calls that are sent on to another place.
    pub forwarded: Arc<ForwardedRoom>,
    /// A permit for each call under way.
    pub calls: Semaphore,
    /// A permit for each call whose token is not verified yet.
    pub unverified: Semaphore,
    /// What their bodies take.
    pub bodies: BodyRoom,
    /// What the parts of layers take.
    layer_bodies: BodyRoom,
}

/// How full this room is.
pub struct Fullness(Arc<Door>);

impl Fullness {
    /// Of each queue of this room: its name, how many there are in it, and how many there may be. Those of bodies are bytes.
    #[must_use]
    pub fn queues(&self) -> Vec<(&'static str, usize, usize)> {
        let door = &self.0;
        let mut queues = vec![
            (
                "api calls whose token is not verified",
                limit::UNVERIFIED_CALLS - door.unverified.available_permits(),
                limit::UNVERIFIED_CALLS,
            ),
            ("api calls that are sent on", door.forwarded.taken(), limit::FORWARDED_CALLS),
            ("api body bytes", limit::BODIES_BYTES - door.bodies.free(), limit::BODIES_BYTES),
            ("layer body bytes", limit::LAYER_BODIES_BYTES - door.layer_bodies.free(), limit::LAYER_BODIES_BYTES),
            ("api body bytes to drop", door.bodies.dropped(), limit::DROPPED_BYTES_IN_LINE),
            ("layer body bytes to drop", door.layer_bodies.dropped(), limit::DROPPED_BYTES_IN_LINE),
            ("log followers", limit::FOLLOWERS - door.followers.available_permits(), limit::FOLLOWERS),
        ];
        queues.extend(door.logs.queues());
        queues
    }
}

/// The router of this room: `POST /` speaks AWS, and `GET /` is answered in the same way, because clients presign requests so. Whatever no other door takes
/// comes here too: services that are not ours have paths of their own. `daemon` merges it with the other doors' and serves it.
pub fn router(ports: Ports, settings: Settings) -> Router {
    open(ports, settings).0
}

/// The router, and who knows how full the room is.
pub fn open(ports: Ports, settings: Settings) -> (Router, Fullness) {
    let door = Door {
        page_key: PageKey::new(&settings.page_key),
        sessions: SessionSeal::new(&settings.session_key),
        key_uses: KeyUses::default(),
        ports,
        settings,
        ration: Ration::default(),
        followers: Semaphore::new(limit::FOLLOWERS),
        logs: LogsRoom::default(),
        forwarded: Arc::default(),
        calls: Semaphore::new(limit::CALLS),
        unverified: Semaphore::new(limit::UNVERIFIED_CALLS),
        bodies: BodyRoom::new(limit::BODIES_BYTES),
        layer_bodies: BodyRoom::new(limit::LAYER_BODIES_BYTES),
    };
    let door = Arc::new(door);
    let router = Router::new().route("/", any(receive)).fallback(receive).with_state(Arc::clone(&door));
    (router, Fullness(door))
}

async fn receive(State(door): State<Arc<Door>>, request: Request) -> Response {
    let began = door.ports.clock.now();
    // A version 4 UUID, as AWS's own request ids are.
    let request_id = uuid::Builder::from_random_bytes(draw(&*door.ports.dice)).into_uuid().to_string();
    let traceparent = request.headers().get(TRACE_PARENT).and_then(|parent| parent.to_str().ok());
    let traceparent = traceparent.filter(|parent| parent.len() <= limit::LOGGED_TARGET_CHARS);
    let span =
        tracing::info_span!("api_call", request_id, call = Empty, account = Empty, traceparent, status = Empty, fault = Empty);
    attend(&door, request, &request_id, began).instrument(span).await
}

async fn attend(door: &Door, request: Request, request_id: &str, began: Timestamp) -> Response {
    let (mut parts, body) = request.into_parts();
    name_host(&mut parts);
    let stranger = aws_upstream::stranger(&parts);
    let stranger = match stranger {
        // Whose it is stands in the body.
        Some(Stranger::Call(_)) if aws_upstream::is_form(&parts) => stranger,
        Some(stranger) => return aws_upstream::attend(door, stranger, (&parts, body), request_id, began).await,
        None => None,
    };
    // The body is read before a permit is taken: a caller that sends slowly costs others nothing.
    let body = read_body(door, &parts, body).await;
    let target = named(&parts, body.as_ref().ok());
    let is_ours = |held: &HeldBody<'_>| query::decode(&held.bytes).is_some_and(|form| Target::is_our_version(&form.version));
    if let (Some(stranger), Ok(held)) = (stranger, &body)
        && !is_ours(held)
    {
        return aws_upstream::attend(door, stranger, (&parts, Body::from(held.bytes.clone())), request_id, began).await;
    }
    Span::current().record("call", call_name(&target));
    let answered = match body {
        Ok(body) => answer(door, &target, &parts, &body.bytes, request_id).await,
        Err(common) => Answered::fault(common.fault(target.voice.protocol)),
    };
    let Answered { caller, outcome, details } = answered;
    let fault = outcome.as_ref().err().cloned();
    let (response, status) = respond(target.voice, outcome, &details, request_id);
    log(&target, caller.as_ref(), fault.as_ref(), request_id, status, door.ports.clock.now().since(began));
    response
}

/// The body, in the room that its operation has.
async fn read_body<'a>(door: &'a Door, parts: &Parts, body: Body) -> Result<HeldBody<'a>, Common> {
    let target = parts.headers.get(TARGET).map(of_header);
    let bytes_max = target.as_ref().map_or(limit::REQUEST_BODY_BYTES, Target::body_bytes_max);
    if !target.is_some_and(|target| target.offered == Some(Offered::Ecr(EcrOperation::UploadLayerPart))) {
        return door.bodies.read(&parts.headers, body, bytes_max).await;
    }
    if names_a_key(&door.ports, &door.sessions, &parts.headers).await {
        return door.layer_bodies.read(&parts.headers, body, bytes_max).await;
    }
    // It will be refused for its key, before anybody asks for its body: a stranger gets no room.
    door.layer_bodies.pass_over(&parts.headers, body, bytes_max).await
}

/// The call as IAM spells it; `unknown` for whatever a stranger writes there, so that there are only so many.
fn call_name(target: &Target) -> String {
    target
        .offered
        .map_or_else(|| "unknown".to_owned(), |offered| format!("{}:{}", offered.api().signing_name(), offered.operation().name))
}

/// Over HTTP/2 the host is a pseudo header, and clients sign it as `host`.
fn name_host(parts: &mut Parts) {
    let authority = parts.uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(authority) = authority.filter(|_| !parts.headers.contains_key(header::HOST)) {
        parts.headers.insert(header::HOST, authority);
    }
}

fn of_header(header: &HeaderValue) -> Target {
    Target::of_header(header.to_str().unwrap_or_default())
}

/// What the request names: in a header for the JSON protocols, in the body for the query protocol.
fn named(parts: &Parts, body: Option<&HeldBody<'_>>) -> Target {
    if let Some(header) = parts.headers.get(TARGET) {
        return of_header(header);
    }
    let form = body.and_then(|body| query::decode(&body.bytes));
    // A call that was presigned is a form in the query: it is refused, in its own protocol.
    let form = form.or_else(|| parts.uri.query().and_then(|text| query::decode(text.as_bytes())));
    form.map_or_else(
        || Target { voice: target::UNNAMED, offered: None, name: String::new() },
        |form| Target::of_form(&form.action, &form.version),
    )
}

fn respond(voice: Voice, outcome: Result<Output, Fault>, details: &Details, request_id: &str) -> (Response, u16) {
    let content_type = voice.protocol.content_type();
    let (status, content_type, body) = match outcome {
        Ok(Output::Whole(body)) => (200, content_type, Body::from(body)),
        Ok(Output::Events(body)) => (200, event_stream::CONTENT_TYPE, body),
        Err(fault) => (fault.status, content_type, Body::from(write(voice, &fault, details, request_id))),
    };
    let mut builder = Response::builder().status(status).header(header::CONTENT_TYPE, content_type).header(REQUEST_ID, request_id);
    if matches!(status, 408 | 413) {
        // What is left of the body is not read, so the connection is of no further use.
        builder = builder.header(header::CONNECTION, "close");
    }
    (builder.body(body).expect("a status and three valid headers are a response"), status)
}

fn write(voice: Voice, fault: &Fault, details: &Details, request_id: &str) -> Vec<u8> {
    match voice.protocol {
        Protocol::Json10 | Protocol::Json11 => json::fault(fault, voice.message, details),
        // No fault of a query service has members of its own.
        Protocol::Query => query::fault(fault, voice.namespace, request_id),
    }
}

/// The one line about a call.
fn log(target: &Target, caller: Option<&Caller>, fault: Option<&Fault>, request_id: &str, status: u16, took: std::time::Duration) {
    // The target is the caller's text: it is cut, and printed as Debug so that it cannot break the line.
    let name: String = target.name.chars().take(limit::LOGGED_TARGET_CHARS).collect();
    let span = Span::current();
    span.record("status", status);
    if let Some(caller) = caller {
        span.record("account", caller.account().as_str());
    }
    if let Some(fault) = fault {
        span.record("fault", fault.code);
    }
    tracing::info!(
        request_id,
        target = ?name,
        status,
        fault = fault.map_or("", |fault| fault.code),
        account = caller.map_or("", |caller| caller.account().as_str()),
        region = caller.map_or("", |caller| caller.region().as_str()),
        access_key_id = caller.map_or("", |caller| &caller.access_key_id),
        seconds = took.as_secs_f64(),
        "api call"
    );
}
