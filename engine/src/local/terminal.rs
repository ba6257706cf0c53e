//! A terminal of this machine's, with a runtime at the one end and the caller of a command at the other.
//! Never interprets what passes: the terminal that the command sees is another one, the runtime's, inside its instance.
//! Source of truth: pty(7), ioctl_tty(2).

use std::io;
use std::os::fd::OwnedFd;

use bytes::BytesMut;
use model::execution::TerminalSize;
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{OptionalActions, Winsize, tcgetattr, tcsetattr, tcsetwinsize};
use tokio::net::unix::pipe::{Receiver, Sender};

/// The caller's end, once for each direction. The runtime of tasks has no word for terminals; to the kernel's poll they are
/// what pipes are.
pub struct Terminal {
    reading: Receiver,
    writing: Sender,
}

impl Terminal {
    /// Makes one; answers the runtime's end too.
    pub fn open(size: TerminalSize) -> io::Result<(Self, OwnedFd)> {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let ours = openpt(flags)?;
        grantpt(&ours)?;
        unlockpt(&ours)?;
        let theirs = ioctl_tiocgptpeer(&ours, flags)?;
        // The terminal inside does all that a terminal does; done twice, every line would end twice.
        let mut attributes = tcgetattr(&theirs)?;
        attributes.make_raw();
        tcsetattr(&theirs, OptionalActions::Now, &attributes)?;
        tcsetwinsize(&ours, of(size))?;
        rustix::io::ioctl_fionbio(&ours, true)?;
        let reading = Receiver::from_owned_fd_unchecked(ours.try_clone()?)?;
        Ok((Self { reading, writing: Sender::from_owned_fd_unchecked(ours)? }, theirs))
    }

    /// Another size. Whoever is at the other end is not told: a signal does that.
    pub fn resize(&self, size: TerminalSize) -> io::Result<()> {
        Ok(tcsetwinsize(&self.writing, of(size))?)
    }

    /// Reads what is there, or waits. Empty when the other end has closed.
    pub async fn read(&self, bytes_max: usize) -> io::Result<BytesMut> {
        let mut buffer = BytesMut::zeroed(bytes_max);
        let count = loop {
            self.reading.readable().await?;
            match self.reading.try_read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // That is how a terminal says that nobody holds its other end.
                Err(error) if error.raw_os_error() == Some(libc::EIO) => break 0,
                count => break count?,
            }
        };
        buffer.truncate(count);
        Ok(buffer)
    }

    /// Writes all of it.
    pub async fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.writing.writable().await?;
            match self.writing.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                count => bytes = &bytes[count?..],
            }
        }
        Ok(())
    }
}

fn of(size: TerminalSize) -> Winsize {
    Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 }
}
