//! A call of a client, carried out to its end whether or not the client waits for it: a call that has committed something has yet to ring for whoever
//! carries it out, and a client that goes must not take that with it.
//!
//! Never outlives the platform: what the end of it breaks off, the next one finds in the ledger.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinError, JoinHandle};
use tower::ServiceExt;

/// Serves one connection's calls, each a task of its own. `place` is the connection's: it is free when the last of them is over.
pub fn service(
    router: Router,
    place: Arc<OwnedSemaphorePermit>,
) -> impl Service<Request<Incoming>, Response = Response, Error = JoinError, Future = JoinHandle<Response>> {
    service_fn(move |request: Request<Incoming>| {
        let (call, place) = (router.clone().oneshot(request), Arc::clone(&place));
        tokio::spawn(async move {
            let Ok(answer) = call.await;
            drop(place);
            answer
        })
    })
}
