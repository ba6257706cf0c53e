//! The platform's half of the gauge: asks the front door for its counts.
//! Never answers from memory: a snapshot begins after the question. Never says that nothing is in flight while the front door's process
//! lives: an instance would be stopped under its requests. Never waits long for one that does not answer. Source of truth: `model::port::Gauge`.

use std::sync::atomic::Ordering;

use model::demand::Demand;
use model::port::{Answer, Gauge};
use model::trouble::Trouble;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::front_door::FrontDoor;
use crate::limit::GAUGE_TIME;
use crate::link::Carrying;

impl FrontDoor {
    /// Looked at after the counts were taken: whoever ends meanwhile has not counted since.
    fn completed(&self, demand: Demand) -> Demand {
        Demand { is_partial: self.link.others.load(Ordering::Acquire) > 0, ..demand }
    }
}

impl Gauge for FrontDoor {
    fn read(&self) -> Answer<'_, Demand> {
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            {
                let mut outbox = self.link.outbox();
                match outbox.carrying {
                    Carrying::Living => {
                        // While nobody takes them, those whose asker has gone would gather here.
                        outbox.asks.retain(|ask| !ask.is_closed());
                        outbox.asks.push(answer);
                    }
                    Carrying::Nobody => return Ok(self.completed(outbox.nothing_in_flight())),
                    Carrying::LetGo => drop(answer),
                }
            }
            self.link.changed.notify_one();
            let doing = "reading what is in flight";
            match timeout(GAUGE_TIME, answered).await {
                Ok(answer) => {
                    answer.map(|counts| self.completed(counts)).map_err(|_| Trouble::passing(doing, "the front door was let go"))
                }
                Err(_) => Err(Trouble::passing(doing, "the front door does not answer")),
            }
        })
    }
}
