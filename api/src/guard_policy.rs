//! The guard policy: the most that anybody may on this platform, as a service control policy is to an organisation.
//! Never allows anything by itself. Source of truth: AWS Organizations User Guide, "Service control policies (SCPs)"; whom it binds is our own
//! decision, since a platform has no management account: `docs/decisions/0018-guard-policy.md`.

use crate::policy::{Document, Form, Party};
use model::account::AccountId;
use std::sync::Arc;

/// A guard policy that was read.
#[derive(Clone, Debug)]
pub struct GuardPolicy {
    document: Arc<Document>,
    /// Whose root it does not bind: who wrote the file is who has that key, and must not be locked out of mending it.
    exempt: AccountId,
}

impl GuardPolicy {
    /// Reads the text of a guard policy. `first` is the platform's default account.
    ///
    /// # Errors
    /// The first mistake, in a sentence for the person who wrote it.
    pub fn parse(text: &str, first: AccountId) -> Result<Self, String> {
        let document = Document::parse(text, Form::Identity)?;
        document.check_keys()?;
        Ok(Self { document: Arc::new(document), exempt: first })
    }

    /// What binds a party, if anything does. Services act with the platform's own hand.
    pub(crate) fn binding(&self, party: Party<'_>) -> Option<Arc<Document>> {
        match party {
            Party::Root(account) if *account == self.exempt => None,
            // Who has no more than a token is nobody of the platform yet; the session that comes of it is bound.
            Party::Service(_) | Party::Federated(_) => None,
            Party::Root(_) | Party::User(_) | Party::Session(_) => Some(self.document.clone()),
        }
    }
}
