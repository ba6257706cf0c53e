//! What keeps another side from answering, in words for whoever asked; and trying again.
//!
//! Never shows a path's query, a header or a body: presigned addresses and tokens stand in them.

use std::future::Future;
use std::time::Duration;

use model::refusal::{Refusal, RefusalKind};
use tokio::time::sleep;

use crate::limit::{LATER, Patience, TRIES};

/// Why there is no answer. Each carries a whole sentence.
#[derive(Debug)]
pub(crate) enum Snag {
    /// The next try may succeed.
    Passing(String),
    /// The other side asks for patience, and may say how much.
    Later { words: String, wait: Option<Duration> },
    /// Trying again is pointless.
    Final(Refusal),
}

impl Snag {
    pub(crate) fn refused(kind: RefusalKind, words: impl Into<String>) -> Self {
        Self::Final(Refusal::new(kind, words))
    }

    /// Told to whoever asked, when nothing is tried any more.
    pub(crate) fn into_refusal(self) -> Refusal {
        match self {
            Self::Passing(words) => Refusal::new(RefusalKind::WrongState, words),
            Self::Later { words, wait } => {
                let wait = wait.map_or_else(String::new, |wait| format!(" It asks to wait {} s.", wait.as_secs()));
                Refusal::new(RefusalKind::Throttled, format!("{words}{wait}"))
            }
            Self::Final(refusal) => refusal,
        }
    }
}

/// Tries until there is an answer, a final no, or enough.
pub(crate) async fn persist<T, F>(patience: &Patience, mut once: impl FnMut() -> F) -> Result<T, Snag>
where
    F: Future<Output = Result<T, Snag>>,
{
    let mut pause = patience.pause;
    for _ in 1..TRIES {
        match once().await {
            Ok(answer) => return Ok(answer),
            Err(snag @ Snag::Final(_)) => return Err(snag),
            Err(Snag::Passing(_)) => sleep(pause).await,
            Err(Snag::Later { words, wait }) => match wait {
                Some(long) if long > LATER => return Err(Snag::Later { words, wait }),
                Some(short) => sleep(short.max(pause)).await,
                None => sleep(pause).await,
            },
        }
        pause *= 2;
    }
    once().await
}
