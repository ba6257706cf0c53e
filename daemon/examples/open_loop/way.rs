//! The ways in which a load asks: what each sends, and what a right answer to it is.
//! Never touches a connection. Source of truth: `tests/never_drop/witness.c` for the paths and bodies of the witness.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// Bytes of a download, and of one that takes its time.
const DOWNLOAD_BYTES: u64 = 300_000;
const LONG_BYTES: u64 = 20_000;
const LONG_MS: u64 = 1_000;
const SLOW_MS: u64 = 500;
/// An upload comes in so many pieces of so many bytes, with a pause after each.
const UPLOAD_PIECES: u32 = 8;
const UPLOAD_PIECE_BYTES: usize = 16 << 10;
const UPLOAD_PAUSE: Duration = Duration::from_millis(20);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    KeepAlive,
    NewConnection,
    Http2,
    /// Over kept connections of HTTP/1.1.
    Upload,
    UploadHttp2,
    /// An answer that comes late.
    Slow,
    Download,
    /// An answer that comes bit by bit, over HTTP/2.
    Long,
    WebSocket,
}

/// What it asks over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    KeptHttp1,
    NewHttp1,
    Http2,
    Upgrade,
}

pub const PLAIN: [Way; 3] = [Way::KeepAlive, Way::NewConnection, Way::Http2];
/// Every way, with its percentage of the rate.
pub const WITNESS: [(Way, u32); 9] = [
    (Way::KeepAlive, 100),
    (Way::NewConnection, 25),
    (Way::Http2, 100),
    (Way::Upload, 20),
    (Way::UploadHttp2, 20),
    (Way::Slow, 20),
    (Way::Download, 10),
    (Way::Long, 10),
    (Way::WebSocket, 10),
];

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Self::KeepAlive => "keep_alive",
            Self::NewConnection => "new_connection",
            Self::Http2 => "http2",
            Self::Upload => "upload",
            Self::UploadHttp2 => "upload_http2",
            Self::Slow => "slow",
            Self::Download => "download",
            Self::Long => "long",
            Self::WebSocket => "web_socket",
        }
    }

    pub fn of(name: &str) -> Option<Self> {
        WITNESS.into_iter().map(|(way, _)| way).find(|way| way.name() == name)
    }

    pub fn over(self) -> Over {
        match self {
            Self::KeepAlive | Self::Upload | Self::Slow | Self::Download => Over::KeptHttp1,
            Self::NewConnection => Over::NewHttp1,
            Self::Http2 | Self::UploadHttp2 | Self::Long => Over::Http2,
            Self::WebSocket => Over::Upgrade,
        }
    }

    /// The path of the witness that this asks for; the number finds it in the access log.
    pub fn path(self, number: u32) -> String {
        let what = match self {
            Self::KeepAlive | Self::NewConnection | Self::Http2 => "plain".to_owned(),
            Self::Upload | Self::UploadHttp2 => "digest".to_owned(),
            Self::Slow => format!("slow/{SLOW_MS}"),
            Self::Download => format!("bytes/{DOWNLOAD_BYTES}"),
            Self::Long => format!("drip/{LONG_BYTES}/{LONG_MS}"),
            Self::WebSocket => "socket".to_owned(),
        };
        format!("/n/{}-{number}/{what}", self.name())
    }

    /// The method, and what is uploaded: one time with its length told before, one time without.
    pub fn request(self, number: u32) -> (&'static str, Upload) {
        match self {
            Self::Upload | Self::UploadHttp2 => ("POST", Upload::trickle(number)),
            Self::KeepAlive | Self::NewConnection | Self::Http2 | Self::Slow | Self::Download | Self::Long | Self::WebSocket => {
                ("GET", Upload::none())
            }
        }
    }

    /// Looks at a whole body of the witness; the error says what is wrong with it.
    pub fn judge(self, number: u32, body: &[u8]) -> Result<(), String> {
        let sized = |length: u64| {
            let right = body.iter().zip(0_u64..).all(|(byte, n)| u64::from(*byte) == u64::from(b'a') + n % 23);
            if !right || body.len() as u64 != length {
                Err(format!("{} of {length} bytes came, right: {right}", body.len()))
            } else {
                Ok(())
            }
        };
        let said = |upload: &Upload| {
            let (bytes, digest) = upload.digest();
            let words = format!(": {bytes} bytes, digest {digest:016x}\n");
            let text = String::from_utf8_lossy(body);
            if text.starts_with("witness ") && text.ends_with(&words) {
                Ok(())
            } else {
                Err(format!("wrong answer, not '…{words}'"))
            }
        };
        match self {
            Self::KeepAlive | Self::NewConnection | Self::Http2 | Self::Slow => said(&Upload::none()),
            Self::Upload | Self::UploadHttp2 => said(&Upload::trickle(number)),
            Self::Download => sized(DOWNLOAD_BYTES),
            Self::Long => sized(LONG_BYTES),
            Self::WebSocket => Ok(()),
        }
    }
}

/// A body that is sent piece by piece.
pub struct Upload {
    piece: Bytes,
    left: u32,
    tells_length: bool,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Upload {
    pub fn none() -> Self {
        Self { piece: Bytes::new(), left: 0, tells_length: true, pause: None }
    }

    fn trickle(number: u32) -> Self {
        let piece: Vec<u8> = (0..UPLOAD_PIECE_BYTES).map(|n| (n as u32).wrapping_mul(31).wrapping_add(number) as u8).collect();
        Self { piece: piece.into(), left: UPLOAD_PIECES, tells_length: number.is_multiple_of(2), pause: None }
    }

    /// How many bytes it has, and what the witness says of them: FNV-1a, 64 bits.
    fn digest(&self) -> (usize, u64) {
        let all = std::iter::repeat_n(&self.piece, self.left as usize).flat_map(|piece| piece.iter());
        let digest =
            all.fold(0xcbf2_9ce4_8422_2325, |digest: u64, byte| (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        (self.piece.len() * self.left as usize, digest)
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
        }
        self.left -= 1;
        self.pause = Some(Box::pin(sleep(UPLOAD_PAUSE)));
        Poll::Ready(Some(Ok(Frame::data(self.piece.clone()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        if self.tells_length { SizeHint::with_exact(self.piece.len() as u64 * u64::from(self.left)) } else { SizeHint::new() }
    }
}
