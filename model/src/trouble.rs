//! What went wrong on our side: what we were doing, whether trying again is worthwhile, and the cause.
//!
//! `Display` prints our own words only; reporters walk `source()`. The caller sees an internal error and a request id, and of the cause only what he can
//! mend: his own platform's disk is full, or an image must be pushed again.

use std::error::Error;
use std::{fmt, io};

use crate::refusal::Refusal;

/// Whether the same call may succeed a little later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    Worthwhile,
    Pointless,
}

/// What everybody reads whose call a full disk has failed.
const DISK_FULL: &str = "The platform's disk is full: nothing was changed. Free space where its data dir is, and try again.";

/// An internal failure.
#[derive(Debug)]
pub struct Trouble {
    doing: String,
    retry: Retry,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Trouble {
    /// Trouble that may pass: `doing` completes the sentence "trouble while …".
    pub fn passing(doing: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { doing: doing.into(), retry: Retry::Worthwhile, source: Some(source.into()) }
    }

    /// Trouble that stays until a person acts.
    pub fn lasting(doing: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { doing: doing.into(), retry: Retry::Pointless, source: Some(source.into()) }
    }

    /// Trouble whose cause another side must mend: its words go to whoever asked.
    pub fn refused(doing: impl Into<String>, refusal: Refusal) -> Self {
        Self::lasting(doing, refusal)
    }

    /// What another side must mend, if that is the cause.
    pub fn refused_by(&self) -> Option<&Refusal> {
        self.source.as_deref()?.downcast_ref()
    }

    /// What whoever asked should know of the cause and do about it, in whole sentences; nothing if the cause is only ours.
    pub fn words_for_caller(&self) -> Option<String> {
        if let Some(refusal) = self.refused_by() {
            return Some(refusal.message.clone());
        }
        let is_full = |cause: &(dyn Error + 'static)| {
            let error = cause.downcast_ref::<io::Error>();
            error.is_some_and(|error| matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
        };
        let mut next = self.source();
        while let Some(cause) = next {
            if is_full(cause) {
                return Some(DISK_FULL.to_owned());
            }
            next = cause.source();
        }
        None
    }

    pub fn retry(&self) -> Retry {
        self.retry
    }

    /// The whole chain on one line, for logs: `doing: cause: cause of the cause`.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut next = self.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trouble while {}", self.doing)
    }
}

impl Error for Trouble {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_prints_our_words_and_the_chain_prints_the_cause_too() {
        let trouble = Trouble::passing("reading the ledger", std::io::Error::other("disk I/O error"));
        assert_eq!(trouble.to_string(), "trouble while reading the ledger");
        assert_eq!(trouble.chain(), "trouble while reading the ledger: disk I/O error");
        assert_eq!(trouble.retry(), Retry::Worthwhile);
        assert_eq!(trouble.words_for_caller(), None);
    }

    #[test]
    fn the_caller_is_told_what_he_can_mend() {
        let inner = Trouble::passing("writing a page", io::Error::from(io::ErrorKind::StorageFull));
        let full = Trouble::passing("keeping a service", inner);
        assert_eq!(full.words_for_caller().as_deref(), Some(DISK_FULL));
        let refused = Trouble::refused("reading", Refusal::invalid("Push it again."));
        assert_eq!(refused.words_for_caller().as_deref(), Some("Push it again."));
    }
}
