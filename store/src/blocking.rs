//! Work on files that blocks, kept off the runtime's workers.

use crate::fault::Fault;

/// Runs work on a thread that may block. If the caller goes away, the work is done all the same and what it answers is dropped.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(Fault::Crowded("the runtime is stopping".to_owned())),
    }
}
