//! The platform's half of the gauge: asks the front door for its counts.
//! Never answers from memory: a snapshot begins after the question. Source of truth: `model::port::Gauge`.

use model::demand::Demand;
use model::port::{Answer, Gauge};
use tokio::sync::oneshot;

use crate::front_door::FrontDoor;

impl Gauge for FrontDoor {
    fn read(&self) -> Answer<'_, Demand> {
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            let generation = {
                let mut outbox = self.link.outbox();
                if outbox.linked {
                    outbox.asks.push(answer);
                } else {
                    drop(answer);
                }
                outbox.routes.as_ref().map_or(0, |sheet| sheet.generation)
            };
            self.link.changed.notify_one();
            // No front door, or it died before it answered: then nothing is in flight.
            Ok(answered.await.unwrap_or(Demand { generation, ..Demand::default() }))
        })
    }
}
