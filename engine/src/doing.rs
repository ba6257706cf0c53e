//! Turns other libraries' errors into `Trouble` with our own words in front.
//! Never decides whether something went wrong.

use std::error::Error;

use model::trouble::Trouble;

/// Adds what we were doing to an error.
pub trait Doing<T> {
    /// Trouble that may pass; `doing` completes "trouble while …".
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T, Trouble>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> Doing<T> for Result<T, E> {
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T, Trouble> {
        self.map_err(|error| Trouble::passing(doing(), error))
    }
}
