//! The machine's own name servers, asked on behalf of instances.
//! Never keeps an answer, and never believes one that does not belong to its question.
//! Source of truth: `/etc/resolv.conf` as it is now; RFC 1035 §4 and RFC 6891 for what goes over the wire.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use hickory_resolver::proto::op::{Edns, Message, MessageType, Query};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::{Instant, timeout};

use crate::limit::{ANSWER_BYTES_UDP, QUESTION, SERVERS, SERVERS_READ, TTL_SECONDS};

const RESOLV_CONF: &str = "/etc/resolv.conf";
const DNS_PORT: u16 = 53;

/// What a question and its answer travel by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    Udp,
    Tcp,
}

/// Servers that know the rest of the world.
pub struct Upstream {
    /// None: those of the machine.
    fixed: Option<Vec<SocketAddr>>,
    read: Mutex<Option<(Instant, Vec<SocketAddr>)>>,
}

impl Upstream {
    /// The machine's, also those on its loopback addresses; a change of them is noticed.
    pub fn of_system() -> Self {
        Self { fixed: None, read: Mutex::default() }
    }

    /// Of one's choice.
    pub fn of_servers(servers: &[SocketAddr]) -> Self {
        Self { fixed: Some(servers.to_vec()), read: Mutex::default() }
    }

    fn servers(&self) -> Vec<SocketAddr> {
        if let Some(fixed) = &self.fixed {
            return fixed.clone();
        }
        let mut read = self.read.lock().expect("nothing panics while it holds the servers");
        match &*read {
            Some((at, servers)) if at.elapsed() < SERVERS_READ => servers.clone(),
            Some(_) | None => {
                let servers = servers_in(&std::fs::read_to_string(RESOLV_CONF).unwrap_or_default());
                *read = Some((Instant::now(), servers.clone()));
                servers
            }
        }
    }

    /// Asks one after the other until one answers. None: nobody does.
    pub async fn ask(&self, question: &Message, query: &Query, carrier: Carrier) -> Option<Message> {
        let mut forwarded = Message::query();
        forwarded.metadata.recursion_desired = question.metadata.recursion_desired;
        forwarded.metadata.checking_disabled = question.metadata.checking_disabled;
        forwarded.add_query(query.clone());
        if let Some(asked) = &question.edns {
            forwarded.set_edns(edns(asked.flags().dnssec_ok));
        }
        let packet = forwarded.to_vec().ok()?;
        for server in self.servers() {
            let exchange = async {
                match carrier {
                    Carrier::Udp => by_udp(server, &packet, &forwarded).await,
                    Carrier::Tcp => by_tcp(server, &packet, &forwarded).await,
                }
            };
            if let Ok(Ok(mut answer)) = timeout(QUESTION, exchange).await {
                cap(&mut answer);
                return Some(answer);
            }
        }
        None
    }
}

/// What we say about ourselves.
pub fn edns(dnssec_ok: bool) -> Edns {
    let mut edns = Edns::new();
    edns.set_max_payload(u16::try_from(ANSWER_BYTES_UDP).expect("it is 1,232"));
    edns.set_dnssec_ok(dnssec_ok);
    edns
}

async fn by_udp(server: SocketAddr, packet: &[u8], question: &Message) -> io::Result<Message> {
    let any: SocketAddr = match server.ip() {
        IpAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
        IpAddr::V6(_) => ([0u16; 8], 0).into(),
    };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(server).await?;
    socket.send(packet).await?;
    let mut bytes = [0; 4096];
    loop {
        let length = socket.recv(&mut bytes).await?;
        // What does not belong to the question is somebody's guess.
        if let Some(answer) = answer_to(question, &bytes[..length]) {
            return Ok(answer);
        }
    }
}

async fn by_tcp(server: SocketAddr, packet: &[u8], question: &Message) -> io::Result<Message> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&framed(packet)).await?;
    let length = stream.read_u16().await?;
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes).await?;
    answer_to(question, &bytes).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// A message as TCP carries it.
pub fn framed(packet: &[u8]) -> Vec<u8> {
    let length = u16::try_from(packet.len()).expect("a message has at most 65,535 bytes");
    [&length.to_be_bytes(), packet].concat()
}

fn answer_to(question: &Message, bytes: &[u8]) -> Option<Message> {
    let answer = Message::from_vec(bytes).ok()?;
    let same = answer.metadata.id == question.metadata.id
        && answer.metadata.message_type == MessageType::Response
        && answer.queries == question.queries;
    same.then_some(answer)
}

/// Nobody may make an instance remember an answer for ever.
fn cap(answer: &mut Message) {
    for records in [&mut answer.answers, &mut answer.authorities, &mut answer.additionals] {
        for record in records {
            record.ttl = record.ttl.min(TTL_SECONDS);
        }
    }
}

fn servers_in(text: &str) -> Vec<SocketAddr> {
    let words = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    let addresses = words.filter_map(|word| word.split_whitespace().next()?.parse::<IpAddr>().ok());
    addresses.take(SERVERS).map(|address| SocketAddr::new(address, DNS_PORT)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_servers_are_those_of_its_file_also_on_loopback() {
        let text = "# nameserver 9.9.9.9\nsearch a.b\nnameserver 127.0.0.53\nnameserver ::1 \noptions edns0\nnameserver x\n";
        let servers: Vec<String> = servers_in(text).iter().map(SocketAddr::to_string).collect();
        assert_eq!(servers, ["127.0.0.53:53", "[::1]:53"]);
        assert_eq!(servers_in(&"nameserver 1.1.1.1\n".repeat(9)).len(), SERVERS);
    }
}
