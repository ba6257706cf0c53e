//! Records with sealed values: secrets and parameters. Kept by `store`, each value sealed with a key of its record, and that with the
//! platform's own.

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::port::{Answer, Granted};
use crate::sealed_noun::{NewValue, SealedNoun};
use crate::secret::Secret;
use crate::wish::{Page, PageRequest};

/// Records of one kind, of every account and region. A value is kept exactly as long as its version is among the record's keys.
pub trait SealedNouns<N: SealedNoun>: Send + Sync {
    /// Refuses (`AlreadyExists`) a name that is taken and (`Quota`) one more than there may be, in the noun's words.
    fn create<'a>(&'a self, noun: &'a N, value: Option<&'a NewValue>, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    fn get<'a>(&'a self, scope: &'a Scope, name: &'a str) -> Answer<'a, Option<N>>;

    /// Those whose name begins so, by name; no page repeats or loses one that stays.
    fn list<'a>(&'a self, scope: &'a Scope, prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<N>>;

    /// The value of a version, if the record is still there with it.
    fn value<'a>(&'a self, noun: &'a N, version: &'a str) -> Answer<'a, Option<Secret>>;

    /// Writes `after`, with the value of a version that is new, if the record is still exactly as `before`. Answers whether it was; if not, nothing
    /// was written: read again. Scope and name stay.
    fn change<'a>(&'a self, before: &'a N, after: &'a N, value: Option<&'a NewValue>, audit: &'a AuditRow) -> Answer<'a, bool>;

    /// Takes it away with all values if it is still exactly so. Answers whether it was.
    fn remove<'a>(&'a self, noun: &'a N, audit: &'a AuditRow) -> Answer<'a, bool>;
}
