//! The platform's half of the front door's counters: asks for them.
//! Never waits long: whoever looks at figures sees the rest without these. Source of truth: `tally.rs`.

use model::port::Answer;
use model::trouble::Trouble;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::front_door::FrontDoor;
use crate::limit::GAUGE_TIME;
use crate::link::Carrying;
use crate::tally::Figures;

impl FrontDoor {
    /// What the living front door has counted since it began; nothing while there is none. One asks at a time: who came before is told that there is no answer.
    pub fn figures(&self) -> Answer<'_, Option<Figures>> {
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            {
                let mut outbox = self.link.outbox();
                match outbox.carrying {
                    Carrying::Living => outbox.figures = Some(answer),
                    Carrying::Nobody | Carrying::LetGo => return Ok(None),
                }
            }
            self.link.changed.notify_one();
            let doing = "reading the front door's counters";
            match timeout(GAUGE_TIME, answered).await {
                // A conversation that ended says no more.
                Ok(answer) => Ok(answer.ok()),
                Err(_) => Err(Trouble::passing(doing, "the front door does not answer")),
            }
        })
    }
}
