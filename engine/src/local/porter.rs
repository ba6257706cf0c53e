//! The one thread that talks to the kernel about links, for all instances of an engine; it goes into an instance's network
//! namespace and comes back.
//! Never goes on working in a namespace that is not its own: a thread that does not find back ends, and the next one begins.
//! Source of truth: setns(2).

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use nix::sched::{CloneFlags, setns};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::limit::{ERRAND, ERRANDS};
use crate::local::netlink::Netlink;

/// What an errand answers. Libraries' errors differ.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

type Errand = Box<dyn FnOnce(&mut Host) + Send>;

/// What an errand works with.
pub struct Host {
    /// In the platform's own network namespace.
    pub netlink: Netlink,
    home: File,
    is_lost: bool,
}

impl Host {
    fn here() -> io::Result<Self> {
        Ok(Self { netlink: Netlink::open()?, home: File::open("/proc/thread-self/ns/net")?, is_lost: false })
    }

    /// Changes links in another network namespace.
    pub fn inside<T>(&mut self, namespace: BorrowedFd<'_>, work: impl FnOnce(&mut Netlink) -> Outcome<T>) -> Outcome<T> {
        self.enter(namespace, || work(&mut Netlink::open()?))
    }

    /// Does something in another network namespace.
    pub fn enter<T>(&mut self, namespace: BorrowedFd<'_>, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        setns(namespace, CloneFlags::CLONE_NEWNET)?;
        let outcome = work();
        if let Err(error) = setns(self.home.as_fd(), CloneFlags::CLONE_NEWNET) {
            self.is_lost = true;
            return Err(error.into());
        }
        outcome
    }
}

/// Takes errands, one after the other.
pub struct Porter {
    door: Mutex<SyncSender<Errand>>,
    /// Errands that wait or are under way.
    under_way: Arc<AtomicUsize>,
}

impl Porter {
    /// A thread in the caller's network namespace. It ends when this is dropped.
    pub fn start() -> io::Result<Self> {
        Ok(Self { door: Mutex::new(begin()?), under_way: Arc::default() })
    }

    /// Has something done and waits for its outcome. What has begun is done also if nobody waits for it any more.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Host) -> Outcome<T> + Send + 'static) -> Outcome<T> {
        let (told, outcome) = oneshot::channel();
        let counted = Counted::one_more(&self.under_way);
        let errand: Errand = Box::new(move |host| {
            let _ = told.send(work(host));
            drop(counted);
        });
        self.hand_over(errand)?;
        // It is done all the same once it is its turn; nobody waits for it any more.
        timeout(ERRAND, outcome).await.map_err(|_| format!("the kernel has not done it within {ERRAND:?}"))??
    }

    /// How many errands wait or are under way.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    fn hand_over(&self, errand: Errand) -> Outcome<()> {
        use std::sync::mpsc::TrySendError::{Disconnected, Full};
        let mut door = self.door.lock().expect("nothing panics while it holds the door");
        match door.try_send(errand) {
            Ok(()) => Ok(()),
            Err(Full(_)) => Err(format!("there are {ERRANDS} changes to the network under way already").into()),
            Err(Disconnected(errand)) => {
                *door = begin()?;
                door.try_send(errand).map_err(|_| "the network's thread ends as soon as it begins".into())
            }
        }
    }
}

/// One that is counted until it is dropped, done or not.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn one_more(all: &Arc<AtomicUsize>) -> Self {
        all.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(all))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn begin() -> io::Result<SyncSender<Errand>> {
    let (door, errands) = sync_channel(ERRANDS);
    let mut host = Host::here()?;
    std::thread::Builder::new().name("network".to_owned()).spawn(move || work(&mut host, &errands))?;
    Ok(door)
}

fn work(host: &mut Host, errands: &Receiver<Errand>) {
    while !host.is_lost
        && let Ok(errand) = errands.recv()
    {
        errand(host);
    }
}
