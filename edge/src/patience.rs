//! How long an exchange may take, and waiting no longer.
//! Never decides it: a service's route says so, and doors have a rule of their own. Source of truth: `model::route_table`.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::body::{Upload, UploadState};
use crate::limit::DOOR_ANSWER_TIME;

/// How long an exchange may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Until then, whatever moves.
    Until(Instant),
    /// As long as something moves at least this often. Where nothing is left to move towards it, an answer may take [`DOOR_ANSWER_TIME`].
    Progress(Duration),
    /// The service's owner said so.
    Endless,
}

/// Waits for the head of an answer as long as patience lasts; `None` is too long. Pinned by the caller: taken by value, this future would hold
/// the other one twice, and both are part of what is moved for each request.
pub async fn patiently<T>(patience: Patience, upload: &UploadState, mut answer: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match patience {
        Patience::Endless => Some(answer.as_mut().await),
        Patience::Until(deadline) => timeout_at(deadline, answer.as_mut()).await.ok(),
        Patience::Progress(time) => {
            let mut moved_last = Instant::now();
            loop {
                match timeout_at(Instant::now() + time, answer.as_mut()).await {
                    Ok(answer) => return Some(answer),
                    Err(_) if upload.moved() => moved_last = Instant::now(),
                    Err(_) => match upload.now() {
                        Upload::Whole if moved_last.elapsed() < DOOR_ANSWER_TIME => {}
                        Upload::Whole | Upload::Coming | Upload::Broken => return None,
                    },
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;
    use crate::body::RequestBody;
    use crate::limit::PROGRESS_TIME;

    #[tokio::test(start_paused = true)]
    async fn progress_keeps_an_exchange_alive_and_silence_ends_it() {
        let patience = Patience::Progress(PROGRESS_TIME);
        let upload = UploadState::new(Upload::Coming);
        let began = Instant::now();
        assert_eq!(patiently(patience, &upload, pin!(std::future::pending::<()>())).await, None);
        assert_eq!(began.elapsed(), PROGRESS_TIME);
        upload.note_movement();
        assert_eq!(patiently(patience, &upload, pin!(std::future::pending::<()>())).await, None);
        assert_eq!(began.elapsed(), 3 * PROGRESS_TIME);
        assert_eq!(patiently(patience, &upload, pin!(std::future::ready(7))).await, Some(7));
    }

    #[tokio::test(start_paused = true)]
    async fn a_door_that_has_the_whole_request_is_given_time_to_write_it_down() {
        let patience = Patience::Progress(PROGRESS_TIME);
        let upload = RequestBody::empty().state();
        let slow = async { tokio::time::sleep(DOOR_ANSWER_TIME - PROGRESS_TIME).await };
        assert_eq!(patiently(patience, &upload, pin!(slow)).await, Some(()));
        let began = Instant::now();
        assert_eq!(patiently(patience, &upload, pin!(std::future::pending::<()>())).await, None);
        assert_eq!(began.elapsed(), DOOR_ANSWER_TIME);
    }
}
