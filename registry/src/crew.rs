//! Who runs changing calls to their end, even when the client has gone.
//!
//! A server drops a handler when its connection closes. Dropped between two steps, a cut-off upload would leave what it had
//! half done; so these calls run in tasks of their own, which the crew owns and ends with itself.

use std::future::Future;
use std::sync::Mutex;

use model::trouble::Trouble;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::fault::Fault;
use crate::limit;

/// The tasks of all changing calls under way, at most `limit::CALLS`.
#[derive(Default)]
pub(crate) struct Crew {
    tasks: Mutex<JoinSet<()>>,
}

impl Crew {
    /// Runs `work` to its end and answers what it answered. Dropping this wait does not drop the work.
    pub(crate) async fn see_through<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T, Fault> {
        self.start(work, limit::CALLS)?.await.map_err(|ended| Trouble::passing("running a call to its end", ended).into())
    }

    fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
        calls_max: usize,
    ) -> Result<oneshot::Receiver<T>, Fault> {
        let (done, outcome) = oneshot::channel();
        let mut tasks = self.tasks.lock().expect("nothing panics while the tasks are counted");
        while tasks.try_join_next().is_some() {}
        if tasks.len() >= calls_max {
            return Err(Fault::TooMany { message: "Too many calls are under way. Try again in a few seconds.".to_owned() });
        }
        tasks.spawn(async move {
            // Nobody waits if the client has gone.
            let _ = done.send(work.await);
        });
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_goes_on_when_nobody_waits_for_it() {
        let crew = Crew::default();
        let (finished, seen) = oneshot::channel();
        let (go, gate) = oneshot::channel();
        drop(crew.start(async move { finished.send(gate.await) }, 1).unwrap());
        go.send("the end").unwrap();
        assert_eq!(seen.await.unwrap(), Ok("the end"));
    }

    #[tokio::test]
    async fn one_call_too_many_is_told_to_come_again() {
        let crew = Crew::default();
        let (go, gate) = oneshot::channel::<()>();
        let first = crew.start(gate, 1).unwrap();
        assert!(matches!(crew.start(async {}, 1), Err(Fault::TooMany { .. })));
        go.send(()).unwrap();
        first.await.unwrap().unwrap();
        // The task itself ends a moment after its outcome is known.
        let freed = async {
            while crew.start(async {}, 1).is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), freed).await.expect("its place is free again");
    }

    #[tokio::test]
    async fn the_crew_ends_its_work_with_itself() {
        let crew = Crew::default();
        let (kept, gone) = oneshot::channel::<()>();
        let outcome = crew.start(async move { drop((std::future::pending::<()>().await, kept)) }, 1).unwrap();
        drop(crew);
        assert!(outcome.await.is_err());
        assert!(gone.await.is_err());
    }
}
