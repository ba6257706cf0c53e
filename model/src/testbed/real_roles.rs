//! Real roles in memory: each taking gives another key, for an hour of a clock that a test turns.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::account::Region;
use crate::port::{Answer, Clock, Granted, RealRoles};
use crate::refusal::{Refusal, RefusalKind};
use crate::role::RoleArn;
use crate::role_credentials::RoleCredentials;
use crate::secret::Secret;
use crate::testbed::TurnedClock;
use crate::testbed::ledger::ready;

/// One role of ours, and the real one.
#[derive(Debug)]
pub struct MemoryRealRoles {
    ours: RoleArn,
    real: RoleArn,
    clock: Arc<TurnedClock>,
    world: Mutex<World>,
}

#[derive(Debug, Default)]
struct World {
    /// The names of the sessions so far.
    taken: Vec<String>,
    /// The words with which everybody is refused.
    refused: Option<Refusal>,
    /// How often somebody asked.
    asked: usize,
}

impl MemoryRealRoles {
    pub fn new(ours: RoleArn, real: RoleArn, clock: Arc<TurnedClock>) -> Self {
        Self { ours, real, clock, world: Mutex::default() }
    }

    /// The names of the sessions so far.
    pub fn taken(&self) -> Vec<String> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner).taken.clone()
    }

    /// From now on nobody may, with these words; or everybody again.
    pub fn refuse(&self, words: Option<&str>) {
        self.answer(words.map(|words| Refusal::new(RefusalKind::Denied, words)));
    }

    /// From now on everybody is refused like this; or nobody any more.
    pub fn answer(&self, refusal: Option<Refusal>) {
        self.world.lock().unwrap_or_else(PoisonError::into_inner).refused = refusal;
    }

    /// How often somebody asked.
    pub fn asked(&self) -> usize {
        self.world.lock().unwrap_or_else(PoisonError::into_inner).asked
    }
}

impl RealRoles for MemoryRealRoles {
    fn standing_for(&self, role: &RoleArn) -> Option<RoleArn> {
        (*role == self.ours).then(|| self.real.clone())
    }

    fn take<'a>(&'a self, role: &'a RoleArn, session: &'a str, _region: &'a Region) -> Answer<'a, Granted<RoleCredentials>> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        if *role != self.ours {
            return ready(Err(Refusal::not_found(format!("No real role stands for {role}."))));
        }
        world.asked += 1;
        if let Some(refusal) = &world.refused {
            return ready(Err(refusal.clone()));
        }
        world.taken.push(session.to_owned());
        ready(Ok(RoleCredentials {
            role: self.real.clone(),
            access_key_id: format!("ASIAREAL{:012}", world.taken.len()),
            secret_access_key: Secret::new("a real secret"),
            session_token: Secret::new("a real token"),
            expires_at: self.clock.now().plus(Duration::from_secs(3_600)),
        }))
    }
}
