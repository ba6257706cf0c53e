//! Commands in running instances. Kept by `engine`.

use bytes::Bytes;

use crate::execution::{ExecutionNews, ExecutionOrder, TerminalSize};
use crate::instance::InstanceName;
use crate::port::{Answer, Granted};

/// Runs commands beside what an instance runs anyway: with its limits, its rights and its view of the world, and never with more.
pub trait Executions: Send + Sync {
    /// Begins a command, and answers when it runs. Refused: an instance that does not run or is at rest, a program that is not in the image, a user
    /// whom it does not know, and more commands at once than there may be.
    fn execute<'a>(&'a self, name: &'a InstanceName, order: &'a ExecutionOrder) -> Answer<'a, Granted<Box<dyn Execution>>>;
}

/// One command under way. Dropping it ends the command with all in its process group: who has gone runs nothing any more. All questions may be asked at
/// once.
pub trait Execution: Send + Sync {
    /// What it printed, as it comes, and then once how it ended; none from then on. A command whose caller does not ask waits when it has printed as
    /// much as a pipe takes. Dropping the question loses nothing.
    fn news(&self) -> Answer<'_, Option<ExecutionNews>>;

    /// Gives it bytes to read; waits while it does not read them. What comes after its end is dropped.
    fn input(&self, bytes: Bytes) -> Answer<'_, ()>;

    /// It has got all its input. A terminal's input does not end by this: it has a key for that.
    fn end_input(&self) -> Answer<'_, ()>;

    /// Its terminal has another size from now on. Without a terminal nothing happens.
    fn resize(&self, size: TerminalSize) -> Answer<'_, ()>;
}
