//! The desk where others say what a service's owner should read of it, and no operation tells.
//!
//! Changes nothing but the list of events. Source of truth: the port.

use model::arn::ServiceArn;
use model::event::Event;
use model::port::{Answer, Commit, EventDesk, Ring, ServiceChange, Versioned};
use model::trouble::Trouble;

use crate::limit;
use crate::service::desk::ServiceDesk;

impl ServiceDesk {
    async fn add_event(&self, arn: &ServiceArn, words: &str) -> Result<(), Trouble> {
        for _ in 0..limit::COMMIT_TRIES {
            let Some(Versioned { version, value }) = self.ports.services.get(arn).await? else { return Ok(()) };
            if value.deleted_at().is_some() {
                return Ok(());
            }
            let events = vec![Event::new(self.ports.clock.now(), words)];
            let change = ServiceChange { service: value, operation: None, revision: None, events, audit: None };
            match self.ports.services.commit(version, &change).await? {
                Commit::Done(_) => {
                    // Its events are taken along with the output.
                    self.ports.bell.ring(&Ring::Output(change.service.id));
                    return Ok(());
                }
                Commit::Stale | Commit::NameTaken | Commit::Bound(_) => {}
            }
        }
        Err(Trouble::passing(format!("telling the owner of {arn} something"), "it is changed by many at once"))
    }
}

impl EventDesk for ServiceDesk {
    fn tell<'a>(&'a self, service: &'a ServiceArn, words: &'a str) -> Answer<'a, ()> {
        Box::pin(self.add_event(service, words))
    }
}
