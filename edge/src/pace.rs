//! A connection's bytes, so many a turn: then the core's other tasks have theirs, however fast the client sends.
//! Never waits and never buffers. Source of truth: `limit.rs`. An HTTP/2 server reads on for as long as something is there, and a flood of frames that
//! ask for next to nothing (PING, SETTINGS; RFC 9113 section 10.5) is always there: 2 MiB of them before tokio's own budget ends.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::yield_now;

use crate::limit::H2_TURN_BYTES;

/// A stream that is read in turns.
pub struct Paced<S> {
    stream: S,
    /// Bytes read since the last turn of the others.
    read: usize,
}

impl<S> Paced<S> {
    /// The first turn begins.
    pub fn new(stream: S) -> Self {
        Self { stream, read: 0 }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.read >= H2_TURN_BYTES {
            self.read = 0;
            // Not only woken: a task that is always ready keeps the loop from looking who else has something to read. This comes back after that look.
            let after_the_others = pin!(yield_now()).poll(context);
            return after_the_others.map(Ok);
        }
        let before = buffer.filled().len();
        let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(context, buffer) else {
            // Nothing is there: the others have their turn now.
            self.read = 0;
            return Poll::Pending;
        };
        self.read += buffer.filled().len() - before;
        Poll::Ready(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Wake, Waker};

    use super::*;

    struct Woken(AtomicBool);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn after_so_many_bytes_the_others_have_a_turn_and_then_it_goes_on() {
        let woken = Arc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut paced = Paced::new(tokio::io::repeat(b'x'));
        let mut read = |room: usize| {
            let mut bytes = vec![0; room];
            let mut buffer = ReadBuf::new(&mut bytes);
            Pin::new(&mut paced).poll_read(&mut context, &mut buffer).is_ready().then(|| buffer.filled().len())
        };
        for _ in 0..3 {
            assert_eq!(read(H2_TURN_BYTES - 1), Some(H2_TURN_BYTES - 1));
            assert_eq!(read(1), Some(1));
            assert!(!woken.0.load(Ordering::SeqCst));
            assert_eq!(read(1), None);
            assert!(woken.0.swap(false, Ordering::SeqCst), "it is not forgotten");
        }
    }
}
