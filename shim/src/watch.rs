//! The shim's life: one loop over two log pipes, the signals and the socket, until the instance has ended.
//! Never decides that an instance starts or stops: it is told, and then sees the end through by itself, SIGKILL included. It refuses to wait for ever
//! to be told to start by an engine that went away.

use std::fs;
use std::io::{Error, Result};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::exit::{self, now_ms};
use crate::journal::Journal;
use crate::limit::{GATHER, GATHERED_BYTES, GO_WAIT, IDLE, IDLE_BYTES, LAST_WORDS, LAYERS, ORDER_BYTES, READ_BYTES, SILENCE};
use crate::lines::Lines;
use crate::mounts;
use crate::pair::{self, IDS};
use crate::pipe::{self, Got, LogPipe};
use crate::record::{End, Exit, LOCK_FILE, ORDER_FILE, Order, Phase, STATE_FILE, State, Stream};
use crate::runtime::{self, Far, Init};
use crate::socket::{Command, Socket, WAITS};
use crate::syscall::{self, Places};

/// Everything that one shim holds.
pub struct Watch {
    order: Order,
    /// There but for the moment in which it is served.
    socket: Option<Socket>,
    journal: Journal,
    pipes: [(Stream, LogPipe, Lines); 2],
    stage: Stage,
    /// When an instance that was asked to end is killed.
    killed_at: Option<Instant>,
    /// This life of the machine.
    boot_id: String,
    /// Held for life: whoever can lock this file knows that we are gone.
    _lock: fs::File,
}

enum Stage {
    /// Waiting for `go`: the writing ends and the pair's network namespace are still ours.
    Paired {
        ends: Option<(OwnedFd, OwnedFd)>,
        network: OwnedFd,
        since: Instant,
    },
    /// Everything is there but the first instruction. Waits for `go` as long as it takes, over any number of platforms.
    Created {
        init: Init,
    },
    Running {
        init: Init,
        started_ms: u64,
        started_uptime_ms: Option<u64>,
    },
    /// What is left is to write it down.
    Over(End),
}

/// Places of what the loop waits on: the signals, the two logs, and from here on the socket's.
const SIGNALS: usize = 0;
const PIPES: [usize; 2] = [1, 2];
const SOCKET: usize = 3;

/// Who is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whom {
    Everybody,
    NotTheLogs,
}

/// Prepares everything that can fail, in the shim's folder, which becomes the current one.
pub fn prepare(folder: &Path) -> Result<Watch> {
    std::env::set_current_dir(folder)?;
    let lock = fs::File::create(LOCK_FILE)?;
    lock.try_lock().map_err(|_| Error::other("another shim has this folder"))?;
    let order = read_order()?;
    let socket = Socket::open()?;
    let pair = pair::make(order.id_base)?;
    mounts::prepare(&order, &pair)?;
    // Once, here, where a failure is seen: a state that says another life of the machine is a death sentence.
    let boot_id = fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim().to_owned();
    let owner = (order.id_base + order.uid, order.id_base + order.gid);
    let (from_out, out) = pipe::make(owner.0, owner.1)?;
    let (from_err, err) = pipe::make(owner.0, owner.1)?;
    let journal = Journal::open(Path::new(&order.logs), order.logs_cap_bytes)?;
    Ok(Watch {
        order,
        socket: Some(socket),
        journal,
        pipes: [(Stream::Out, from_out, Lines::default()), (Stream::Err, from_err, Lines::default())],
        stage: Stage::Paired { ends: Some((out, err)), network: pair.network, since: Instant::now() },
        killed_at: None,
        boot_id,
        _lock: lock,
    })
}

fn read_order() -> Result<Order> {
    if fs::metadata(ORDER_FILE)?.len() > ORDER_BYTES {
        return Err(Error::other("the order is too long"));
    }
    let order = Order::decode(&fs::read_to_string(ORDER_FILE)?).map_err(Error::other)?;
    let ids = order.id_base.checked_add(IDS - 1);
    if ids.is_none() || order.uid >= IDS || order.gid >= IDS {
        return Err(Error::other("the order's ids are out of range"));
    }
    if order.layers.is_empty() || order.layers.len() > LAYERS {
        return Err(Error::other(format!("the order has no layer or more than {LAYERS}")));
    }
    Ok(order)
}

impl Watch {
    /// The last that can fail before the instance is made: signals are heard, and whoever looks finds the state.
    pub fn stand(&self) -> Result<OwnedFd> {
        let signals = syscall::hear_signals()?;
        self.write_state()?;
        Ok(signals)
    }

    /// Lives until the instance has ended and its end is written down. `signals` are those of `stand`.
    pub fn run(mut self, signals: OwnedFd) -> Result<()> {
        let mut buffer = vec![0; READ_BYTES];
        let mut burst = false;
        let mut gathering: Option<Instant> = None;
        loop {
            if let Stage::Over(end) = &self.stage {
                let end = end.clone();
                return self.finish(end, &mut buffer);
            }
            let mut ready = self.wait(&signals, Whom::Everybody, self.patience_ms(burst))?;
            if burst && ready.is_empty() {
                // What a burst has touched is given back: there is a shim beside every instance, and most are quiet.
                (buffer, burst) = (vec![0; READ_BYTES], false);
            }
            let gathers = gathering.and_then(|since| GATHER.checked_sub(since.elapsed()));
            if let Some(left) = gathers.filter(|_| PIPES.iter().any(|place| ready.has(*place))) {
                let others = self.wait(&signals, Whom::NotTheLogs, millis(left))?;
                // Whoever else has something to say is served first; the logs are waited for again.
                ready = if others.is_empty() { ready } else { others };
            }
            if PIPES.iter().any(|place| ready.has(*place)) {
                let bytes = self.read_pipes(&mut buffer, ready);
                burst |= bytes > IDLE_BYTES;
                gathering = (bytes < GATHERED_BYTES).then(Instant::now);
            }
            if ready.has(SIGNALS) {
                self.hear(&signals);
            }
            self.serve(ready.from(SOCKET));
            self.lose_patience();
        }
    }

    fn patience_ms(&self, burst: bool) -> i32 {
        match &self.stage {
            Stage::Paired { since, .. } => millis(GO_WAIT.saturating_sub(since.elapsed())),
            Stage::Created { .. } | Stage::Running { .. } | Stage::Over(_) => {
                let kill = self.killed_at.map(|at| at.saturating_duration_since(Instant::now()));
                let patience = kill.into_iter().chain(burst.then_some(IDLE)).min();
                patience.map_or(-1, millis)
            }
        }
    }

    /// Who has something for us.
    fn wait(&self, signals: &OwnedFd, whom: Whom, wait_ms: i32) -> Result<Places> {
        let mut fds = [None; SOCKET + WAITS];
        fds[SIGNALS] = Some(signals.as_fd());
        if whom == Whom::Everybody {
            for (place, (_, pipe, _)) in PIPES.into_iter().zip(&self.pipes) {
                fds[place] = pipe.waiting();
            }
        }
        if let Some(socket) = &self.socket {
            fds[SOCKET..].copy_from_slice(&socket.waiting());
        }
        syscall::wait_any(&fds, wait_ms)
    }

    /// One read from each pipe that is ready, so that neither starves the rest. Answers the bytes of the larger one.
    fn read_pipes(&mut self, buffer: &mut [u8], ready: Places) -> usize {
        let mut bytes = 0;
        let at_ms = now_ms();
        for (_, (stream, pipe, lines)) in PIPES.into_iter().zip(&mut self.pipes).filter(|(place, _)| ready.has(*place)) {
            match pipe.read(buffer) {
                Got::Bytes(count) => {
                    bytes = bytes.max(count);
                    lines.push(&buffer[..count], |line| self.journal.put(*stream, at_ms, line));
                }
                Got::End => lines.end(|line| self.journal.put(*stream, at_ms, line)),
                Got::Nothing => {}
            }
        }
        if self.journal.flush()
            && let Some(socket) = &mut self.socket
        {
            socket.ring();
        }
        bytes
    }

    fn hear(&mut self, signals: &OwnedFd) {
        while let Some(signal) = syscall::next_signal(signals.as_fd()) {
            if signal != libc::SIGTERM {
                continue;
            }
            match &self.stage {
                // The machine goes down: the instance deserves the same warning.
                Stage::Running { init, .. } => drop(syscall::signal(init.pid, libc::SIGTERM)),
                Stage::Created { .. } => drop(self.leave()),
                Stage::Paired { .. } | Stage::Over(_) => {}
            }
        }
        // All that have ended: several ends may share one signal. From before the first child on it is heard.
        while let Some((pid, status)) = syscall::reap() {
            match self.stage {
                Stage::Running { init, .. } if init.pid == pid => self.stage = Stage::Over(exit::end_of(status)),
                Stage::Created { init } if init.pid == pid => {
                    self.stage = Stage::Over(End::NeverStarted("it was ended before it was begun".to_owned()));
                }
                Stage::Paired { .. } | Stage::Created { .. } | Stage::Running { .. } | Stage::Over(_) => {}
            }
        }
    }

    fn serve(&mut self, ready: Places) {
        if ready.is_empty() {
            return;
        }
        // Taken out and put back: an answer changes everything but the socket.
        if let Some(mut socket) = self.socket.take() {
            socket.serve(ready, |command| self.answer(command));
            self.socket = Some(socket);
        }
    }

    fn answer(&mut self, command: Command) -> std::result::Result<String, String> {
        match command {
            Command::State => Ok(self.state().encode()),
            Command::Follow => Ok(String::new()),
            Command::Create => self.create(),
            Command::Go => self.go(),
            Command::Signal(signal) => match &self.stage {
                Stage::Running { init, .. } => {
                    syscall::signal(init.pid, signal).map(|()| String::new()).map_err(|error| error.to_string())
                }
                Stage::Paired { .. } | Stage::Created { .. } => Err("not started".to_owned()),
                Stage::Over(_) => Ok(String::new()),
            },
            Command::Stop(grace_ms) => self.stop(Duration::from_millis(grace_ms)),
            Command::Leave => self.leave(),
        }
    }

    /// Said again, the shorter grace holds, and the instance hears nothing: to many a program a second SIGTERM means to leave everything undone.
    fn stop(&mut self, grace: Duration) -> std::result::Result<String, String> {
        match &self.stage {
            Stage::Paired { .. } | Stage::Created { .. } => self.leave(),
            Stage::Running { init, .. } => {
                let at = Instant::now() + grace;
                let before = self.killed_at.replace(self.killed_at.map_or(at, |before| before.min(at)));
                if before.is_some() || grace.is_zero() {
                    // The loop kills it when it is time.
                    return Ok(String::new());
                }
                syscall::signal(init.pid, libc::SIGTERM).map(|()| String::new()).map_err(|error| error.to_string())
            }
            Stage::Over(_) => Ok(String::new()),
        }
    }

    /// Not started and not wanted any more.
    fn leave(&mut self) -> std::result::Result<String, String> {
        match &self.stage {
            Stage::Paired { .. } => {}
            Stage::Created { init } => {
                // By ourselves: the runtime takes a hundred times as long to see that its process has ended.
                syscall::signal(init.pid, libc::SIGKILL).map_err(|error| error.to_string())?;
                let process = syscall::open_process(init.pid).map_err(|error| error.to_string())?;
                let _ = syscall::wait_readable(&[process.as_fd()], millis(LAST_WORDS));
                while syscall::reap().is_some() {}
            }
            Stage::Running { .. } | Stage::Over(_) => return Err("already started".to_owned()),
        }
        self.stage = Stage::Over(End::NeverStarted("not wanted any more".to_owned()));
        Ok(String::new())
    }

    /// Saying it twice is saying it once; after `go` it is too late.
    fn create(&mut self) -> std::result::Result<String, String> {
        self.make(Far::Created)?;
        match &self.stage {
            Stage::Created { .. } => Ok(self.state().encode()),
            Stage::Running { .. } => Err("already started".to_owned()),
            Stage::Over(_) | Stage::Paired { .. } => self.over(),
        }
    }

    /// Saying it twice is saying it once.
    fn go(&mut self) -> std::result::Result<String, String> {
        self.make(Far::Started)?;
        if let Stage::Created { init } = self.stage {
            // Written down first: whatever happens in between, what has begun never counts as not begun.
            self.stage = running(init);
            if let Err(why) = self.write_down() {
                // Nothing has begun: whoever asks again may have more luck.
                self.stage = Stage::Created { init };
                return Err(why);
            }
            if let Err(why) = runtime::begin(&self.order, init) {
                let _ = syscall::signal(init.pid, libc::SIGKILL);
                self.stage = Stage::Over(End::NeverStarted(why));
            }
        }
        match &self.stage {
            Stage::Running { .. } => Ok(self.state().encode()),
            Stage::Created { .. } | Stage::Over(_) | Stage::Paired { .. } => self.over(),
        }
    }

    /// Lets the runtime make the instance, unless it has done so.
    fn make(&mut self, far: Far) -> std::result::Result<(), String> {
        let Stage::Paired { ends, .. } = &mut self.stage else { return Ok(()) };
        let (out, err) = ends.take().expect("the first of these changes the stage");
        self.stage = match (runtime::make(&self.order, far, out, err), far) {
            (Ok(init), Far::Created) => Stage::Created { init },
            (Ok(init), Far::Started) => running(init),
            (Err(why), Far::Created | Far::Started) => Stage::Over(End::NeverStarted(why)),
        };
        let made = match &self.stage {
            Stage::Created { init } | Stage::Running { init, .. } => Some(*init),
            // Its exit says the same, and more.
            Stage::Over(_) | Stage::Paired { .. } => None,
        };
        if let Some(init) = made
            && let Err(why) = self.write_down()
        {
            // On the disk it is not there, so nobody would ever end it.
            let _ = syscall::signal(init.pid, libc::SIGKILL);
            self.stage = Stage::Over(End::NeverStarted(why));
        }
        // From here on there is little to do, for as long as the instance lives.
        syscall::trim_memory();
        Ok(())
    }

    fn over(&self) -> std::result::Result<String, String> {
        match &self.stage {
            Stage::Over(End::NeverStarted(why)) => Err(why.clone()),
            Stage::Over(End::Code(_) | End::Signal(_)) => Err("already over".to_owned()),
            Stage::Paired { .. } | Stage::Created { .. } | Stage::Running { .. } => unreachable!("it is not over"),
        }
    }

    fn lose_patience(&mut self) {
        if let Stage::Paired { since, .. } = &self.stage
            && since.elapsed() >= GO_WAIT
        {
            self.stage = Stage::Over(End::NeverStarted("the platform did not come back to start it".to_owned()));
        }
        if let Stage::Running { init, .. } = &self.stage
            && self.killed_at.is_some_and(|at| at <= Instant::now())
        {
            // Once: a process that the kernel keeps from ending does so however often it is told.
            self.killed_at = None;
            let _ = syscall::signal(init.pid, libc::SIGKILL);
        }
    }

    fn state(&self) -> State {
        let (network_fd, phase) = match &self.stage {
            Stage::Paired { network, .. } => (network.as_raw_fd(), Phase::Paired),
            Stage::Created { init } => (-1, Phase::Created { init_pid: init.id(), init_started: init.started }),
            Stage::Running { init, started_ms, started_uptime_ms } => {
                let (init_pid, init_started) = (init.id(), init.started);
                let (started_ms, started_uptime_ms) = (*started_ms, *started_uptime_ms);
                (-1, Phase::Running { init_pid, init_started, started_ms, started_uptime_ms })
            }
            Stage::Over(_) => (-1, Phase::Paired),
        };
        State { shim_pid: std::process::id(), boot_id: self.boot_id.clone(), network_fd, phase }
    }

    fn write_down(&self) -> std::result::Result<(), String> {
        self.write_state().map_err(|error| format!("the state cannot be written: {error}"))
    }

    fn write_state(&self) -> Result<()> {
        let new = format!("{STATE_FILE}.new");
        fs::write(&new, self.state().encode())?;
        fs::rename(new, STATE_FILE)
    }

    fn finish(mut self, end: End, buffer: &mut [u8]) -> Result<()> {
        if !matches!(end, End::NeverStarted(_)) {
            self.read_the_rest(buffer)?;
        }
        let out_of_memory = exit::out_of_memory(&self.order.cgroup);
        let processes_refused = exit::processes_refused(&self.order.cgroup);
        let lines_dropped = self.journal.dropped;
        let exit = Exit { end, out_of_memory, processes_refused, ended_ms: now_ms(), lines_dropped };
        exit::write(&exit)?;
        runtime::delete(&self.order);
        Ok(())
    }

    fn read_the_rest(&mut self, buffer: &mut [u8]) -> Result<()> {
        let since = Instant::now();
        loop {
            while self.read_pipes(buffer, Places::ALL) > 0 {}
            let fds: Vec<_> = self.pipes.iter().filter_map(|(_, pipe, _)| pipe.waiting()).collect();
            let silent = fds.is_empty() || !syscall::wait_readable(&fds, millis(SILENCE))?.contains(&true);
            if silent || since.elapsed() > LAST_WORDS {
                break;
            }
        }
        for (stream, _, lines) in &mut self.pipes {
            lines.end(|line| self.journal.put(*stream, now_ms(), line));
        }
        self.journal.flush();
        Ok(())
    }
}

/// From now on.
fn running(init: Init) -> Stage {
    Stage::Running { init, started_ms: now_ms(), started_uptime_ms: exit::uptime_ms() }
}

fn millis(time: Duration) -> i32 {
    i32::try_from(time.as_millis()).unwrap_or(i32::MAX)
}
