//! Why a command ended badly: one line for the person at the terminal, and an exit code.

use std::fmt;

use model::trouble::Trouble;

/// A failed command.
#[derive(Debug)]
pub enum Failure {
    /// The command line, the environment or the configuration file must be mended. Exit code 2.
    Usage(String),
    /// Anything else. Exit code 1.
    Other(String),
}

impl Failure {
    pub fn other(text: impl Into<String>) -> Self {
        Self::Other(text.into())
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Other(_) => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Other(text) => f.write_str(text),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Other(trouble.chain())
    }
}

/// Turns an I/O error into a failure that says what was being done.
pub fn while_doing<E: fmt::Display>(doing: impl fmt::Display) -> impl FnOnce(E) -> Failure {
    move |error| Failure::Other(format!("trouble while {doing}: {error}"))
}
