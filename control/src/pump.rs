//! Takes over what instances print: from the engine's segments into the store, each line once. Takes the service's events along.
//!
//! The store keeps the cursor together with the lines, so a crash between reading and forgetting loses and doubles nothing.

use std::time::Duration;

use futures_util::future::join;
use model::instance::InstanceName;
use model::log_line::{LogLine, LogStream};
use model::port::{Engine, LogLines, Ring, Version};
use model::service::{Service, ServiceId};
use model::trouble::Trouble;
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
            if take_over(&*self.ports.engine, &*self.ports.lines, &service.value, &instance.name).await? == Taken::Something {
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

/// Takes over everything that an instance has printed so far, in batches. Two at once do no harm: the store takes each batch once.
pub(crate) async fn take_over(
    engine: &dyn Engine,
    lines: &dyn LogLines,
    service: &Service,
    name: &InstanceName,
) -> Result<Taken, Trouble> {
    let stream = LogStream::of_instance(service, name);
    let mut cursor = lines.cursor(name).await?;
    let mut taken = Taken::Nothing;
    let mut batch = engine.lines(name, cursor, limit::PUMP_LINES).await?;
    for _ in 0..limit::PUMP_LAST_BATCHES {
        if batch.lines.is_empty() {
            break;
        }
        let append = lines.append(&stream, &batch.lines, name, cursor, batch.next);
        let append = append.instrument(batch_span(service, name, &batch.lines));
        // The next ones are read while these are written.
        let (kept, ahead) = join(append, engine.lines(name, batch.next, limit::PUMP_LINES)).await;
        kept?;
        // What is kept now: another pump may have been faster, and only what is kept may be forgotten.
        cursor = lines.cursor(name).await?;
        engine.absorbed(name, cursor).await?;
        taken = Taken::Something;
        batch = if cursor == batch.next { ahead? } else { engine.lines(name, cursor, limit::PUMP_LINES).await? };
    }
    Ok(taken)
}
