//! A world of one seed: what outlives every platform (ledger, instances, front door, registry, lines), its time, its chance and its faults.
//!
//! Every port of `control` is kept by it, each in its own file. Every call passes a point before and after it changes something: there the platform
//! may die, the call may fail or take its time. Writes down the first promise that is broken, and a hash of all that happened.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use model::digest::{Algorithm, Digest};
use model::testbed::{MemoryImages, MemoryLedger, MemoryLogs};
use model::trouble::Trouble;

use super::bells::{Bells, Offset};
use super::chance::Chance;
use super::customers::Customers;
use super::engine::Machine;
use super::faults::Faults;
use super::front_door::Door;
use super::ledger::Books;
use super::registry::Pins;
use super::scheduler::{Sleep, Timeline};

/// Lines of a story that are kept when it is told.
const STORY_LINES: usize = 400;

/// Calls that change something: a platform dies before or after one of them more often than at any other call.
pub const CHANGES: [&str; 8] = ["commit", "pin", "prepare", "start", "publish", "stop", "append", "discard"];
/// …and of these, which are called rarely, most often.
const RARE: [&str; 3] = ["create", "wake", "keep images"];
const CHANGES_COUNT: u64 = 8;
const RARE_COUNT: u64 = 20;

pub struct World {
    me: Weak<World>,
    pub time: Arc<Timeline>,
    pub chance: Chance,
    pub faults: Faults,
    storm: AtomicBool,
    /// A platform has booted, and lives.
    pub is_open: AtomicBool,
    record: Mutex<Record>,
    bells: Mutex<Bells>,
    offset: Mutex<Offset>,
    machine: Mutex<Machine>,
    door: Mutex<Door>,
    books: Mutex<Books>,
    pins: Mutex<Pins>,
    customers: Mutex<Customers>,
    pub ledger: Arc<MemoryLedger>,
    pub images: Arc<MemoryImages>,
    pub logs: Arc<MemoryLogs>,
    /// Services that may have an instance made ahead.
    pub spares: usize,
}

/// What has happened.
#[derive(Default)]
pub struct Record {
    broken: Option<String>,
    pub troubles: u64,
    hash: u64,
    /// What was told, if somebody listens.
    story: Option<Vec<String>>,
    /// How often the platform died at a point, and other things worth counting.
    pub counts: BTreeMap<String, u64>,
}

impl World {
    pub fn new(seed: u64, tells: bool) -> Arc<Self> {
        let chance = Chance::new(seed);
        let faults = Faults::drawn(&chance);
        let spares = usize::try_from(chance.below(3)).expect("few");
        let record = Record { story: tells.then(Vec::new), ..Record::default() };
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            time: Arc::default(),
            chance,
            faults,
            storm: AtomicBool::new(true),
            is_open: AtomicBool::new(false),
            record: Mutex::new(record),
            bells: Mutex::default(),
            offset: Mutex::default(),
            machine: Mutex::default(),
            door: Mutex::default(),
            books: Mutex::default(),
            pins: Mutex::default(),
            customers: Mutex::default(),
            ledger: Arc::default(),
            images: Arc::new(MemoryImages::new(|_, _| Digest::from_hash(Algorithm::Sha256, &[0; 32]))),
            logs: Arc::default(),
            spares,
        })
    }

    pub fn me(&self) -> Arc<Self> {
        self.me.upgrade().expect("whoever calls holds the world")
    }

    pub fn bells(&self) -> MutexGuard<'_, Bells> {
        self.bells.lock().expect("nothing panics while it rings")
    }

    pub fn offset(&self) -> MutexGuard<'_, Offset> {
        self.offset.lock().expect("nothing panics while it sets the clock")
    }

    pub fn machine(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().expect("nothing panics while it holds the instances")
    }

    pub fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().expect("nothing panics while it holds the front door")
    }

    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nothing panics while it holds the books")
    }

    pub fn pins(&self) -> MutexGuard<'_, Pins> {
        self.pins.lock().expect("nothing panics while it holds the pins")
    }

    pub fn customers(&self) -> MutexGuard<'_, Customers> {
        self.customers.lock().expect("nothing panics while it holds the customers")
    }

    pub fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().expect("nothing panics while it writes")
    }

    pub fn is_stormy(&self) -> bool {
        self.storm.load(Ordering::SeqCst)
    }

    /// From now on nothing goes wrong but what images do by themselves.
    pub fn calm_down(&self) {
        self.storm.store(false, Ordering::SeqCst);
    }

    pub fn sleep(&self, span: Duration) -> Sleep<'_> {
        Sleep::new(&self.time, span)
    }

    /// Something happened.
    pub fn note(&self, what: &str, detail: impl FnOnce() -> String) {
        let now = self.time.now();
        let mut record = self.record();
        for byte in what.bytes().chain(now.as_micros().to_le_bytes()) {
            record.hash = (record.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if let Some(story) = &mut record.story {
            if story.len() >= 2 * STORY_LINES {
                story.drain(..STORY_LINES);
            }
            story.push(format!("{:10.3} {what}: {}", now.as_secs_f64(), detail()));
        }
    }

    pub fn count(&self, what: &str) {
        let mut record = self.record();
        match record.counts.get_mut(what) {
            Some(count) => *count += 1,
            None => {
                record.counts.insert(what.to_owned(), 1);
            }
        }
    }

    /// A promise is broken. The first one is what the seed is about.
    pub fn broken(&self, how: impl FnOnce() -> String) {
        let how = how();
        self.note("BROKEN", || how.clone());
        self.record().broken.get_or_insert(how);
    }

    pub fn is_broken(&self) -> bool {
        self.record().broken.is_some()
    }

    /// The first promise that was broken, the hash of all that happened, and its story.
    pub fn outcome(&self) -> (Option<String>, u64, Vec<String>) {
        let record = self.record();
        (record.broken.clone(), record.hash, record.story.clone().unwrap_or_default())
    }

    /// A point before a call changes something.
    pub async fn before(&self, point: &'static str) -> Result<(), Trouble> {
        if self.is_stormy() {
            self.pass(point, "before").await;
            self.fail(point, self.faults.fail)?;
        }
        Ok(())
    }

    /// A point after a call has changed something.
    pub async fn after(&self, point: &'static str) -> Result<(), Trouble> {
        if self.is_stormy() {
            self.pass(point, "after").await;
            self.fail(point, self.faults.fail_after)?;
        }
        Ok(())
    }

    async fn pass(&self, point: &'static str, moment: &'static str) {
        if self.chance.happens(self.faults.slow) {
            self.sleep(self.chance.millis(0, self.faults.slow_millis)).await;
        }
        if self.chance.happens(self.faults.clock_at) && self.is_stormy() {
            self.set_clock();
        }
        let times = if CHANGES.contains(&point) {
            CHANGES_COUNT
        } else if RARE.contains(&point) {
            RARE_COUNT
        } else {
            1
        };
        if self.chance.happens(times * self.faults.crash) && self.is_stormy() {
            self.count(&format!("died {moment} {point}"));
            self.note("the platform dies", || format!("{moment} {point}"));
            self.time.crash();
            pending::<()>().await;
        }
    }

    fn fail(&self, point: &'static str, per_mille: u64) -> Result<(), Trouble> {
        // A platform that is sick from the first moment never boots: there would be nothing to see.
        let per_mille = if self.is_open.load(Ordering::SeqCst) { self.faults.of(point, per_mille) } else { per_mille };
        if !self.chance.happens(per_mille) {
            return Ok(());
        }
        self.record().troubles += 1;
        self.note("trouble", || point.to_owned());
        // Now and then one that will not pass.
        Err(if self.chance.happens(100) { Trouble::lasting(point, "it is broken") } else { Trouble::passing(point, "bad luck") })
    }
}
