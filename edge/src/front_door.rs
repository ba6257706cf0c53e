//! The front door as the platform holds it: opened once, published to, asked, and in the end drained or left to itself.
//! Never carries a request: that is the other process. Source of truth: `ARCHITECTURE.md`, "Side by side" and "Stopping".

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use model::port::Bell;
use model::trouble::Trouble;

use crate::document::{ListenerScheme, speaks_like_us};
use crate::keeper::Keeper;
use crate::limit::{CORES_MAX, DRAIN_TIME_MAX, TABLES_TIME, UNHURRIED_TIME};
use crate::link::{Ending, Link};
use crate::listener::{Listen, bind};
use crate::peer::Peer;
use crate::process::{self, Greeted, Program, Sockets, User, folder};

/// What a platform wants of its front door.
pub struct Order {
    /// The platform's run folder; the front door's own is `edge` in it. The folders on the way must let its user pass.
    pub run: PathBuf,
    pub http: Listen,
    pub https: Listen,
    /// Carrying threads, at most [`CORES_MAX`].
    pub cores: usize,
    /// A fresh command each time, that ends in [`crate::run()`]. Standard input, process group and user are set here.
    pub command: Box<dyn Fn() -> Command + Send>,
    /// `None`: the caller's own.
    pub user: Option<User>,
    /// Rung for a service when somebody begins to wait for it or a removed instance of it becomes empty.
    pub bell: Arc<dyn Bell>,
    /// A living front door is replaced by one of ours, also if it speaks like us. One of another version always is.
    pub replaces: bool,
}

/// Why there is no front door.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// Another process listens there.
    #[error("{0:?} is taken")]
    Taken(Listen),
    /// Ports below 1024 need a privilege.
    #[error("no permission to listen at {0:?}")]
    Forbidden(Listen),
    /// Anything else.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// Whether this platform started its front door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// There was none.
    Started,
    /// An earlier platform's, found alive. It carried on by these generations; new tables need higher ones only for the sake of
    /// whoever compares.
    Adopted { routes: u64, certificates: u64 },
}

/// A living front door. Dropping it is [`FrontDoor::leave`].
pub struct FrontDoor {
    pub(crate) link: Arc<Link>,
    keeper: Mutex<Option<thread::JoinHandle<()>>>,
    bound: [SocketAddr; 2],
    origin: Origin,
    /// Where another one was replaced.
    retreat: Option<Retreat>,
}

/// The way back to a front door that was replaced, open until ours carries.
struct Retreat {
    other: Peer,
    folder: PathBuf,
    user: Option<User>,
    is_open: Arc<AtomicBool>,
}

impl Retreat {
    fn to(other: Peer, program: &Program) -> Self {
        Self { other, folder: program.folder.clone(), user: program.user, is_open: Arc::new(AtomicBool::new(true)) }
    }

    /// Blocks until the old one is found by its name again, and ours has ended.
    fn go(&self) {
        let nothing = || Command::new("/nonexistent");
        let program = Program { folder: self.folder.clone(), command: Box::new(nothing), user: self.user };
        let edge_pid = self.other.pid();
        match program.give_back(self.other) {
            Ok(()) => tracing::warn!(edge_pid, "the front door was not replaced after all: the old one stays"),
            Err(error) => tracing::error!(cause = %error, edge_pid, "the front door that was to be replaced does not stay"),
        }
    }
}

impl FrontDoor {
    /// Finds the front door of an earlier platform, or binds the ports and starts one. Blocks for some milliseconds. Where it fails, there
    /// is no front door of ours and no folder; one of an earlier platform is left as it was.
    pub fn open(order: Order) -> Result<Self, NotOpened> {
        let Order { run, http, https, cores, command, user, bell, replaces } = order;
        let program = Program { folder: folder(&run), command, user };
        let mut found = program.find().map_err(trouble("looking for a living front door"))?;
        if let Some(other) = found.take_if(|found| !meets(&found.sockets, http, https)) {
            tracing::info!(edge_pid = other.peer.pid(), "the living front door has other ports: it drains and ends");
            process::drain(&other, DRAIN_TIME_MAX);
        }
        if let Some(other) = found.take_if(|found| replaces || !speaks_like_us(&found.hello.build)) {
            return Self::replace(program, other, bell);
        }
        if let Some(greeted) = found {
            let origin = Origin::Adopted { routes: greeted.hello.routes, certificates: greeted.hello.certificates };
            return Self::keep(program, greeted, origin, bell);
        }
        let folder = program.folder.clone();
        let started = bind_all(http, https, cores.clamp(1, CORES_MAX)).and_then(|sockets| {
            program.make_folder().map_err(trouble("making the front door's folder"))?;
            let greeted = program.start(&sockets).map_err(trouble("starting the front door"))?;
            let peer = greeted.peer;
            Self::keep(program, greeted, Origin::Started, bell).inspect_err(|_| {
                peer.kill();
            })
        });
        // Nobody lives in it, or we would have found it: what is left of one that was killed goes too.
        started.inspect_err(|_| process::remove(&folder))
    }

    /// Another version's front door would understand nothing: one of ours takes its sockets, so that nobody is turned away, and it finishes what it
    /// carries. It accepts until ours does, and as long as it lives nobody is said to carry nothing.
    fn replace(program: Program, other: Greeted, bell: Arc<dyn Bell>) -> Result<Self, NotOpened> {
        tracing::info!(
            edge_pid = other.peer.pid(),
            edge_build = other.hello.build,
            "the living front door is of another version: it is replaced"
        );
        let retreat = Retreat::to(other.peer, &program);
        let greeted = match program.start(&other.sockets) {
            Ok(greeted) => greeted,
            Err(error) => {
                retreat.go();
                return Err(trouble("replacing the front door of another version")(error));
            }
        };
        let mut front = match Self::keep_beside(program, greeted, Origin::Started, bell, &[other.peer]) {
            Ok(front) => front,
            Err(error) => {
                retreat.go();
                return Err(error);
            }
        };
        let is_open = Arc::clone(&retreat.is_open);
        front.retreat = Some(retreat);
        let drain = move |link: &Link| {
            // Told to drain, it is no more somebody to go back to; and who has gone back to it does not tell it.
            if link.wait_for_tables() && is_open.swap(false, Ordering::AcqRel) {
                process::drain(&other, UNHURRIED_TIME);
            }
        };
        wait_beside(&front.link, drain)?;
        Ok(front)
    }

    fn keep(program: Program, greeted: Greeted, origin: Origin, bell: Arc<dyn Bell>) -> Result<Self, NotOpened> {
        Self::keep_beside(program, greeted, origin, bell, &[])
    }

    /// `others` are waited for by whoever calls.
    fn keep_beside(
        program: Program,
        greeted: Greeted,
        origin: Origin,
        bell: Arc<dyn Bell>,
        others: &[Peer],
    ) -> Result<Self, NotOpened> {
        // What an earlier platform has replaced, and did not live to see the end of.
        let known: Vec<Peer> = others.iter().copied().chain([greeted.peer]).collect();
        let left = program.replaced(&known);
        let copies = greeted.sockets.iter().map(|(scheme, socket)| Ok((*scheme, socket.try_clone()?)));
        let sockets: Sockets = copies.collect::<io::Result<_>>().map_err(trouble("keeping the listening sockets"))?;
        let bound = bound(&sockets).map_err(trouble("reading what is bound"))?;
        let link = Arc::new(Link::new());
        link.standing.send_modify(|standing| standing.pid = Some(greeted.peer.pid()));
        let keeper = Keeper { program, sockets, link: Arc::clone(&link), bell };
        for peer in left {
            wait_beside(&link, move |_| {
                peer.end(TABLES_TIME + UNHURRIED_TIME);
            })?;
        }
        let ended = Ended(Arc::clone(&link));
        let thread = thread::Builder::new()
            .name("edge-keeper".to_owned())
            .spawn(move || {
                if let Err(error) = keeper.keep(greeted) {
                    tracing::error!(cause = %error, "the front door is not kept any more");
                }
                drop(ended);
            })
            .map_err(trouble("starting the keeper of the front door"))?;
        Ok(Self { link, keeper: Mutex::new(Some(thread)), bound, origin, retreat: None })
    }

    /// Where plain HTTP is answered.
    pub fn http(&self) -> SocketAddr {
        self.bound[0]
    }

    /// Where HTTPS is answered.
    pub fn https(&self) -> SocketAddr {
        self.bound[1]
    }

    /// The front door's process; `None` while one has died and the next is not there yet.
    pub fn pid(&self) -> Option<u32> {
        self.link.standing.borrow().pid
    }

    /// Whether it was started by us.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Lets the front door finish what it carries, for `within` at most, and waits for its end. Whoever asks for notes of requests meanwhile, again
    /// and again, gets the last ones too.
    pub async fn drain_and_stop(&self, within: Duration) {
        self.let_go(Ending::Drain(within)).await;
    }

    /// Lets go of the front door: it carries on alone, and the next platform finds it.
    pub async fn leave(&self) {
        self.let_go(Ending::Leave).await;
    }

    async fn let_go(&self, ending: Ending) {
        self.link.end(ending);
        let mut standing = self.link.standing.subscribe();
        // The sender lives in the link that we hold.
        let _ = standing.wait_for(|standing| standing.ended).await;
        let thread = self.keeper.lock().expect("nothing under this lock can panic").take();
        if let Some(thread) = thread {
            // It said that it has ended.
            let _ = thread.join();
        }
    }
}

/// Waits in a thread of its own for a front door that was replaced; until then nobody is said to carry nothing.
fn wait_beside(link: &Arc<Link>, wait: impl FnOnce(&Link) + Send + 'static) -> Result<(), NotOpened> {
    let link = Arc::clone(link);
    link.others.fetch_add(1, Ordering::AcqRel);
    let waiting = move || {
        wait(&link);
        link.others.fetch_sub(1, Ordering::AcqRel);
    };
    let thread = thread::Builder::new().name("edge-replaced".to_owned()).spawn(waiting);
    thread.map(drop).map_err(trouble("waiting for a front door that was replaced"))
}

/// Says that the keeper has let go, also if it panicked: nobody may wait for it for ever.
struct Ended(Arc<Link>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.left();
        self.0.standing.send_modify(|standing| standing.ended = true);
    }
}

impl Drop for FrontDoor {
    /// Where ours has never carried, as the start failed, the one that it was to replace stays.
    fn drop(&mut self) {
        self.link.end(Ending::Leave);
        // Who was let go in an orderly way has carried.
        let Some(thread) = self.keeper.lock().expect("nothing under this lock can panic").take() else { return };
        if let Some(retreat) = self.retreat.take().filter(|retreat| retreat.is_open.swap(false, Ordering::AcqRel)) {
            // It would start another one.
            let _ = thread.join();
            retreat.go();
        }
    }
}

fn trouble(doing: &'static str) -> impl Fn(io::Error) -> NotOpened {
    move |error| Trouble::passing(doing, error).into()
}

fn bind_all(http: Listen, https: Listen, cores: usize) -> Result<Sockets, NotOpened> {
    let mut sockets = Vec::new();
    for (scheme, listen) in [(ListenerScheme::Http, http), (ListenerScheme::Https, https)] {
        let bound = bind(listen, cores).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => NotOpened::Taken(listen),
            io::ErrorKind::PermissionDenied => NotOpened::Forbidden(listen),
            _ => NotOpened::Trouble(Trouble::lasting(format!("listening at {listen:?}"), error)),
        })?;
        sockets.extend(bound.into_iter().map(|socket| (scheme, socket)));
    }
    Ok(sockets)
}

fn bound(sockets: &Sockets) -> io::Result<[SocketAddr; 2]> {
    let address = |wanted| {
        let found = sockets.iter().find(|(scheme, _)| *scheme == wanted);
        found.ok_or(io::ErrorKind::NotFound)?.1.local_addr()
    };
    Ok([address(ListenerScheme::Http)?, address(ListenerScheme::Https)?])
}

fn meets(sockets: &Sockets, http: Listen, https: Listen) -> bool {
    bound(sockets).is_ok_and(|[plain, tls]| http.is_met_by(plain) && https.is_met_by(tls))
}
