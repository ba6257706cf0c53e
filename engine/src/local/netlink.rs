//! A conversation with the kernel about links, addresses and routes: blocking, many requests in one message.
//! Never waits for anything but the kernel, which answers while it is asked, and not for ever. Its socket belongs to the network namespace that the
//! thread was in when it was opened.
//! Source of truth: rtnetlink(7), and the kernel's own answer to each request.

use std::io;

use rtnetlink::packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use rtnetlink::packet_route::RouteNetlinkMessage;
use rtnetlink::packet_route::link::{LinkAttribute, LinkExtentMask, LinkMessage};
use rtnetlink::sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};
use rtnetlink::{LinkMessageBuilder, LinkUnspec};
use rustix::net::netdevice::index_to_name;
use rustix::net::sockopt::{Timeout, set_socket_timeout};

use crate::limit::KERNEL_ANSWER;

/// Requests that go into one message: the answers to all of them wait in the socket's buffer.
const BATCH: usize = 32;
/// Room for what the kernel says at once; it never says more than 32 KiB.
const ANSWER_BYTES: usize = 64 << 10;

/// One change that is asked for.
pub struct Request {
    message: RouteNetlinkMessage,
    flags: u16,
    /// An error that means that it is so already.
    fine: i32,
}

impl Request {
    /// Makes something new. What is there under the name is left as it is, and is well.
    pub fn ensure(message: RouteNetlinkMessage) -> Self {
        Self { message, flags: NLM_F_CREATE | NLM_F_EXCL, fine: libc::EEXIST }
    }

    /// Makes something that must not be there yet.
    pub fn create(message: RouteNetlinkMessage) -> Self {
        Self { message, flags: NLM_F_CREATE | NLM_F_EXCL, fine: 0 }
    }

    /// Makes it so, whatever was there.
    pub fn replace(message: RouteNetlinkMessage) -> Self {
        Self { message, flags: NLM_F_CREATE | NLM_F_REPLACE, fine: 0 }
    }

    /// Changes something that is there.
    pub fn change(message: RouteNetlinkMessage) -> Self {
        Self { message, flags: 0, fine: 0 }
    }

    /// Takes something away. Absence is success.
    pub fn remove(message: RouteNetlinkMessage) -> Self {
        Self { message, flags: 0, fine: libc::ENOENT }
    }
}

/// One message of the kernel's.
struct Heard {
    kind: u16,
    /// Of the question that it answers.
    sequence: u32,
    /// None: the library cannot read it.
    payload: Option<NetlinkPayload<RouteNetlinkMessage>>,
}

impl Heard {
    fn understood(self) -> io::Result<NetlinkPayload<RouteNetlinkMessage>> {
        self.payload.ok_or_else(|| io::Error::other(format!("the kernel's answer of kind {} cannot be read", self.kind)))
    }

    /// Whether it is a thing in a list: what says that a list ends, or cannot be had, has a number below.
    fn is_one_of_many(&self) -> bool {
        i32::from(self.kind) >= libc::NLMSG_MIN_TYPE
    }
}

/// An open conversation.
pub struct Netlink {
    socket: Socket,
    sequence: u32,
}

impl Netlink {
    /// In the network namespace that this thread is in.
    pub fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind_auto()?;
        socket.connect(&SocketAddr::new(0, 0))?;
        // An answer that was lost (the socket's buffer was full) does not come later.
        set_socket_timeout(&socket, Timeout::Recv, Some(KERNEL_ANSWER))?;
        Ok(Self { socket, sequence: 0 })
    }

    /// Asks for all of it, in this order. The first that fails is the answer; those after it have been asked for all the same.
    pub fn ask(&mut self, requests: impl IntoIterator<Item = Request>) -> io::Result<()> {
        let mut requests = requests.into_iter().peekable();
        let mut outcome = Ok(());
        while requests.peek().is_some() {
            let batch: Vec<Request> = requests.by_ref().take(BATCH).collect();
            outcome = outcome.and(self.ask_batch(batch));
        }
        outcome
    }

    fn ask_batch(&mut self, batch: Vec<Request>) -> io::Result<()> {
        let first = self.sequence.wrapping_add(1);
        let fine: Vec<i32> = batch.iter().map(|request| request.fine).collect();
        let mut bytes = Vec::new();
        for request in batch {
            self.put(&mut bytes, request.message, request.flags | NLM_F_ACK);
        }
        self.send(&bytes)?;
        let mut outcome = Ok(());
        let mut answered = 0;
        while answered < fine.len() {
            for heard in self.receive()? {
                let place = usize::try_from(heard.sequence.wrapping_sub(first)).unwrap_or(usize::MAX);
                let Some(fine) = fine.get(place) else { continue };
                let NetlinkPayload::Error(error) = heard.understood()? else { continue };
                answered += 1;
                let code = -error.raw_code();
                let gone = *fine == libc::ENOENT && (code == libc::ENODEV || code == libc::ESRCH);
                if code != 0 && code != *fine && !gone && outcome.is_ok() {
                    outcome = Err(error.to_io());
                }
            }
        }
        outcome
    }

    /// Everything of one kind that there is.
    pub fn list(&mut self, message: RouteNetlinkMessage) -> io::Result<Vec<RouteNetlinkMessage>> {
        let mut bytes = Vec::new();
        let sequence = self.put(&mut bytes, message, NLM_F_DUMP);
        self.send(&bytes)?;
        let mut found = Vec::new();
        loop {
            for heard in self.receive()? {
                // One of many that the library cannot read is about something that is not ours.
                if heard.sequence != sequence || (heard.payload.is_none() && heard.is_one_of_many()) {
                    continue;
                }
                match heard.understood()? {
                    NetlinkPayload::InnerMessage(message) => found.push(message),
                    NetlinkPayload::Done(_) => return Ok(found),
                    NetlinkPayload::Error(error) => return Err(error.to_io()),
                    // The library may learn of more kinds; these say nothing.
                    _ => {}
                }
            }
        }
    }

    /// What the kernel answers to each question that has one answer, in this order. One that it refuses has none.
    pub fn answers(&mut self, questions: Vec<RouteNetlinkMessage>) -> io::Result<Vec<RouteNetlinkMessage>> {
        let mut found = Vec::new();
        let mut questions = questions.into_iter().peekable();
        while questions.peek().is_some() {
            let first = self.sequence.wrapping_add(1);
            let mut bytes = Vec::new();
            let mut open = 0;
            for question in questions.by_ref().take(BATCH) {
                self.put(&mut bytes, question, 0);
                open += 1;
            }
            self.send(&bytes)?;
            let last = self.sequence;
            while open > 0 {
                for heard in self.receive()? {
                    if heard.sequence.wrapping_sub(first) > last.wrapping_sub(first) {
                        continue;
                    }
                    open -= 1;
                    if let Some(NetlinkPayload::InnerMessage(answer)) = heard.payload {
                        found.push(answer);
                    }
                }
            }
        }
        Ok(found)
    }

    /// A link's name by its index; none if it is not there.
    pub fn name(&self, index: u32) -> Option<String> {
        index_to_name(&self.socket, index).ok()
    }

    /// One link by its name; none if it is not there.
    pub fn link(&mut self, name: &str) -> io::Result<Option<LinkMessage>> {
        let mut bytes = Vec::new();
        let wanted = LinkUnspec::new_with_name(name).append_extra_attribute(no_statistics()).build();
        let sequence = self.put(&mut bytes, RouteNetlinkMessage::GetLink(wanted), 0);
        self.send(&bytes)?;
        loop {
            for heard in self.receive()? {
                if heard.sequence != sequence {
                    continue;
                }
                match heard.understood()? {
                    NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewLink(link)) => return Ok(Some(link)),
                    NetlinkPayload::Error(error) if error.raw_code() == -libc::ENODEV => return Ok(None),
                    NetlinkPayload::Error(error) => return Err(error.to_io()),
                    _ => {}
                }
            }
        }
    }

    /// Every link.
    pub fn links(&mut self) -> io::Result<Vec<LinkMessage>> {
        let wanted = LinkMessageBuilder::<LinkUnspec>::new().append_extra_attribute(no_statistics()).build();
        let found = self.list(RouteNetlinkMessage::GetLink(wanted))?;
        let link = |message| if let RouteNetlinkMessage::NewLink(link) = message { Some(link) } else { None };
        Ok(found.into_iter().filter_map(link).collect())
    }

    fn put(&mut self, bytes: &mut Vec<u8>, message: RouteNetlinkMessage, flags: u16) -> u32 {
        self.sequence = self.sequence.wrapping_add(1);
        let mut message = NetlinkMessage::new(NetlinkHeader::default(), NetlinkPayload::from(message));
        message.header.flags = NLM_F_REQUEST | flags;
        message.header.sequence_number = self.sequence;
        message.finalize();
        let begin = bytes.len();
        bytes.resize(begin + message.buffer_len().next_multiple_of(4), 0);
        message.serialize(&mut bytes[begin..]);
        self.sequence
    }

    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        loop {
            match self.socket.send(bytes, 0) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                sent => return sent.map(drop),
            }
        }
    }

    /// What the kernel says next.
    fn receive(&self) -> io::Result<Vec<Heard>> {
        let mut bytes = Vec::with_capacity(ANSWER_BYTES);
        loop {
            match self.socket.recv(&mut bytes, 0) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let silent = format!("the kernel says nothing about a question for {KERNEL_ANSWER:?}");
                    return Err(io::Error::new(io::ErrorKind::TimedOut, silent));
                }
                received => {
                    received?;
                    break;
                }
            }
        }
        let mut messages = Vec::new();
        let mut rest = bytes.as_slice();
        // Length, kind and flags, sequence.
        while let Some([a, b, c, d, kind_a, kind_b, _, _, e, f, g, h]) = rest.first_chunk::<12>().copied() {
            let length = u32::from_ne_bytes([a, b, c, d]) as usize;
            if length < 16 || length > rest.len() {
                break;
            }
            messages.push(Heard {
                kind: u16::from_ne_bytes([kind_a, kind_b]),
                sequence: u32::from_ne_bytes([e, f, g, h]),
                payload: NetlinkMessage::deserialize(&rest[..length]).ok().map(|message| message.payload),
            });
            rest = &rest[length.next_multiple_of(4).min(rest.len())..];
        }
        Ok(messages)
    }
}

/// Statistics are most of what the kernel says about a link, and nobody here reads them.
fn no_statistics() -> LinkAttribute {
    LinkAttribute::ExtMask(vec![LinkExtentMask::SkipStats])
}

/// A link's name.
pub fn name_of(link: &LinkMessage) -> Option<&str> {
    link.attributes.iter().find_map(|attribute| match attribute {
        LinkAttribute::IfName(name) => Some(name.as_str()),
        _ => None,
    })
}

/// The bridge that a link is a port of.
pub fn bridge_of(link: &LinkMessage) -> Option<u32> {
    link.attributes.iter().find_map(|attribute| match attribute {
        LinkAttribute::Controller(index) => Some(*index),
        _ => None,
    })
}
