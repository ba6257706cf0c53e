//! Frames on the socket between the platform and the front door: an 8-byte header and a body.
//! Never looks into a body. Source of truth: this file, as both halves live in this room.
//!
//! `u32` length of the body (little endian), `u16` kind (little endian), `u8` version of the frame layout, `u8` zero.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::limit::FRAME_BYTES_MAX;

/// Bytes before the body.
pub const HEADER_BYTES: usize = 8;

const LAYOUT: u8 = 1;

/// What a frame is about. Numbers are for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Both ways, first: who speaks.
    Hello = 1,
    /// Platform to edge: the routes, whole.
    Routes = 2,
    /// Platform to edge: the certificates, whole.
    Certificates = 3,
    /// Edge to platform: what is in flight and who waits, as an answer to `Ask`.
    Demand = 4,
    /// Edge to platform: a table is in force, or why it is not.
    Applied = 5,
    /// Platform to edge: finish what you carry, then end.
    Drain = 6,
    /// Reserved: a successor asks for everything. No version speaks it yet.
    Takeover = 7,
    /// Edge to platform over its standard input: the control socket is there.
    Ready = 8,
    /// The listening sockets, as `SCM_RIGHTS` beside this frame's first byte.
    Listeners = 9,
    /// Platform to edge: send the counts.
    Ask = 10,
    /// Edge to platform: bells.
    Rung = 11,
    /// Platform to edge: send what was noted of requests.
    AskAccess = 12,
    /// Edge to platform: notes of requests, as an answer to `AskAccess`.
    Access = 13,
    /// Platform to edge: send what you have counted about yourself.
    AskFigures = 14,
    /// Edge to platform: counters, as an answer to `AskFigures`.
    Figures = 15,
}

impl Kind {
    /// `None` is a kind of another version: skip the frame.
    pub fn of(number: u16) -> Option<Self> {
        [
            Self::Hello,
            Self::Routes,
            Self::Certificates,
            Self::Demand,
            Self::Applied,
            Self::Drain,
            Self::Takeover,
            Self::Ready,
            Self::Listeners,
            Self::Ask,
            Self::Rung,
            Self::AskAccess,
            Self::Access,
            Self::AskFigures,
            Self::Figures,
        ]
        .into_iter()
        .find(|kind| *kind as u16 == number)
    }
}

/// A frame as it came in.
#[derive(Debug)]
pub struct Frame {
    /// `None`: a kind that this version does not know.
    pub kind: Option<Kind>,
    /// At most [`FRAME_BYTES_MAX`].
    pub body: Bytes,
}

/// The header before a body of `length` bytes.
pub fn header(kind: Kind, length: usize) -> io::Result<[u8; HEADER_BYTES]> {
    let length = u32::try_from(length).ok().filter(|length| *length <= FRAME_BYTES_MAX).ok_or_else(too_long)?;
    let [a, b, c, d] = length.to_le_bytes();
    let [e, f] = (kind as u16).to_le_bytes();
    Ok([a, b, c, d, e, f, LAYOUT, 0])
}

/// Reads a header: the kind and how long the body is.
pub fn parse_header(header: [u8; HEADER_BYTES]) -> io::Result<(Option<Kind>, usize)> {
    let [a, b, c, d, e, f, layout, _] = header;
    let length = u32::from_le_bytes([a, b, c, d]);
    if layout != LAYOUT {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("frame layout {layout}; this version knows {LAYOUT}")));
    }
    if length > FRAME_BYTES_MAX {
        return Err(too_long());
    }
    Ok((Kind::of(u16::from_le_bytes([e, f])), length as usize))
}

/// A header and a body in one piece, for small frames.
pub fn whole(kind: Kind, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = header(kind, body.len())?.to_vec();
    bytes.extend_from_slice(body);
    Ok(bytes)
}

/// Reads the next frame; `None` at a clean end. Not cancel-safe: give each direction its own task.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Frame>> {
    let mut header = [0; HEADER_BYTES];
    if stream.read(&mut header[..1]).await? == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut header[1..]).await?;
    let (kind, length) = parse_header(header)?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(Frame { kind, body: body.into() }))
}

/// Writes a frame whole.
pub async fn write(stream: &mut (impl AsyncWrite + Unpin), kind: Kind, body: &[u8]) -> io::Result<()> {
    stream.write_all(&header(kind, body.len())?).await?;
    stream.write_all(body).await?;
    stream.flush().await
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a frame of more than {FRAME_BYTES_MAX} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn frames_arrive_as_they_were_sent_and_unknown_kinds_keep_their_length() {
        let mut wire = whole(Kind::Routes, b"abc").expect("short");
        wire.extend([2, 0, 0, 0, 0xff, 0xff, 1, 0, b'?', b'?']);
        wire.extend(whole(Kind::Drain, b"").expect("short"));
        let mut stream = wire.as_slice();
        let mut seen = Vec::new();
        while let Some(frame) = read(&mut stream).await.expect("whole frames") {
            seen.push((frame.kind, frame.body.to_vec()));
        }
        assert_eq!(seen, [(Some(Kind::Routes), b"abc".to_vec()), (None, b"??".to_vec()), (Some(Kind::Drain), vec![])]);
    }

    #[tokio::test]
    async fn a_frame_over_the_limit_is_refused_before_it_is_read() {
        let [a, b, c, d] = (FRAME_BYTES_MAX + 1).to_le_bytes();
        let wire = [a, b, c, d, 2, 0, 1, 0];
        let error = read(&mut wire.as_slice()).await.expect_err("too long");
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(header(Kind::Routes, FRAME_BYTES_MAX as usize + 1).is_err());
        assert!(header(Kind::Routes, FRAME_BYTES_MAX as usize).is_ok());
    }

    #[tokio::test]
    async fn a_frame_that_is_cut_off_is_an_error_and_not_an_end() {
        let wire = whole(Kind::Routes, b"abc").expect("short");
        for length in 1..wire.len() {
            let error = read(&mut &wire[..length]).await.expect_err("cut off");
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{length} bytes");
        }
    }
}
