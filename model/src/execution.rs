//! Commands that people run in an instance, beside what runs in it anyway.
//!
//! Never a shell's line: a command is words, and whoever wants a shell names one.

use std::fmt;

use bytes::Bytes;

use crate::environment::Environment;
use crate::limit::EXECUTION_BYTES;
use crate::refusal::Refusal;

/// What is to be run. `Debug` shows neither words nor values: both are often secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct ExecutionOrder {
    command: Vec<String>,
    folder: Option<String>,
    /// Beside the instance's own variables, and above them.
    pub environment: Environment,
    /// As an image's `USER` says it: a name or number, perhaps with a group. The instance's own if none.
    pub user: Option<String>,
    /// A terminal instead of three pipes.
    pub terminal: Option<TerminalSize>,
}

/// Columns and rows of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalSize {
    pub columns: u16,
    pub rows: u16,
}

impl ExecutionOrder {
    /// The program first; as the instance's own user, in its own folder, without a terminal. Refuses what no process could be given.
    pub fn parse(command: Vec<String>, folder: Option<String>) -> Result<Self, Refusal> {
        if command.first().is_none_or(String::is_empty) {
            return Err(Refusal::invalid("The command is empty: name a program."));
        }
        let bytes: usize = command.iter().map(String::len).sum();
        if bytes > EXECUTION_BYTES || command.len() > EXECUTION_BYTES {
            return Err(Refusal::invalid(format!("The command is longer than {EXECUTION_BYTES} bytes.")));
        }
        if command.iter().chain(&folder).any(|text| text.contains('\0')) {
            return Err(Refusal::invalid("The command has a NUL in it, which no process could be given."));
        }
        if folder.as_ref().is_some_and(|folder| !folder.starts_with('/')) {
            return Err(Refusal::invalid("The folder to run the command in does not begin with '/'."));
        }
        Ok(Self { command, folder, environment: Environment::default(), user: None, terminal: None })
    }

    /// The words, the program first: at least one.
    pub fn command(&self) -> &[String] {
        &self.command
    }

    /// Where it runs, absolute; the instance's own if none.
    pub fn folder(&self) -> Option<&str> {
        self.folder.as_deref()
    }
}

impl fmt::Debug for ExecutionOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecutionOrder")
            .field("words", &self.command.len())
            .field("terminal", &self.terminal)
            .finish_non_exhaustive()
    }
}

/// What came of a command since the last question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecutionNews {
    /// It printed these bytes; never empty. A terminal has one stream, `Out`.
    Printed { stream: ExecutionStream, bytes: Bytes },
    /// It is over, and everything that it printed has been told.
    Ended(ExecutionEnd),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionStream {
    Out,
    Err,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionEnd {
    Code(i32),
    /// Ended by this signal; or with the code 128 and this number, as shells say it: they cannot be told apart.
    Signal(i32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_process_could_be_given_is_refused_and_words_are_never_printed() {
        let parse = |words: &[&str], folder: Option<&str>| {
            ExecutionOrder::parse(words.iter().map(|word| (*word).to_owned()).collect(), folder.map(str::to_owned))
        };
        let long = "x".repeat(EXECUTION_BYTES);
        for (words, folder) in
            [(&[][..], None), (&[""], None), (&["a\0"], None), (&["a", &long], None), (&["a"], Some("tmp")), (&["a"], Some("/\0"))]
        {
            assert!(parse(words, folder).is_err(), "{folder:?}");
        }
        let order = parse(&["login", "hunter2"], Some("/tmp")).unwrap();
        assert_eq!((order.command().len(), order.folder()), (2, Some("/tmp")));
        assert!(!format!("{order:?}").contains("hunter2"));
    }
}
