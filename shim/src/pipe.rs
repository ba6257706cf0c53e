//! One log pipe: the end that the instance writes to and the end that the shim reads.
//! Never waits: a pipe without anything to read says so.
//! Source of truth: the recipe's table on who must own the pipe so that the app may open /dev/stdout.

use std::fs::File;
use std::io::{ErrorKind, Read, Result};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::fchown;

use crate::limit::PIPE_BYTES;
use crate::syscall;

/// The shim's end.
pub struct LogPipe {
    reading: Option<File>,
}

/// What one read brought.
#[derive(Debug, PartialEq, Eq)]
pub enum Got {
    /// So many bytes.
    Bytes(usize),
    /// Nothing for now.
    Nothing,
    /// Nobody holds the other end any more.
    End,
}

/// Makes a pipe whose writing end belongs to `uid`:`gid` on the host.
pub fn make(uid: u32, gid: u32) -> Result<(LogPipe, OwnedFd)> {
    let (reading, writing) = syscall::pipe()?;
    // A shallower pipe only makes the app wait earlier, so a refusal is no reason to fail.
    let _ = syscall::set_pipe_depth(writing.as_fd(), PIPE_BYTES);
    fchown(&writing, Some(uid), Some(gid))?;
    syscall::set_nonblocking(reading.as_fd())?;
    Ok((LogPipe { reading: Some(reading.into()) }, writing))
}

impl LogPipe {
    /// The descriptor to wait on; none once the pipe has ended.
    pub fn waiting(&self) -> Option<BorrowedFd<'_>> {
        self.reading.as_ref().map(AsFd::as_fd)
    }

    /// Reads what is there.
    pub fn read(&mut self, buffer: &mut [u8]) -> Got {
        let Some(reading) = &mut self.reading else {
            return Got::End;
        };
        match reading.read(buffer) {
            Ok(0) => {
                self.reading = None;
                Got::End
            }
            Ok(count) => Got::Bytes(count),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Got::Nothing,
            // A pipe has no other error that a second try would heal.
            Err(_) => {
                self.reading = None;
                Got::End
            }
        }
    }
}
