//! One request to one place, over a kept connection or a new one, and when it may be sent a second time.
//! Never chooses the place and never waits for it to come up. Source of truth: RFC 9110 section 9.2.2, RFC 9112 section 9.3.1.
//!
//! A kept connection may have been closed by the instance while the request was on its way. The request goes out once more, on a
//! new connection, if hyper hands it back (not a byte was written), or if repeating it is harmless: an idempotent method and no
//! body. Everything else may have been seen by the instance, and is the client's to repeat; so it takes no connection that was silent for long.

use std::io;
use std::sync::Arc;

use http::{Method, Request, Response};
use hyper::body::Incoming;

use crate::body::{RequestBody, Upload};
use crate::carrier::Core;
use crate::lease::Lease;
use crate::tally::Count;
use crate::upstream::{Pool, Repeats};

/// Why there is no answer.
pub enum Failure {
    /// Not a byte was sent: the request can go elsewhere.
    Unsent(Box<Request<RequestBody>>, io::Error),
    /// The client's body broke.
    ClientBroke,
    /// The place broke off, or its answer is not HTTP.
    Lost(hyper::Error),
}

/// Sends a request and waits for the head of the answer. The request is boxed: it is moved from future to future on its way here.
pub async fn exchange(
    core: &Arc<Core>,
    pool: &Arc<Pool>,
    mut request: Box<Request<RequestBody>>,
) -> Result<(Response<Incoming>, Lease), Failure> {
    let upload = request.body().state();
    let mut kept = pool.reuse(core.index, repeats(&request)).await;
    loop {
        let again = if kept.is_some() { copy_if_harmless(&request) } else { None };
        let was_kept = kept.is_some();
        let mut connection = match kept.take() {
            Some(connection) => {
                core.tally().one(Count::UpstreamReused);
                connection
            }
            None => match pool.connect().await {
                Ok(connection) => {
                    core.tally().one(Count::UpstreamNew);
                    connection
                }
                Err(error) => return Err(Failure::Unsent(request, error)),
            },
        };
        let mut error = match connection.try_send_request(*request).await {
            Ok(answer) => {
                let lease = Lease { core: Arc::clone(core), pool: Arc::clone(pool), connection, upload };
                return Ok((answer, lease));
            }
            Err(error) => error,
        };
        let unsent = error.take_message().map(Box::new);
        match unsent.or(again) {
            Some(next) if was_kept => {
                core.tally().one(Count::Resent);
                request = next;
            }
            Some(next) => return Err(Failure::Unsent(next, io::Error::other(error.into_error()))),
            None if upload.now() == Upload::Broken => return Err(Failure::ClientBroke),
            None => return Err(Failure::Lost(error.into_error())),
        }
    }
}

fn repeats(request: &Request<RequestBody>) -> Repeats {
    let method = request.method();
    let harmless = method.is_idempotent() && *method != Method::TRACE && request.body().is_empty();
    if harmless { Repeats::Harmlessly } else { Repeats::Never }
}

fn copy_if_harmless(request: &Request<RequestBody>) -> Option<Box<Request<RequestBody>>> {
    (repeats(request) == Repeats::Harmlessly).then(|| {
        let mut copy = Box::new(Request::new(RequestBody::empty()));
        *copy.method_mut() = request.method().clone();
        *copy.uri_mut() = request.uri().clone();
        *copy.version_mut() = request.version();
        *copy.headers_mut() = request.headers().clone();
        copy
    })
}
