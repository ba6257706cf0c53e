//! The shim's ear: a Unix socket in its own folder, one short command a line, one answer each.
//! Never waits for a client and never trusts its pace: half a command stays held, a long one ends the conversation.
//! The folder's mode is the permission.

use std::io::{ErrorKind, Read, Result, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{UnixListener, UnixStream};

use crate::limit::{CLIENTS, COMMAND_BYTES, GRACE};
use crate::record::SOCKET_FILE;
use crate::syscall::Places;

/// Places to wait on: the listener and every client.
pub const WAITS: usize = 1 + CLIENTS;

/// What a client may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Who are you, how far have you come.
    State,
    /// The network is wired: make everything up to the first instruction.
    Create,
    /// The network is wired: start the instance.
    Go,
    /// Send this signal to the instance's first process.
    Signal(i32),
    /// SIGTERM now, and SIGKILL after so many milliseconds, whoever lives by then. What has not started leaves.
    Stop(u64),
    /// Not started yet and not wanted any more.
    Leave,
    /// From now on, a byte whenever there is something new in the log; and the end of file when the shim ends.
    Follow,
}

/// The listener and those who talk.
pub struct Socket {
    listener: UnixListener,
    clients: Vec<Client>,
}

struct Client {
    stream: UnixStream,
    held: Vec<u8>,
    follows: bool,
}

impl Socket {
    /// Listens in the current folder.
    pub fn open() -> Result<Self> {
        let listener = UnixListener::bind(SOCKET_FILE)?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, clients: Vec::new() })
    }

    /// What to wait on: the listener while there is room for one more, then the clients.
    pub fn waiting(&self) -> [Option<BorrowedFd<'_>>; WAITS] {
        let mut fds = [None; WAITS];
        fds[0] = (self.clients.len() < CLIENTS).then(|| self.listener.as_fd());
        for (place, client) in fds[1..].iter_mut().zip(&self.clients) {
            *place = Some(client.stream.as_fd());
        }
        fds
    }

    /// Takes in who has arrived and what was said, and gives each command to `answer`. Those who have gone are forgotten.
    /// `ready` has the places of `waiting`: nobody else is asked.
    pub fn serve(&mut self, ready: Places, mut answer: impl FnMut(Command) -> std::result::Result<String, String>) {
        let mut place = 0;
        self.clients.retain_mut(|client| {
            place += 1;
            !ready.has(place) || client.serve(&mut answer).is_ok()
        });
        while ready.has(0) && self.clients.len() < CLIENTS {
            let Ok((stream, _)) = self.listener.accept() else {
                break;
            };
            let mut client = Client { stream, held: Vec::new(), follows: false };
            // Whoever comes has mostly said something already.
            if client.stream.set_nonblocking(true).is_ok() && client.serve(&mut answer).is_ok() {
                self.clients.push(client);
            }
        }
    }

    /// Tells those who follow the log. Who has bytes to read already needs no more of them.
    pub fn ring(&mut self) {
        for client in self.clients.iter_mut().filter(|client| client.follows) {
            let _ = client.stream.write(b".");
        }
    }
}

impl Client {
    fn serve(&mut self, answer: &mut impl FnMut(Command) -> std::result::Result<String, String>) -> Result<()> {
        let mut buffer = [0; COMMAND_BYTES];
        match self.stream.read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => self.held.extend_from_slice(&buffer[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        while let Some(end) = self.held.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.held.drain(..=end).collect();
            let answered = match parse(&line[..end]) {
                Some(command) => {
                    self.follows |= command == Command::Follow;
                    answer(command)
                }
                None => Err("an unknown command".to_owned()),
            };
            // An answer ends with an empty line.
            let reply = match answered {
                Ok(document) => format!("ok\n{document}\n"),
                Err(why) => format!("error {}\n\n", why.replace('\n', " ")),
            };
            self.stream.write_all(reply.as_bytes())?;
        }
        if self.held.len() > COMMAND_BYTES {
            return Err(ErrorKind::InvalidData.into());
        }
        Ok(())
    }
}

fn parse(line: &[u8]) -> Option<Command> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let command = match words.next()? {
        "state" => Command::State,
        "create" => Command::Create,
        "go" => Command::Go,
        "leave" => Command::Leave,
        "follow" => Command::Follow,
        "stop" => Command::Stop(words.next()?.parse().ok().filter(|ms| u128::from(*ms) <= GRACE.as_millis())?),
        "signal" => Command::Signal(words.next()?.parse().ok().filter(|signal| (1..=64).contains(signal))?),
        _ => return None,
    };
    words.next().is_none().then_some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_known_commands_are_heard() {
        let cases: &[(&str, Option<Command>)] = &[
            ("state", Some(Command::State)),
            ("create", Some(Command::Create)),
            ("go", Some(Command::Go)),
            ("follow", Some(Command::Follow)),
            ("leave", Some(Command::Leave)),
            ("signal 15", Some(Command::Signal(15))),
            ("stop 0", Some(Command::Stop(0))),
            ("stop 86400000", Some(Command::Stop(86_400_000))),
            ("stop 86400001", None),
            ("stop", None),
            ("stop -1", None),
            ("signal", None),
            ("signal 0", None),
            ("signal 65", None),
            ("signal 9 9", None),
            ("go now", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(parse(line.as_bytes()), *expected, "{line:?}");
        }
    }
}
