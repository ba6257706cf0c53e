//! Whether anything goes on on one HTTP/2 connection: how many streams are open, whose turn each is, and when something last moved.
//! Never reads the wire: a client that answers every PING and takes no byte would look busy there. A stream that waits for its instance
//! is the business of the request's own time-out, however long that is. Source of truth: RFC 9113 sections 5.2 and 10.5.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, sleep_until};

use crate::body::{AnswerBody, Broken};

/// One connection's pulse.
#[derive(Clone)]
pub struct Pulse(Arc<Mutex<Beat>>);

struct Beat {
    /// Open streams, as far as we hold them: not those of which only the last bytes wait in the HTTP server.
    streams: u32,
    /// Of those, the ones that wait for us or for an instance, not for the client.
    ours: u32,
    moved: Instant,
}

impl Pulse {
    /// A connection that was made just now.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Beat { streams: 0, ours: 0, moved: Instant::now() })))
    }

    /// A stream begins: it is our turn.
    pub fn stream(&self) -> Stream {
        let mut beat = self.beat();
        beat.streams += 1;
        beat.ours += 1;
        beat.moved = Instant::now();
        drop(beat);
        Stream { pulse: self.clone(), turn: Turn::Ours }
    }

    /// Returns when no stream has been open for `time`.
    pub async fn idle(&self, time: Duration) {
        self.still(time, |beat| beat.streams == 0).await;
    }

    /// Returns when nothing has moved for `time`, and it was the client's turn.
    pub async fn stuck(&self, time: Duration) {
        self.still(time, |beat| beat.ours == 0).await;
    }

    async fn still(&self, time: Duration, counts: impl Fn(&Beat) -> bool) {
        loop {
            let now = Instant::now();
            let until = {
                let beat = self.beat();
                if counts(&beat) { beat.moved + time } else { now + time }
            };
            if until <= now {
                return;
            }
            sleep_until(until).await;
        }
    }

    fn beat(&self) -> MutexGuard<'_, Beat> {
        self.0.lock().expect("nothing under this lock can panic")
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Ours,
    Clients,
}

/// One open stream; it ends with its drop.
pub struct Stream {
    pulse: Pulse,
    turn: Turn,
}

impl Stream {
    /// The answer's head is there: what follows is the client's to take.
    pub fn answered(mut self, body: AnswerBody) -> Beating {
        self.turn(Turn::Clients);
        Beating { body, stream: self }
    }

    fn turn(&mut self, turn: Turn) {
        let mut beat = self.pulse.beat();
        match (self.turn, turn) {
            (Turn::Ours, Turn::Clients) => beat.ours -= 1,
            (Turn::Clients, Turn::Ours) => beat.ours += 1,
            (Turn::Ours, Turn::Ours) | (Turn::Clients, Turn::Clients) => {}
        }
        beat.moved = Instant::now();
        drop(beat);
        self.turn = turn;
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut beat = self.pulse.beat();
        if self.turn == Turn::Ours {
            beat.ours -= 1;
        }
        beat.streams -= 1;
        beat.moved = Instant::now();
    }
}

/// An answer's body that keeps its connection's pulse. The HTTP server asks for the next piece only when the client's window has taken
/// the last one, so being asked is the client's progress, and having nothing to give is the instance's turn.
pub struct Beating {
    body: AnswerBody,
    stream: Stream,
}

impl Body for Beating {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.stream.turn(if polled.is_pending() { Turn::Ours } else { Turn::Clients });
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Duration = Duration::from_secs(60);

    fn answer() -> AnswerBody {
        AnswerBody::Own(Bytes::from_static(b"words").into())
    }

    async fn after(waited: impl Future<Output = ()>) -> Duration {
        let began = Instant::now();
        waited.await;
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_once_its_last_stream_has_been_gone_for_so_long() {
        let pulse = Pulse::new();
        let stream = pulse.stream();
        tokio::time::timeout(10 * TIME, pulse.idle(TIME)).await.expect_err("one is open");
        drop(stream);
        assert_eq!(after(pulse.idle(TIME)).await, TIME);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_waits_for_its_instance_is_not_stuck_and_one_whose_client_takes_nothing_is() {
        let pulse = Pulse::new();
        let (waits, taken) = (pulse.stream(), pulse.stream().answered(answer()));
        tokio::time::timeout(10 * TIME, pulse.stuck(TIME)).await.expect_err("an instance may take its time");
        let waits = waits.answered(answer());
        assert_eq!(after(pulse.stuck(TIME)).await, TIME);
        drop((waits, taken));
        let beat = pulse.beat();
        assert_eq!((beat.streams, beat.ours), (0, 0));
    }
}
