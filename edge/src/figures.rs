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
    /// What the living front door has counted since it began; nothing while there is none.
    pub fn figures(&self) -> Answer<'_, Option<Figures>> {
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            {
                let mut outbox = self.link.outbox();
                match outbox.carrying {
                    Carrying::Living => {
                        outbox.figures.retain(|ask| !ask.is_closed());
                        outbox.figures.push(answer);
                    }
                    Carrying::Nobody | Carrying::LetGo => return Ok(None),
                }
            }
            self.link.changed.notify_one();
            let doing = "reading the front door's counters";
            match timeout(GAUGE_TIME, answered).await {
                Ok(Ok(figures)) => Ok(Some(figures)),
                // Nobody answers any more: as there is nobody, or although there is.
                Ok(Err(_)) if self.link.outbox().carrying != Carrying::Living => Ok(None),
                Ok(Err(_)) => Err(Trouble::passing(doing, "the front door answers no more")),
                Err(_) => Err(Trouble::passing(doing, "the front door does not answer")),
            }
        })
    }
}
