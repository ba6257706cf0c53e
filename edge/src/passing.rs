//! Hands open sockets to another process and takes them from one (`SCM_RIGHTS` over a Unix socket).
//! Never says what the sockets are for: the frame beside them does. Source of truth: unix(7), cmsg(3).

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

use crate::frame::{self, Frame, HEADER_BYTES, Kind};
use crate::limit::CORES_MAX;

/// Two listening sockets per core.
const SOCKETS_MAX: usize = 2 * CORES_MAX;

const CONTROL_BYTES: usize = rustix::cmsg_space!(ScmRights(SOCKETS_MAX));

/// Sends a small frame and sockets beside its first byte, in one call. A frame that does not fit into the socket's buffer is
/// an error: it would leave the other side with half a frame. May answer `WouldBlock` on a non-blocking socket.
pub fn send(stream: impl AsFd, kind: Kind, body: &[u8], sockets: &[BorrowedFd<'_>]) -> io::Result<()> {
    assert!(sockets.len() <= SOCKETS_MAX, "the listeners are bound for at most CORES_MAX cores");
    let bytes = frame::whole(kind, body)?;
    let mut space = [MaybeUninit::uninit(); CONTROL_BYTES];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !sockets.is_empty() {
        assert!(control.push(SendAncillaryMessage::ScmRights(sockets)), "the buffer is made for SOCKETS_MAX");
    }
    let sent = sendmsg(stream, &[IoSlice::new(&bytes)], &mut control, SendFlags::NOSIGNAL)?;
    if sent == bytes.len() { Ok(()) } else { Err(io::Error::other("a frame with sockets did not fit into the socket's buffer")) }
}

/// Reads one frame from a blocking socket, and the sockets that came with it. Reads not a byte further, so that the stream can
/// be given to another reader afterwards.
pub fn receive(stream: &UnixStream) -> io::Result<(Frame, Vec<OwnedFd>)> {
    let mut sockets = Vec::new();
    let mut header = [0; HEADER_BYTES];
    fill(stream, &mut header, &mut sockets)?;
    let (kind, length) = frame::parse_header(header)?;
    let mut body = vec![0; length];
    fill(stream, &mut body, &mut sockets)?;
    Ok((Frame { kind, body: body.into() }, sockets))
}

fn fill(stream: &UnixStream, mut buffer: &mut [u8], sockets: &mut Vec<OwnedFd>) -> io::Result<()> {
    while !buffer.is_empty() {
        let mut space = [MaybeUninit::uninit(); CONTROL_BYTES];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut parts = [IoSliceMut::new(buffer)];
        let got = match recvmsg(stream, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC) {
            Ok(message) => message.bytes,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(came) = message {
                sockets.extend(came);
            }
        }
        if got == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[got..];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn sockets_arrive_beside_their_frame_and_nothing_is_read_ahead() {
        let (mut here, mut there) = UnixStream::pair().expect("a pair");
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let address = listener.local_addr().expect("bound");
        send(&here, Kind::Listeners, b"two", &[listener.as_fd(), listener.as_fd()]).expect("sent");
        here.write_all(b"rest").expect("sent");
        drop(listener);

        let (frame, mut sockets) = receive(&there).expect("a frame");
        assert_eq!((frame.kind, &frame.body[..], sockets.len()), (Some(Kind::Listeners), &b"two"[..], 2));
        let mut rest = [0; 4];
        there.read_exact(&mut rest).expect("the rest is still there");
        assert_eq!(&rest, b"rest");

        let passed = TcpListener::from(sockets.remove(0));
        TcpStream::connect(address).expect("the passed socket still listens");
        passed.accept().expect("and accepts");
    }

    #[test]
    fn as_many_sockets_as_the_limit_says_fit_into_one_message() {
        let (here, there) = UnixStream::pair().expect("a pair");
        let socket = TcpListener::bind("127.0.0.1:0").expect("loopback");
        send(&here, Kind::Listeners, b"", &[socket.as_fd(); SOCKETS_MAX]).expect("sent");
        assert_eq!(receive(&there).expect("a frame").1.len(), SOCKETS_MAX);
    }

    #[test]
    fn the_end_of_the_other_side_is_an_error() {
        let (here, there) = UnixStream::pair().expect("a pair");
        drop(here);
        assert_eq!(receive(&there).expect_err("nothing came").kind(), io::ErrorKind::UnexpectedEof);
    }
}
