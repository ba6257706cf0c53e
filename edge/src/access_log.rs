//! What is noted of each request of a service, and the journals in which notes wait until the platform fetches them.
//!
//! A carrying core writes into a journal of its own, so that its lock is free but for the moment of a fetch, and formats nothing. While nobody fetches,
//! the oldest notes go and are counted. Never notes a query, a header or a body. Source of truth: `model::access_log`.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;
use http::{Method, Uri, Version};
use model::instance::InstanceName;
use model::service::ServiceId;
use uuid::Uuid;

use crate::body::UploadState;
use crate::carrier::Core;
use crate::document::{Access, AskAccess, Carried, Protocol};
use crate::limit::{
    ACCESS_BATCH_NOTES, ACCESS_BYTES_MAX, ACCESS_BYTES_MIN, ACCESS_METHOD_BYTES, ACCESS_NOTES_MAX, ACCESS_NOTES_MIN,
    ACCESS_PATH_BYTES,
};
use crate::routing::Service;

/// The client went away before there was an answer. Source: nginx, which gave the number this meaning.
const CLIENT_GONE: u16 = 499;

/// One request, while it is carried and until it is fetched.
pub struct Note {
    /// Whose journal it ends in; nobody's once it is there.
    core: Option<Arc<Core>>,
    began: Instant,
    duration: Duration,
    pub held: Duration,
    method: Method,
    path: Box<str>,
    /// 0: no answer yet.
    pub status: u16,
    /// The request's body, if it has one.
    pub upload: Option<Arc<UploadState>>,
    request_bytes: u64,
    pub response_bytes: u64,
    request_id: Uuid,
    /// Revision and slot of the instance that was asked.
    pub instance: Option<(u32, u16)>,
    protocol: Protocol,
    client: IpAddr,
}

/// What a note begins with.
pub struct Beginning<'r> {
    pub method: &'r Method,
    pub uri: &'r Uri,
    pub version: Version,
    pub client: IpAddr,
    pub request_id: Uuid,
}

impl Note {
    /// A note, if this request of the service shall have one.
    pub fn begin(core: &Arc<Core>, service: &Service, request: &Beginning<'_>) -> Option<Box<Self>> {
        let percent = u64::from(service.access_percent());
        let chosen = match percent {
            0 => false,
            100.. => true,
            // The numbers go around evenly.
            _ => (u64::from(core.dice()) * 100) >> 32 < percent,
        };
        chosen.then(|| {
            Box::new(Self {
                core: Some(Arc::clone(core)),
                began: Instant::now(),
                duration: Duration::ZERO,
                held: Duration::ZERO,
                method: known(request.method),
                path: shortened(request.uri.path()).into(),
                status: 0,
                upload: None,
                request_bytes: 0,
                response_bytes: 0,
                request_id: request.request_id,
                instance: None,
                protocol: if request.version == Version::HTTP_2 { Protocol::Http2 } else { Protocol::Http1 },
                client: request.client.to_canonical(),
            })
        })
    }

    /// The request is over: the note waits in its core's journal.
    pub fn end(mut self: Box<Self>, service: &Arc<Service>) {
        self.duration = self.began.elapsed();
        if self.status == 0 {
            self.status = CLIENT_GONE;
        }
        self.request_bytes = self.upload.take().map_or(0, |upload| upload.bytes());
        if let Some(core) = self.core.take() {
            core.board.journals.push(core.index, Arc::clone(service), self);
        }
    }

    /// What it takes while it waits, about.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.path.len()
    }

    fn carried(&self, service: &ServiceId, began: Instant) -> Carried {
        let name = |(revision, slot)| InstanceName { service: service.clone(), revision, slot };
        Carried {
            service: service.clone(),
            began_us: micros(self.began.saturating_duration_since(began)),
            duration_us: micros(self.duration),
            held_us: micros(self.held),
            method: self.method.as_str().to_owned(),
            path: self.path.clone().into(),
            status: self.status,
            request_bytes: self.request_bytes,
            response_bytes: self.response_bytes,
            request_id: self.request_id.into_bytes(),
            instance: self.instance.map(name),
            protocol: self.protocol,
            client: self.client,
        }
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

fn known(method: &Method) -> Method {
    if method.as_str().len() <= ACCESS_METHOD_BYTES {
        return method.clone();
    }
    Method::from_bytes(b"OTHER").expect("it is a token")
}

fn shortened(path: &str) -> &str {
    let mut end = path.len().min(ACCESS_PATH_BYTES);
    while !path.is_char_boundary(end) {
        end -= 1;
    }
    &path[..end]
}

/// A note and whose it is.
type Noted = (Arc<Service>, Box<Note>);

#[derive(Default)]
struct Journal {
    notes: VecDeque<Noted>,
    bytes: usize,
    lost: BTreeMap<ServiceId, u64>,
}

/// Notes that were sent and are kept until the platform says that it has them.
#[derive(Default)]
struct Pending {
    number: u64,
    notes: Vec<Noted>,
    lost: BTreeMap<ServiceId, u64>,
    is_full: bool,
}

/// The journals of all cores.
pub struct Journals {
    /// Tells this front door from every other: cursors of one mean nothing to another.
    run: u64,
    began: Instant,
    notes_max: usize,
    bytes_max: usize,
    cores: Vec<CachePadded<Mutex<Journal>>>,
    pending: Mutex<Pending>,
    /// Whether the platform that speaks now has asked.
    is_followed: AtomicBool,
}

impl Journals {
    /// Empty ones.
    pub fn new(cores: usize) -> Self {
        let (run, _) = Uuid::new_v4().as_u64_pair();
        Self {
            // The store keeps it as a signed number; 0 is nobody.
            run: (run >> 1) | 1,
            began: Instant::now(),
            notes_max: (ACCESS_NOTES_MAX / cores.max(1)).max(ACCESS_NOTES_MIN),
            bytes_max: (ACCESS_BYTES_MAX / cores.max(1)).max(ACCESS_BYTES_MIN),
            cores: (0..cores).map(|_| CachePadded::default()).collect(),
            pending: Mutex::default(),
            is_followed: AtomicBool::new(false),
        }
    }

    fn push(&self, core: usize, service: Arc<Service>, note: Box<Note>) {
        let mut journal = lock(&self.cores[core]);
        let bytes = note.bytes();
        while (journal.notes.len() >= self.notes_max || journal.bytes + bytes > self.bytes_max)
            && let Some((oldest, note)) = journal.notes.pop_front()
        {
            journal.bytes -= note.bytes();
            *journal.lost.entry(oldest.id.clone()).or_default() += 1;
        }
        journal.bytes += bytes;
        journal.notes.push_back((service, note));
    }

    /// Answers the platform: what it has is forgotten, what it does not have is sent, again if need be.
    pub fn answer(&self, ask: AskAccess) -> Access {
        self.is_followed.store(true, Ordering::Relaxed);
        let mut pending = lock(&self.pending);
        let known = ask.run == self.run && ask.have == pending.number;
        if known || (pending.notes.is_empty() && pending.lost.is_empty()) {
            let next = self.gather(pending.number);
            *pending = next;
        }
        Access {
            run: self.run,
            number: pending.number,
            now_us: micros(self.began.elapsed()),
            carried: pending.notes.iter().map(|(service, note)| note.carried(&service.id, self.began)).collect(),
            lost: pending.lost.iter().map(|(service, count)| (service.clone(), *count)).collect(),
            is_full: pending.is_full,
        }
    }

    /// Notes that wait to be fetched.
    pub fn waiting(&self) -> u64 {
        self.cores.iter().map(|core| lock(core).notes.len() as u64).sum()
    }

    /// Another platform speaks from now on: it has not asked yet.
    pub fn begin(&self) {
        self.is_followed.store(false, Ordering::Relaxed);
    }

    /// Whether the platform that speaks now has asked for notes: then it wants the last ones too.
    pub fn is_followed(&self) -> bool {
        self.is_followed.load(Ordering::Relaxed)
    }

    /// Whether the platform has all that there is.
    pub fn are_told(&self) -> bool {
        let pending = lock(&self.pending);
        let is_empty = |journal: &Mutex<Journal>| {
            let journal = lock(journal);
            journal.notes.is_empty() && journal.lost.is_empty()
        };
        pending.notes.is_empty() && pending.lost.is_empty() && self.cores.iter().all(|core| is_empty(core))
    }

    /// Takes notes out of the journals, as many as fit into a batch. Without any the number stays.
    fn gather(&self, number: u64) -> Pending {
        let mut next = Pending { number, ..Pending::default() };
        for core in &self.cores {
            let mut journal = lock(core);
            for (service, count) in std::mem::take(&mut journal.lost) {
                *next.lost.entry(service).or_default() += count;
            }
            let room = ACCESS_BATCH_NOTES - next.notes.len();
            let taken = journal.notes.len().min(room);
            next.is_full |= taken < journal.notes.len();
            let Journal { notes, bytes, .. } = &mut *journal;
            next.notes.extend(notes.drain(..taken).inspect(|(_, note)| *bytes -= note.bytes()));
        }
        if !next.notes.is_empty() || !next.lost.is_empty() {
            next.number += 1;
        }
        next
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing under this lock can panic")
}

#[cfg(test)]
mod tests {
    use model::access_log::AccessLog;
    use model::route_table::{RouteTable, ServiceRoute};

    use super::*;
    use crate::routing::Routes;

    fn service() -> Arc<Service> {
        let route = ServiceRoute {
            service: ServiceId::from_random([7; 16]),
            hosts: vec!["one.example".to_owned()],
            instances: Vec::new(),
            concurrency_max: 1,
            hold_queue_max: 1,
            hold_max: Duration::from_secs(1),
            request_timeout: None,
            access_log: AccessLog::On,
        };
        let routes = Routes::new(1, Arc::default());
        routes.apply(RouteTable { generation: 1, services: vec![route], doors: Vec::new() }, &mut Vec::new());
        routes.services().remove(0)
    }

    fn note(n: usize) -> Box<Note> {
        Box::new(Note {
            core: None,
            began: Instant::now(),
            duration: Duration::ZERO,
            held: Duration::ZERO,
            method: Method::GET,
            path: format!("/{n}").into(),
            status: 200,
            upload: None,
            request_bytes: 0,
            response_bytes: 0,
            request_id: Uuid::nil(),
            instance: Some((1, 0)),
            protocol: Protocol::Http1,
            client: [127, 0, 0, 1].into(),
        })
    }

    #[test]
    fn while_nobody_fetches_the_oldest_notes_go_and_are_counted() {
        let (journals, service) = (Journals::new(1), service());
        for n in 0..ACCESS_NOTES_MAX + 3 {
            journals.push(0, Arc::clone(&service), note(n));
        }
        let first = journals.answer(AskAccess { run: 0, have: 0 });
        assert_eq!((first.carried.len(), first.is_full, first.number), (ACCESS_BATCH_NOTES, true, 1));
        assert_eq!((first.carried[0].path.as_str(), &first.lost), ("/3", &vec![(service.id.clone(), 3)]));
        assert_eq!(first.carried[0].instance.as_ref().map(InstanceName::short).as_deref(), Some("r1-0"));
        let mut have = AskAccess { run: first.run, have: first.number };
        let mut fetched = first.carried.len();
        loop {
            let next = journals.answer(have);
            fetched += next.carried.len();
            assert!(next.lost.is_empty());
            have.have = next.number;
            if !next.is_full {
                break;
            }
        }
        assert_eq!(fetched, ACCESS_NOTES_MAX);
    }

    #[test]
    fn a_batch_is_sent_again_until_the_platform_has_it_and_then_never_again() {
        let (journals, service) = (Journals::new(2), service());
        let paths = |access: &Access| access.carried.iter().map(|carried| carried.path.clone()).collect::<Vec<_>>();
        let run = journals.answer(AskAccess { run: 0, have: 0 }).run;
        journals.push(0, Arc::clone(&service), note(1));
        let first = journals.answer(AskAccess { run, have: 0 });
        journals.push(1, Arc::clone(&service), note(2));
        // The platform died before it had kept the batch; the next one knows another front door's cursor at best.
        for ask in [AskAccess { run, have: 0 }, AskAccess { run: run ^ 2, have: 1 }, AskAccess { run: 0, have: 0 }] {
            assert_eq!((paths(&journals.answer(ask)), first.number), (vec!["/1".to_owned()], 1), "{ask:?}");
        }
        let second = journals.answer(AskAccess { run, have: 1 });
        assert_eq!((paths(&second), second.number), (vec!["/2".to_owned()], 2));
        for _ in 0..2 {
            let none = journals.answer(AskAccess { run, have: 2 });
            assert_eq!((paths(&none), none.number), (Vec::new(), 2), "nothing new has no number");
        }
    }

    #[test]
    fn notes_of_long_paths_wait_in_a_limited_room_and_a_batch_of_the_longest_fits_into_a_frame() {
        let (journals, service) = (Journals::new(1), service());
        let long = |n: usize| {
            let mut note = note(n);
            note.path = format!("/{n:0>width$}", width = ACCESS_PATH_BYTES - 1).into();
            note.method = Method::from_bytes(&[b'M'; ACCESS_METHOD_BYTES]).expect("a token");
            (note.held, note.duration) = (Duration::MAX, Duration::MAX);
            (note.status, note.request_bytes, note.response_bytes) = (u16::MAX, u64::MAX, u64::MAX);
            note.instance = Some((u32::MAX, u16::MAX));
            note.client = std::net::Ipv6Addr::from([u8::MAX; 16]).into();
            note
        };
        for n in 0..ACCESS_NOTES_MAX {
            journals.push(0, Arc::clone(&service), long(n));
        }
        let waiting: usize = lock(&journals.cores[0]).notes.iter().map(|(_, note)| note.bytes()).sum();
        assert!(waiting <= ACCESS_BYTES_MAX && waiting == lock(&journals.cores[0]).bytes, "{waiting}");
        let kept = lock(&journals.cores[0]).notes.len();
        let batch = journals.answer(AskAccess { run: 0, have: 0 });
        assert_eq!(batch.lost, [(service.id.clone(), (ACCESS_NOTES_MAX - kept) as u64)], "what went is counted");
        assert_eq!(batch.carried.len(), ACCESS_BATCH_NOTES);
        let bytes = crate::document::encode(&batch).len();
        assert!(
            bytes <= ACCESS_BATCH_NOTES * (ACCESS_PATH_BYTES + ACCESS_METHOD_BYTES + crate::limit::ACCESS_REST_BYTES),
            "{bytes}"
        );
    }

    #[test]
    fn a_method_of_sixty_kilobytes_is_noted_as_another() {
        assert_eq!(known(&Method::PATCH), Method::PATCH);
        assert_eq!(known(&Method::from_bytes(b"UPDATEREDIRECTREF").expect("a token")).as_str(), "UPDATEREDIRECTREF");
        assert_eq!(known(&Method::from_bytes(&[b'M'; 60 << 10]).expect("a token")).as_str(), "OTHER");
    }

    #[test]
    fn a_long_path_is_cut_between_letters() {
        assert_eq!(shortened("/x"), "/x");
        let long = format!("/{}", "\u{fc}".repeat(ACCESS_PATH_BYTES));
        assert_eq!(shortened(&long).len(), ACCESS_PATH_BYTES - 1);
    }
}
