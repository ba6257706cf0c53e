//! Issuers of identity tokens in memory: those that a test puts there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::identity_provider::IssuerUrl;
use crate::port::{Answer, Granted, Issuers};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::ledger::ready;
use crate::web_identity::IssuerKey;

/// Issuers of the whole world. One that nobody put there cannot be reached.
#[derive(Debug, Default)]
pub struct MemoryIssuers(Mutex<BTreeMap<IssuerUrl, Granted<Arc<[IssuerKey]>>>>);

impl MemoryIssuers {
    /// From now on the issuer has these keys.
    pub fn offer(&self, issuer: &IssuerUrl, keys: Vec<IssuerKey>) {
        self.put(issuer, Ok(keys.into()));
    }

    /// From now on the issuer is not asked, or answers nonsense.
    pub fn refuse(&self, issuer: &IssuerUrl, refusal: Refusal) {
        self.put(issuer, Err(refusal));
    }

    fn put(&self, issuer: &IssuerUrl, answer: Granted<Arc<[IssuerKey]>>) {
        self.0.lock().expect("no test panics while it holds the issuers").insert(issuer.clone(), answer);
    }
}

impl Issuers for MemoryIssuers {
    fn keys<'a>(&'a self, issuer: &'a IssuerUrl, _: Option<&'a str>) -> Answer<'a, Granted<Arc<[IssuerKey]>>> {
        let known = self.0.lock().expect("no test panics while it holds the issuers").get(issuer).cloned();
        let unreachable = || Refusal::new(RefusalKind::WrongState, format!("https://{} cannot be reached.", issuer.as_str()));
        ready(known.unwrap_or_else(|| Err(unreachable())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testbed::{block_on, conformance};
    use crate::web_identity::KeyNumbers;

    #[test]
    fn issuers_in_memory_keep_the_promises_of_the_port() {
        let issuers = MemoryIssuers::default();
        let url = |text: &str| IssuerUrl::parse(text).expect("an issuer");
        let numbers = KeyNumbers::Rsa { n: "AQAB".to_owned(), e: "AQAB".to_owned() };
        issuers.offer(&url("good.test"), vec![IssuerKey { id: Some("one".to_owned()), algorithm: None, numbers }]);
        issuers.refuse(&url("nonsense.test"), Refusal::invalid("https://nonsense.test answers nonsense."));
        block_on(conformance::issuers(&issuers, [&url("good.test"), &url("silent.test"), &url("nonsense.test")]));
    }
}
