//! The name server that instances have at their gateway: the services' own names lead to the gateway they were asked at, everything
//! else is asked of the machine's servers.
//! Never looks at the machine's hosts file or search domains, and never keeps an answer. It serves the house's own instances only: the engine's
//! firewall lets nobody else come here.
//! Source of truth: RFC 1035; RFC 7766 for TCP.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use hickory_resolver::proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_resolver::proto::rr::rdata::A;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use model::account::Region;
use model::trouble::Trouble;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::limit::{
    ANSWER_BYTES_UDP, CONVERSATION, CONVERSATION_IDLE, OWN_TTL_SECONDS, PORTS_TRIED, QUESTION_BYTES, QUESTIONS, QUESTIONS_EACH,
    REFUSED_PAUSE,
};
use crate::upstream::{Carrier, Upstream, edns, framed};

/// What answers, at however many addresses.
pub struct NameServer {
    domain: Name,
    upstream: Upstream,
    /// Questions under way, by who asks.
    asking: Mutex<HashMap<IpAddr, usize>>,
}

/// One question's, or one conversation's, place among those under way.
struct Turn {
    server: Arc<NameServer>,
    asker: IpAddr,
}

/// The sockets of one address.
pub struct Ears {
    udp: UdpSocket,
    tcp: TcpListener,
}

impl Ears {
    /// Opens both at one address; with port 0 both get the same one.
    pub async fn open(at: SocketAddr) -> Result<Self, Trouble> {
        // What the kernel finds free for one protocol, another program may have for the other.
        let mut ports_left = if at.port() == 0 { PORTS_TRIED } else { 1 };
        loop {
            ports_left -= 1;
            match Self::open_both(at).await {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && ports_left > 0 => {}
                opened => {
                    let trouble = |error| Trouble::passing(format!("listening for instances' questions at {at}"), error);
                    return opened.map_err(trouble);
                }
            }
        }
    }

    async fn open_both(at: SocketAddr) -> io::Result<Self> {
        let tcp = TcpListener::bind(at).await?;
        let udp = UdpSocket::bind(tcp.local_addr()?).await?;
        Ok(Self { udp, tcp })
    }

    /// Where.
    pub fn address(&self) -> SocketAddr {
        self.udp.local_addr().expect("a bound socket has an address")
    }
}

impl NameServer {
    /// `<anything>.<region>.<domain>` and all below it are ours.
    pub fn new(domain: &str, upstream: Upstream) -> Result<Arc<Self>, Trouble> {
        let domain = Name::from_ascii(format!("{domain}."))
            .map_err(|error| Trouble::lasting("reading the domain's name for instances' questions", error))?;
        Ok(Arc::new(Self { domain, upstream, asking: Mutex::default() }))
    }

    /// Answers at one gateway, until the future is dropped.
    /// Nobody whose address does not begin with the gateway's first `prefix` bits is answered.
    pub async fn serve(self: Arc<Self>, ears: Ears, gateway: Ipv4Addr, prefix: u8) {
        let ours = |asker: SocketAddr| is_within(asker.ip(), gateway, prefix);
        let Ears { udp, tcp } = ears;
        let udp = Arc::new(udp);
        let mut work = JoinSet::new();
        let mut packet = [0; QUESTION_BYTES];
        loop {
            tokio::select! {
                got = udp.recv_from(&mut packet) => match got {
                    Ok((_, asker)) if !ours(asker) => {}
                    Ok((length, asker)) => self.take_up(&mut work, &udp, &packet[..length], asker, gateway),
                    Err(_) => sleep(REFUSED_PAUSE).await,
                },
                got = tcp.accept() => match got {
                    Ok((_, asker)) if !ours(asker) => {}
                    Ok((stream, asker)) => {
                        // Too many: whoever asks sees the end of the conversation, and asks again.
                        if let Some(turn) = Turn::take(&self, asker.ip()) {
                            work.spawn(async move { let _ = timeout(CONVERSATION, converse(turn, stream, gateway)).await; });
                        }
                    }
                    Err(_) => sleep(REFUSED_PAUSE).await,
                },
                Some(_) = work.join_next() => {}
            }
        }
    }

    fn take_up(
        self: &Arc<Self>,
        work: &mut JoinSet<()>,
        udp: &Arc<UdpSocket>,
        packet: &[u8],
        asker: SocketAddr,
        gateway: Ipv4Addr,
    ) {
        let Some(question) = read(packet) else { return };
        // These keep nobody waiting: they are answered also when there is no turn.
        if let Some(answer) = self.answer_at_once(&question, gateway) {
            let limit = usize::from(question.max_payload()).min(ANSWER_BYTES_UDP);
            let _ = udp.try_send_to(&fitting(&answer, limit), asker);
            return;
        }
        let udp = udp.clone();
        let Some(turn) = Turn::take(self, asker.ip()) else {
            if let Ok(answer) = failed(&question, ResponseCode::Refused).to_vec() {
                let _ = udp.try_send_to(&answer, asker);
            }
            return;
        };
        work.spawn(async move {
            let answer = turn.server.answer(&question, gateway, Carrier::Udp).await;
            let limit = usize::from(question.max_payload()).min(ANSWER_BYTES_UDP);
            let _ = udp.send_to(&fitting(&answer, limit), asker).await;
        });
    }

    /// What needs nobody else.
    fn answer_at_once(&self, question: &Message, gateway: Ipv4Addr) -> Option<Message> {
        if question.metadata.op_code != OpCode::Query {
            return Some(failed(question, ResponseCode::NotImp));
        }
        let [query] = question.queries.as_slice() else { return Some(failed(question, ResponseCode::FormErr)) };
        self.is_ours(query.name()).then(|| ours(question, query, gateway))
    }

    async fn answer(&self, question: &Message, gateway: Ipv4Addr, carrier: Carrier) -> Message {
        if let Some(answer) = self.answer_at_once(question, gateway) {
            return answer;
        }
        let [query] = question.queries.as_slice() else { return failed(question, ResponseCode::FormErr) };
        let Some(mut answer) = self.upstream.ask(question, query, carrier).await else {
            return failed(question, ResponseCode::ServFail);
        };
        answer.metadata.id = question.metadata.id;
        // Letters as the asker wrote them.
        answer.queries = question.queries.clone();
        answer.edns = question.edns.as_ref().map(|asked| edns(asked.flags().dnssec_ok));
        answer
    }

    /// Whether a name is a service's: at least one label below a region below the domain.
    fn is_ours(&self, name: &Name) -> bool {
        let depth = usize::from(name.num_labels()).saturating_sub(self.domain.num_labels().into());
        let region = depth.checked_sub(1).and_then(|place| name.iter().nth(place));
        let region = region.and_then(|label| std::str::from_utf8(label).ok()).map(str::to_ascii_lowercase);
        depth >= 2 && self.domain.zone_of(name) && region.is_some_and(|region| Region::parse(&region).is_ok())
    }
}

impl Turn {
    /// None when there are too many already.
    fn take(server: &Arc<NameServer>, asker: IpAddr) -> Option<Self> {
        let mut asking = server.asking();
        let all: usize = asking.values().sum();
        let own = asking.entry(asker).or_default();
        if *own >= QUESTIONS_EACH || all >= QUESTIONS {
            if *own == 0 {
                asking.remove(&asker);
            }
            return None;
        }
        *own += 1;
        drop(asking);
        Some(Self { server: server.clone(), asker })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut asking = self.server.asking();
        match asking.get_mut(&self.asker) {
            Some(own) if *own > 1 => *own -= 1,
            Some(_) | None => drop(asking.remove(&self.asker)),
        }
    }
}

impl NameServer {
    fn asking(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.asking.lock().expect("nothing panics while it counts")
    }
}

/// The next packet, as much of it as a question may have, and how long it says that it is.
async fn hear(stream: &mut TcpStream) -> std::io::Result<(usize, Vec<u8>)> {
    let length = usize::from(stream.read_u16().await?);
    let mut packet = vec![0; length.min(QUESTION_BYTES)];
    stream.read_exact(&mut packet).await?;
    Ok((length, packet))
}

fn is_within(asker: IpAddr, gateway: Ipv4Addr, prefix: u8) -> bool {
    match asker {
        IpAddr::V4(asker) => (asker.to_bits() ^ gateway.to_bits()).checked_shr(32 - u32::from(prefix.min(32))).unwrap_or(0) == 0,
        IpAddr::V6(_) => false,
    }
}

/// Questions over one connection, one after the other.
async fn converse(turn: Turn, mut stream: TcpStream, gateway: Ipv4Addr) -> std::io::Result<()> {
    loop {
        let (length, packet) = timeout(CONVERSATION_IDLE, hear(&mut stream)).await??;
        // What is longer than any question, or none, ends the conversation.
        let Some(question) = read(&packet).filter(|_| length <= QUESTION_BYTES) else { return Ok(()) };
        let answer = turn.server.answer(&question, gateway, Carrier::Tcp).await;
        stream.write_all(&framed(&fitting(&answer, u16::MAX.into()))).await?;
    }
}

/// A question; to anything else nobody answers.
fn read(packet: &[u8]) -> Option<Message> {
    Message::from_vec(packet).ok().filter(|message| message.metadata.message_type == MessageType::Query)
}

/// The gateway's address, or that there is nothing of the asked kind.
fn ours(question: &Message, query: &Query, gateway: Ipv4Addr) -> Message {
    let mut answer = failed(question, ResponseCode::NoError);
    answer.metadata.authoritative = true;
    if matches!(query.query_type(), RecordType::A | RecordType::ANY) {
        answer.add_answer(Record::from_rdata(query.name().clone(), OWN_TTL_SECONDS, RData::A(A(gateway))));
    }
    answer
}

/// An answer without records.
fn failed(question: &Message, code: ResponseCode) -> Message {
    let mut answer = Message::error_msg(question.metadata.id, question.metadata.op_code, code);
    answer.metadata.recursion_desired = question.metadata.recursion_desired;
    answer.metadata.recursion_available = true;
    answer.queries = question.queries.clone();
    answer.edns = question.edns.as_ref().map(|asked| edns(asked.flags().dnssec_ok));
    answer
}

/// What does not fit is left out, and said to be.
fn fitting(answer: &Message, limit: usize) -> Vec<u8> {
    match answer.to_vec() {
        Ok(bytes) if bytes.len() <= limit => bytes,
        Ok(_) | Err(_) => answer.truncate().to_vec().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_services_name_and_all_below_it_are_ours_and_nothing_beside_it() {
        let server = NameServer::new("apps.example.com", Upstream::of_servers(&[])).unwrap();
        for (name, expected) in [
            ("abcdefghij.us-east-1.apps.example.com.", true),
            ("ABCDEFGHIJ.US-EAST-1.APPS.example.COM.", true),
            ("www.abcdefghij.us-east-1.apps.example.com.", true),
            ("us-east-1.apps.example.com.", false),
            ("api.apps.example.com.", false),
            ("apps.example.com.", false),
            ("a.x.apps.example.com.", false),
            ("abcdefghij.us-east-1.other.example.com.", false),
            ("abcdefghij.us-east-1.apps.example.com.evil.", false),
            ("example.com.", false),
            (".", false),
        ] {
            assert_eq!(server.is_ours(&Name::from_ascii(name).unwrap()), expected, "{name}");
        }
    }
}
