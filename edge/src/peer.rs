//! The process behind the control socket: who it is, whether it lives, and how it is ended.
//! Never believes what a process says about itself: the kernel says who listens, and only that process is ever signalled.
//! Source of truth: unix(7), `SO_PEERCRED`; pidfd_open(2); proc(5).

use std::fs;
use std::io;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::socket_peercred;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::limit::{CONTROL_TIME, EXIT_LOOK};

/// Who listens at the other end of a Unix socket, in the kernel's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    pid: Pid,
    uid: u32,
}

impl Peer {
    /// Asks the kernel.
    pub fn of(stream: &UnixStream) -> io::Result<Self> {
        let peer = socket_peercred(stream)?;
        Ok(Self { pid: peer.pid, uid: peer.uid.as_raw() })
    }

    /// For people and for whoever compares.
    pub fn pid(self) -> u32 {
        self.pid.as_raw_nonzero().get().cast_unsigned()
    }

    /// The user that it was when it began to listen.
    pub fn uid(self) -> u32 {
        self.uid
    }

    /// Whether it still runs. A zombie does not: it may be another's child, and that other may never ask for it.
    pub fn lives(self) -> bool {
        let Ok(stat) = fs::read_to_string(format!("/proc/{}/stat", self.pid())) else { return false };
        // The name stands in parentheses and may contain anything; the state follows it.
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        !matches!(state, None | Some('Z' | 'X'))
    }

    /// Waits for its end; what does not end in time is killed. Answers whether it is gone.
    pub fn end(self, within: Duration) -> bool {
        if self.is_gone(within) {
            return true;
        }
        tracing::error!(edge_pid = self.pid(), "the front door does not end: it is killed");
        self.kill()
    }

    /// Waits for its end, and cuts short what lasts longer: where everything ends, nobody is at fault.
    pub fn cut(self, within: Duration) {
        if !self.is_gone(within) {
            tracing::info!(edge_pid = self.pid(), "a front door that was replaced is cut short");
            self.kill();
        }
    }

    /// Kills it, unless its number has passed to another user's process meanwhile. Answers whether it is gone.
    pub fn kill(self) -> bool {
        // Opened before we look whose it is: what we look at is what is killed.
        if let Ok(process) = pidfd_open(self.pid, PidfdFlags::empty()) {
            if runs_as(self.pid()) != Some(self.uid) {
                return true;
            }
            // It may end by itself at this moment.
            let _ = pidfd_send_signal(process, Signal::KILL);
        }
        self.is_gone(CONTROL_TIME)
    }

    fn is_gone(self, within: Duration) -> bool {
        let until = Instant::now() + within;
        while self.lives() {
            if Instant::now() > until {
                return false;
            }
            thread::sleep(EXIT_LOOK / 50);
        }
        true
    }
}

/// The real user of a process. Not the owner of its folder in `/proc`: of a program that its user may not read, that is root.
fn runs_as(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use super::*;

    fn sleeper(uid: u32) -> std::process::Child {
        Command::new("sleep").arg("1000").uid(uid).spawn().expect("started as root")
    }

    fn peer(child: &std::process::Child, uid: u32) -> Peer {
        Peer { pid: Pid::from_child(child), uid }
    }

    #[test]
    fn a_number_that_has_passed_to_another_users_process_is_not_killed() {
        let mut child = sleeper(64_322);
        assert!(peer(&child, 64_321).kill(), "whom we meant is gone");
        assert!(peer(&child, 64_322).lives(), "who has its number is left alone");
        assert!(peer(&child, 64_322).end(Duration::ZERO));
        child.wait().expect("ours");
    }
}
