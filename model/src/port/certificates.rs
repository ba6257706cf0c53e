//! Certificates and authorities at rest. Kept by `store`, keys sealed.

use crate::certificate::{Authority, Certificate};
use crate::port::Answer;

/// Certificates by their first name, authorities by their suffix.
pub trait Certificates: Send + Sync {
    fn authority<'a>(&'a self, suffix: &'a str) -> Answer<'a, Option<Authority>>;

    /// Keeps the first authority of a suffix; a later one changes nothing. Answers the one that is kept.
    fn keep_authority<'a>(&'a self, authority: &'a Authority) -> Answer<'a, Authority>;

    /// Every certificate kept, by first name.
    fn list(&self) -> Answer<'_, Vec<Certificate>>;

    /// Keeps a certificate in place of the one with the same first name.
    fn keep<'a>(&'a self, certificate: &'a Certificate) -> Answer<'a, ()>;
}
