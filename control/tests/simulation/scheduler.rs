//! Runs every task of a world on one thread, in an order that chance chooses, in time that jumps to whatever comes next.
//!
//! Never waits, never asks what time it is. A task of the platform can be made to end between any two of its steps, with all others of it: that is
//! what a crash is.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use super::chance::Chance;

/// Polls at one moment after which somebody goes round in circles.
const POLLS_AT_ONCE: u32 = 100_000;

/// Who dies together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Outlives every platform: instances, the front door, customers.
    World,
    Platform,
}

pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What tasks see of the scheduler: the time, and others' wake-ups.
#[derive(Default)]
pub struct Timeline(Mutex<State>);

#[derive(Default)]
struct State {
    now: Duration,
    ready: Vec<u64>,
    timers: BTreeMap<(Duration, u64), Waker>,
    set: u64,
    spawned: Vec<(Group, Work)>,
    crash: bool,
}

impl Timeline {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nothing panics while it holds the time")
    }

    /// Time since the world began. Nothing sets it back.
    pub fn now(&self) -> Duration {
        self.state().now
    }

    pub fn spawn(&self, group: Group, work: impl Future<Output = ()> + Send + 'static) {
        self.state().spawned.push((group, Box::pin(work)));
    }

    /// The world is over. Who waits here holds it, and it holds us: nothing of an hour of worlds would ever be given back.
    pub fn end(&self) {
        let state = std::mem::take(&mut *self.state());
        drop(state);
    }

    /// Every task of the platform ends as soon as the present poll is over.
    pub fn crash(&self) {
        self.state().crash = true;
    }

    /// Wakes somebody at a time.
    pub fn wake_at(&self, at: Duration, waker: &Waker) {
        let mut state = self.state();
        state.set += 1;
        let key = (at, state.set);
        state.timers.insert(key, waker.clone());
    }

    /// Whether the time jumped to the next timer. None is left before `until`: then it is `until`.
    fn advance(&self, until: Duration) -> bool {
        let mut state = self.state();
        let next = state.timers.first_key_value().map(|((at, _), _)| *at).filter(|at| *at <= until);
        let Some(at) = next else {
            state.now = until;
            return false;
        };
        state.now = state.now.max(at);
        let later = state.timers.split_off(&(at, u64::MAX));
        let due = std::mem::replace(&mut state.timers, later);
        drop(state);
        due.into_values().for_each(Waker::wake);
        true
    }

    fn pick(&self, chance: &Chance) -> Option<u64> {
        let mut state = self.state();
        let count = state.ready.len() as u64;
        let at = if count > 1 { chance.below(count) } else { 0 };
        (count > 0).then(|| state.ready.swap_remove(usize::try_from(at).expect("an index")))
    }
}

/// A wait of a span.
pub struct Sleep<'a> {
    time: &'a Timeline,
    until: Duration,
    is_set: bool,
}

impl<'a> Sleep<'a> {
    pub fn new(time: &'a Timeline, span: Duration) -> Self {
        Self { time, until: time.now() + span, is_set: false }
    }
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.time.now() >= self.until {
            return Poll::Ready(());
        }
        if !self.is_set {
            self.is_set = true;
            self.time.wake_at(self.until, context.waker());
        }
        Poll::Pending
    }
}

struct TaskWaker {
    id: u64,
    is_queued: AtomicBool,
    time: Arc<Timeline>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        if !self.is_queued.swap(true, Ordering::SeqCst) {
            self.time.state().ready.push(self.id);
        }
    }
}

struct Task {
    group: Group,
    work: Work,
    waker: Arc<TaskWaker>,
}

/// Why a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// The time is as late as it was to become.
    Over,
    /// `step` said so.
    Stopped,
    /// Tasks woke each other for ever, and no time went by.
    Circling,
}

/// The tasks.
pub struct Scheduler {
    pub time: Arc<Timeline>,
    tasks: BTreeMap<u64, Task>,
    spawned: u64,
}

impl Scheduler {
    pub fn new(time: Arc<Timeline>) -> Self {
        Self { time, tasks: BTreeMap::new(), spawned: 0 }
    }

    /// Runs until a time. After every poll `crashed` is told of a crash, and `goes_on` is asked.
    pub fn run(&mut self, until: Duration, chance: &Chance, crashed: &dyn Fn(), goes_on: &dyn Fn() -> bool) -> Run {
        let mut polls = 0;
        loop {
            self.adopt();
            let Some(id) = self.time.pick(chance) else {
                polls = 0;
                if self.time.advance(until) {
                    continue;
                }
                return Run::Over;
            };
            self.poll(id);
            if std::mem::take(&mut self.time.state().crash) {
                self.end_platform();
                crashed();
            }
            polls += 1;
            if polls > POLLS_AT_ONCE {
                return Run::Circling;
            }
            if !goes_on() {
                return Run::Stopped;
            }
        }
    }

    fn adopt(&mut self) {
        let spawned = std::mem::take(&mut self.time.state().spawned);
        for (group, work) in spawned {
            self.spawned += 1;
            let id = self.spawned;
            let waker = Arc::new(TaskWaker { id, is_queued: AtomicBool::new(false), time: self.time.clone() });
            waker.clone().wake();
            self.tasks.insert(id, Task { group, work, waker });
        }
    }

    fn poll(&mut self, id: u64) {
        // A timer of a task that is over, or died, wakes nobody.
        let Some(task) = self.tasks.get_mut(&id) else { return };
        task.waker.is_queued.store(false, Ordering::SeqCst);
        let waker = Waker::from(task.waker.clone());
        if task.work.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            self.tasks.remove(&id);
        }
    }

    fn end_platform(&mut self) {
        let spawned = std::mem::take(&mut self.time.state().spawned);
        let (dead, living): (Vec<_>, Vec<_>) = spawned.into_iter().partition(|(group, _)| *group == Group::Platform);
        self.time.state().spawned = living;
        drop(dead);
        self.tasks.retain(|_, task| task.group == Group::World);
    }
}
