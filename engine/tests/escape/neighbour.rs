//! An instance like any other, asked all the time while others misbehave.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// An answer's time, on a machine that does much else: its two cores may be everybody's.
const DEADLINE: Duration = Duration::from_secs(10);
const EVERY: Duration = Duration::from_millis(20);

/// Who asks it.
pub struct Neighbour {
    over: Arc<AtomicBool>,
    asking: JoinHandle<Asked>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Asked {
    /// Answers in time.
    pub answers: u32,
    /// The slowest of them.
    pub slowest: Duration,
    /// What went wrong instead.
    pub failures: Vec<String>,
}

impl Neighbour {
    /// Asks from here on.
    pub fn at(address: SocketAddr) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let until = over.clone();
        let asking = tokio::spawn(async move {
            let mut asked = Asked::default();
            while !until.load(Ordering::Relaxed) {
                let since = Instant::now();
                match timeout(DEADLINE, ask(address)).await {
                    Ok(Ok(())) => {
                        asked.answers += 1;
                        asked.slowest = asked.slowest.max(since.elapsed());
                    }
                    Ok(Err(error)) => asked.failures.push(error.to_string()),
                    Err(late) => asked.failures.push(late.to_string()),
                }
                tokio::time::sleep(EVERY).await;
            }
            asked
        });
        Self { over, asking }
    }

    /// What has become of the questions so far. It must have noticed nothing.
    pub async fn has_noticed_nothing(self) -> Asked {
        self.over.store(true, Ordering::Relaxed);
        let asked = self.asking.await.unwrap();
        assert!(asked.answers > 0 && asked.failures.is_empty(), "{asked:?}");
        asked
    }
}

async fn ask(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: neighbour\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.starts_with("HTTP/1.1 200 ") { Ok(()) } else { Err(std::io::Error::other(format!("answered {answer:?}"))) }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the neighbour answered {} times meanwhile, within {} ms each", self.answers, self.slowest.as_millis())
    }
}
