//! A gatekeeper that lets root do everything in its own account, and registry passwords in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::caller::Caller;
use crate::port::{Action, Answer, Gatekeeper, Granted, LoginToken, Logins};
use crate::secret::Secret;
use crate::testbed::ledger::ready;
use crate::time::Timestamp;

/// Root may do everything.
#[derive(Debug, Default)]
pub struct RootGate;

impl Gatekeeper for RootGate {
    fn authorize<'a>(&'a self, _caller: &'a Caller, _action: &'a Action) -> Answer<'a, Granted<()>> {
        ready(Ok(()))
    }
}

/// Passwords that are numbers.
#[derive(Debug, Default)]
pub struct MemoryLogins(Mutex<BTreeMap<Vec<u8>, Caller>>);

impl Logins for MemoryLogins {
    fn issue<'a>(&'a self, caller: &'a Caller) -> Answer<'a, LoginToken> {
        let mut issued = self.0.lock().expect("no test panics while it holds the logins");
        let password = format!("password-{}", issued.len());
        issued.insert(password.clone().into_bytes(), caller.clone());
        let expires_at = Timestamp::from_millis(0).plus(Duration::from_secs(12 * 3600));
        ready(LoginToken { password: Secret::new(password), expires_at })
    }

    fn redeem<'a>(&'a self, password: &'a Secret) -> Answer<'a, Option<Caller>> {
        ready(self.0.lock().expect("no test panics while it holds the logins").get(password.expose()).cloned())
    }
}
