//! Sessions of instance roles, in memory: roles are trusted when a test says so. And the event desk over the ledger in memory.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::arn::ServiceArn;
use crate::event::Event;
use crate::instance::InstanceName;
use crate::instance_door::InstanceRole;
use crate::port::{Answer, Clock, EventDesk, Granted, InstanceSessions, ServiceChange, Services};
use crate::refusal::{Refusal, RefusalKind};
use crate::role::RoleArn;
use crate::role_credentials::RoleCredentials;
use crate::secret::Secret;
use crate::testbed::ledger::ready;
use crate::testbed::{MemoryLedger, TurnedClock};
use crate::time::Timestamp;

const LIFE: Duration = Duration::from_secs(3600);

/// Sessions that are forgotten when it is dropped.
#[derive(Debug)]
pub struct MemorySessions {
    clock: Arc<TurnedClock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    trusted: HashSet<RoleArn>,
    issued: BTreeMap<InstanceName, RoleCredentials>,
    numbers: u32,
}

impl MemorySessions {
    /// No role is trusted.
    pub fn new(clock: Arc<TurnedClock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// From now on this role can be taken.
    pub fn trust(&self, role: &RoleArn) {
        self.state().trusted.insert(role.clone());
    }

    /// From now on it cannot.
    pub fn distrust(&self, role: &RoleArn) {
        self.state().trusted.remove(role);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the sessions")
    }
}

impl InstanceSessions for MemorySessions {
    fn credentials<'a>(&'a self, instance: &'a InstanceName, role: &'a InstanceRole) -> Answer<'a, Granted<RoleCredentials>> {
        let mut state = self.state();
        if !state.trusted.contains(&role.role) {
            return ready(Err(Refusal::new(RefusalKind::Denied, format!("Error in assuming instance role {}", role.role))));
        }
        let now = self.clock.now();
        let kept = state.issued.get(instance).filter(|kept| kept.expires_at.since(now) >= LIFE / 2);
        if let Some(kept) = kept.filter(|kept| kept.role == role.role) {
            return ready(Ok(kept.clone()));
        }
        state.numbers += 1;
        let number = state.numbers;
        let credentials = RoleCredentials {
            role: role.role.clone(),
            access_key_id: format!("ASIA{number:016}"),
            secret_access_key: Secret::new(format!("secret {number}")),
            session_token: Secret::new(format!("token {number}")),
            expires_at: now.plus(LIFE),
        };
        state.issued.insert(instance.clone(), credentials.clone());
        ready(Ok(credentials))
    }
}

impl EventDesk for MemoryLedger {
    fn tell<'a>(&'a self, service: &'a ServiceArn, words: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let Some(found) = Services::get(self, service).await? else { return Ok(()) };
            let events = vec![Event::new(Timestamp::from_millis(0), words)];
            let change = ServiceChange { service: found.value, operation: None, revision: None, events, audit: None };
            // Nobody else is in between: what is in memory answers at once.
            self.commit(found.version, &change).await.map(drop)
        })
    }
}
