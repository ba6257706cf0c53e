//! Where an instance's processes listen, read from the kernel's table of its own network namespace.
//! Never connects to anything.
//! Source of truth: proc_pid_net(5), `/proc/<pid>/net/tcp` and `tcp6`.

use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::limit::{PORTS, SOCKETS_BYTES};

/// Ports by who can reach them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Listening {
    /// From outside the instance.
    pub ports: Vec<u16>,
    /// From inside it only.
    pub loopback_ports: Vec<u16>,
}

impl Listening {
    /// What the network namespace of a process listens on; nothing if the process is gone.
    pub fn of(pid: u32) -> Self {
        Self::parse(&read(&format!("/proc/{pid}/net/tcp")), &read(&format!("/proc/{pid}/net/tcp6")))
    }

    fn parse(tcp: &str, tcp6: &str) -> Self {
        let mut found = Self::default();
        for (address, port) in tcp.lines().chain(tcp6.lines()).filter_map(socket) {
            let ports = if address.is_loopback() { &mut found.loopback_ports } else { &mut found.ports };
            if !ports.contains(&port) && ports.len() < PORTS {
                ports.push(port);
            }
        }
        // Both families bound to different places: the better one counts.
        found.loopback_ports.retain(|port| !found.ports.contains(port));
        found.ports.sort_unstable();
        found.loopback_ports.sort_unstable();
        found
    }

    /// Whether anything listens at all.
    pub fn is_empty(&self) -> bool {
        self.ports.is_empty() && self.loopback_ports.is_empty()
    }
}

fn read(path: &str) -> String {
    let mut text = String::new();
    if let Ok(file) = File::open(path) {
        // What is cut off are sockets beyond any that a sight names.
        let _ = file.take(SOCKETS_BYTES).read_to_string(&mut text);
    }
    text
}

/// A line of the table, if it is of a listening socket: `sl local_address rem_address st …`.
fn socket(line: &str) -> Option<(IpAddr, u16)> {
    let mut fields = line.split_ascii_whitespace().skip(1);
    let (address, port) = fields.next()?.split_once(':')?;
    let state = fields.nth(1)?;
    if state != "0A" {
        return None;
    }
    Some((parse_address(address)?, u16::from_str_radix(port, 16).ok()?))
}

/// Words of four bytes, each printed as a number of this machine's byte order.
fn parse_address(text: &str) -> Option<IpAddr> {
    let words = (0..text.len() / 8).map(|word| u32::from_str_radix(text.get(word * 8..word * 8 + 8)?, 16).ok());
    let bytes: Vec<u8> = words.collect::<Option<Vec<u32>>>()?.into_iter().flat_map(u32::to_ne_bytes).collect();
    if let Ok(four) = <[u8; 4]>::try_from(bytes.as_slice()) {
        return Some(Ipv4Addr::from(four).into());
    }
    let sixteen = <[u8; 16]>::try_from(bytes.as_slice()).ok()?;
    Some(Ipv6Addr::from(sixteen).to_canonical())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use socket2::{Domain, Socket, Type};

    use super::*;

    fn listener(address: &str) -> (Socket, IpAddr, u16) {
        let address: SocketAddr = address.parse().unwrap();
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None).unwrap();
        socket.bind(&address.into()).unwrap();
        socket.listen(1).unwrap();
        let port = socket.local_addr().unwrap().as_socket().unwrap().port();
        (socket, address.ip(), port)
    }

    #[test]
    fn our_own_sockets_are_found_where_they_are() {
        let sockets = ["0.0.0.0:0", "127.0.0.1:0", "[::1]:0"].map(listener);
        let tables = read("/proc/self/net/tcp") + &read("/proc/self/net/tcp6");
        let seen: Vec<_> = tables.lines().filter_map(socket).collect();
        for (_, address, port) in &sockets {
            assert!(seen.contains(&(*address, *port)), "{address} {port}: {seen:?}");
        }
    }

    #[test]
    fn no_more_ports_are_named_than_a_sight_holds() {
        let line = |port: usize| format!("0: 00000000:{port:04X} 00000000:0000 0A 0\n");
        let table: String = (1..100).map(line).collect();
        assert_eq!(Listening::parse(&table, "").ports.len(), PORTS);
    }

    #[test]
    fn the_kernels_table_is_read_as_it_is_printed() {
        let tcp = "  sl  local_address rem_address   st tx_queue\n   0: 0100007F:1F90 00000000:0000 0A 0\n   1: 00000000:1F91 00000000:0000 0A 0\n   2: 00000000:1F92 00000000:0000 01 0\n";
        let tcp6 = "  sl  local_address\n   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0\n   1: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0\n";
        let found = Listening::parse(tcp, tcp6);
        assert_eq!(found, Listening { ports: vec![8080, 8081], loopback_ports: vec![80] });
        assert!(Listening::parse("", "garbage 0A").is_empty());
    }
}
