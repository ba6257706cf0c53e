//! The front door's side of the control socket: hands out the listeners, takes tables, answers questions, passes bells on.
//! Never reads the ledger and outlives every platform: with nobody to talk to it carries by the last table.
//! Source of truth: `document.rs` for what is said, `frame.rs` for how; the newest platform wins.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex};

use rustls::crypto::CryptoProvider;
use tokio::io::Interest;
use tokio::net::UnixStream;
use tokio::net::unix::OwnedReadHalf;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::board::Board;
use crate::document::{
    Applied, Ask, AskAccess, Counts, DrainOrder, Hello, ListenerScheme, Listeners, Rung, Table, build, decode, encode,
};
use crate::frame::{self, Frame, Kind};
use crate::gauge::{Rings, count};
use crate::limit::{BELL_PAUSE, CONTROL_TIME, FRAMES_AHEAD};
use crate::passing;
use crate::routing::Leaving;

/// What every conversation is about.
pub struct Station {
    pub board: Arc<Board>,
    pub provider: Arc<CryptoProvider>,
    pub folder: String,
    /// Copies for the next platform.
    pub listeners: Vec<(ListenerScheme, std::net::TcpListener)>,
    pub leaving: Mutex<Leaving>,
    pub drain: mpsc::Sender<DrainOrder>,
    /// Of clients, on all cores together.
    pub connections_max: u64,
}

/// Something to be written.
type Outgoing = mpsc::Sender<(Kind, Vec<u8>)>;

/// Talks to one platform until it goes or a newer one comes (then this is dropped, and everything that it spawned with it).
pub async fn converse(station: Arc<Station>, mut stream: UnixStream) -> io::Result<()> {
    timeout(CONTROL_TIME, greet(&station, &mut stream)).await??;
    let (reading, mut writing) = stream.into_split();
    let (out, mut outgoing) = mpsc::channel::<(Kind, Vec<u8>)>(FRAMES_AHEAD);
    let (frames, mut incoming) = mpsc::channel(FRAMES_AHEAD);
    let mut tasks = JoinSet::new();
    // Reading a frame is not cancel-safe: each direction has its own task.
    tasks.spawn(read_all(reading, frames));
    tasks.spawn(async move {
        while let Some((kind, body)) = outgoing.recv().await {
            frame::write(&mut writing, kind, &body).await?;
        }
        Ok(())
    });
    for service in station.board.routes.services() {
        if service.line.waiting() > 0 {
            service.cord.pull();
        }
    }
    tasks.spawn(pass_bells_on(Arc::clone(&station.board.rings), out.clone()));
    while let Some(frame) = incoming.recv().await {
        station.hear(frame, &out).await?;
    }
    // The reader knows why there is no more; the others end with this.
    match tasks.join_next().await {
        Some(Ok(result)) => result,
        Some(Err(_)) | None => Ok(()),
    }
}

async fn greet(station: &Station, stream: &mut UnixStream) -> io::Result<()> {
    let first = frame::read(stream).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
    if first.kind != Some(Kind::Hello) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the first frame is not a hello"));
    }
    let hello: Hello = decode(&first.body).map_err(io::Error::other)?;
    tracing::info!(platform_pid = hello.pid, platform_build = hello.build, "a platform is there");
    let ours = Hello {
        build: build(),
        pid: std::process::id(),
        routes: station.board.routes.generation(),
        certificates: station.board.certificates.generation(),
    };
    frame::write(stream, Kind::Hello, &encode(&ours)).await?;
    let listeners =
        Listeners { folder: station.folder.clone(), schemes: station.listeners.iter().map(|(scheme, _)| *scheme).collect() };
    let body = encode(&listeners);
    let sockets: Vec<BorrowedFd<'_>> = station.listeners.iter().map(|(_, socket)| socket.as_fd()).collect();
    stream.async_io(Interest::WRITABLE, || passing::send(&*stream, Kind::Listeners, &body, &sockets)).await
}

async fn read_all(mut reading: OwnedReadHalf, frames: mpsc::Sender<Frame>) -> io::Result<()> {
    while let Some(frame) = frame::read(&mut reading).await? {
        if frames.send(frame).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// The first bell goes at once; those that follow are gathered.
async fn pass_bells_on(rings: Arc<Rings>, out: Outgoing) -> io::Result<()> {
    loop {
        rings.rung().await;
        let services = rings.take();
        if !services.is_empty() && out.send((Kind::Rung, encode(&Rung { services }))).await.is_err() {
            return Ok(());
        }
        sleep(BELL_PAUSE).await;
    }
}

impl Station {
    async fn hear(&self, frame: Frame, out: &Outgoing) -> io::Result<()> {
        let answer = match frame.kind {
            Some(Kind::Routes) => (Kind::Applied, encode(&self.apply_routes(&frame.body))),
            Some(Kind::Certificates) => (Kind::Applied, encode(&self.apply_certificates(&frame.body))),
            Some(Kind::Ask) => {
                let Ask { number } = decode(&frame.body).map_err(io::Error::other)?;
                (Kind::Demand, encode(&Counts { number, demand: count(&self.board.routes, &mut self.leaving()) }))
            }
            Some(Kind::AskAccess) => {
                let ask: AskAccess = decode(&frame.body).map_err(io::Error::other)?;
                (Kind::Access, encode(&self.board.journals.answer(ask)))
            }
            Some(Kind::AskFigures) => {
                let mut figures = self.board.tallies.sum();
                figures.notes_waiting = self.board.journals.waiting();
                figures.connections_max = self.connections_max;
                (Kind::Figures, encode(&figures))
            }
            Some(Kind::Drain) => {
                let order: DrainOrder = decode(&frame.body).map_err(io::Error::other)?;
                // A second order changes nothing.
                let _ = self.drain.try_send(order);
                return Ok(());
            }
            Some(
                Kind::Hello
                | Kind::Demand
                | Kind::Applied
                | Kind::Takeover
                | Kind::Ready
                | Kind::Listeners
                | Kind::Rung
                | Kind::Access
                | Kind::Figures,
            )
            | None => {
                tracing::warn!(kind = ?frame.kind, "a frame that this version does not understand");
                return Ok(());
            }
        };
        out.send(answer).await.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn leaving(&self) -> std::sync::MutexGuard<'_, Leaving> {
        self.leaving.lock().expect("nothing under this lock can panic")
    }

    fn apply_routes(&self, body: &[u8]) -> Applied {
        let refused = match decode(body) {
            Ok(table) => {
                self.board.routes.apply(table, &mut self.leaving());
                self.board.came(Table::Routes);
                None
            }
            Err(error) => Some(error.to_string()),
        };
        Applied { table: Table::Routes, generation: self.board.routes.generation(), refused, problems: Vec::new() }
    }

    fn apply_certificates(&self, body: &[u8]) -> Applied {
        let (refused, problems) = match decode(body) {
            Ok(table) => {
                let problems = self.board.certificates.apply(&table, &self.provider);
                self.board.came(Table::Certificates);
                (None, problems)
            }
            Err(error) => (Some(error.to_string()), Vec::new()),
        };
        Applied { table: Table::Certificates, generation: self.board.certificates.generation(), refused, problems }
    }
}
