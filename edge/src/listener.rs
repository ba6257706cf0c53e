//! Binds the front door's ports: one listening socket per core and port, all in one SO_REUSEPORT group.
//! Never accepts. Source of truth: socket(7), tcp(7), ipv6(7).

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, TcpKeepalive, Type};

use crate::limit::{BACKLOG, PROGRESS_TIME, SIGN_OF_LIFE_PAUSE};

/// Where to listen. Port 0 lets the kernel choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// Every address of both families (IPv4 alone where the kernel has no IPv6).
    Everywhere(u16),
    /// One address.
    At(SocketAddr),
}

impl Listen {
    /// The port that was asked for.
    pub fn port(self) -> u16 {
        match self {
            Self::Everywhere(port) => port,
            Self::At(address) => address.port(),
        }
    }

    /// True if a socket bound to `bound` is what this asks for.
    pub fn is_met_by(self, bound: SocketAddr) -> bool {
        let port = self.port() == 0 || self.port() == bound.port();
        let address = match self {
            Self::Everywhere(_) => bound.ip().is_unspecified(),
            Self::At(wanted) => wanted.ip() == bound.ip(),
        };
        port && address
    }
}

/// Binds `count` sockets to the same address. `AddrInUse` also when the holder shares its port with `SO_REUSEPORT`: the first
/// of our sockets is bound without it, so that two platforms never divide a port's connections between them.
pub fn bind(listen: Listen, count: usize) -> io::Result<Vec<TcpListener>> {
    assert!(count > 0, "a port without a socket is not bound");
    let first = match listen {
        Listen::At(address) => first(address)?,
        Listen::Everywhere(port) => match first((Ipv6Addr::UNSPECIFIED, port).into()) {
            Err(error) if no_ipv6(&error) => first((Ipv4Addr::UNSPECIFIED, port).into())?,
            other => other?,
        },
    };
    let address = first.local_addr()?;
    let mut all = vec![first];
    while all.len() < count {
        let socket = socket(address)?;
        socket.set_reuse_port(true)?;
        socket.bind(&address.into())?;
        all.push(listening(socket)?);
    }
    Ok(all)
}

fn first(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(address)?;
    socket.bind(&address.into())?;
    socket.set_reuse_port(true)?;
    listening(socket)
}

fn socket(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    // Connections of the last process in TIME_WAIT do not hold the port.
    socket.set_reuse_address(true)?;
    Ok(socket)
}

/// What is set here holds for every connection that is accepted: Linux copies it (tcp(7)).
fn listening(socket: Socket) -> io::Result<TcpListener> {
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(PROGRESS_TIME).with_interval(SIGN_OF_LIFE_PAUSE))?;
    // Also ends a connection whose client is there and takes nothing.
    socket.set_tcp_user_timeout(Some(PROGRESS_TIME))?;
    socket.set_nonblocking(true)?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn no_ipv6(error: &io::Error) -> bool {
    let code = error.raw_os_error().map(rustix::io::Errno::from_raw_os_error);
    matches!(code, Some(rustix::io::Errno::AFNOSUPPORT | rustix::io::Errno::ADDRNOTAVAIL))
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn all_sockets_share_the_port_that_the_kernel_chose() {
        let sockets = bind(Listen::At("127.0.0.1:0".parse().expect("an address")), 3).expect("bound");
        let addresses: Vec<_> = sockets.iter().map(|s| s.local_addr().expect("bound")).collect();
        assert_ne!(addresses[0].port(), 0);
        assert!(addresses.iter().all(|address| *address == addresses[0]));
    }

    #[test]
    fn an_accepted_connection_has_the_settings_of_its_listener() {
        let sockets = bind(Listen::At("127.0.0.1:0".parse().expect("an address")), 1).expect("bound");
        sockets[0].set_nonblocking(false).expect("ours");
        let _client = TcpStream::connect(sockets[0].local_addr().expect("bound")).expect("loopback");
        let accepted = Socket::from(sockets[0].accept().expect("accepted").0);
        assert!(accepted.tcp_nodelay().expect("read"));
        assert!(accepted.keepalive().expect("read"));
        assert_eq!(accepted.tcp_user_timeout().expect("read"), Some(PROGRESS_TIME));
    }

    #[test]
    fn everywhere_is_both_families() {
        let sockets = bind(Listen::Everywhere(0), 1).expect("bound");
        let address = sockets[0].local_addr().expect("bound");
        TcpStream::connect((Ipv4Addr::LOCALHOST, address.port())).expect("IPv4 answers");
        if address.is_ipv6() {
            TcpStream::connect((Ipv6Addr::LOCALHOST, address.port())).expect("IPv6 answers");
        }
        assert!(Listen::Everywhere(0).is_met_by(address));
        assert!(!Listen::Everywhere(1).is_met_by(address));
    }

    #[test]
    fn a_port_that_another_platform_holds_is_taken_although_it_shares_it() {
        let held = bind(Listen::At("127.0.0.1:0".parse().expect("an address")), 2).expect("bound");
        let address = held[0].local_addr().expect("bound");
        for wanted in [Listen::At(address), Listen::Everywhere(address.port())] {
            let error = bind(wanted, 2).expect_err("taken");
            assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        }
    }
}
