//! Whether anybody has changed the machine's nftables rules since we last looked: the kernel counts the changes.
//! Never changes anything and never starts a process.
//! Source of truth: the kernel's `NFT_MSG_GETGEN` (linux/netfilter/nf_tables.h), by hand, since it is one message.

use std::io;

use rtnetlink::sys::{Socket, SocketAddr, protocols::NETLINK_NETFILTER};

/// `NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN`
const GET_GENERATION: u16 = 10 << 8 | 16;
/// `NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWGEN`
const GENERATION: u16 = 10 << 8 | 15;
const REQUEST: u16 = 1;
/// Bytes of the headers of netlink and of netfilter.
const HEADERS: usize = 16 + 4;

/// The number of the present rules in this thread's network namespace: it grows with every change.
pub fn generation() -> io::Result<u32> {
    let mut socket = Socket::new(NETLINK_NETFILTER)?;
    socket.bind_auto()?;
    socket.connect(&SocketAddr::new(0, 0))?;
    let mut question = Vec::with_capacity(HEADERS);
    question.extend(u32::try_from(HEADERS).expect("it is 20").to_ne_bytes());
    question.extend(GET_GENERATION.to_ne_bytes());
    question.extend(REQUEST.to_ne_bytes());
    // Sequence and port, which one question on a socket of its own does not need, and netfilter's family, version and resource.
    question.extend([0; HEADERS - 8]);
    socket.send(&question, 0)?;
    let mut answer = Vec::with_capacity(4096);
    socket.recv(&mut answer, 0)?;
    let unclear = || io::Error::other("the kernel does not say which firewall rules are in force");
    let kind = answer.get(4..6).and_then(|kind| kind.try_into().ok()).map(u16::from_ne_bytes);
    if kind != Some(GENERATION) {
        return Err(unclear());
    }
    // The first attribute is the number, in network order: length, type, value.
    let number = answer.get(HEADERS + 4..HEADERS + 8).and_then(|number| number.try_into().ok());
    number.map(u32::from_be_bytes).ok_or_else(unclear)
}
