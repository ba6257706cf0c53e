//! A WebSocket's bytes, after both sides have switched: copied both ways, holding the slot, until one side ends or nothing moves.
//! Never looks at a byte. Source of truth: RFC 6455; RFC 9110 section 7.8 (only after a 101).

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use futures_util::future::{Either, select};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, copy_bidirectional};
use tokio::time::{sleep, timeout};

use crate::carrier::Core;
use crate::door::Place;
use crate::drain::Stage;
use crate::lease::Ticket;
use crate::limit::{HANDSHAKE_TIME, TUNNEL_DRAIN_TIME, TUNNEL_IDLE_TIME};

/// The client's half of a tunnel.
pub struct ClientSide {
    pub upgrade: OnUpgrade,
    /// What its connection takes, which is over when the tunnel is.
    pub place: Option<Arc<Place>>,
}

/// Begins a tunnel. Its task runs on the calling core, which waits for it when it drains.
pub fn dig(core: &Core, client: ClientSide, instance: OnUpgrade, ticket: Option<Ticket>) {
    let ClientSide { upgrade: client, place } = client;
    let presence = core.presence_of_its_own();
    let drain = core.drain.clone();
    tokio::spawn(async move {
        let end = async {
            drain.reached(Stage::Silent).await;
            sleep(TUNNEL_DRAIN_TIME).await;
        };
        match select(pin!(carry(client, instance)), pin!(end)).await {
            Either::Left((Ok(()), _)) => {}
            Either::Left((Err(error), _)) => tracing::debug!(cause = %error, "a tunnel broke"),
            Either::Right(_) => tracing::debug!("a tunnel is cut by the end"),
        }
        drop((ticket, place, presence));
    });
}

async fn carry(client: OnUpgrade, instance: OnUpgrade) -> io::Result<()> {
    let both = futures_util::future::try_join(client, instance);
    let (client, instance) = timeout(HANDSHAKE_TIME, both).await?.map_err(io::Error::other)?;
    let moved = Arc::new(AtomicBool::new(false));
    let mut client = Watched { inner: TokioIo::new(client), moved: Arc::clone(&moved) };
    let mut instance = Watched { inner: TokioIo::new(instance), moved: Arc::clone(&moved) };
    let copying = pin!(copy_bidirectional(&mut client, &mut instance));
    match select(copying, pin!(silence(&moved))).await {
        Either::Left((copied, _)) => copied.map(|_| ()),
        Either::Right(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

/// Returns when nothing has moved for [`TUNNEL_IDLE_TIME`].
async fn silence(moved: &AtomicBool) {
    loop {
        sleep(TUNNEL_IDLE_TIME).await;
        if !moved.swap(false, Ordering::AcqRel) {
            return;
        }
    }
}

/// Notes whether anything is read.
struct Watched {
    inner: TokioIo<Upgraded>,
    moved: Arc<AtomicBool>,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        self.moved.store(true, Ordering::Release);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_tunnel_is_silent_after_a_whole_idle_time_without_a_byte() {
        let moved = AtomicBool::new(true);
        let began = Instant::now();
        silence(&moved).await;
        assert_eq!(began.elapsed(), 2 * TUNNEL_IDLE_TIME);
    }
}
