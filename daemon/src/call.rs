//! A call of a client, carried out to its end whether or not the client waits for it: a call that has committed something has yet to ring for whoever
//! carries it out, and a client that goes must not take that with it. Only what is sent on to another place ends with its client.
//!
//! Never outlives the platform: what the end of it breaks off, the next one finds in the ledger.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use model::caller::Transport;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinError, JoinHandle};
use tower::ServiceExt;

/// Whom a connection comes from.
#[derive(Clone, Copy, Debug)]
pub enum Peer {
    /// Whoever connected himself.
    Direct(IpAddr),
    /// A process of an instance, at the instance's own door.
    Instance(IpAddr),
    /// Whoever the front door says.
    FrontDoor,
}

impl Peer {
    fn address(self, request: &Request<Incoming>) -> Option<IpAddr> {
        match self {
            // A socket of both families calls an IPv4 client ::ffff:a.b.c.d, which no policy means.
            Self::Direct(address) | Self::Instance(address) => Some(address.to_canonical()),
            // What stands last the front door has written.
            Self::FrontDoor => request.headers().get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok(),
        }
    }

    /// A client that connects himself says nothing of it: our own doors speak no TLS.
    fn transport(self, request: &Request<Incoming>) -> Transport {
        match self {
            Self::Direct(_) => Transport::Plain,
            // It leaves neither the instance's network namespace nor this machine, and there is no other way: a denial of plain HTTP is not meant for it.
            Self::Instance(_) => Transport::Tls,
            // The front door puts its own word in the place of the client's.
            Self::FrontDoor if request.headers().get("x-forwarded-proto").is_some_and(|scheme| scheme == "https") => Transport::Tls,
            Self::FrontDoor => Transport::Plain,
        }
    }
}

/// A call under way. One that is sent on to another place ends when nobody waits for it any more: nothing here is half done by that, and the place may
/// take minutes.
pub struct Carried {
    answer: JoinHandle<Response>,
    is_sent_on: bool,
}

impl Future for Carried {
    type Output = Result<Response, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.answer).poll(context)
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        if self.is_sent_on {
            self.answer.abort();
        }
    }
}

/// Serves one connection's calls, each a task of its own. `place` is the connection's: it is free when the last of them is over.
pub fn service(
    router: Router,
    place: Arc<OwnedSemaphorePermit>,
    peer: Peer,
) -> impl Service<Request<Incoming>, Response = Response, Error = JoinError, Future = Carried> {
    service_fn(move |request: Request<Incoming>| {
        let (parts, body) = request.into_parts();
        let is_sent_on = api::is_for_elsewhere(&parts);
        let mut request = Request::from_parts(parts, body);
        // For the audit log, and for conditions of policies.
        let transport = peer.transport(&request);
        request.extensions_mut().insert(transport);
        if let Some(address) = peer.address(&request) {
            request.extensions_mut().insert(address);
        }
        let (call, place) = (router.clone().oneshot(request), Arc::clone(&place));
        let answer = tokio::spawn(async move {
            let Ok(answer) = call.await;
            drop(place);
            answer
        });
        Carried { answer, is_sent_on }
    })
}
