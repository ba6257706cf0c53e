//! The one task that keeps one service's promises: look, absorb or plan, perform, wait for the bell.
//!
//! Keeps nothing between steps that has to survive: what was wanted of late, when it may make an instance ahead, and the image that is being made ready, which may take minutes while what
//! serves is mended and scaled. After a crash the next step is the same as without one.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::future::{Either, join_all, select};
use model::autoscale::Window;
use model::instance::InstanceName;
use model::lifecycle::{Effect, Promise, RouteSeen, Seen, absorb, absorb_full, give_up, plan};
use model::limit::LOOK_AGAIN_MOVING;
use model::operation::OperationId;
use model::port::{Ring, Version, Versioned, Woken};
use model::service::{Phase, ServiceId, Standing};
use model::trouble::{Retry, Trouble};
use tracing::Instrument;
use tracing::field::Empty;

use crate::limit::TROUBLE_PAUSE;
use crate::ports::Ports;
use crate::service::ahead::Ahead;
use crate::service::look;
use crate::service::perform::{Point, Scene};

/// Keeps one service.
pub struct Keeper {
    ports: Ports,
    domain: String,
    ring: Ring,
    id: ServiceId,
    window: Window,
    ahead: Ahead,
    /// Why this step was taken.
    woken: Woken,
    /// For which operation, too: what an earlier one began is nobody's any more.
    resolving: Option<(OperationId, Resolving)>,
    /// Why the image could not be made ready.
    unresolved: Option<(OperationId, Trouble)>,
}

/// An image that is being made ready.
type Resolving = Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send>>;

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
        let ring = Ring::Service(id.clone());
        let (window, ahead) = (Window::default(), Ahead::default());
        Self { ports, domain, ring, id, window, ahead, woken: Woken::Rung, resolving: None, unresolved: None }
    }

    pub fn service(&self) -> &ServiceId {
        &self.id
    }

    /// One look and what follows from it, then a wait if there was nothing to do.
    pub async fn step(&mut self) -> Turn {
        let span = tracing::info_span!("keeper_step", service = %self.id, cause = Empty);
        let outcome = self.stride().instrument(span.clone()).await;
        if let Err(trouble) = &outcome {
            span.record("cause", trouble.chain());
        }
        drop(span);
        let rest = match outcome {
            Ok(Stride::Changed) => return Turn::Again,
            Ok(Stride::Over) => return Turn::Over,
            Ok(Stride::Rest(rest)) => rest,
            Err(trouble) => {
                self.report(&trouble);
                TROUBLE_PAUSE
            }
        };
        self.rest(rest).await;
        Turn::Again
    }

    /// Until the bell rings, the image is ready, or the time is over.
    async fn rest(&mut self, rest: Duration) {
        let bell = self.ports.bell.wait(&self.ring, rest);
        let Some((operation, resolving)) = self.resolving.take() else {
            self.woken = bell.await;
            return;
        };
        self.woken = match select(resolving, bell).await {
            Either::Left((resolved, _)) => {
                self.unresolved = resolved.err().map(|trouble| (operation, trouble));
                Woken::Rung
            }
            Either::Right((woken, resolving)) => {
                self.resolving = Some((operation, resolving));
                woken
            }
        };
    }

    async fn stride(&mut self) -> Result<Stride, Trouble> {
        let Some(Versioned { version, value: promise }) = look::promise(&self.ports, &self.id).await? else {
            return Ok(Stride::Over);
        };
        let mut seen = look::seen(&self.ports, &self.id, &promise, &mut self.window, self.woken).await?;
        // Until the next wait this ring has been answered.
        self.woken = Woken::Late;
        let now = self.ports.clock.now();
        seen.spare = self.ahead.look(&self.ports.spares, &promise, &seen, now);
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
        let resolves = plan.effects.pop_if(|effect| *effect == Effect::Resolve).is_some();
        let operation = match &promise.service.phase {
            Phase::Moving { operation, .. } if resolves => Some(operation.id.clone()),
            Phase::Moving { .. } | Phase::Still(_) => None,
        };
        self.resolving.take_if(|(of, _)| Some(&*of) != operation.as_ref());
        let mut trouble = self.unresolved.take().filter(|(of, _)| Some(of) == operation.as_ref()).map(|(_, trouble)| trouble);
        if let Some(trouble) = &trouble {
            self.report(trouble);
        }
        if !plan.effects.is_empty() {
            self.ahead.moved(plan.effects.iter().find_map(made_ahead), now);
        }
        // Each by itself: an instance that cannot be begun must not keep a route from being published.
        for effects in plan.effects.chunk_by(|one, next| is_start(one) && is_start(next)) {
            for outcome in join_all(effects.iter().map(|effect| scene.perform(effect))).await {
                if let Err(one) = outcome {
                    self.report(&one);
                    trouble = Some(one);
                }
            }
        }
        if let Some(trouble) = trouble {
            return after(&scene, &trouble).await;
        }
        if !plan.effects.is_empty() {
            return Ok(Stride::Changed);
        }
        if let Some(operation) = operation.filter(|_| self.resolving.is_none()) {
            self.resolving = Some((operation, self.resolve(version, promise.clone(), seen)));
            return Ok(Stride::Rest(plan.look_again));
        }
        let gone = match &promise.service.phase {
            Phase::Still(Standing::Deleted { .. }) => seen.instances.is_empty() && seen.route == RouteSeen::Absent,
            Phase::Still(Standing::Running { .. } | Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed)
            | Phase::Moving { .. } => false,
        };
        Ok(if gone { Stride::Over } else { Stride::Rest(self.ahead.rest(plan.look_again)) })
    }

    /// Makes the image ready, beside everything else.
    fn resolve(&self, version: Version, promise: Promise, seen: Seen) -> Resolving {
        let (ports, domain) = (self.ports.clone(), self.domain.clone());
        Box::pin(async move {
            let scene = Scene { ports: &ports, domain: &domain, version, promise: &promise, seen: &seen };
            // If the service has changed meanwhile, it is found out anew, from what is ready by then.
            scene.perform(&Effect::Resolve).await
        })
    }

    fn report(&self, trouble: &Trouble) {
        match trouble.retry() {
            Retry::Worthwhile => {
                tracing::warn!(service = %self.id, cause = %trouble.chain(), "a keeper's step failed; it will be tried again")
            }
            Retry::Pointless => tracing::error!(service = %self.id, cause = %trouble.chain(), "a keeper's step failed"),
        }
    }
}

/// Trouble that will not pass ends an operation; other trouble is tried again after a pause.
async fn after(scene: &Scene<'_>, trouble: &Trouble) -> Result<Stride, Trouble> {
    let change = match trouble.retry() {
        Retry::Worthwhile => None,
        Retry::Pointless => {
            let why = trouble.words_for_caller().unwrap_or_else(|| "Its log says why.".to_owned());
            let message = format!("The platform could not do it: {trouble}. {why}");
            give_up(scene.promise, &message, scene.ports.clock.now())
        }
    };
    match change {
        Some(change) => scene.commit(change, Point::Absorb).await.map(|_| Stride::Changed),
        None => Ok(Stride::Rest(TROUBLE_PAUSE)),
    }
}

fn made_ahead(effect: &Effect) -> Option<&InstanceName> {
    match effect {
        Effect::Create(name) => Some(name),
        Effect::Resolve | Effect::Start(_) | Effect::Wake(_) | Effect::Publish(_) | Effect::Stop { .. } | Effect::Discard(_) => {
            None
        }
    }
}

/// Starts are begun together: a burst waits for all of them.
fn is_start(effect: &Effect) -> bool {
    match effect {
        Effect::Start(_) => true,
        Effect::Resolve | Effect::Create(_) | Effect::Wake(_) | Effect::Publish(_) | Effect::Stop { .. } | Effect::Discard(_) => {
            false
        }
    }
}

const _: () = assert!(TROUBLE_PAUSE.as_millis() >= LOOK_AGAIN_MOVING.as_millis(), "trouble is no reason to look more often");
