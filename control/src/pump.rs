//! Takes over what instances print: from the engine's segments into the store, each line once. Takes the service's events along.
//!
//! The store keeps the cursor together with the lines, so a crash between reading and forgetting loses and doubles nothing.

use std::time::Duration;

use futures_util::future::join;
use model::instance::InstanceName;
use model::log_line::{LogBatch, LogCursor, LogLine, LogStream};
use model::port::{Engine, LogLines, Ring, Version};
use model::service::{Service, ServiceId};
use model::trouble::Trouble;
use tokio::sync::{Semaphore, SemaphorePermit};
use tracing::Instrument;

use crate::event;
use crate::limit;
use crate::ports::Ports;
use crate::service::Turn;

/// Takes over one service's output until the service is gone.
pub struct Pump {
    ports: Ports,
    id: ServiceId,
    ring: Ring,
    /// The service's commit whose events were copied last.
    told: Option<Version>,
}

impl Pump {
    pub fn new(ports: Ports, id: ServiceId) -> Self {
        Self { ports, ring: Ring::Output(id.clone()), id, told: None }
    }

    /// Takes over what there is, then waits for more.
    pub async fn step(&mut self) -> Turn {
        let pause = self.round().await.unwrap_or_else(|trouble| {
            tracing::warn!(service = %self.id, cause = %trouble.chain(), "taking over output failed; it will be tried again");
            Some(limit::PUMP_PAUSE)
        });
        let Some(pause) = pause else { return Turn::Over };
        self.ports.bell.wait(&self.ring, pause).await;
        Turn::Again
    }

    /// How long it may rest then; `None` where there is nobody left to print.
    async fn round(&mut self) -> Result<Option<Duration>, Trouble> {
        let Some(service) = self.ports.services.by_id(&self.id).await? else { return Ok(None) };
        // Events are written by commits only.
        if self.told != Some(service.version) {
            event::copy(&self.ports, &service.value).await?;
            self.told = Some(service.version);
        }
        let instances = self.ports.engine.look(&self.id).await?;
        if instances.is_empty() && service.value.deleted_at().is_some() {
            return Ok(None);
        }
        for instance in &instances {
            if Source::of(&self.ports).take_over(&service.value, &instance.name).await? == Taken::Something {
                self.ports.bell.ring(&Ring::Logs(self.id.clone()));
            }
        }
        Ok(Some(if instances.is_empty() { limit::PUMP_PAUSE_EMPTY } else { limit::PUMP_PAUSE }))
    }
}

/// Whether there was something to take over.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Something,
    Nothing,
}

/// What is taken over at once; `newest_ms` says how far behind we are.
fn batch_span(service: &Service, name: &InstanceName, lines: &[LogLine]) -> tracing::Span {
    let bytes: usize = lines.iter().map(|line| line.bytes.len()).sum();
    let newest_ms = lines.last().map(|line| line.at.millis());
    tracing::info_span!("log_batch", service = %service.id, instance = %name, lines = lines.len(), bytes, newest_ms)
}

/// Turns to take over floods: whoever waits for one holds nothing of its flood in memory.
pub struct PumpTurns(Semaphore);

impl Default for PumpTurns {
    fn default() -> Self {
        Self(Semaphore::new(limit::PUMP_TURNS))
    }
}

impl PumpTurns {
    /// The next turn, until it is dropped.
    ///
    /// # Panics
    /// Never: the semaphore is never closed.
    pub async fn take(&self) -> SemaphorePermit<'_> {
        self.0.acquire().await.expect("the semaphore is never closed")
    }

    /// Nobody waits where there is one left.
    fn is_one_left(&self) -> bool {
        self.0.available_permits() > 0
    }
}

/// From where, and into what.
pub(crate) struct Source<'a> {
    pub engine: &'a dyn Engine,
    pub lines: &'a dyn LogLines,
    pub turns: &'a PumpTurns,
}

impl<'a> Source<'a> {
    pub(crate) fn of(ports: &'a Ports) -> Self {
        Self { engine: &*ports.engine, lines: &*ports.lines, turns: &ports.pump_turns }
    }

    /// Takes over everything that an instance has printed so far, in batches. Two at once do no harm: the store takes each batch once.
    pub(crate) async fn take_over(&self, service: &Service, name: &InstanceName) -> Result<Taken, Trouble> {
        let stream = LogStream::of_instance(service, name);
        let mut cursor = self.lines.cursor(name).await?;
        let mut taken = Taken::Nothing;
        let mut batches = 0;
        while batches < limit::PUMP_LAST_BATCHES {
            let few = self.engine.lines(name, cursor, limit::PUMP_FEW_LINES).await?;
            if few.lines.is_empty() {
                break;
            }
            taken = Taken::Something;
            if is_few(&few.lines) {
                cursor = self.keep(service, &stream, name, cursor, &few).await?;
                batches += 1;
                if cursor == few.next {
                    // That was all there was. Whatever came meanwhile has rung: who prints all the time shall not have a commit for each line.
                    break;
                }
                continue;
            }
            drop(few);
            let _turn = self.turns.take().await;
            // Somebody else may have taken some over meanwhile.
            cursor = self.lines.cursor(name).await?;
            let mut batch = self.engine.lines(name, cursor, limit::PUMP_LINES).await?;
            let mut of_turn = 0;
            while batches < limit::PUMP_LAST_BATCHES
                && !batch.lines.is_empty()
                && (of_turn < limit::PUMP_TURN_BATCHES || self.turns.is_one_left())
            {
                // The next ones are read while these are written.
                let ahead = self.engine.lines(name, batch.next, limit::PUMP_LINES);
                let (kept, ahead) = join(self.keep(service, &stream, name, cursor, &batch), ahead).await;
                cursor = kept?;
                batch = if cursor == batch.next { ahead? } else { self.engine.lines(name, cursor, limit::PUMP_LINES).await? };
                batches += 1;
                of_turn += 1;
            }
        }
        Ok(taken)
    }

    /// Keeps a batch, and says behind what: another pump may have been faster, and only what is kept may be forgotten.
    async fn keep(
        &self,
        service: &Service,
        stream: &LogStream,
        name: &InstanceName,
        read: LogCursor,
        batch: &LogBatch,
    ) -> Result<LogCursor, Trouble> {
        let append = self.lines.append(stream, &batch.lines, name, read, batch.next);
        append.instrument(batch_span(service, name, &batch.lines)).await?;
        let cursor = self.lines.cursor(name).await?;
        self.engine.absorbed(name, cursor).await?;
        Ok(cursor)
    }
}

fn is_few(lines: &[LogLine]) -> bool {
    let bytes: usize = lines.iter().map(|line| line.bytes.len()).sum();
    lines.len() < limit::PUMP_FEW_LINES as usize && bytes <= limit::PUMP_FEW_BYTES
}
