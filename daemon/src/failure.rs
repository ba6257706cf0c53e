//! Why a command ended badly: one line for the person at the terminal, and an exit code.

use std::fmt;

use model::trouble::Trouble;

/// A failed command.
#[derive(Debug)]
pub enum Failure {
    /// The command line, the environment or the configuration file must be mended. Exit code 2.
    Usage(String),
    /// What the command names is not there. Exit code 3.
    NotFound(String),
    /// No platform answers. Exit code 4.
    Unreachable(String),
    /// The platform refuses the call: a value is wrong, or the moment is. Exit code 5.
    Refused(String),
    /// What was asked about is denied: the answer of `policy test`. Exit code 6.
    Denied(String),
    /// Anything else, a failed operation among it. Exit code 1.
    Other(String),
}

/// The exit codes in words, for the manual and for `--help`.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the operation failed, or anything else did
  2  the command line is wrong
  3  what it names is not there
  4  the platform is not reachable
  5  the platform refused the call, and said why
  6  the policies that were tested deny it";

impl Failure {
    pub fn other(text: impl Into<String>) -> Self {
        Self::Other(text.into())
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::NotFound(_) => 3,
            Self::Unreachable(_) => 4,
            Self::Refused(_) => 5,
            Self::Denied(_) => 6,
            Self::Other(_) => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text)
            | Self::NotFound(text)
            | Self::Unreachable(text)
            | Self::Refused(text)
            | Self::Denied(text)
            | Self::Other(text) => f.write_str(text),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        // The chain says why, the words what to do.
        let words = trouble.words_for_caller().filter(|_| trouble.refused_by().is_none());
        Self::Other(words.map_or_else(|| trouble.chain(), |words| format!("{}. {words}", trouble.chain())))
    }
}

/// Turns an I/O error into a failure that says what was being done.
pub fn while_doing<E: fmt::Display>(doing: impl fmt::Display) -> impl FnOnce(E) -> Failure {
    move |error| Failure::Other(format!("trouble while {doing}: {error}"))
}
