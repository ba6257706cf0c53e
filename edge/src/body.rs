//! Bodies on their way through: the client's towards an instance, the instance's towards the client.
//! Never buffers: flow control is the only memory. Source of truth: RFC 9112 section 8: what is cut short must look so.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::task::JoinHandle;
use tokio::time::{sleep, sleep_until};

use crate::lease::Burden;
use crate::patience::Patience;

/// How far the client's body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upload {
    /// Some of it may still come.
    Coming,
    /// All of it went through, or there was none.
    Whole,
    /// The client broke it off, or framed it wrongly.
    Broken,
}

/// What becomes of a request body, seen by those who wait for its answer.
#[derive(Debug)]
pub struct UploadState {
    state: AtomicU8,
    moved: AtomicBool,
    bytes: AtomicU64,
}

impl UploadState {
    pub(crate) fn new(upload: Upload) -> Arc<Self> {
        Arc::new(Self { state: AtomicU8::new(upload as u8), moved: AtomicBool::new(false), bytes: AtomicU64::new(0) })
    }

    /// Bytes of the body that went through so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// How far it is now.
    pub fn now(&self) -> Upload {
        match self.state.load(Ordering::Acquire) {
            0 => Upload::Coming,
            1 => Upload::Whole,
            _ => Upload::Broken,
        }
    }

    /// True if something moved since the last call.
    pub fn moved(&self) -> bool {
        self.moved.swap(false, Ordering::AcqRel)
    }

    /// Something moved.
    pub fn note_movement(&self) {
        self.moved.store(true, Ordering::Release);
    }

    fn set(&self, upload: Upload) {
        self.state.store(upload as u8, Ordering::Release);
    }
}

/// A client's body, passed on frame by frame. `None` inside: a request without one.
pub struct RequestBody {
    inner: Option<Incoming>,
    state: Arc<UploadState>,
}

impl RequestBody {
    /// Takes the client's body; nothing is read yet.
    pub fn new(inner: Incoming) -> Self {
        if inner.is_end_stream() {
            return Self::empty();
        }
        Self { inner: Some(inner), state: UploadState::new(Upload::Coming) }
    }

    /// No body.
    pub fn empty() -> Self {
        Self { inner: None, state: UploadState::new(Upload::Whole) }
    }

    /// True if there is nothing to send, so that it can be sent again.
    pub fn is_empty(&self) -> bool {
        self.inner.is_none()
    }

    /// A view on its progress.
    pub fn state(&self) -> Arc<UploadState> {
        Arc::clone(&self.state)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(inner) = self.inner.as_mut() else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(&mut *inner).poll_frame(context));
        let at_end = inner.is_end_stream();
        self.state.note_movement();
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            self.state.bytes.fetch_add(data.len() as u64, Ordering::Relaxed);
        }
        match &frame {
            Some(Ok(_)) if at_end => self.state.set(Upload::Whole),
            None => self.state.set(Upload::Whole),
            Some(Err(_)) => self.state.set(Upload::Broken),
            Some(Ok(_)) => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

/// The rest of an answer did not come in time: the client sees the connection break, never a short body that looks whole.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// See [`Patience`].
    #[error("the answer was not complete in time")]
    Late,
    /// The instance broke off.
    #[error("the instance broke off its answer")]
    Upstream(#[source] hyper::Error),
}

/// What we send to the client.
pub enum AnswerBody {
    /// Our own words.
    Own(Full<Bytes>),
    /// An instance's.
    Forwarded(Forwarded),
}

/// An instance's answer on its way to the client. Holds the slot and the connection until it has passed or is dropped.
pub struct Forwarded {
    held: Arc<Mutex<Held>>,
    patience: Patience,
    /// hyper does not ask a body while its client reads nothing, so the deadline needs somebody else to look. Only answers
    /// that do not pass in one piece get one.
    watch: Option<JoinHandle<()>>,
}

struct Held {
    inner: Option<Incoming>,
    burden: Option<Burden>,
    moved: bool,
    late: bool,
    waker: Option<Waker>,
}

impl Held {
    /// Everything passed: the connection can be used again.
    fn finish(&mut self) {
        self.inner = None;
        if let Some(burden) = self.burden.take() {
            burden.done();
        }
    }

    fn expire(&mut self) -> Option<Waker> {
        self.late = self.inner.take().is_some();
        self.burden = None;
        self.waker.take()
    }
}

impl Forwarded {
    /// Takes an answer's body and what must be given back after it.
    pub fn new(inner: Incoming, burden: Burden, patience: Patience) -> Self {
        let mut held = Held { inner: Some(inner), burden: Some(burden), moved: false, late: false, waker: None };
        if held.inner.as_ref().is_some_and(Body::is_end_stream) {
            held.finish();
        }
        Self { held: Arc::new(Mutex::new(held)), patience, watch: None }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        lock(&self.held)
    }

    fn watch(&mut self) {
        if self.watch.is_some() || self.patience == Patience::Endless {
            return;
        }
        self.watch = Some(tokio::spawn(watch(Arc::clone(&self.held), self.patience)));
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().expect("nothing under this lock can panic")
}

async fn watch(held: Arc<Mutex<Held>>, patience: Patience) {
    match patience {
        Patience::Endless => return,
        Patience::Until(deadline) => sleep_until(deadline).await,
        Patience::Progress(time) => loop {
            sleep(time).await;
            if !std::mem::take(&mut lock(&held).moved) {
                break;
            }
        },
    }
    let waker = lock(&held).expire();
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Drop for Forwarded {
    fn drop(&mut self) {
        if let Some(watch) = &self.watch {
            watch.abort();
        }
    }
}

impl Body for Forwarded {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let polled = {
            let mut held = self.held();
            if held.late {
                return Poll::Ready(Some(Err(Broken::Late)));
            }
            let Some(inner) = held.inner.as_mut() else { return Poll::Ready(None) };
            let polled = Pin::new(&mut *inner).poll_frame(context);
            let at_end = inner.is_end_stream();
            if let Poll::Ready(Some(Ok(frame))) = &polled
                && let (Some(data), Some(burden)) = (frame.data_ref(), held.burden.as_mut())
            {
                burden.passed(data.len());
            }
            match &polled {
                Poll::Pending => held.waker = Some(context.waker().clone()),
                Poll::Ready(None) => held.finish(),
                Poll::Ready(Some(Ok(_))) if at_end => held.finish(),
                Poll::Ready(Some(Ok(_))) => held.moved = true,
                Poll::Ready(Some(Err(_))) => {
                    held.inner = None;
                    held.burden = None;
                }
            }
            if held.inner.is_none() {
                return polled.map_err(Broken::Upstream);
            }
            polled
        };
        self.watch();
        polled.map_err(Broken::Upstream)
    }

    fn is_end_stream(&self) -> bool {
        let held = self.held();
        !held.late && held.inner.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.held().inner.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match self.get_mut() {
            Self::Own(body) => Pin::new(body).poll_frame(context).map_err(|never| match never {}),
            Self::Forwarded(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Own(body) => body.is_end_stream(),
            Self::Forwarded(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Own(body) => body.size_hint(),
            Self::Forwarded(body) => body.size_hint(),
        }
    }
}
