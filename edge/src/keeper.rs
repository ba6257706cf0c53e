//! The keeper of the front door: one thread of the platform that sees to it that a front door lives, knows the newest tables, and is
//! asked what is asked. When one dies, the next gets the same listening sockets at once.
//! Never decides what is published. Source of truth: `ARCHITECTURE.md`, "three kinds of process": the platform keeps the sockets too.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use model::access_log::AccessBatch;
use model::demand::Demand;
use model::port::{Bell, Ring};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{timeout, timeout_at};

use crate::access_fetch;
use crate::document::{Applied, Ask, AskAccess, Counts, DrainOrder, Rung, Table, decode, encode};
use crate::frame::{self, Frame, Kind};
use crate::limit::{CONTROL_TIME, FRAMES_AHEAD, RESPAWN_PAUSE_MAX, RESPAWN_PAUSE_MIN};
use crate::link::{Ending, Link, Sheet};
use crate::peer::Peer;
use crate::process::{self, Greeted, Program, Sockets};
use crate::tally::Figures;

/// All that one thread needs to keep a front door.
pub struct Keeper {
    pub program: Program,
    pub sockets: Sockets,
    pub link: Arc<Link>,
    pub bell: Arc<dyn Bell>,
}

impl Keeper {
    /// The thread's whole life: until it is told to let go. Blocks: nothing else runs on this thread.
    pub fn keep(self, first: Greeted) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut greeted = first;
        let mut pause = RESPAWN_PAUSE_MIN;
        loop {
            let peer = greeted.peer;
            let since = Instant::now();
            let ended = runtime.block_on(self.talk(greeted));
            self.link.unlinked();
            match ended {
                Ok(Ending::Leave) => return Ok(()),
                Ok(Ending::Drain(_)) => {
                    if peer.end(CONTROL_TIME) {
                        self.link.gone();
                    }
                    self.program.end_replaced();
                    process::remove(&self.program.folder);
                    return Ok(());
                }
                // Told to let go meanwhile, as is seen below: one that lives needs nothing more of us.
                Err(_) if matches!(self.link.outbox().ending, Some(Ending::Leave)) && peer.lives() => {}
                Err(error) => {
                    tracing::error!(cause = %error, edge_pid = peer.pid(), "the front door says no more; it is looked for")
                }
            }
            if since.elapsed() > RESPAWN_PAUSE_MAX {
                pause = RESPAWN_PAUSE_MIN;
            } else {
                runtime.block_on(self.rest(&mut pause));
            }
            greeted = loop {
                if !peer.lives() {
                    self.link.gone();
                    self.program.forget(peer.pid());
                }
                let ending = self.link.outbox().ending;
                if let Some(ending) = ending {
                    self.end_silent(ending, peer);
                    return Ok(());
                }
                match self.next() {
                    Ok(greeted) => break greeted,
                    Err(error) => {
                        tracing::error!(cause = %error, "the front door cannot be started");
                        runtime.block_on(self.rest(&mut pause));
                    }
                }
            };
            // One that was dying still when it was looked for.
            if greeted.peer.pid() != peer.pid() && !peer.lives() {
                self.program.forget(peer.pid());
            }
        }
    }

    /// Ends a front door with which no conversation is under way, if its process lives at all.
    fn end_silent(&self, ending: Ending, peer: Peer) {
        match ending {
            Ending::Leave => {}
            Ending::Drain(within) => {
                if let Ok(Some(greeted)) = self.program.find() {
                    process::drain(&greeted, within);
                }
                if peer.end(CONTROL_TIME) {
                    self.link.gone();
                }
                self.program.end_replaced();
                process::remove(&self.program.folder);
            }
        }
    }

    fn next(&self) -> io::Result<Greeted> {
        match self.program.find()? {
            Some(greeted) => Ok(greeted),
            None => self.program.start(&self.sockets),
        }
    }

    /// A pause that grows while nothing works, and that an ending cuts short.
    async fn rest(&self, pause: &mut Duration) {
        let until = tokio::time::Instant::now() + *pause;
        *pause = (*pause * 2).min(RESPAWN_PAUSE_MAX);
        while self.link.outbox().ending.is_none() {
            if timeout_at(until, self.link.changed.notified()).await.is_err() {
                return;
            }
        }
    }

    /// Talks to one front door. `Ok` is our own will to end it.
    async fn talk(&self, greeted: Greeted) -> io::Result<Ending> {
        greeted.stream.set_nonblocking(true)?;
        let stream = UnixStream::from_std(greeted.stream)?;
        let (reading, writing) = stream.into_split();
        let (frames, mut incoming) = mpsc::channel(FRAMES_AHEAD);
        let mut tasks = JoinSet::new();
        tasks.spawn(read_all(reading, frames));
        let mut talk = Talk {
            keeper: self,
            writing,
            sent: [0; 2],
            unanswered: [false; 2],
            asked: Vec::new(),
            number: 0,
            access: None,
            figures: VecDeque::new(),
            drain_said: false,
        };
        self.link.greeted(greeted.peer.pid());
        tracing::info!(edge_pid = greeted.peer.pid(), "the front door is there");
        let mut draining = None;
        loop {
            match (talk.say().await, draining) {
                (Ok(Some(Ending::Leave)), _) => return Ok(Ending::Leave),
                (Ok(Some(ending @ Ending::Drain(within))), None) => {
                    draining = Some((ending, Instant::now() + within + CONTROL_TIME))
                }
                (Ok(_), _) => {}
                // It has ended while we spoke.
                (Err(_), Some((ending, _))) => return Ok(ending),
                (Err(error), None) => return Err(error),
            }
            let frame = std::pin::pin!(incoming.recv());
            let changed = std::pin::pin!(self.link.changed.notified());
            let news = select(frame, changed);
            let news = match draining {
                None => news.await,
                Some((ending, until)) => match timeout_at(until.into(), news).await {
                    Ok(news) => news,
                    Err(_) => return Ok(ending),
                },
            };
            match (news, draining) {
                (Either::Left((Some(frame), _)), _) => talk.hear(&frame)?,
                (Either::Left((None, _)), Some((ending, _))) => return Ok(ending),
                (Either::Left((None, _)), None) => return Err(ending_of(tasks).await),
                (Either::Right(_), _) => {}
            }
        }
    }
}

/// Why the front door says no more.
async fn ending_of(mut tasks: JoinSet<io::Result<()>>) -> io::Error {
    match tasks.join_next().await {
        Some(Ok(Err(error))) => error,
        Some(Ok(Ok(())) | Err(_)) | None => io::ErrorKind::UnexpectedEof.into(),
    }
}

async fn read_all(mut reading: OwnedReadHalf, frames: mpsc::Sender<Frame>) -> io::Result<()> {
    while let Some(frame) = frame::read(&mut reading).await? {
        if frames.send(frame).await.is_err() {
            break;
        }
    }
    Ok(())
}

const TABLES: [Table; 2] = [Table::Certificates, Table::Routes];

/// One conversation.
struct Talk<'k> {
    keeper: &'k Keeper,
    writing: OwnedWriteHalf,
    /// By [`TABLES`]: the generation sent last, and whether the answer is still to come. Only one table of a kind is under way, so
    /// those that are published meanwhile melt into one.
    sent: [u64; 2],
    unanswered: [bool; 2],
    asked: Vec<(u64, Vec<oneshot::Sender<Demand>>)>,
    number: u64,
    /// Who waits for notes of requests.
    access: Option<oneshot::Sender<AccessBatch>>,
    /// Who waits for the counters, by the question that was asked for them: answers come in that order.
    figures: VecDeque<Vec<oneshot::Sender<Figures>>>,
    drain_said: bool,
}

impl Drop for Talk<'_> {
    /// What was asked and not answered waits for the next conversation: the requests that it asks for may still be carried.
    fn drop(&mut self) {
        let unanswered = self.asked.drain(..).flat_map(|(_, asks)| asks);
        let mut outbox = self.keeper.link.outbox();
        outbox.asks.extend(unanswered);
        outbox.figures.extend(self.figures.drain(..).flatten());
    }
}

impl Talk<'_> {
    /// Says whatever there is to say.
    async fn say(&mut self) -> io::Result<Option<Ending>> {
        for (n, table) in TABLES.into_iter().enumerate() {
            let sheet = self.unsent(n, table);
            if let Some(Sheet { generation, bytes }) = sheet {
                let kind = match table {
                    Table::Routes => Kind::Routes,
                    Table::Certificates => Kind::Certificates,
                };
                self.write(kind, &bytes).await?;
                self.sent[n] = generation;
                self.unanswered[n] = true;
            }
        }
        let asks = std::mem::take(&mut self.keeper.link.outbox().asks);
        if !asks.is_empty() {
            self.number += 1;
            self.asked.push((self.number, asks));
            self.write(Kind::Ask, &encode(&Ask { number: self.number })).await?;
        }
        let access = self.keeper.link.outbox().access.take();
        if let Some((have, answer)) = access {
            self.access = Some(answer);
            self.write(Kind::AskAccess, &encode(&AskAccess { run: have.run, have: have.offset })).await?;
        }
        let figures = std::mem::take(&mut self.keeper.link.outbox().figures);
        if !figures.is_empty() {
            self.figures.push_back(figures);
            self.write(Kind::AskFigures, &[]).await?;
        }
        let ending = self.keeper.link.outbox().ending;
        if let Some(Ending::Drain(within)) = ending
            && !std::mem::replace(&mut self.drain_said, true)
        {
            let within_ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
            self.write(Kind::Drain, &encode(&DrainOrder { within_ms })).await?;
        }
        Ok(ending)
    }

    fn unsent(&self, n: usize, table: Table) -> Option<Sheet> {
        if self.unanswered[n] {
            return None;
        }
        let outbox = self.keeper.link.outbox();
        let sheet = match table {
            Table::Routes => outbox.routes.clone(),
            Table::Certificates => outbox.certificates.clone(),
        };
        sheet.filter(|sheet| sheet.generation != self.sent[n])
    }

    async fn write(&mut self, kind: Kind, body: &[u8]) -> io::Result<()> {
        timeout(CONTROL_TIME, frame::write(&mut self.writing, kind, body)).await?
    }

    fn hear(&mut self, frame: &Frame) -> io::Result<()> {
        match frame.kind {
            Some(Kind::Applied) => self.applied(decode(&frame.body).map_err(io::Error::other)?),
            Some(Kind::Demand) => {
                let Counts { number, demand } = decode(&frame.body).map_err(io::Error::other)?;
                let answered = self.asked.extract_if(.., |(asked, _)| *asked <= number);
                for (_, asks) in answered {
                    for ask in asks {
                        // Whoever asked may have gone.
                        let _ = ask.send(demand.clone());
                    }
                }
            }
            Some(Kind::Access) => {
                let access = decode(&frame.body).map_err(io::Error::other)?;
                if let Some(answer) = self.access.take() {
                    // Whoever asked may have gone.
                    let _ = answer.send(access_fetch::batch(access));
                }
            }
            Some(Kind::Figures) => {
                let figures: Figures = decode(&frame.body).map_err(io::Error::other)?;
                for ask in self.figures.pop_front().into_iter().flatten() {
                    // Whoever asked may have gone.
                    let _ = ask.send(figures.clone());
                }
            }
            Some(Kind::Rung) => {
                let Rung { services } = decode(&frame.body).map_err(io::Error::other)?;
                for service in services {
                    self.keeper.bell.ring(&Ring::Service(service));
                }
            }
            Some(
                Kind::Hello
                | Kind::Routes
                | Kind::Certificates
                | Kind::Drain
                | Kind::Takeover
                | Kind::Ready
                | Kind::Listeners
                | Kind::Ask
                | Kind::AskAccess
                | Kind::AskFigures,
            )
            | None => tracing::warn!(kind = ?frame.kind, "a frame that this version does not understand"),
        }
        Ok(())
    }

    fn applied(&mut self, applied: Applied) {
        let Applied { table, generation, refused, problems } = applied;
        for problem in problems {
            tracing::error!(cause = problem, "a certificate cannot be used");
        }
        if let Some(words) = &refused {
            tracing::error!(?table, cause = words, "the front door refused a table");
        }
        let n = TABLES.iter().position(|known| *known == table).expect("both tables are listed");
        self.unanswered[n] = false;
        let sent = self.sent[n];
        self.keeper.link.standing.send_modify(|standing| {
            let answered = standing.of_mut(table);
            if refused.is_none() {
                answered.generation = generation;
            }
            answered.refused = refused.map(|words| (sent, words));
        });
    }
}
