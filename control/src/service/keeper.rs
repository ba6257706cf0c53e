//! The one task that keeps one service's promises: look, absorb or plan, perform, wait for the bell.
//!
//! Keeps no state between steps but how long to wait: after a crash the next step is the same as without one.

use std::time::Duration;

use model::lifecycle::{Effect, RouteSeen, absorb, absorb_full, give_up, plan};
use model::limit::LOOK_AGAIN_MOVING;
use model::port::{Ring, Versioned};
use model::service::{Phase, ServiceId, Standing};
use model::trouble::{Retry, Trouble};

use crate::limit::TROUBLE_PAUSE;
use crate::ports::Ports;
use crate::service::look;
use crate::service::perform::{Point, Scene};

/// Keeps one service.
pub struct Keeper {
    ports: Ports,
    domain: String,
    ring: Ring,
    id: ServiceId,
}

/// What a step came to.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// There is more to keep: call `step` again.
    Again,
    /// The service is deleted and nothing of it is left.
    Over,
}

enum Stride {
    /// Something changed: look again at once.
    Changed,
    /// Nothing to do until the bell, or so long.
    Rest(Duration),
    Over,
}

impl Keeper {
    pub fn new(ports: Ports, domain: String, id: ServiceId) -> Self {
        Self { ports, domain, ring: Ring::Service(id.clone()), id }
    }

    pub fn service(&self) -> &ServiceId {
        &self.id
    }

    /// One look and what follows from it, then a wait if there was nothing to do.
    pub async fn step(&mut self) -> Turn {
        let rest = match self.stride().await {
            Ok(Stride::Changed) => return Turn::Again,
            Ok(Stride::Over) => return Turn::Over,
            Ok(Stride::Rest(rest)) => rest,
            Err(trouble) => {
                self.report(&trouble);
                TROUBLE_PAUSE
            }
        };
        self.ports.bell.wait(&self.ring, rest).await;
        Turn::Again
    }

    async fn stride(&self) -> Result<Stride, Trouble> {
        let Some(Versioned { version, value: promise }) = look::promise(&self.ports, &self.id).await? else {
            return Ok(Stride::Over);
        };
        let seen = look::seen(&self.ports, &self.id).await?;
        let now = self.ports.clock.now();
        let scene = Scene { ports: &self.ports, domain: &self.domain, version, promise: &promise, seen: &seen };
        // First: a full disk may be the reason of what is absorbed next.
        if let Some(change) = absorb_full(&promise, &seen, now) {
            let _ = scene.commit(change, Point::Event).await?;
            return Ok(Stride::Changed);
        }
        if let Some(change) = absorb(&promise, &seen, now) {
            let _ = scene.commit(change, Point::Absorb).await?;
            return Ok(Stride::Changed);
        }
        let mut plan = plan(&promise, &seen, now);
        if plan.effects.is_empty() && !scene.is_carried_as_promised() {
            // A tag was changed that acts at once.
            plan.effects.push(Effect::Publish(seen.route.clone()));
        }
        // Each by itself: an image that cannot be unpacked must not keep a route from being published.
        let mut trouble = None;
        for effect in &plan.effects {
            if let Err(one) = scene.perform(effect).await {
                self.report(&one);
                trouble = Some(one);
            }
        }
        if let Some(trouble) = trouble {
            return self.after(&scene, &trouble).await;
        }
        if !plan.effects.is_empty() {
            return Ok(Stride::Changed);
        }
        let gone = match &promise.service.phase {
            Phase::Still(Standing::Deleted { .. }) => seen.instances.is_empty() && seen.route == RouteSeen::Absent,
            Phase::Still(Standing::Running { .. } | Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed)
            | Phase::Moving { .. } => false,
        };
        Ok(if gone { Stride::Over } else { Stride::Rest(plan.look_again) })
    }

    /// Trouble that will not pass ends an operation; other trouble is tried again after a pause.
    async fn after(&self, scene: &Scene<'_>, trouble: &Trouble) -> Result<Stride, Trouble> {
        let change = match trouble.retry() {
            Retry::Worthwhile => None,
            Retry::Pointless => {
                let message = format!("The platform could not do it: {trouble}. Its log says why.");
                give_up(scene.promise, &message, self.ports.clock.now())
            }
        };
        match change {
            Some(change) => scene.commit(change, Point::Absorb).await.map(|_| Stride::Changed),
            None => Ok(Stride::Rest(TROUBLE_PAUSE)),
        }
    }

    fn report(&self, trouble: &Trouble) {
        match trouble.retry() {
            Retry::Worthwhile => {
                tracing::warn!(service.id = %self.id, trouble = %trouble.chain(), "a keeper's step failed; it will be tried again")
            }
            Retry::Pointless => tracing::error!(service.id = %self.id, trouble = %trouble.chain(), "a keeper's step failed"),
        }
    }
}

const _: () = assert!(TROUBLE_PAUSE.as_millis() >= LOOK_AGAIN_MOVING.as_millis(), "trouble is no reason to look more often");
