//! Time, chance and bells, as arguments of everything that needs them. Kept by `daemon`.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::service::ServiceId;
use crate::time::Timestamp;

/// What time it is.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// Chance.
pub trait Dice: Send + Sync {
    /// Fills with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// An array of random bytes.
pub fn draw<const N: usize>(dice: &dyn Dice) -> [u8; N] {
    let mut bytes = [0; N];
    dice.fill(&mut bytes);
    bytes
}

/// Whom a bell wakes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ring {
    /// The keeper of a service.
    Service(ServiceId),
    /// Whoever takes over what a service's instances print.
    Output(ServiceId),
    /// Those who follow a service's log lines.
    Logs(ServiceId),
    /// Whoever compares tags with what is deployed.
    Pushes,
    /// Whoever looks for services that have no keeper yet.
    Newcomers,
    /// Whoever waits for a blob that somebody else is copying from another registry.
    Copies,
}

/// Why a wait is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    Rung,
    /// The time is over, and nobody rang.
    Late,
}

/// A wait for a bell.
pub type Wait<'a> = Pin<Box<dyn Future<Output = Woken> + Send + 'a>>;

/// Wake-ups without content: whoever is woken reads the truth. A lost bell costs time until the next sweep, nothing else.
pub trait Bell: Send + Sync {
    /// Never blocks. Rung while nobody waits, the next wait ends at once.
    fn ring(&self, whom: &Ring);

    /// Until rung (since the last wait ended), or `at_most` is over.
    fn wait<'a>(&'a self, whom: &'a Ring, at_most: Duration) -> Wait<'a>;
}
