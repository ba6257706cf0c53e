//! A gatekeeper that lets root do everything in its own account, and registry passwords in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::caller::Caller;
use crate::port::{Action, Answer, Gatekeeper, Granted, LoginToken, Logins};
use crate::refusal::{Refusal, RefusalKind};
use crate::secret::Secret;
use crate::testbed::ledger::ready;
use crate::time::Timestamp;

/// Root may do everything that concerns its own account.
#[derive(Debug, Default)]
pub struct RootGate;

impl Gatekeeper for RootGate {
    fn authorize<'a>(&'a self, caller: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>> {
        let Action { name, resource, facts: _ } = action;
        let own = resource == "*" || resource.split(':').nth(4) == Some(caller.account().as_str());
        let denied = || {
            Refusal::new(
                RefusalKind::Denied,
                format!("User: {} is not authorized to perform: {name} on resource: {resource}", caller.arn()),
            )
        };
        ready(if own { Ok(()) } else { Err(denied()) })
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
