//! One command under way: what it prints, what it is given, how it ends.
//! Never keeps more than one read of its output: a caller that does not ask makes it wait.
//! Source of truth: the runtime's own end, which is the command's.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::pin::pin;
use std::process::ExitStatus;

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};
use model::execution::{ExecutionEnd, ExecutionNews, ExecutionStream, TerminalSize};
use model::port::{Answer, Execution};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::sync::Mutex;

use crate::doing::Doing;
use crate::limit::EXECUTION_READ_BYTES;
use crate::local::execution::Spot;
use crate::local::terminal::{self, Terminal};

/// Field order is the order of the end: first the command, then the runtime beside it.
pub struct Session {
    spot: Spot,
    /// The runtime's process, if it has not ended already: its id may be another's by the time somebody resizes.
    runtime: Option<OwnedFd>,
    terminal: Option<Terminal>,
    input: Mutex<Option<ChildStdin>>,
    output: Mutex<Output>,
}

struct Output {
    out: Option<ChildStdout>,
    err: Option<ChildStderr>,
    /// A terminal that has not ended.
    terminal: bool,
    child: Child,
    told: bool,
    err_first: bool,
}

impl Session {
    /// Of a runtime that has started its command.
    pub fn new(spot: Spot, mut child: Child, terminal: Option<Terminal>) -> io::Result<Self> {
        let id = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let runtime = id.map(|id| pidfd_open(id, PidfdFlags::empty())).transpose()?;
        let input = Mutex::new(child.stdin.take());
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let output = Output { out, err, terminal: terminal.is_some(), child, told: false, err_first: false };
        Ok(Self { spot, runtime, terminal, input, output: Mutex::new(output) })
    }
}

impl Output {
    async fn next(&mut self, terminal: Option<&Terminal>, spot: &Spot) -> io::Result<Option<ExecutionNews>> {
        while let Some(terminal) = terminal.filter(|_| self.terminal) {
            let bytes = terminal.read(EXECUTION_READ_BYTES).await?;
            if !bytes.is_empty() {
                return Ok(Some(printed(ExecutionStream::Out, bytes)));
            }
            self.terminal = false;
        }
        while self.out.is_some() || self.err.is_some() {
            let (stream, bytes) = {
                let (out, err) = (pin!(read(&mut self.out)), pin!(read(&mut self.err)));
                // In turn, so that a stream that never rests does not hide the other.
                self.err_first = !self.err_first;
                if self.err_first {
                    match select(err, out).await {
                        Either::Left((bytes, _)) => (ExecutionStream::Err, bytes?),
                        Either::Right((bytes, _)) => (ExecutionStream::Out, bytes?),
                    }
                } else {
                    match select(out, err).await {
                        Either::Left((bytes, _)) => (ExecutionStream::Out, bytes?),
                        Either::Right((bytes, _)) => (ExecutionStream::Err, bytes?),
                    }
                }
            };
            if !bytes.is_empty() {
                return Ok(Some(printed(stream, bytes)));
            }
            match stream {
                ExecutionStream::Out => self.out = None,
                ExecutionStream::Err => self.err = None,
            }
        }
        if self.told {
            return Ok(None);
        }
        let status = self.child.wait().await?;
        self.told = true;
        // A runtime that was killed has left its command behind.
        if status.code().is_some() {
            spot.is_over();
        }
        Ok(Some(ExecutionNews::Ended(end_of(status))))
    }
}

fn printed(stream: ExecutionStream, bytes: BytesMut) -> ExecutionNews {
    ExecutionNews::Printed { stream, bytes: bytes.freeze() }
}

/// One read; for ever if there is nothing to read from. Empty at the end.
async fn read(from: &mut Option<impl AsyncRead + Unpin>) -> io::Result<BytesMut> {
    match from {
        Some(from) => {
            let mut bytes = BytesMut::with_capacity(EXECUTION_READ_BYTES);
            from.read_buf(&mut bytes).await?;
            Ok(bytes)
        }
        None => std::future::pending().await,
    }
}

/// Runtimes end as their command did, with the code that a shell would give for a signal.
fn end_of(status: ExitStatus) -> ExecutionEnd {
    match (status.code(), status.signal()) {
        (Some(code @ 129..=192), _) => ExecutionEnd::Signal(code - 128),
        (Some(code), _) => ExecutionEnd::Code(code),
        (None, signal) => ExecutionEnd::Signal(signal.unwrap_or(libc::SIGKILL)),
    }
}

impl Execution for Session {
    fn news(&self) -> Answer<'_, Option<ExecutionNews>> {
        Box::pin(async {
            let mut output = self.output.lock().await;
            output.next(self.terminal.as_ref(), &self.spot).await.doing(|| "reading what a command prints".to_owned())
        })
    }

    fn input(&self, bytes: Bytes) -> Answer<'_, ()> {
        Box::pin(async move {
            let written = match &self.terminal {
                Some(terminal) => terminal.write(&bytes).await,
                None => match &mut *self.input.lock().await {
                    Some(input) => input.write_all(&bytes).await,
                    None => Ok(()),
                },
            };
            match written {
                // It has ended, or does not want any.
                Err(error) if matches!(error.raw_os_error(), Some(libc::EPIPE | libc::EIO)) => Ok(()),
                written => written.doing(|| "giving a command its input".to_owned()),
            }
        })
    }

    fn end_input(&self) -> Answer<'_, ()> {
        Box::pin(async {
            *self.input.lock().await = None;
            Ok(())
        })
    }

    fn resize(&self, size: TerminalSize) -> Answer<'_, ()> {
        Box::pin(async move {
            if let Some(terminal) = &self.terminal {
                terminal.resize(size).doing(|| "resizing a command's terminal".to_owned())?;
                // Not every runtime passes a size on: the terminal inside is told by us.
                if self.spot.process().is_some_and(|process| terminal::resize_of(process, size)) {
                    return Ok(());
                }
                // It has put something else in its place, or is no process of this kernel. A runtime that has ended hears nothing.
                let _ = self.runtime.as_ref().map(|runtime| pidfd_send_signal(runtime, Signal::WINCH));
            }
            Ok(())
        })
    }
}
