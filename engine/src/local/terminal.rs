//! A terminal of this machine's, with a runtime at the one end and the caller of a command at the other.
//! Never interprets what passes: the terminal that the command sees is another one, the runtime's, inside its instance.
//! Source of truth: pty(7), ioctl_tty(2).

use std::io;
use std::ops::RangeInclusive;
use std::os::fd::OwnedFd;

use bytes::BytesMut;
use model::execution::TerminalSize;
use rustix::fs::{FileType, Mode, OFlags, major, open, stat};
use rustix::process::Pid;
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
        // The terminal inside does all that a terminal does, keys that are signals above all. Runtimes set this one once more, as
        // they need it.
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

/// Another size for the terminal that a process has as its input; the kernel tells whoever runs in it. False if it has none.
pub fn resize_of(process: Pid, size: TerminalSize) -> bool {
    let path = format!("/proc/{}/fd/0", process.as_raw_nonzero());
    // Looked at before it is opened: what stands there is the process's own choice.
    let is_terminal = stat(&path).is_ok_and(|found| {
        FileType::from_raw_mode(found.st_mode) == FileType::CharacterDevice && TERMINALS.contains(&major(found.st_rdev))
    });
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    is_terminal && open(&path, flags, Mode::empty()).is_ok_and(|terminal| tcsetwinsize(terminal, of(size)).is_ok())
}

/// Device numbers of `/dev/pts`.
const TERMINALS: RangeInclusive<u32> = 136..=143;

fn of(size: TerminalSize) -> Winsize {
    Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 }
}
