//! A registry of a test's own: real HTTP over a real socket, and whatever misbehaviour the test wants.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET /v2/…`
    pub line: String,
    pub headers: BTreeMap<String, String>,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Where a range begins; 0 without one.
    pub fn from(&self) -> usize {
        let range = self.header("range").strip_prefix("bytes=").and_then(|range| range.strip_suffix('-'));
        range.map_or(0, |first| first.parse().expect("a number"))
    }
}

/// What is done about it.
pub enum Act {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// The head promises `length` bytes; these come, then the connection ends.
    Cut {
        length: usize,
        body: Vec<u8>,
    },
    /// Head at once, then a byte every so often.
    Trickle {
        body: Vec<u8>,
        each: Duration,
    },
    /// Nothing, for ever.
    Silence,
}

pub fn ok(body: &[u8]) -> Act {
    Act::Answer { status: 200, headers: Vec::new(), body: body.to_vec() }
}

pub fn status(status: u16) -> Act {
    Act::Answer { status, headers: Vec::new(), body: Vec::new() }
}

pub fn with(status: u16, headers: &[(&'static str, &str)]) -> Act {
    Act::Answer { status, headers: headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(), body: Vec::new() }
}

pub fn json(body: &str) -> Act {
    ok(body.as_bytes())
}

type Handler = dyn Fn(&Asked) -> Act + Send + Sync;

/// The server; it ends when it is dropped.
pub struct Server {
    pub at: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    pub async fn start(handler: impl Fn(&Asked) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, handler, asked) = (listener.local_addr().unwrap(), Arc::new(handler), Arc::new(Mutex::new(Vec::new())));
        let mut tasks = JoinSet::new();
        let book = asked.clone();
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                open.spawn(serve(stream, handler.clone(), book.clone()));
            }
        });
        Self { at, asked, _tasks: tasks }
    }

    /// What was asked since the last time.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

async fn serve(stream: TcpStream, handler: Arc<Handler>, book: Arc<Mutex<Vec<Asked>>>) {
    let mut stream = BufReader::new(stream);
    let Some(asked) = read(&mut stream).await else { return };
    book.lock().unwrap().push(asked.clone());
    let act = handler(&asked);
    // The client may be gone: that is its right.
    let _ = answer(&mut stream, act).await;
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let line = line.trim().strip_suffix(" HTTP/1.1")?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        match header.trim().split_once(':') {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.trim().to_owned()),
            None => break,
        };
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    Some(Asked { line, headers })
}

async fn answer(stream: &mut BufReader<TcpStream>, act: Act) -> std::io::Result<()> {
    let head = |status: u16, length: usize, headers: &[(&str, String)]| {
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{more}\r\n")
    };
    match act {
        Act::Answer { status, headers, body } => {
            stream.write_all(head(status, body.len(), &headers).as_bytes()).await?;
            stream.write_all(&body).await?;
        }
        Act::Cut { length, body } => {
            stream.write_all(head(200, length, &[]).as_bytes()).await?;
            stream.write_all(&body).await?;
        }
        Act::Trickle { body, each } => {
            stream.write_all(head(200, body.len(), &[]).as_bytes()).await?;
            for byte in body {
                stream.write_all(&[byte]).await?;
                stream.flush().await?;
                tokio::time::sleep(each).await;
            }
        }
        Act::Silence => std::future::pending().await,
    }
    stream.flush().await
}
