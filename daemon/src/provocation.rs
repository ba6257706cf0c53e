//! What debug builds can be told by the environment, so that a test sees in seconds what else takes weeks, or sees that it would see a broken promise.
//!
//! Never read by a release build: there everything here is as if nothing was said. Source of truth: the tests that say it.

use std::time::Duration;

use control::checkpoint::Breakage;

use crate::failure::Failure;

/// What a test has asked for.
#[derive(Debug, Default)]
pub struct Provocations {
    /// `OUTRUNNER_BREAK`: a promise that is broken.
    pub broken: Option<Breakage>,
    /// `OUTRUNNER_LEAF_SECONDS`: how long a certificate is good.
    pub leaf_life: Option<Duration>,
    /// `OUTRUNNER_INSTANCE_SESSION_SECONDS`: how long the credentials of instances are good.
    pub instance_session: Option<Duration>,
    /// `OUTRUNNER_REPLACE_EDGE`: a living front door is replaced as if it were of another version.
    pub replaces_edge: bool,
}

impl Provocations {
    /// Reads the environment. What is not understood is told: a test that provokes nothing would pass.
    pub fn read() -> Result<Self, Failure> {
        if !cfg!(debug_assertions) {
            return Ok(Self::default());
        }
        Ok(Self {
            broken: said("OUTRUNNER_BREAK", "the name of a promise", Breakage::parse)?,
            leaf_life: said("OUTRUNNER_LEAF_SECONDS", "a number of seconds", seconds)?,
            instance_session: said("OUTRUNNER_INSTANCE_SESSION_SECONDS", "a number of seconds", seconds)?,
            replaces_edge: std::env::var_os("OUTRUNNER_REPLACE_EDGE").is_some(),
        })
    }
}

fn seconds(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_secs)
}

fn said<T>(name: &str, what: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Failure> {
    let Ok(text) = std::env::var(name) else { return Ok(None) };
    match parse(&text) {
        Some(parsed) => Ok(Some(parsed)),
        None => Err(Failure::Usage(format!("{name}: '{text}' is not {what}"))),
    }
}
