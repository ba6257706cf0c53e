//! The walk of one request: screened, routed, held, sent, answered. Knows nothing of the connection it came by but [`Client`], so
//! that another HTTP server can call it.
//! Never reads the ledger and takes no lock across an await. Source of truth: `ARCHITECTURE.md`, "a request reaches a service at zero".

use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::header::{self, HeaderValue};
use http::{Request, Response, StatusCode, Uri, Version, uri};
use http_body::Body as _;
use hyper::body::Incoming;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::access_log::{Beginning, Note};
use crate::answer;
use crate::body::{AnswerBody, Forwarded, RequestBody, Upload, UploadState};
use crate::carrier::Core;
use crate::door::Place;
use crate::exchange::{Failure, exchange};
use crate::header::{Scheme, Upgrade, prepare_request, strip_hop_by_hop, upgrade};
use crate::hold::{NotHeld, hold};
use crate::lease::{Burden, Lease, Ticket};
use crate::limit::{CONNECT_PAUSE, CONNECT_PAUSE_MAX, DOOR_HOLD, DOOR_WAITING_MAX, PROGRESS_TIME, REFUSED_WAITING_MAX};
use crate::patience::{Patience, patiently};
use crate::routing::{Counted, Door, Route, Service, Upstream};
use crate::screen::{Asked, screen};
use crate::slot::{Occupant as _, Slot};
use crate::tally::Count;
use crate::tunnel::{self, ClientSide};

/// Who is at the other end of a connection.
#[derive(Clone)]
pub struct Client {
    pub peer: SocketAddr,
    /// Our own end: the same address at both ends is this machine talking to itself.
    pub local: IpAddr,
    pub scheme: Scheme,
    /// The name that the TLS hello asked for, lower case.
    pub server_name: Option<Arc<str>>,
    /// What its connection takes; nothing for whoever has no door.
    pub place: Option<Arc<Place>>,
}

impl Client {
    fn is_on_this_machine(&self) -> bool {
        let peer = self.peer.ip().to_canonical();
        peer.is_loopback() || peer == self.local.to_canonical()
    }
}

/// An answer's head is there; what is left of the exchange.
struct Answered {
    answer: Response<Incoming>,
    lease: Lease,
    ticket: Option<Ticket>,
    patience: Patience,
}

/// Carries one request.
pub async fn carry(core: Arc<Core>, client: Client, request: Request<Incoming>) -> Response<AnswerBody> {
    let (version, began) = (request.version(), std::time::Instant::now());
    let mut answer = route(&core, &client, request).await;
    core.tally().answered(answer.status().as_u16(), began.elapsed());
    if version == Version::HTTP_2 {
        answer.headers_mut().remove(header::CONNECTION);
    } else if core.drain.begun() && answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

async fn route(core: &Arc<Core>, client: &Client, request: Request<Incoming>) -> Response<AnswerBody> {
    let asked = match screen(&request) {
        Ok(asked) => asked,
        Err(fault) => return told(core, Count::RefusedHead, answer::fault(fault)),
    };
    let Some(route) = core.board.routes.find(&asked.name) else {
        return told(core, Count::RefusedUnknownHost, answer::unknown_host(&asked.name));
    };
    if let Route::Door { public: false, .. } = route
        && !client.is_on_this_machine()
    {
        // To a stranger, a door that is not public does not exist.
        return told(core, Count::RefusedUnknownHost, answer::unknown_host(&asked.name));
    }
    match (client.scheme, client.server_name.as_deref()) {
        (Scheme::Http, _) => return answer::to_https(&asked.name, core.https_port, request.uri()),
        (Scheme::Https, Some(shown)) if shown != asked.name && !core.board.certificates.same(shown, &asked.name) => {
            return told(core, Count::RefusedMisdirected, answer::misdirected(&asked.name));
        }
        (Scheme::Https, _) => {}
    }
    match route {
        Route::Service { service, hold_max, request_timeout } => {
            let patience = request_timeout.map_or(Patience::Endless, |time| Patience::Until(Instant::now() + time));
            to_service(core, client, request, asked, service, hold_max, patience).await
        }
        Route::Door { door, .. } => to_door(core, client, request, asked, &door).await,
    }
}

async fn to_service(
    core: &Arc<Core>,
    client: &Client,
    request: Request<Incoming>,
    asked: Asked,
    service: Arc<Service>,
    hold_max: Duration,
    patience: Patience,
) -> Response<AnswerBody> {
    let mut until = Instant::now() + hold_max;
    if let Patience::Until(deadline) = patience {
        until = until.min(deadline);
    }
    let (wants, id) = (asked.upgrade, core.request_ids.draw());
    let beginning = Beginning {
        method: request.method(),
        uri: request.uri(),
        version: request.version(),
        client: client.peer.ip(),
        request_id: id,
    };
    // Counted when it ends, however it ends.
    let mut counted = Counted { note: Note::begin(core, &service, &beginning), service };
    let (request, client_side) = prepare(client, request, &asked, id);
    if let Some(note) = counted.note.as_mut().filter(|_| !request.body().is_empty()) {
        note.upload = Some(request.body().state());
    }
    match send(core, request, &asked, &mut counted, until, patience).await {
        Ok((answer, lease, slot)) => {
            let mut ticket = Ticket::new(slot, counted);
            if let Some(note) = ticket.note() {
                note.status = answer.status().as_u16();
            }
            finish(core, Answered { answer, lease, ticket: Some(ticket), patience }, wants, client_side)
        }
        Err(answer) => {
            if let Some(note) = &mut counted.note {
                note.status = answer.status().as_u16();
                note.response_bytes = answer.body().size_hint().exact().unwrap_or(0);
            }
            *answer
        }
    }
}

/// The head of an instance's answer, and what must be given back after it.
type Sent = (Response<Incoming>, Lease, Slot<Upstream>);

/// Finds the request a slot and sends it there; or what the client is told in our own words.
async fn send(
    core: &Arc<Core>,
    mut request: Box<Request<RequestBody>>,
    asked: &Asked,
    counted: &mut Counted,
    until: Instant,
    patience: Patience,
) -> Result<Sent, Box<Response<AnswerBody>>> {
    let Counted { service, note } = counted;
    let mut refused: Option<Refused<'_>> = None;
    loop {
        let mut waits_since = None;
        let waits = || {
            waits_since = Some(Instant::now());
            service.cord.pull();
        };
        let held = hold(&service.line, core.dice(), until, waits).await;
        if let Some(time) = waits_since.map(|since| since.elapsed()) {
            core.tally().held(time);
            if let Some(note) = note.as_mut() {
                note.held += time;
            }
        }
        let slot = held.map_err(|why| match why {
            NotHeld::Full => told(core, Count::RefusedQueueFull, answer::too_many()),
            NotHeld::Late => told(core, Count::RefusedHeldTooLong, answer::no_room("The service was not ready in time.")),
            // What it would be told if it came now.
            NotHeld::Gone => told(core, Count::RefusedServiceGone, answer::unknown_host(&asked.name)),
        })?;
        if let Some(note) = note {
            let name = &slot.seat().payload.route.name;
            note.instance = Some((name.revision, name.slot));
        }
        let pool = Arc::clone(&slot.seat().payload.pool);
        let upload = request.body().state();
        let met = patiently(patience, &upload, pin!(exchange(core, &pool, request))).await;
        match met {
            None => return Err(late(core, &upload).into()),
            Some(Ok((answer, lease))) => return Ok((answer, lease, slot)),
            Some(Err(Failure::Unsent(back, error))) => {
                slot.seat().payload.shun();
                drop(slot);
                // It may have died a moment ago: somebody else answers, or the next one will.
                let waits = match refused.take() {
                    Some(refused) => Some(refused),
                    None => Refused::begin(&service.waiting_refused),
                };
                let waited = match waits {
                    Some(mut waits) => waits.wait(service, until).await.then_some(waits),
                    None => None,
                };
                if waited.is_none() {
                    if let Some(requests) = service.complaints.line() {
                        tracing::warn!(service = %service.id, requests, cause = %error, "no instance accepts connections");
                    }
                    let answer = answer::no_room("The service's instances accept no connections.");
                    return Err(told(core, Count::RefusedNoConnection, answer).into());
                }
                core.tally().one(Count::RetriedElsewhere);
                (refused, request) = (waited, back);
            }
            Some(Err(Failure::ClientBroke)) => return Err(told(core, Count::RefusedClientBroke, answer::broken_body()).into()),
            Some(Err(Failure::Lost(error))) => {
                tracing::debug!(service = %service.id, cause = %error, "an instance broke off");
                let answer = answer::broken_instance("The service broke off before it answered.");
                return Err(told(core, Count::RefusedBrokenInstance, answer).into());
            }
        }
    }
}

/// One of the few who may wait because instances refused connections.
struct Refused<'a> {
    waiting: &'a AtomicU32,
    /// None before the first try elsewhere.
    pause: Duration,
}

impl<'a> Refused<'a> {
    fn begin(waiting: &'a AtomicU32) -> Option<Self> {
        let room = |n: u32| (n < REFUSED_WAITING_MAX).then_some(n + 1);
        waiting.fetch_update(Ordering::AcqRel, Ordering::Relaxed, room).ok().map(|_| Self { waiting, pause: Duration::ZERO })
    }

    /// Waits a moment; the first time not at all where another instance may take it now. Answers whether there is time for one more try.
    async fn wait(&mut self, service: &Service, until: Instant) -> bool {
        let others = || service.line.seats().iter().any(|seat| !seat.payload.shunned());
        let pause = if self.pause.is_zero() && others() { Duration::ZERO } else { self.pause.max(CONNECT_PAUSE) };
        self.pause = (pause * 2).clamp(CONNECT_PAUSE, CONNECT_PAUSE_MAX);
        let is_time = Instant::now() + pause < until;
        if is_time {
            sleep(pause).await;
        }
        is_time
    }
}

impl Drop for Refused<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

async fn to_door(core: &Arc<Core>, client: &Client, request: Request<Incoming>, asked: Asked, door: &Door) -> Response<AnswerBody> {
    let until = Instant::now() + DOOR_HOLD;
    let patience = Patience::Progress(PROGRESS_TIME);
    let wants = asked.upgrade;
    let (mut request, client_side) = prepare(client, request, &asked, core.request_ids.draw());
    let mut waits = None;
    loop {
        let upload = request.body().state();
        let met = patiently(patience, &upload, pin!(exchange(core, &door.pool, request))).await;
        match met {
            None => return late(core, &upload),
            Some(Ok((answer, lease))) => {
                return finish(core, Answered { answer, lease, ticket: None, patience }, wants, client_side);
            }
            Some(Err(Failure::Unsent(back, _))) => {
                // The platform is being restarted: its socket refuses, and will be back.
                if waits.is_none() {
                    waits = Some(match Waiting::begin(door) {
                        Some(waiting) => waiting,
                        None => {
                            let answer = answer::no_room("The platform is not there, and too many wait for it.");
                            return told(core, Count::RefusedDoorAway, answer);
                        }
                    });
                }
                if Instant::now() + CONNECT_PAUSE > until {
                    return told(core, Count::RefusedDoorAway, answer::no_room("The platform is not there at the moment."));
                }
                request = back;
                sleep(CONNECT_PAUSE).await;
            }
            Some(Err(Failure::ClientBroke)) => return told(core, Count::RefusedClientBroke, answer::broken_body()),
            Some(Err(Failure::Lost(error))) => {
                tracing::debug!(cause = %error, "the platform broke off");
                let answer = answer::broken_instance("The platform broke off before it answered.");
                return told(core, Count::RefusedBrokenInstance, answer);
            }
        }
    }
}

/// One of the few who may wait for a door.
struct Waiting<'a>(&'a Door);

impl<'a> Waiting<'a> {
    fn begin(door: &'a Door) -> Option<Self> {
        let room = |n: u32| (n < DOOR_WAITING_MAX).then_some(n + 1);
        door.waiting.fetch_update(Ordering::AcqRel, Ordering::Relaxed, room).ok().map(|_| Self(door))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Makes the client's request ours, and keeps the client's half of a tunnel if it asked for one.
fn prepare(
    client: &Client,
    mut request: Request<Incoming>,
    asked: &Asked,
    id: Uuid,
) -> (Box<Request<RequestBody>>, Option<ClientSide>) {
    let client_side = (asked.upgrade == Upgrade::WebSocket)
        .then(|| ClientSide { upgrade: hyper::upgrade::on(&mut request), place: client.place.clone() });
    let (mut head, body) = request.into_parts();
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let id = HeaderValue::from_str(id.hyphenated().encode_lower(&mut text)).expect("hexadecimal digits");
    prepare_request(&mut head.headers, asked.host.clone(), client.peer.ip(), client.scheme, id, asked.upgrade);
    head.uri = origin_form(head.uri);
    head.version = Version::HTTP_11;
    head.extensions.clear();
    (Box::new(Request::from_parts(head, RequestBody::new(body))), client_side)
}

fn origin_form(target: Uri) -> Uri {
    if target.scheme().is_none() && target.authority().is_none() {
        return target;
    }
    let mut parts = uri::Parts::default();
    parts.path_and_query = target.into_parts().path_and_query;
    if parts.path_and_query.is_none() {
        return Uri::from_static("/");
    }
    Uri::from_parts(parts).expect("a path alone is a target")
}

fn late(core: &Core, upload: &UploadState) -> Response<AnswerBody> {
    match upload.now() {
        Upload::Coming => told(core, Count::RefusedClientTooSlow, answer::client_too_slow()),
        Upload::Whole | Upload::Broken => told(core, Count::RefusedInstanceTooSlow, answer::too_slow()),
    }
}

/// An answer in our own words, counted by its cause.
fn told(core: &Core, cause: Count, answer: Response<AnswerBody>) -> Response<AnswerBody> {
    core.tally().one(cause);
    answer
}

/// Turns an instance's answer into the client's.
fn finish(core: &Core, answered: Answered, wants: Upgrade, client_side: Option<ClientSide>) -> Response<AnswerBody> {
    let Answered { mut answer, lease, mut ticket, patience } = answered;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        let granted = upgrade(answer.headers());
        return match (wants, granted, client_side) {
            (Upgrade::WebSocket, Upgrade::WebSocket, Some(client_side)) => {
                let instance_side = hyper::upgrade::on(&mut answer);
                tunnel::dig(core, client_side, instance_side, ticket);
                let (mut head, _) = answer.into_parts();
                strip_hop_by_hop(&mut head.headers);
                head.headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
                head.headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
                Response::from_parts(head, AnswerBody::Own(http_body_util::Full::default()))
            }
            (Upgrade::None | Upgrade::WebSocket, Upgrade::None | Upgrade::WebSocket, _) => {
                if let Some(note) = ticket.as_mut().and_then(Ticket::note) {
                    note.status = StatusCode::BAD_GATEWAY.as_u16();
                }
                answer::broken_instance("The service switched to a protocol that nobody asked for.")
            }
        };
    }
    let (mut head, body) = answer.into_parts();
    strip_hop_by_hop(&mut head.headers);
    head.version = Version::HTTP_11;
    head.extensions.clear();
    let burden = Burden { lease: Some(lease), ticket };
    Response::from_parts(head, AnswerBody::Forwarded(Forwarded::new(body, burden, patience)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_loopback_or_the_same_address_at_both_ends() {
        for (peer, local, here) in [
            ("127.0.0.1:1", "127.0.0.1", true),
            ("[::ffff:127.0.0.2]:1", "::ffff:127.0.0.1", true),
            ("[::1]:1", "::1", true),
            ("192.0.2.1:1", "192.0.2.1", true),
            ("[::ffff:192.0.2.1]:1", "192.0.2.1", true),
            ("192.0.2.1:1", "192.0.2.2", false),
            ("[2001:db8::1]:1", "2001:db8::2", false),
        ] {
            let client = Client {
                peer: peer.parse().expect("an address"),
                local: local.parse().expect("an address"),
                scheme: Scheme::Https,
                server_name: None,
                place: None,
            };
            assert_eq!(client.is_on_this_machine(), here, "{peer} at {local}");
        }
    }

    #[test]
    fn a_target_becomes_its_path() {
        for (target, path) in [("/a?b", "/a?b"), ("http://h.example/a?b", "/a?b"), ("http://h.example", "/"), ("*", "*")] {
            assert_eq!(origin_form(target.parse().expect("a target")), path, "{target}");
        }
    }
}
